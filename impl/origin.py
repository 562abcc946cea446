"""Which configured strings a browser can send as `Origin`.

A browser writes an origin in one way only: lower case, no path, no default port, numeric hosts in one fixed
form (https://url.spec.whatwg.org/#host-serializing, https://fetch.spec.whatwg.org/#origin-header). A
configured entry is compared byte for byte, so an entry in any other form is dead, and judged here.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from ipaddress import AddressValueError, IPv6Address
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

from impl.validation.suffixes import registrable_domain, rules

DEFAULT_PORTS = {"ftp": 21, "http": 80, "https": 443, "ws": 80, "wss": 443}

_SEPARATORS = re.compile(r"[\s,;]+")
_SCHEME = re.compile(r"[a-z][a-z0-9+.\-]*")
_URL = re.compile(r"([A-Za-z][A-Za-z0-9+.\-]*):[/\\]*([^/\\?#]*)")
_HOST_AND_PORT = re.compile(r"(\[[^\]]*\]|[^\[:]*)(?::(.*))?")
_FORBIDDEN_IN_DOMAIN = re.compile(r"[\x00-\x20#/:<>?@\[\\\]^|%\x7f]")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_IPV4_PART = re.compile(r"0x([0-9a-f]*)|(0[0-7]*)|([1-9][0-9]{0,9})")

_LABEL = r"[a-z0-9](?:[a-z0-9\-]*[a-z0-9])?"
_DOMAIN = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")
_H16 = re.compile(r"0|[1-9a-f][0-9a-f]{0,3}")
_AUTHORITY = re.compile(r"(?:\[([^\]]*)\]|([^:]*))(?::[0-9]{1,5})?")
# The two places of a `*` in a pattern.
_STARS = re.compile(r"(?<=://)\*\.|:\*(?=[/?#]|$)")
_PLACEHOLDER = re.compile(
    r"\$[A-Za-z_{(]|\{\s*[A-Za-z_{%]|\{\}|<(?![A-Za-z]+:)[^>]*>|%[A-Za-z_]+%|%\(|\.\.\."
)
# What no origin has: escapes, anchors, a `.*` that is no label of a glob, `.+`, a group, and a class.
_REGEX = re.compile(r"\\[.\-/:AdDsSwWZ]|^\^|\$$|(?<![a-z0-9*])\.\*|\.\+|://[^/?#]*(?:\(|\[[^\]:]*\][^:/?#])")


class Finding(NamedTuple):
    """What is to be said about one entry; `repair` in words, for when nothing is certain."""

    rule: str
    reason: str
    repair: str


def judge(entry: str) -> Finding | None:
    """Judge an entry of `allow_origins` that is neither `*`, `null` nor a pattern; None when it is fine."""
    finding = _judge(entry)
    if finding is None:
        return None
    if has_placeholder(entry):
        return Finding(
            finding.rule, "A placeholder was not replaced.", "the origin with the value in its place."
        )
    if finding.rule == "A-CFG-5" and looks_like_regex(entry):
        return _dead("this is a regex, and entries are not read as such", "a regex as allow_origin_regex.")
    return finding


def _judge(entry: str) -> Finding | None:
    parts = [part for part in _SEPARATORS.split(entry) if part]
    if len(parts) > 1 and all("://" in part for part in parts):
        return _dead("several origins in one string", "one string for each origin.")
    if entry.strip().lower() in ("*", "null"):
        return _dead("white space or upper case around a special value", "the value without them.")
    if not entry or " " in entry or not entry.isascii() or not entry.isprintable():
        return _dead(_strange_characters(entry))
    if entry.endswith((",", ";")):  # browsers would keep it, but nobody has such a name
        return _dead("there is a comma or semicolon at the end")
    scheme, separator, rest = entry.partition("://")
    if not separator:
        return _dead("the scheme is missing (an origin starts with one, as in https://)")
    if "*" in entry:
        return _judge_star(entry)
    if scheme.lower() in DEFAULT_PORTS:
        return _judge_web_origin(entry, scheme.lower(), rest)
    return _judge_other_origin(entry, scheme, rest)


def looks_like_regex(text: str) -> bool:
    """Whether a text is evidently meant as a regex."""
    return _REGEX.search(text) is not None


def has_placeholder(text: str) -> bool:
    """Whether a text has something in it that a value belongs in the place of: `${HOST}`, `<host>`."""
    return _PLACEHOLDER.search(text) is not None


def is_loopback(origin: str) -> bool:
    """Whether a canonical origin's host is the machine itself."""
    host = _host(origin.split("://")[1])
    if host == "localhost" or host.endswith(".localhost") or host == "[::1]":
        return True
    return host.startswith("127.") and _ipv4(host) == host


def canonical(text: str) -> str | None:
    """The origin of a URL with a scheme that the URL standard calls special, as browsers write it.

    None when the text has no such origin, or when only a full URL parser could tell.
    """
    url = _URL.match(text)
    if url is None:
        return None
    scheme = url[1].lower()
    host_and_port = _HOST_AND_PORT.fullmatch(url[2].rpartition("@")[2])
    if scheme not in DEFAULT_PORTS or host_and_port is None:
        return None
    host = _canonical_host(host_and_port[1])
    port = _canonical_port(scheme, host_and_port[2])
    return None if host is None or port is None else f"{scheme}://{host}{port}"


def _judge_star(entry: str) -> Finding:
    """What is wrong with an entry that has a `*` and is no pattern."""
    words = "the origins one by one, or a pattern such as https://*.example.com with a domain of your own."
    plain = _STARS.sub("", entry)
    if "*" not in plain:
        finding = _judge(plain)
        if finding is not None and finding.rule == "A-CFG-5":
            return Finding(*finding[:2], words)
        host = _host(plain.partition("://")[2])
        if finding is not None:
            return _dead(f"a pattern cannot have {_oddity(host)}", words)
        if host.startswith("[") or _ipv4(host):
            return _dead(f"{host} is an IP address, and nothing is below it", words)
        if "." not in host and host not in rules():
            return _dead(f"{host} is not a registrable domain, so it cannot be a pattern", words)
        if registrable_domain(host) is None:
            return _dead(f"anybody may have a name below {host}, so it cannot be a pattern", words)
    return _dead(
        "a * is a pattern only as the first label before a domain, or as the port (https://*.example.com, "
        "http://localhost:*)",
        words,
    )


def _oddity(host: str) -> str:
    """What the grammar refuses in the host of a pattern."""
    if host.endswith("."):
        return "a dot at the end"
    if "_" in host:
        return "an underscore"
    return "other labels than of a-z, 0-9 and inner hyphens"


def _judge_web_origin(entry: str, scheme: str, rest: str) -> Finding | None:
    if scheme not in ("http", "https") or canonical(entry) != entry:
        return _dead("; ".join(_differences(entry, scheme, rest)))
    if rest.endswith(":0"):
        return Finding(
            "A-CFG-22",
            "Port 0 can be written in a URL, but nothing can be reached there.",
            "the port that the page is served from.",
        )
    host = _host(rest)
    if host.startswith("[") or _DOMAIN.fullmatch(host):
        return None
    return Finding(
        "A-CFG-22",
        "Browsers keep this host as it is, but the Fetch standard's grammar refuses it (labels of a-z, "
        "0-9 and inner hyphens, no empty label, no dot at the end).",
        "the page's real host name; if this is it, ignore this warning.",
    )


def _judge_other_origin(entry: str, scheme: str, rest: str) -> Finding | None:
    if not _SCHEME.fullmatch(scheme):
        return _dead("the scheme is not one in lower case (a letter, then a-z 0-9 + - .)")
    if rest.startswith("/"):
        reason = "after :// there must be a host (a page from a file has no origin of its own)"
        return _dead(reason, "the origin of a server that serves the page, such as http://localhost:8000.")
    if entry != "file://" and (not rest or re.search(r"[/?#@\\]", rest)):
        return _dead("after :// there must be a host, and no path, query, fragment or user")
    if _is_in_grammar(rest):
        return None
    return Finding(
        "A-CFG-22",
        "The Fetch standard's grammar has no such origin; only some engines or app shells send it.",
        "what the app really sends as Origin; if this is it, ignore this warning.",
    )


_EXACTLY = "scheme://host or scheme://host:port, exactly as the browser sends it in the Origin header."


def _dead(reason: str, repair: str = _EXACTLY) -> Finding:
    return Finding("A-CFG-5", f"No browser can ever send this as its origin: {reason}.", repair)


def _differences(entry: str, scheme: str, rest: str) -> list[str]:
    """Why a web origin is not in the form that browsers send; never empty for one that is not."""
    authority = re.split(r"[/?#\\]", rest)[0]
    _, at, host_and_port = authority.rpartition("@")
    found = []
    if scheme not in ("http", "https"):
        found.append(f"pages have an origin of http or https, never of {scheme}")
    if entry != entry.lower():
        found.append("it has upper-case letters")
    if authority != rest:
        found.append("it has a path, query or fragment (even a slash at the end is one)")
    if at:
        found.append("it has a user name (what stands before an @)")
    if host_and_port.count(":") > 1 and not host_and_port.startswith("["):
        return [*found, "an IPv6 address needs [brackets]"]
    parts = _HOST_AND_PORT.fullmatch(host_and_port)
    if parts is None:
        return [*found, "the host is not valid"]
    host = _canonical_host(parts[1])
    port = _canonical_port(scheme, parts[2])
    if not parts[1]:
        found.append("the host is missing")
    elif host is None:
        found.append("the host is not valid")
    elif host != parts[1].lower():
        found.append("browsers write this host in another form")
    if port is None:
        found.append("the port is not valid (0 to 65535, digits only)")
    elif port != host_and_port[len(parts[1]) :]:
        found.append("browsers leave out the default port, zeros before a port, and a colon without one")
    return found


def _strange_characters(entry: str) -> str:
    if not entry:
        return "it is empty (is the variable set that it is read from?)"
    if not entry.isascii():
        return "it has characters outside ASCII (browsers send such hosts in punycode, xn--…)"
    return "it has white space or control characters"


def _is_in_grammar(rest: str) -> bool:
    """Whether the Fetch standard's grammar (https://fetch.spec.whatwg.org/#origin-header) has this after ://."""
    authority = _AUTHORITY.fullmatch(rest)
    if authority is None:
        return False
    address, domain = authority.groups()
    return bool(_DOMAIN.fullmatch(domain)) if address is None else _is_ipv6_in_grammar(address)


def _host(authority: str) -> str:
    """The host of a canonical `host[:port]`, brackets included."""
    return re.sub(":[0-9]+$", "", authority)


def _canonical_host(host: str) -> str | None:
    if host.startswith("["):
        return _ipv6(host[1:-1])
    try:
        domain = unquote_to_bytes(host).decode()
        if not domain.isascii():
            domain = _punycode(domain)
    except UnicodeError:
        return None
    domain = domain.lower()
    if not domain or _FORBIDDEN_IN_DOMAIN.search(domain):
        return None
    labels = domain.removesuffix(".").split(".")
    if not all(_is_known_punycode(label[4:]) for label in labels if label.startswith("xn--")):
        return None
    return _ipv4(domain) if _NUMBER.fullmatch(labels[-1]) else domain


def _canonical_port(scheme: str, digits: str | None) -> str | None:
    """`:port` as browsers write it: nothing for the default one; None when it is no port."""
    if not digits:
        return ""
    number = digits.lstrip("0") or "0"
    if not re.fullmatch(r"[0-9]{1,5}", number) or int(number) > 65535:
        return None
    return "" if int(number) == DEFAULT_PORTS[scheme] else f":{number}"


def _punycode(domain: str) -> str:
    """The ASCII form of an international domain; UnicodeError where editions of IDNA could differ."""
    domain = domain.lower()
    for character in domain:
        stable = character.isalpha() and unicodedata.normalize("NFKC", character) == character
        if not character.isascii() and (not stable or character in "ßς"):
            raise UnicodeError
    return domain.encode("idna").decode()


def _is_punycode(text: str) -> bool:
    """Whether a label of `xn--` and this stands for one outside ASCII.

    Not whether IDNA allows what is in it: Python's tables of that are too old.
    """
    try:
        label = text.encode().decode("punycode")
    except UnicodeError:
        return False
    return not label.isascii() and label.encode("punycode").decode() == text


# The labels of the same hosts come again and again, and Python's codec is slow.
_is_known_punycode = lru_cache(_is_punycode)


def _ipv4(host: str) -> str | None:
    """Four octets, from any of the forms that the URL standard reads (hexadecimal, octal, fewer parts)."""
    numbers = []
    for part in host.removesuffix(".").split("."):
        read = _IPV4_PART.fullmatch(part)
        if read is None:
            return None
        hexadecimal, octal, decimal = read.groups()
        numbers.append(int(decimal or octal or f"0{hexadecimal}", 10 if decimal else 8 if octal else 16))
    *octets, last = numbers
    if len(octets) > 3 or any(octet > 255 for octet in octets) or last >= 256 ** (4 - len(octets)):
        return None
    return ".".join(map(str, [*octets, *last.to_bytes(4 - len(octets), "big")]))


def _ipv6(text: str) -> str | None:
    """The address in brackets, shortest form: the first longest run of zero groups becomes `::`."""
    if "%" in text:
        return None
    try:
        number = int(IPv6Address(text))
    except AddressValueError:
        return None
    # Not str(IPv6Address): newer Pythons end mapped addresses in a dotted quad, which browsers do not.
    groups = ":".join(f"{number >> shift & 0xFFFF:x}" for shift in range(112, -16, -16))
    runs = re.finditer(r"\b0(?::0)+\b", groups)
    longest = max(runs, key=lambda run: run.end() - run.start(), default=None)
    if longest is not None:
        before, after = groups[: longest.start()], groups[longest.end() :]
        groups = f"{before.removesuffix(':')}::{after.removeprefix(':')}"
    return f"[{groups}]"


def _is_ipv6_in_grammar(address: str) -> bool:
    head, elision, tail = address.partition("::")
    groups = [group for side in (head, tail) if side for group in side.split(":")]
    right_number = len(groups) <= 6 if elision else len(groups) == 8
    return right_number and all(_H16.fullmatch(group) for group in groups)
