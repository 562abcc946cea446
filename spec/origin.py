"""Origins: what one looks like, how a browser writes it, and which strings no browser ever writes.

A browser sends the ASCII serialisation of an origin, so a configured string is worth something only if
some origin serialises to exactly that: https://html.spec.whatwg.org/multipage/browsers.html#ascii-serialisation-of-an-origin
"""

import ipaddress
import re
import struct
import unicodedata
from enum import Enum, auto
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

from spec.suffixes import registrable_domain

# The schemes whose URLs have a host that the URL standard parses, with the port that it leaves out:
# https://url.spec.whatwg.org/#special-scheme (`file` has no port, and no origin that could be sent).
DEFAULT_PORTS = {"ftp": 21, "http": 80, "https": 443, "ws": 80, "wss": 443}

# Schemes that are in no Origin header, each with that of the pages that reach such URLs where it is certain:
# a WebSocket is opened by a page, and no browser loads pages over ftp any more.
PAGES_OF = {"ftp": None, "ws": "http", "wss": "https"}

LONGEST_ORIGIN = 512  # bytes
LONGEST_LABEL = 63  # letters, digits and hyphens: https://www.rfc-editor.org/rfc/rfc1035#section-2.3.4

_SHAPE = re.compile(rb"[a-z][a-z0-9+.\-]*://[^\x00-\x20\x7f-\xff/?#@\\,]+")

_LABEL = rb"[a-z0-9](?:[a-z0-9\-]*[a-z0-9])?"
_SERIALIZED = re.compile(
    rb"[a-z][a-z0-9+.\-]*://"
    rb"(?:\[(?P<ipv6>[^\]]*)\]|(?:" + _LABEL + rb"\.)*" + _LABEL + rb")"
    rb"(?::[0-9]{1,5})?"
)
_H16 = re.compile(rb"0|[1-9a-f][0-9a-f]{0,3}")

_PARTS = re.compile(r"([a-z][a-z0-9+.\-]*)://(\[[^\[\]/?#@\\]*\]|[^:\[\]/?#@\\]+)(?::([0-9]{1,5}))?")
_PATTERN = re.compile(
    r"(?P<scheme>[a-z][a-z0-9+.\-]*)://(?P<labels>\*\.)?(?P<host>\[[0-9a-f:]+\]|[a-z0-9.\-]+)"
    r"(?::(?P<port>\*|[0-9]{1,5}))?"
)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*")
_SPACE_OR_CONTROL = re.compile(r"[\s\x00-\x20\x7f-\x9f]")

# https://url.spec.whatwg.org/#forbidden-domain-code-point, as far as they are printable
_FORBIDDEN_IN_DOMAIN = frozenset("#/:<>?@[\\]^|%")


def is_origin_shaped(value: bytes) -> bool:
    """Whether a regex may be asked about this value: it cannot be mistaken for anything but an origin.

    That is a lower-case scheme, `://`, and at least one more character, all of it printable ASCII without
    space, slash, backslash, `?`, `#`, `@` or comma, and 512 bytes at most. `null` is not.
    """
    return len(value) <= LONGEST_ORIGIN and _SHAPE.fullmatch(value) is not None


def is_serialized_origin(value: bytes) -> bool:
    """Whether this is in the grammar of an origin: https://fetch.spec.whatwg.org/#origin-header

    The grammar is not the last word: it admits some strings that no browser sends (`https://a:443`), and
    refuses some that browsers do send (`http://foo_bar.example`). See `canonical`.
    """
    match = _SERIALIZED.fullmatch(value)
    return match is not None and (match["ipv6"] is None or _is_serialized_ipv6(match["ipv6"]))


def _is_serialized_ipv6(text: bytes) -> bool:
    left, elided, right = text.partition(b"::")
    groups = [group for side in (left, right) if side for group in side.split(b":")]
    enough = len(groups) <= 6 if elided else len(groups) == 8
    return enough and all(_H16.fullmatch(group) for group in groups)


class Parts(NamedTuple):
    """What an origin consists of. The port is None when it is not written: the scheme's default."""

    scheme: str
    host: str
    port: int | None


def parts(origin: str) -> Parts | None:
    """The scheme, host and port that this origin is written with; None if it is not of that form."""
    match = _PARTS.fullmatch(origin)
    if match is None:
        return None
    scheme, host, port = match.groups()
    return Parts(scheme, host, None if port is None else int(port))


class OriginPattern(NamedTuple):
    """An entry that allows many origins: `scheme://*.host`, `scheme://host:*`, or both.

    `host` is what follows `*.` where there is one. `port` is empty when no port is written, `*` for every
    port, else its digits.
    """

    scheme: str
    below: bool  # whether it is about the names below the host, and not about the host itself
    host: str
    port: str

    def __str__(self) -> str:
        port = f":{self.port}" if self.port else ""
        return f"{self.scheme}://{'*.' if self.below else ''}{self.host}{port}"


def parse_pattern(entry: str) -> OriginPattern | None:
    """The entry, read as a pattern; None if it is not a pattern, or could never match.

    `*.` stands for whole labels, one or more, in front of a registrable domain or a name below one; `:*` for
    every port, the default one included.
    """
    found = _PATTERN.fullmatch(entry)
    if found is None or not (found["labels"] or found["port"] == "*"):
        return None
    pattern = OriginPattern(found["scheme"], found["labels"] is not None, found["host"], found["port"] or "")
    if pattern.scheme in PAGES_OF or pattern.scheme == "file":
        return None
    if pattern.below and registrable_domain(pattern.host) is None:
        return None
    # The shortest origin that it could match: a pattern that does not match this one matches nothing.
    label = "a." if pattern.below else ""
    port = "" if pattern.port in ("", "*") else f":{pattern.port}"
    return pattern if _is_exact(f"{pattern.scheme}://{label}{pattern.host}{port}") else None


def pattern_matches(pattern: OriginPattern, origin: bytes) -> bool:
    """Whether a pattern allows this origin (the value of one Origin line).

    It must be an origin as browsers write it, in the grammar of Fetch, with labels that DNS can hold: what a
    `*` stands for is never anything else than names and a port.
    """
    if not is_origin_shaped(origin):
        return False
    text = origin.decode()
    found = parts(text)
    if found is None or found.scheme != pattern.scheme:
        return False
    port = "" if found.port is None else str(found.port)
    if pattern.port not in ("*", port):
        return False
    is_meant = found.host.endswith(f".{pattern.host}") if pattern.below else found.host == pattern.host
    return is_meant and _is_exact(text)


def _is_exact(origin: str) -> bool:
    """Whether this is an origin in the grammar of Fetch that is written as its scheme, host and port are.

    The host is judged as that of an https URL, whatever the scheme is; a label is of 63 letters at most.
    """
    if not is_origin_shaped(origin.encode()) or not is_serialized_origin(origin.encode()):
        return False
    scheme, authority = origin.split("://")
    if any(len(label) > LONGEST_LABEL for label in authority.partition(":")[0].split(".")):
        return False
    host, port, _ = _host_and_port(authority, DEFAULT_PORTS.get(scheme))
    return f"{scheme}://{host}{port}" == origin


class Kind(Enum):
    """Whether a configured origin can ever equal what a browser sends."""

    CANONICAL = auto()  # yes
    UNUSUAL = auto()  # yes, in some browser, although the grammar or good sense is against it
    NEVER = auto()  # no


class Verdict(NamedTuple):
    """What becomes of a configured origin; `canonical` is what a browser sends, where that is certain."""

    kind: Kind
    reason: str
    canonical: str | None


def canonical(origin: str) -> Verdict:
    """Whether a browser can send this as an origin, and if not, what it would send and why.

    https://url.spec.whatwg.org/#host-serializing. `*` is no origin: judge it before. Nor is a pattern.
    """
    verdict = judge_entry(origin)
    if verdict.canonical is None or parse_pattern(verdict.canonical) is None:
        return verdict
    return Verdict(Kind.NEVER, verdict.reason or "this is a pattern, and no origin", None)


def judge_entry(entry: str) -> Verdict:
    """Whether this entry of allow_origins can allow anybody: an origin that a browser sends, or a pattern.

    If not, `canonical` is the entry that is meant, where that is certain. `*` allows everybody: judge it
    before.
    """
    if entry == "null" or parse_pattern(entry) is not None:
        return Verdict(Kind.CANONICAL, "", entry)
    serialized, reasons = _serialize(entry)
    if serialized != entry:
        return Verdict(Kind.NEVER, "; ".join(reasons), serialized)
    if doubt := _doubt(entry):
        return Verdict(Kind.UNUSUAL, doubt, entry)
    return Verdict(Kind.CANONICAL, "", entry)


def is_loopback(origin: str) -> bool:
    """Whether this origin, or what a browser makes of it, is on the machine of the browser itself.

    So is a pattern that allows nothing else.
    """
    pattern = parse_pattern(origin)
    sent = canonical(origin).canonical if pattern is None else f"{pattern.scheme}://{pattern.host}"
    found = None if sent is None else parts(sent)
    if found is None:
        return False
    host = found.host
    if host in ("localhost", "[::1]") or host.endswith(".localhost"):
        return True
    return _ends_in_a_number(host) and host.startswith("127.")


def _doubt(origin: str) -> str:
    """Why an origin that a browser may send is unusual; empty when it is not."""
    if origin == "file://":
        return "browsers disagree about the origin of files"
    if not is_serialized_origin(origin.encode()):
        return "the grammar of origins refuses it, though some browser sends it"
    on_port_0 = origin.endswith(":0") and origin.partition(":")[0] in DEFAULT_PORTS
    return "nothing can be reached on port 0" if on_port_0 else ""


def _serialize(origin: str) -> tuple[str | None, list[str]]:
    """What a browser sends for this, None if nothing or if that is uncertain; and all that differs."""
    reasons = []
    bare = origin.strip()
    if bare != origin:
        reasons.append("there is white space around it")
    if bare.endswith((",", ";")):  # a browser would keep it, but nobody has such a name
        bare = bare.rstrip(",;")
        reasons.append("there is a comma or semicolon at its end")
    if _SPACE_OR_CONTROL.search(bare):
        return None, [*reasons, "white space and control characters are in no origin"]
    if bare.lower() == "null":
        return "null", reasons if bare == "null" else [*reasons, "`null` is written in lower case"]
    scheme, separator, rest = bare.partition("://")
    if not separator:
        return None, [*reasons, "an origin begins with a scheme and `://`"]
    if "*" in scheme:
        return None, [*reasons, _MISPLACED]
    if not _SCHEME.fullmatch(scheme):
        return None, [*reasons, "the scheme is missing or not one"]
    if scheme != scheme.lower():
        reasons.append("schemes are in lower case")
        scheme = scheme.lower()
    if scheme in PAGES_OF:
        page = PAGES_OF[scheme]
        if page is None:
            return None, [*reasons, f"no page is loaded over {scheme}"]
        reasons.append(f"no page is loaded over {scheme}: its origin is that of the page, which is {page}")
        scheme = page
    if scheme == "file" and not rest:
        return "file://", reasons
    authority = re.split(r"[/?#\\]", rest)[0]
    if authority != rest:
        reasons.append("an origin has no path, query, fragment or slash at the end")
    _user, at, authority = authority.rpartition("@")
    if at:
        reasons.append("an origin has no user name or password")
    if not authority:
        return None, [*reasons, "the host is missing"]
    if "*" in authority:
        pattern, more = _serialize_pattern(scheme, authority)
        return pattern, reasons + more
    if scheme not in DEFAULT_PORTS:
        if not authority.isascii():
            return None, [*reasons, "an origin is ASCII"]
        return f"{scheme}://{authority}", reasons
    host, port, more = _host_and_port(authority, DEFAULT_PORTS[scheme])
    reasons += more
    return (None if host is None or port is None else f"{scheme}://{host}{port}"), reasons


_MISPLACED = "a `*` stands only for whole labels in front (`*.`) or for the port (`:*`)"


def _serialize_pattern(scheme: str, authority: str) -> tuple[str | None, list[str]]:
    """The pattern that is meant by a host and port with `*`, None if there is none; and all that differs."""
    labels = "*." if authority.startswith("*.") else ""
    any_port = ":*" if authority.endswith(":*") else ""
    rest = authority.removeprefix("*.").removesuffix(":*")
    if "*" in rest:
        return None, [_MISPLACED]
    host, port, reasons = rest, "", list[str]()
    if scheme in DEFAULT_PORTS:
        found, written, reasons = _host_and_port(rest, DEFAULT_PORTS[scheme])
        if found is None or written is None:
            return None, reasons
        host, port = found, written
    pattern = f"{scheme}://{labels}{host}{port}{any_port}"
    if parse_pattern(pattern) is not None:
        return pattern, reasons
    if labels and (host.startswith("[") or _ends_in_a_number(host)):
        return None, [*reasons, "an IP address has no sub-domains"]
    if labels and _is_exact(f"https://{host}") and registrable_domain(host) is None:
        return None, [*reasons, f"`{host}` is a public suffix: anybody can register a name below it"]
    return None, [*reasons, "this makes no pattern of an origin that a browser sends"]


def _host_and_port(authority: str, default_port: int | None) -> tuple[str | None, str | None, list[str]]:
    """Host and port (`:8080`, or empty) as a browser writes them, None if it refuses; and what differs."""
    reasons = []
    if authority.count(":") > 1 and "[" not in authority:
        if serialized := _ipv6(authority):
            return serialized, "", ["an IPv6 address stands in brackets"]
        return None, None, ["there is more than one colon after the scheme"]
    match = re.fullmatch(r"(\[.*\]|[^:\[\]]*)(?::(.*))?", authority)
    if match is None:
        return None, None, ["this is not a host, or a host, a colon and a port"]
    host, reason = _host(match[1])
    if reason:
        reasons.append(reason)
    port, reason = _port(match[2], default_port)
    if reason:
        reasons.append(reason)
    return host, port, reasons


def _port(text: str | None, default: int | None) -> tuple[str | None, str]:
    if text is None:
        return "", ""
    if not text:
        return "", "the port is missing after the colon"
    digits = text.lstrip("0") or "0"
    if not re.fullmatch(r"[0-9]{1,5}", digits) or int(digits) > 65535:
        return None, "a port is a number up to 65535"
    if int(digits) == default:
        return "", "the default port is left out"
    return f":{digits}", "" if digits == text else "a port has no zeros in front"


def _host(text: str) -> tuple[str | None, str]:
    """A host as a browser writes it, None if it refuses it or if that is uncertain; and what differs."""
    if not text:
        return None, "the host is missing"
    if text.startswith("["):
        address = _ipv6(text[1:-1])
        if address is None:
            return None, "this is not an IPv6 address (and a zone is never sent)"
        return address, "" if address == text else "IPv6 addresses are compressed, in lower-case hexadecimal"
    plain, reason = _domain(text)
    if plain is None:
        return None, reason
    if "*" in plain:
        return None, _MISPLACED
    if _FORBIDDEN_IN_DOMAIN & set(plain) or _SPACE_OR_CONTROL.search(plain):
        return None, "there is a character in the host that no host has"
    if _ends_in_a_number(plain):
        address = _ipv4(plain)
        if address is None:
            return None, "a host that ends in a number is an IPv4 address, and this is not one"
        return address, reason if address == plain else "an IPv4 address is written as four decimal numbers"
    return plain, reason


def _domain(text: str) -> tuple[str | None, str]:
    """A domain in lower-case ASCII, with what had to be done for it; None where that is uncertain."""
    reasons = []
    if "%" in text:
        reasons.append("browsers decode percent signs in hosts")
        try:
            text = unquote_to_bytes(text).decode()
        except UnicodeError:
            return None, reasons[0]
    if not text.isascii():
        reasons.append("non-ASCII hosts are sent in Punycode")
        labels = []
        for label in text.split("."):
            sent = _punycode(label)
            if sent is None:
                return None, "; ".join(reasons)
            labels.append(sent)
        text = ".".join(labels)
    domain = text.lower()
    if domain != text:
        reasons.append("hosts are in lower case")
    if any(label.startswith("xn--") and not _is_punycode(label[4:]) for label in domain.split(".")):
        return None, "; ".join([*reasons, "what follows `xn--` is not Punycode"])
    return domain, "; ".join(reasons)


def _is_punycode(text: str) -> bool:
    """Whether a browser can take this for Punycode: it stands for a text that has to be written so.

    Browsers look that text up in the tables of UTS 46, too, which Python does not have: they refuse more.
    """
    try:
        decoded = text.encode().decode("punycode")
    except UnicodeError:
        return False
    return not decoded.isascii() and decoded.encode("punycode").decode() == text


def _punycode(label: str) -> str | None:
    """A label as a browser sends it; None where that is not certain without the tables of UTS 46.

    It is certain for lower-case letters of the Latin, Greek and Cyrillic alphabets, in composed form, that
    every edition of IDNA agrees on: case folding then changes nothing (it does change ß and final sigma).
    """
    if label.isascii():
        return label
    letters = all(char.isascii() or (char.isalpha() and char <= "\u052f") for char in label)
    if not letters or unicodedata.normalize("NFKC", label).casefold() != label:
        return None
    return "xn--" + label.encode("punycode").decode()


def _ends_in_a_number(domain: str) -> bool:
    """Whether the URL standard takes it for an IPv4 address: https://url.spec.whatwg.org/#ends-in-a-number-checker"""
    last = domain.removesuffix(".").rpartition(".")[2]
    return re.fullmatch(r"[0-9]+|0x[0-9a-f]*", last) is not None


def _ipv4(domain: str) -> str | None:
    """An IPv4 address in its usual form: https://url.spec.whatwg.org/#concept-ipv4-parser"""
    numbers = []
    for part in domain.removesuffix(".").split("."):
        number = _ipv4_number(part)
        if number is None:
            return None
        numbers.append(number)
    *octets, last = numbers
    if len(octets) > 3 or any(octet > 255 for octet in octets) or last >= 256 ** (4 - len(octets)):
        return None
    value = last + sum(octet << 8 * (3 - position) for position, octet in enumerate(octets))
    return ".".join(str(value >> shift & 255) for shift in (24, 16, 8, 0))


def _ipv4_number(text: str) -> int | None:
    if re.fullmatch(r"0x[0-9a-f]*", text):
        return int(text[2:] or "0", 16)
    if re.fullmatch(r"0[0-7]*", text):
        return int(text, 8)
    # Ten digits are more than an address has; Python refuses to convert thousands of them.
    return int(text) if re.fullmatch(r"[1-9][0-9]{0,9}", text) else None


def _ipv6(text: str) -> str | None:
    """An IPv6 address in brackets, in its usual form: https://url.spec.whatwg.org/#concept-ipv6-serializer"""
    if "%" in text:  # which Python would take for a zone
        return None
    try:
        address = ipaddress.IPv6Address(text)
    except ValueError:
        return None
    groups = ":".join(f"{group:x}" for group in struct.unpack("!8H", address.packed))
    zeros = max(re.finditer(r"\b0(?::0)+", groups), key=lambda run: run[0], default=None)
    if zeros is None:
        return f"[{groups}]"
    return f"[{groups[: zeros.start()].removesuffix(':')}::{groups[zeros.end() :].removeprefix(':')}]"
