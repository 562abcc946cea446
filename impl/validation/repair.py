"""What an entry of `allow_origins` that no browser can send was meant to be, where that is certain.

A repair allows what every sensible reading of the entry means, and nobody whom none means. When in doubt
there is none: no pattern for a public suffix, nothing for a placeholder (`${HOST}`) or a word (`all`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from contextlib import suppress
from enum import Enum
from string import ascii_letters, digits, punctuation
from typing import Any, NamedTuple
from urllib.parse import unquote

from impl import origin, pattern
from impl.validation import regex, spelled
from impl.validation.suffixes import below, registrable_domain, rules

# Full-width forms of ASCII, and the dots of other scripts, as the URL standard reads them.
_WIDE = {ord(each) + 0xFEE0: each for each in ascii_letters + digits + punctuation} | dict.fromkeys(
    (0x3002, 0xFF61), "."
)
# White space, what cannot be seen, quotes, and what separates elements of a list.
_AROUND = " \t\r\n\f\v\x00\xa0\xad\u200b\u200c\u200d\u2028\u2029\u2060\ufeff'\"`\u2018\u2019\u201c\u201d,;"
_IN_ANGLES = re.compile(r"<([A-Za-z]+:[^<>]*)>")
_LIST = re.compile(r"\[((?!:|[0-9A-Fa-f]+:[0-9A-Fa-f:.]*\]).*)\]|[({]\s*(['\"].*['\"])[\s,]*[)}]", re.DOTALL)
_ASSIGNMENT = re.compile(
    r"(?:export\s+)?[A-Za-z_][A-Za-z0-9_.\-]*\s*=\s*(.*://.*)"
    r"|(?i:origin|access-control-allow-origin)\s*:\s+(.*)",
    re.DOTALL,
)
_BETWEEN = re.compile(r"\s*[,;|]\s*")
_SPACES = re.compile(r"\s+")
_NOTHING = re.compile(r"(?:(?<=,)|^)\s*(?:null|None)\s*(?=,|$)")
# As JSON, Python and JavaScript write characters in a string.
_CODES = re.compile(r"(?<!\\)\\(?:x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4}))")
_ENCODED = re.compile(r"(?:https?|wss?)%3A%2F%2F", re.IGNORECASE)
_SPACED = re.compile(r"\b(https?|wss?)\s*[:;]\s*/\s*/\s*", re.IGNORECASE)

# The schemes that one text stands for: `https?://` of regexes, `*://` and `http*://` of globs.
_BOTH = re.compile(
    r"(?i:https\??\*|http\*|https\?|\(https\?\)|\(\?:https\?\)|http\(s\)\??|http\(\?:s\)\?|\((?:\?:)?https?\|https?\)"
    r"|\*)://"
)
_WEB = re.compile(r"(https?|wss?)(\s*[:;.]?/+|:)(.*)", re.IGNORECASE | re.DOTALL)
_AGAIN = re.compile(r"(https?|wss?)(\s*[:;]/*|//+)(.*)", re.IGNORECASE | re.DOTALL)
_OTHER = re.compile(r"([A-Za-z][A-Za-z0-9+.\-]*)://(.*)", re.DOTALL)
_SCHEMES = {"http": "http", "https": "https", "ws": "http", "wss": "https"}

_AUTHORITY = re.compile(
    r"(?:([^/?#\\]*)@)?(\[[^\]]*\]|[^/?#\\@\[\]:]*)(?::([^/?#\\@]*))?([/?#\\].*|)", re.DOTALL
)
_DOUBTFUL_PATH = re.compile(r"[/\\]{2,}[^/\\]|[^?#]*://")
# What follows a `?` that stands for a character, or makes one optional: `https://app?.example.com`.
_DOUBTFUL_QUERY = re.compile(r"\?[^=]*[.:?*]")
# With zeros in front, decimal or octal; with three numbers, of a version, or one is missing.
_DOUBTFUL_IPV4 = re.compile(r"(?=[0-9.]+$)(?:.*\b0[0-9].*|[0-9]+\.[0-9]+\.[0-9]+)")
_NETWORK = re.compile(r"/[0-9]+/?")
_PLAIN_HOST = re.compile(r"[a-z0-9\-_][a-z0-9.\-_]*|\[[0-9a-f:]+\]")
_STARRED_HOST = re.compile(r"[a-z0-9\-*]+(?:\.[a-z0-9\-*]+)*")
# Addresses that only a local network has, of which some octets vary.
_PRIVATE_ADDRESSES = re.compile(
    r"(?=(?:[0-9*]+\.){3}[0-9*]+$)(?:10|127|169\.254|172\.(?:1[6-9]|2[0-9]|3[01])|192\.168)(?:\.(?:\*|[0-9]{1,3}))+"
)
_IPV4 = re.compile(r"[0-9.]+")
# Top-level domains that are not public, and used (RFC 6761, RFC 6762, and common names in private networks).
_PRIVATE_SUFFIXES = frozenset("corp example home internal invalid lan local test".split())

# Of regexes.
_DELIMITED = re.compile(r"/([^/].*)/([giu]*)", re.DOTALL)
_ANCHORS = re.compile(r"^(?:\^|\\A)+|(?:/\?)?(?:\$|\\Z)*$")
_ANY_SUBDOMAIN = re.compile(r"(?:\.[*+]|\(\.[*+]\))\\?\.")
_ESCAPED = re.compile(r"\\([.\-/:])")
_SYNTAX = re.compile(r"[\\^$+?{}\[\]()|]")
# What counts groups, or holds for the whole of a regex: it cannot be put beside another.
_ALONE = re.compile(r"\\[1-9]|\(\?[P(]|\(\?[A-Za-z]+\)")
_SCOPED_FLAGS = {re.IGNORECASE: "i", re.MULTILINE: "m", re.DOTALL: "s"}


class Meaning(NamedTuple):
    """What an entry means: entries, and regexes for `allow_origin_regex`. Nothing: leave it out."""

    entries: tuple[str, ...] = ()
    regexes: tuple[str, ...] = ()


def meaning(value: object, credentials: bool) -> Meaning | None:
    """What a value that is no valid entry, or a valid one, means; None when that is not certain.

    Beside credentials, `*` and `null` are never meant: they would be refused.
    """
    try:
        found = _of_value(value)
    except Exception:  # methods of the value may raise anything, and it may hold itself
        return None
    if found is not None and credentials and not {"*", "null"}.isdisjoint(found.entries):
        return None
    return found


def _of_value(value: object) -> Meaning | None:
    """What a value of any type means: many types have a known one, as URLs of any library."""
    if isinstance(value, Enum):
        return _of_value(value.value)
    if isinstance(value, (bytes, bytearray)):
        return _of_text(value.decode(errors="replace"))
    if isinstance(value, str):
        return _of_text(value)
    if isinstance(value, re.Pattern):
        return _of_pattern(value)
    if value is None:
        return Meaning()
    if callable(getattr(value, "geturl", None)):  # the results of urllib.parse, which are tuples
        return _of_url(value.geturl())  # type: ignore[attr-defined]  # just seen
    if isinstance(value, (list, tuple)):
        return _together(map(_of_value, value))
    if isinstance(value, (set, frozenset)):
        return _together(map(_of_value, sorted(value, key=str)))
    return _of_url(str(value))


def _of_url(text: Any) -> Meaning | None:
    """What an object with this text means: nothing certain unless the text is a URL."""
    url = re.fullmatch(r"[A-Za-z][A-Za-z0-9+.\-]*://[^\s<>]+", text)
    return _of_one(url[0]) if url else None


def _together(found: Iterable[Meaning | None]) -> Meaning | None:
    """All of them; None when one is not certain."""
    entries: list[str] = []
    regexes: list[str] = []
    for each in found:
        if each is None:
            return None
        entries += each.entries
        regexes += each.regexes
    return Meaning(tuple(dict.fromkeys(entries)), tuple(dict.fromkeys(regexes)))


def _of_text(text: str) -> Meaning | None:
    """What a text means: an origin in some wrong form, or several."""
    text = stripped(text.translate(_WIDE).replace('\\"', '"'))
    if text.startswith("["):
        from json import loads  # most configurations need none

        with suppress(ValueError):
            return _of_value(loads(text))
    if _ENCODED.match(text):
        text = unquote(text)
    if not text:
        return Meaning()
    if origin.has_placeholder(text):
        return None
    inner = _LIST.fullmatch(text) or _ASSIGNMENT.fullmatch(text)
    if inner:
        return _of_text(_NOTHING.sub("", inner[1] or inner[2]))
    text = _SPACED.sub(r"\1://", text)
    if not origin.looks_like_regex(text):
        text = _CODES.sub(lambda code: chr(int(code[1] or code[2], 16)), text)
    # Schemes first: the mark of `https?://` is neither a query nor a regex.
    both = _BOTH.match(text)
    plain = f"*://{text[both.end() :]}" if both else text
    if _SYNTAX.search(text) and regex.is_glob(text) and not regex.is_plain_glob(text):
        return _of_glob(f"https?://{text[both.end() :]}" if both else text)
    delimited = text.startswith("/") and not text.startswith("//")
    if delimited or (origin.looks_like_regex(plain) and not _is_backslashed_url(plain)):
        return _of_regex(text)
    for separator in (_BETWEEN, _SPACES):
        parts = [part for part in map(stripped, separator.split(plain)) if part.strip("-")]
        if len(parts) > 1:
            # White space may as well be inside an origin (`https://exa mple.com`), and `|` inside a regex.
            schemes = {"://" in part for part in parts}
            alike = len(schemes) == 1 if separator is _SPACES else "|" not in plain or schemes == {True}
            return _together(map(_of_text, parts)) if alike else None
    return _of_one(parts[0]) if parts else None


def stripped(text: str) -> str:
    """A text without what is around it by mistake."""
    while True:
        inner = text.strip(_AROUND)
        angles = _IN_ANGLES.fullmatch(inner)
        inner = angles[1] if angles else inner
        if inner == text:
            return text
        text = inner


def _is_backslashed_url(text: str) -> bool:
    r"""Whether a backslash is a slash that points the wrong way, as in `https:\\a.example\path`."""
    return re.fullmatch(r"[A-Za-z]+:\\\\[^\\]*(?:\\[^.]*)?", text) is not None


def _of_one(text: str) -> Meaning | None:
    """What a text means that is one origin."""
    if text.lower() in ("*", "null"):
        return Meaning((text.lower(),))
    both = _BOTH.match(text)
    if both:
        rest = text[both.end() :]
        return _together(_of_authority(scheme, rest) for scheme in ("https", "http"))
    if re.match(r"[A-Za-z]+:\\", text):  # then all of them are slashes
        text = text.replace("\\", "/")
    web = _WEB.fullmatch(text)
    if web:
        scheme, rest, sure = web[1].lower(), web[3], "/" in web[2]
        while again := _AGAIN.fullmatch(rest) or _one_slash(rest):  # a scheme that is there twice
            if again[1].lower() != scheme:
                return None
            rest, sure = again[3], "/" in again[2]
        return _of_authority(_SCHEMES[scheme], rest, sure=sure)
    other = _OTHER.fullmatch(text)
    if other and re.fullmatch("[HTPShtps]+", other[1]):  # a misspelt http or https
        return None
    if other and other[2] in ("", ".") and _is_sent(text):  # `file://`, and what app shells send
        return Meaning((text,))
    if other:
        return _of_authority(other[1].lower(), other[2])
    return _of_authority(None, re.sub("^:?//+", "", text))


def _one_slash(text: str) -> re.Match[str] | None:
    """A scheme that a host follows after a single slash, not the host `http` with a path."""
    found = re.fullmatch(r"(https?|wss?)(/)((?:[^/?#:@]+)(?::.*|/.*|))", text, re.IGNORECASE | re.DOTALL)
    return found if found and _is_evidently_host(re.split("[:/]", found[3])[0]) else None


def _of_authority(scheme: str | None, text: str, sure: bool = True) -> Meaning | None:
    """What is meant by a scheme (None: which one is to be found out) and what follows it.

    Unless there is a scheme, and it is `sure` that a host follows, this must look like one.
    """
    parts = _AUTHORITY.fullmatch(_with_brackets(text))
    if parts is None:
        return None
    user, host, port, path = parts[1], parts[2].lower(), parts[3] or "", parts[4]
    if _DOUBTFUL_PATH.match(path) or (user is not None and (scheme is None or "." in user)):
        return None
    if _is_network(host, path) or _is_varied(host, port, path) or _is_cut(host, path):
        return None
    if _DOUBTFUL_IPV4.fullmatch(host) or any(map(_mixes_scripts, unquote(host).split("."))):
        return None
    if host.startswith("."):  # as in cookies: every subdomain
        host = f"*{host}"
    if not (scheme and sure) and not _is_evidently_host(host):
        return None
    if scheme is None:
        usual = "http" if origin.is_loopback(f"http://{host}") else "https"
        scheme = {"80": "http", "443": "https"}.get(port, usual)
    if "*" in host or port == "*":
        return _of_starred(scheme, re.sub(r"\*+", "*", host), port)
    entry = f"{scheme}://{host}"
    entry = f"{entry}:{port}" if port else entry
    if scheme in origin.DEFAULT_PORTS:
        entry = origin.canonical(entry) or ""
    return _checked(entry)


def _is_network(host: str, path: str) -> bool:
    """Whether this is a block of addresses: `10.0.0.0/8`."""
    return bool(_NETWORK.fullmatch(path) and (host.startswith("[") or _IPV4.fullmatch(host)))


def _is_cut(host: str, path: str) -> bool:
    r"""Whether a backslash may stand inside a host, as in `https://my\_app.example.com`."""
    return path.startswith("\\") and ("." in path or not _is_evidently_host(host))


def _is_varied(host: str, port: str, path: str) -> bool:
    """Whether a `?` after host and port varies them, as in a glob or a regex, and is not that of a query."""
    if not path.startswith("?"):
        return False
    is_end = port == "" and _is_evidently_host(host)
    return _DOUBTFUL_QUERY.match(path) is not None or not ("=" in path or is_end)


def _mixes_scripts(label: str) -> bool:
    """Whether letters of ASCII stand beside such that are not Latin, and may look alike."""
    foreign = [each for each in label if not unicodedata.name(each, each).startswith("LATIN")]
    return any(map(str.isalpha, foreign)) and re.search("[a-z]", label) is not None


def _checked(entry: str) -> Meaning | None:
    """The entry, if browsers can send it, and nothing strange is in its host."""
    host = re.sub(r"^[^/]*//|:[0-9]*$", "", entry)
    return Meaning((entry,)) if _PLAIN_HOST.fullmatch(host) and _is_sent(entry) else None


def _is_sent(entry: str) -> bool:
    finding = origin.judge(entry)
    return finding is None or finding.rule != "A-CFG-5"


def _with_brackets(text: str) -> str:
    """An IPv6 address that lacks its brackets, with them, if what belongs to it is certain."""
    authority, slash, path = text.partition("/")
    address, _, port = authority.rpartition(":")
    readings = [f"[{authority}]", f"[{address}]:{port}"]
    valid = [each for each in readings if origin.canonical(f"http://{each}")]
    return f"{valid[0]}{slash}{path}" if len(valid) == 1 else text


def _is_evidently_host(host: str) -> bool:
    """Whether a text without a scheme is a host: a domain that somebody registered, or the machine itself."""
    if origin.is_loopback(f"http://{host}"):
        return True
    domain = origin.canonical(f"https://{host}")
    if domain is None:
        return False
    domain = domain.removeprefix("https://")
    suffix = domain.rpartition(".")[2]
    return (suffix in rules() or suffix in _PRIVATE_SUFFIXES) and registrable_domain(domain) is not None


def _of_starred(scheme: str, host: str, port: str) -> Meaning | None:
    """What a host or a port with a `*` means: a pattern, or a regex that varies inside one label."""
    if host.startswith("*."):
        domain = origin.canonical(f"https://{host[2:]}")
        if domain is None:
            return None
        host = f"*.{domain.removeprefix('https://')}"
    port = port.lstrip("0") or port[:1]
    if port == str(origin.DEFAULT_PORTS.get(scheme)):
        port = ""
    entry = f"{scheme}://{host}:{port}" if port else f"{scheme}://{host}"
    parsed = pattern.parse(entry)
    if parsed is not None:  # below some domains anybody may have a name
        return None if parsed.domain and below(parsed.domain) else Meaning((entry,))
    if not _STARRED_HOST.fullmatch(host) or not (port == "*" or origin.canonical(f"ws://a:{port}")):
        return None
    tail = host.rpartition("*")[2].partition(".")[2]
    if _PRIVATE_ADDRESSES.fullmatch(host):
        some = "[0-9]{1,3}"
    elif registrable_domain(tail) is not None:
        some = "[a-z0-9-]+"
    else:
        return None
    varied = host.replace(".", r"\.").replace("*", some)
    ports = {"": "", "*": "(:[0-9]+)?"}.get(port, f":{port}")
    return regex_of(f"{re.escape(scheme)}://{varied}{ports}")


def _of_pattern(compiled: re.Pattern[str] | re.Pattern[bytes]) -> Meaning | None:
    """What a compiled regex means that is where an origin should be."""
    if isinstance(compiled.pattern, bytes):
        return _of_regex(compiled.pattern.decode("latin-1")) if not compiled.flags else None
    text = scoped(compiled)
    return None if text is None else _of_regex(text)


def scoped(compiled: re.Pattern[str]) -> str | None:
    """The text of a compiled regex, with its flags in a group; None for flags that no group can have."""
    plain = _compiled(compiled.pattern)
    if plain is not None and plain.flags == compiled.flags:
        return compiled.pattern
    flags = [flag for flag in _SCOPED_FLAGS if compiled.flags & flag]
    if compiled.flags & ~re.UNICODE != sum(flags):
        return None
    return f"(?{''.join(map(_SCOPED_FLAGS.__getitem__, flags))}:{compiled.pattern})"


def _of_regex(text: str) -> Meaning | None:
    """What a regex means that is where an origin should be: an origin or a pattern in disguise, or itself."""
    delimited = _DELIMITED.fullmatch(text)
    if delimited:  # as JavaScript writes them; browsers send lower case, whatever `i` says
        text = delimited[1]
    text = re.sub(r"(?<!\\)((?:\\\\)*)\\/", r"\1/", text)
    text = _ANCHORS.sub("", text)
    both = _BOTH.match(text)
    rest = text[both.end() :] if both else re.sub(r"^https?://", "", text)
    before = text[: len(text) - len(rest)]
    subdomain = _ANY_SUBDOMAIN.match(rest)
    literal = _ESCAPED.sub(r"\1", f"*.{rest[subdomain.end() :]}" if subdomain else rest)
    if not _SYNTAX.search(literal) and "*" not in literal.removeprefix("*."):
        return _of_one(before + literal)
    return regex_of(text)


def _of_glob(text: str) -> Meaning | None:
    """What a regex means that has the `*` of a glob in it: each of the globs that it stands for."""
    text = re.sub(r"(/\\?/)\*\.", r"\1\\*.", text)
    text = re.sub(r":\*(?=\$?(?:[|)]|$))", r":\\*", text)
    text = re.sub(r"(?<!\\)\.(?![*+?{])", r"\\.", text)  # in a glob, a dot is a dot
    found = spelled.texts(regex.parse(regex.compiled(text)))
    if not found or not all(each.is_certain for each in found):
        return None
    return _together(_of_one(stripped(each.text)) for each in found)


def regex_of(text: str) -> Meaning | None:
    """The regex of a text, if it is one, names whom it allows, and is quick."""
    compiled = _compiled(text)
    good = compiled is not None and not regex.is_glob(text) and is_safe(compiled)
    return Meaning((), (text,)) if good else None


def is_safe(compiled: re.Pattern[str]) -> bool:
    """Whether a regex can be recommended."""
    judgement = regex.judge(compiled)
    return judgement.unrelated is judgement.dead is judgement.slow is None


def joined(texts: Iterable[str]) -> str | None:
    """One regex for several; None when they cannot be put together."""
    several = tuple(dict.fromkeys(texts))
    if len(several) < 2:
        return several[0] if several else None
    return None if any(map(_ALONE.search, several)) else "|".join(f"(?:{text})" for text in several)


def _compiled(text: str) -> re.Pattern[str] | None:
    try:
        return regex.compiled(text)
    except regex.NOT_COMPILED:
        return None
