"""The near near misses of what a configuration allows: what an attacker, or a careless client, sends instead.

Near misses are made from the allowed origin, because faulty comparisons (prefix, suffix, substring, unescaped
dot, case folding, stripping) let through only values that look like it. Nothing here says what the answer
must be: a near miss of one entry may be allowed by another entry, by a pattern or by a regex.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from spec.http import Headers
from spec.origin import DEFAULT_PORTS, LONGEST_LABEL, LONGEST_ORIGIN, OriginPattern, parse_pattern

Lines = tuple[bytes, ...]

# What `str.strip` removes and HTTP does not, and what ends a line for a parser or for `$`.
BLANKS = (
    b"\x0b",
    b"\x0c",
    b"\x1c",
    b"\x1d",
    b"\x1e",
    b"\x1f",
    b"\x85",
    b"\xa0",
    b"\xc2\xa0",
    b"\xe2\x80\x83",
)
LINE_ENDS = (b"\n", b"\r", b"\r\n", b"\n\n")

SPECIAL_CHARACTERS = (*"_-\"{}^!~`;|&'()*,$=+", "%60")
CONTROLS = tuple(chr(code) for code in (*range(0x20), 0x7F))

SHARED_HOSTS = (
    "github.io",
    "pages.dev",
    "vercel.app",
    "netlify.app",
    "herokuapp.com",
    "web.app",
    "s3.amazonaws.com",
)

LOOPBACKS = (
    "localhost",
    "app.localhost",
    "127.0.0.1",
    "127.1",
    "127.0.1",
    "0.0.0.0",
    "0",
    "[::1]",
    "[::]",
    "[::ffff:7f00:1]",
    "[::ffff:127.0.0.1]",
    "2130706433",
    "0x7f000001",
    "0x7f.0.0.1",
    "0177.0.0.1",
    "017700000001",
    "10.0.0.1",
    "192.168.0.1",
    "169.254.169.254",
)

# Letters that look like, or fold to, an ASCII letter. The last two become `k` and `s` under case folding.
HOMOGLYPHS = {
    "a": "\u0430",
    "e": "\u0435",
    "o": "\u043e",
    "c": "\u0441",
    "p": "\u0440",
    "k": "\u212a",
    "s": "\u017f",
}
DOTS = ("\u3002", "\uff0e", "\uff61", "\u2024")

# Request headers that must not matter: credentials, and response headers that a client may send.
IRRELEVANT_HEADERS: Headers = (
    (b"cookie", b"session=1"),
    (b"authorization", b"Bearer 1"),
    (b"vary", b"*"),
    (b"access-control-allow-origin", b"*"),
    (b"access-control-allow-credentials", b"true"),
    (b"access-control-allow-methods", b"*"),
    (b"access-control-allow-headers", b"*"),
    (b"access-control-allow-private-network", b"true"),
    (b"access-control-expose-headers", b"*"),
    (b"access-control-max-age", b"86400"),
)


@dataclass(frozen=True)
class NearMiss:
    """A near miss of an allowed origin: the family that it is of, and the Origin lines that are sent.

    No line at all is a near miss too (a request without Origin).
    """

    family: str
    lines: Lines

    @property
    def travels(self) -> bool:
        """Whether an HTTP parser hands these lines to a server as they are.

        It does not when they hold CR, LF or NUL, nor when space or tab is around them:
        https://www.rfc-editor.org/rfc/rfc9110#section-5.5
        """
        return all(line == line.strip(b" \t") and not re.search(rb"[\r\n\0]", line) for line in self.lines)


class _Allowed(NamedTuple):
    """An allowed origin in its parts; the port is empty when the origin has none."""

    scheme: str
    host: str
    port: str

    def __str__(self) -> str:
        return _origin(self.scheme, self.host, self.port)


# What a family yields: one Origin value as text (sent as UTF-8), or lines as they are.
_Form = str | bytes | Lines
_Family = Callable[[_Allowed, tuple[_Allowed, ...], str], Iterator[_Form]]

_ORIGIN = re.compile(r"([^:/]+)://(\[[^\]]*\]|[^:]*)(?::([^:]*))?", re.DOTALL)


def _origin(scheme: str, host: str, port: str) -> str:
    return f"{scheme}://{host}:{port}" if port else f"{scheme}://{host}"


def _parsed(origin: str) -> _Allowed | None:
    found = _ORIGIN.fullmatch(origin)
    return _Allowed(found[1], found[2], found[3] or "") if found else None


def _unlisted(allowed: _Allowed, others: tuple[_Allowed, ...], attacker: str) -> Iterator[_Form]:
    yield _origin("https", attacker, "")
    yield _origin("http", attacker, "")
    yield _origin(allowed.scheme, attacker, allowed.port)


def _glued(allowed: _Allowed, others: tuple[_Allowed, ...], attacker: str) -> Iterator[_Form]:
    scheme, host, port = allowed
    for suffixed in (
        host + "." + attacker,
        host + attacker,
        host + "-" + attacker,
        host + "x",
    ):
        yield _origin(scheme, suffixed, port)
        yield _origin(scheme, suffixed, "")
    yield f"{allowed}.{attacker}"
    yield f"{allowed}{attacker}"
    for prefix in ("evil", "not", "x", "evil-", attacker, attacker + "-"):
        yield _origin(scheme, prefix + host, port)


def _neighbours(allowed: _Allowed, others: tuple[_Allowed, ...], attacker: str) -> Iterator[_Form]:
    scheme, host, port = allowed
    labels = host.split(".")
    # Without the public suffix list, the registrable domain is taken to be the last two labels.
    hosts = [
        "sub." + host,
        "www." + host,
        "a.b.c.d." + host,
        ".".join(labels[1:]),
        ".".join(labels[-2:]),
    ]
    hosts += [
        labels[-1],
        "evil." + ".".join(labels[1:]),
        host[1:],
        host[:-1],
        "." + host,
        "",
    ]
    for neighbour in hosts:
        yield _origin(scheme, neighbour, port)
    yield str(allowed)[:-1]
    yield str(allowed)[1:]


def _dots(allowed: _Allowed, others: tuple[_Allowed, ...], attacker: str) -> Iterator[_Form]:
    scheme, host, port = allowed
    for at in (index for index, character in enumerate(host) if character == "."):
        for instead in ("x", "-", "", ".."):
            yield _origin(scheme, host[:at] + instead + host[at + 1 :], port)
    yield _origin(scheme, host.replace(".", "x"), port)


def _schemes(allowed: _Allowed, others: tuple[_Allowed, ...], attacker: str) -> Iterator[_Form]:
    scheme, host, port = allowed
    for other in (
        "http",
        "https",
        "ws",
        "wss",
        "ftp",
        "evil",
        "chrome-extension",
        "file",
        "javascript",
        "data",
    ):
        yield _origin(other, host, port)
    yield _origin(scheme.upper(), host, port)
    yield _origin(scheme.title(), host, port)
    yield _origin(scheme + "s", host, port)
    yield _origin("x" + scheme, host, port)
    yield _origin("", host, port)
    rest = str(allowed).partition("://")[2]
    for start in (
        "//",
        "",
        scheme + ":",
        scheme + ":/",
        scheme + ":///",
        scheme + "//",
        "://",
    ):
        yield start + rest


def _ports(allowed: _Allowed, others: tuple[_Allowed, ...], attacker: str) -> Iterator[_Form]:
    scheme, host, port = allowed
    explicit = port or str(DEFAULT_PORTS.get(scheme, 80))
    for other in (
        "80",
        "443",
        "8080",
        "8443",
        "3000",
        "1",
        "0",
        "65535",
        "65536",
        "99999",
        "-1",
        "a",
        "*",
    ):
        yield _origin(scheme, host, other)
    for other in (
        explicit,
        explicit + "1",
        explicit + "0",
        "0" + explicit,
        "1" + explicit,
        explicit[:-1],
    ):
        yield _origin(scheme, host, other)
    yield _origin(scheme, host, "")
    yield f"{scheme}://{host}:"
    yield f"{allowed}:"
    yield f"{scheme}://{host}:{explicit}.{attacker}"
    yield f"{scheme}://{host}:{explicit}:{explicit}"


def _spellings(allowed: _Allowed, others: tuple[_Allowed, ...], attacker: str) -> Iterator[_Form]:
    scheme, host, port = allowed
    for spelling in (
        host.upper(),
        host.title(),
        host[:1].upper() + host[1:],
        host[:-1] + host[-1:].upper(),
    ):
        yield _origin(scheme, spelling, port)
    yield str(allowed).upper()
    yield _origin(scheme, host + ".", port)
    for tail in (
        "/",
        "//",
        "/path",
        "/.",
        "?",
        "?q",
        "#",
        "#f",
        ";",
        "%00",
        "%20",
        "%23",
        "%0d%0a",
        "\\",
        "\\x",
    ):
        yield f"{allowed}{tail}"


def _disguises(allowed: _Allowed, others: tuple[_Allowed, ...], attacker: str) -> Iterator[_Form]:
    scheme, host, port = allowed
    for user in (
        host,
        host + ":80",
        f"{host}:{port or 'x'}",
        str(allowed),
        "user:word",
    ):
        yield f"{scheme}://{user}@{attacker}"
    for user in ("user", attacker, "user:word", ""):
        yield f"{scheme}://{user}@{str(allowed).partition('://')[2]}"
    for where in ("/", "/.", "/x?", "?", "#", "/#", "\\", "\\@", "?x=", "/@"):
        yield f"{scheme}://{attacker}{where}{allowed}"
        yield f"{scheme}://{attacker}{where}{host}"
        yield f"{scheme}://{attacker}{where}.{host}"


def _characters(allowed: _Allowed, others: tuple[_Allowed, ...], attacker: str) -> Iterator[_Form]:
    scheme, host, port = allowed
    for character in SPECIAL_CHARACTERS + CONTROLS:
        yield _origin(scheme, f"{host}{character}.{attacker}", port)
        yield _origin(scheme, f"{host}.{character}.{attacker}", port)
        yield _origin(scheme, f"{attacker}{character}.{host}", port)
        yield _origin(scheme, f"{attacker}{character}{host}", port)


def _private(allowed: _Allowed, others: tuple[_Allowed, ...], attacker: str) -> Iterator[_Form]:
    for host in (
        *LOOPBACKS,
        "localhost." + attacker,
        "localhost" + attacker,
        "127.0.0.1." + attacker,
    ):
        for scheme in dict.fromkeys((allowed.scheme, "http")):
            yield _origin(scheme, host, allowed.port)
            yield _origin(scheme, host, "")


def _shared(allowed: _Allowed, others: tuple[_Allowed, ...], attacker: str) -> Iterator[_Form]:
    for host in SHARED_HOSTS:
        yield _origin(allowed.scheme, f"{attacker.partition('.')[0]}.{host}", allowed.port)
        yield _origin(allowed.scheme, f"{allowed.host.partition('.')[0]}.{host}", allowed.port)
        yield _origin(allowed.scheme, f"{allowed.host.replace('.', '-')}.{host}", allowed.port)


def _international(allowed: _Allowed, others: tuple[_Allowed, ...], attacker: str) -> Iterator[_Form]:
    scheme, host, port = allowed
    unicode_labels = [_unicode_label(label) for label in host.split(".")]
    yield _origin(scheme, ".".join(unicode_labels), port)
    yield _origin(scheme, ".".join(unicode_labels), port).encode("latin-1", "replace")
    for letter, twin in HOMOGLYPHS.items():
        if letter in host:
            yield _origin(scheme, host.replace(letter, twin, 1), port)
            yield _origin(
                scheme,
                ".".join(map(_ascii_label, host.replace(letter, twin, 1).split("."))),
                port,
            )
    for dot in DOTS:
        yield _origin(scheme, host.replace(".", dot), port)
        yield _origin(scheme, host + dot + attacker, port)
    yield _origin(scheme, "b\u00fccher." + host, port)
    yield _origin(scheme, "xn--bcher-kva." + host, port)
    yield _origin(scheme, "".join(_full_width(character) for character in host), port)


def _unicode_label(label: str) -> str:
    """A punycode label as its reader sees it; any other label as it is."""
    if not label.startswith("xn--"):
        return label
    try:
        return label[4:].encode("ascii").decode("punycode")
    except UnicodeError:
        return label


def _ascii_label(label: str) -> str:
    return label if label.isascii() else "xn--" + label.encode("punycode").decode("ascii")


def _full_width(character: str) -> str:
    return chr(ord(character) + 0xFEE0) if "!" <= character <= "~" else character


def _mixtures(allowed: _Allowed, others: tuple[_Allowed, ...], attacker: str) -> Iterator[_Form]:
    for other in others:
        for scheme in (allowed.scheme, other.scheme):
            for host in (allowed.host, other.host):
                for port in (allowed.port, other.port):
                    yield _origin(scheme, host, port)
        for host in (allowed.host + other.host, other.host + allowed.host):
            yield _origin(allowed.scheme, host, allowed.port)
        for host in (f"{allowed.host}.{other.host}", f"{other.host}.{allowed.host}"):
            yield _origin(allowed.scheme, host, allowed.port)
        yield f"{allowed}{other}"


def _nothings(allowed: str) -> Iterator[_Form]:
    yield from ("null", "*", "", (), "Null", "NULL", "undefined", "about:blank")
    yield from (
        f" {allowed}",
        f"{allowed} ",
        f"\t{allowed}",
        f"{allowed}\t",
        f" {allowed} ",
    )


def _several(allowed: str, other: str) -> Iterator[_Form]:
    for one, two in ((allowed, other), (other, allowed), (allowed, allowed)):
        yield from (
            f"{one}, {two}",
            f"{one},{two}",
            f"{one} {two}",
            f"{one};{two}",
            f"{one}|{two}",
        )
        yield (one.encode(), two.encode())
    yield from (
        (allowed.encode(), b""),
        (b"", allowed.encode()),
        f"{allowed},",
        f",{allowed}",
    )


def _bytes(allowed: bytes) -> Iterator[_Form]:
    for blank in BLANKS + LINE_ENDS + (b"\0",):
        yield allowed + blank
        yield blank + allowed
    for end in LINE_ENDS:
        yield allowed + end + b"x-injected: 1"
        yield b"https://x" + end + allowed
    yield from (
        b"\xef\xbb\xbf" + allowed,
        allowed + b"\xe9",
        allowed + b"\xff",
        allowed[:-1] + b"\0" + allowed[-1:],
    )
    yield from (allowed + b"a" * 8192, allowed + b"." + b"a." * 4096 + b"a")
    scheme, separator, host = allowed.partition(b"://")
    yield scheme + separator + b"a." * 4096 + host


# The families that need a scheme and a host to change.
_OF_ORIGINS: Mapping[str, _Family] = {
    "unlisted origins": _unlisted,
    "glued domains": _glued,
    "neighbouring domains": _neighbours,
    "dots as letters": _dots,
    "schemes": _schemes,
    "ports": _ports,
    "spellings and tails": _spellings,
    "disguises": _disguises,
    "special characters": _characters,
    "loopback and private hosts": _private,
    "shared hosting": _shared,
    "international names": _international,
    "mixtures of allowed origins": _mixtures,
}

# And that of patterns alone, which are near misses of what they allow as well.
OF_PATTERNS = "near misses of a pattern"


def pattern_examples(entry: str) -> list[str]:
    """Origins that a pattern allows, the usual ones first; nothing for what is no pattern."""
    pattern = parse_pattern(entry)
    if pattern is None:
        return []
    hosts = [pattern.host]
    if pattern.below:
        hosts = [f"{front}.{pattern.host}" for front in ("app", "a.b", "xn--bcher-kva", "1", "a-b.c")]
        hosts.append(f"{'a' * LONGEST_LABEL}.{pattern.host}")
    ports = ["", "8080", "3000", "65535", "1", "0"] if pattern.port == "*" else [pattern.port]
    found = [_origin(pattern.scheme, host, port) for port in ports[:2] for host in hosts[:2]]
    found += [_origin(pattern.scheme, host, ports[0]) for host in hosts[2:]]
    found += [_origin(pattern.scheme, hosts[0], port) for port in ports[2:]]
    return [*found, _of_length(pattern, LONGEST_ORIGIN)] if pattern.below else found


def _of_length(pattern: OriginPattern, length: int) -> str:
    """An origin that is allowed, but for its length: as many labels as there is room for."""
    port = "" if pattern.port == "*" else pattern.port
    room = length - len(_origin(pattern.scheme, pattern.host, port))
    labels = "a." * (room // 2) if room % 2 == 0 else "aa." + "a." * (room // 2 - 1)
    return _origin(pattern.scheme, labels + pattern.host, port)


def pattern_misses(entry: str, attacker: str = "evil.example") -> list[bytes]:
    """What looks like an origin that a pattern allows, each once; nothing for what is no pattern.

    A few of them are allowed, beside others that are just beyond: the longest label, the last port.
    """
    pattern = parse_pattern(entry)
    misses = _misses(pattern, attacker) if pattern is not None else ()
    return list(dict.fromkeys(value.encode() for value in misses))


def _misses(pattern: OriginPattern, attacker: str) -> Iterator[str]:
    """What a pattern that is read too kindly allows, and the boundaries of what it does allow."""
    scheme, _, host, port = pattern
    any_port = port == "*"
    written = "" if any_port else port
    front = "app." if pattern.below else ""
    example = _origin(scheme, front + host, written)
    yield str(pattern)
    yield _origin(scheme, host, written)  # the bare host of `*.`
    for glued in ("evil", "evil-", "-", "_", "x"):
        yield _origin(scheme, glued + host, written)
    for name in (".", "..", "app..", ".app.", "*.", "*.app.", "app.*."):
        yield _origin(scheme, name + host, written)
    for tail in (f".{attacker}", attacker, f"-{attacker}", ".", "..", "x", "*"):
        yield _origin(scheme, front + host + tail, written)
        yield example + tail
    for other in ("http", "https", "ws", "wss", "ftp", "file", "evil", scheme.upper(), f"{scheme}s", "*"):
        yield _origin(other, front + host, written)
    default = str(DEFAULT_PORTS.get(scheme, 80))
    ports = (
        default,
        "8080",
        "65535",
        "65536",
        "99999",
        "100000",
        "00",
        f"0{written or default}",
        "08080",
        "0",
    )
    for other in (*ports, "-1", "a", "*", "8080:8080", f"8080.{attacker}", f"8080@{attacker}", "%2A", " "):
        yield _origin(scheme, front + host, other)
    yield f"{scheme}://{front}{host}:"
    yield _origin(scheme, front + host, "")
    for label in (
        "App",
        "APP",
        "aPP",
        "a_b",
        "app-",
        "-app",
        "a!b",
        "a*b",
        "%61",
        "\u00e4",
        "xn--",
        "xn--abc-",
    ):
        yield _origin(scheme, f"{label}.{host}", written)
    yield _origin(scheme, front + host.upper(), written)
    yield _origin(scheme, front + host.title(), written)
    for number in (LONGEST_LABEL, LONGEST_LABEL + 1):
        yield _origin(scheme, f"{'a' * number}.{host}", written)
        yield _origin(scheme, f"app.{'a' * number}.b.{host}", written)
    for length in (LONGEST_ORIGIN, LONGEST_ORIGIN + 1):
        yield _of_length(pattern, length)
    for address in ("127.0.0.1", "1.2.3.4", "[::1]", "2130706433", "0x7f.1"):
        yield _origin(scheme, address, written)
        yield _origin(scheme, f"{address}.{host}", written)
    for before in (
        "/",
        "?",
        "#",
        "@",
        "\\",
        ":",
        ":80.",
        "/.",
        "?.",
        "#.",
        "@app.",
        "\\.",
        ",",
        " ",
        "\n",
        "%2f.",
    ):
        yield _origin(scheme, f"{attacker}{before}{host}", written)
    yield f"{example}/"
    yield f"{example}\n"


# And those that do not, nor `sequences`.
FAMILIES: tuple[str, ...] = (
    "nothing and everything",
    *_OF_ORIGINS,
    "several values",
    "bytes",
)


def near_misses(origin: str, others: Iterable[str] = (), attacker: str = "evil.example") -> list[NearMiss]:
    """Every near miss of an allowed origin, in a fixed order, each once.

    Those of a pattern are the near misses of the pattern, and the near misses of the first of its examples.
    `others` are the other allowed origins: parts of them are mixed in, they themselves are left out, like the
    origin itself. `attacker` is a domain that is not allowed. Of an entry that is no origin (`null`), those
    near misses that need no scheme and host. The families are those of `FAMILIES`, each with a near miss that
    has been let through by some server: https://owasp.org/www-project-web-security-testing-guide/
    """
    forms: dict[str, Iterable[_Form]] = {}
    if misses := pattern_misses(origin, attacker):
        forms[OF_PATTERNS] = misses
        origin = pattern_examples(origin)[0]
    others = [example for other in others for example in (pattern_examples(other)[:1] or [other])]
    allowed = (origin, *others)
    forms["nothing and everything"] = _nothings(origin)
    parts = _parsed(origin)
    if parts:
        other_parts = tuple(found for found in map(_parsed, allowed[1:]) if found)
        forms.update((name, family(parts, other_parts, attacker)) for name, family in _OF_ORIGINS.items())
    forms["several values"] = [
        form for other in (f"https://{attacker}", *allowed[1:]) for form in _several(origin, other)
    ]
    forms["bytes"] = _bytes(origin.encode())
    seen: set[Lines] = {(entry.encode(),) for entry in allowed}
    found = []
    for family, members in forms.items():
        for member in members:
            lines = _lines(member)
            if lines not in seen:
                seen.add(lines)
                found.append(NearMiss(family, lines))
    return found


def _lines(form: _Form) -> Lines:
    if isinstance(form, tuple):
        return form
    return (form.encode() if isinstance(form, str) else form,)


def sequences(origin: str, refused: str = "https://evil.example") -> list[list[Lines]]:
    """Orders of requests in which the verdict on each must be what it would be alone.

    Each is a list of the Origin lines of one request after the other: the same origin again and again, and an
    allowed one before, between and after refused ones.
    """
    yes, no = (origin.encode(),), (refused.encode(),)
    return [
        [yes] * 5,
        [no] * 5,
        [no, yes],
        [yes, no],
        [yes, no, yes, no, yes],
        [no, yes, (), yes, no, no],
    ]


def method_near_misses(method: str) -> list[Lines]:
    """What is sent as `Access-Control-Request-Method` instead of this method, without repetition."""
    name = method.encode()
    others = [
        name.lower(),
        name.upper(),
        name.title(),
        name[:-1],
        name[1:],
        name + b"X",
        b"X" + name,
        name * 2,
    ]
    others += [
        b"",
        b"*",
        b" ",
        b" " + name,
        name + b" ",
        b"\t" + name,
        name + b"\t",
        name + b"\0",
    ]
    others += [name + blank for blank in BLANKS + LINE_ENDS] + [blank + name for blank in BLANKS + LINE_ENDS]
    others += [
        name + b"," + name,
        name + b", GET",
        b"GET, " + name,
        name + b" GET",
        name + b",",
        b'"' + name + b'"',
    ]
    others += [
        b"CONNECT",
        b"TRACE",
        b"TRACK",
        b"get",
        b"patch",
        "\u017fearch".encode(),
        name + b"\xe9",
    ]
    doubled = [
        (name, b"GET"),
        (b"GET", name),
        (name, b""),
        (b"", name),
        (name, name.swapcase()),
        (name, b"X"),
    ]
    forms = [(other,) for other in others] + doubled
    return [form for form in dict.fromkeys(forms) if set(form) != {name}]


def header_list_forms(names: Sequence[str]) -> list[Lines]:
    """Ways to send these names as `Access-Control-Request-Headers` that all ask for the same.

    The first is a browser's (lower case, sorted, each once, comma without space); the others differ in order,
    case, repetition, space and tab, empty elements, and the split over lines:
    https://www.rfc-editor.org/rfc/rfc9110#section-5.6.1.2
    """
    if not names:
        return [
            (),
            (b"",),
            (b",",),
            (b" ",),
            (b"\t",),
            (b" , ,\t,",),
            (b"", b""),
            (b",", b" "),
        ]
    given = [name.encode() for name in names]
    browser = sorted({name.lower() for name in given})
    upper = [name.upper() for name in browser]
    mixed = [name.title() for name in browser]
    forms: list[Lines] = [(b",".join(browser),)]
    for spelling in (
        given,
        browser[::-1],
        upper,
        mixed,
        browser + browser,
        browser + upper,
    ):
        forms += [(b",".join(spelling),), (b", ".join(spelling),), tuple(spelling)]
    for separator in (b" ,", b"\t,\t", b" \t , \t ", b",,", b", ,", b" ,\t, ,"):
        forms.append((separator.join(browser),))
    joined = b",".join(browser)
    for before, after in (
        (b"", b","),
        (b",", b""),
        (b",,", b",,"),
        (b" ", b" "),
        (b"\t", b"\t"),
        (b" ,\t", b"\t, "),
    ):
        forms.append((before + joined + after,))
    forms += [
        (b"", joined),
        (joined, b""),
        (b",", joined, b" "),
        (joined, joined),
        (joined, b",".join(upper)),
    ]
    forms += [
        (b",".join(browser[:1]), b",".join(browser[1:])),
        (b",".join(browser[1:]), b",".join(browser[:1])),
    ]
    return list(dict.fromkeys(forms))


def header_list_breakers(names: Sequence[str] = ()) -> list[Lines]:
    """Values of `Access-Control-Request-Headers` that are no list of field names, some beside these names."""
    given = b",".join(name.encode() for name in names) or b"x-a"
    first = given.split(b",")[0]
    wrong = [bytes([code]) for code in b'"(){}[]<>@/\\:;=?']
    wrong += [
        bytes([code])
        for code in (
            *range(0x09),
            *range(0x0A, 0x20),
            0x7F,
            0x80,
            0x85,
            0xA0,
            0xE9,
            0xFF,
        )
    ]
    wrong += [*BLANKS, "\u0430".encode(), b"\r\n", b"\n\n"]
    forms: list[Lines] = []
    for piece in wrong:
        forms += [
            (first + piece,),
            (piece + first,),
            (given + b"," + piece,),
            (piece + b"," + given,),
        ]
    forms += [
        (first + b" " + first,),
        (first + b"\t" + first,),
        (first + b" x",),
        (b'"' + first + b'"',),
    ]
    forms += [
        (first + b": 1",),
        (first + b"\r\nx-injected: 1",),
        (given, b"x y"),
        (b"x y", given),
        (given, b"\xa0"),
    ]
    return list(dict.fromkeys(forms))


def header_list_floods(
    names: Sequence[str] = (), sizes: Sequence[int] = (8192, 16384, 16385, 65536)
) -> list[Lines]:
    """Very long `Access-Control-Request-Headers`, whose values together are exactly so many bytes long.

    Commas, blanks, one long name, many short names, and many lines; where it fits, they ask for these names
    first.
    """
    start = b"".join(name.encode().lower() + b"," for name in names)
    forms: list[Lines] = []
    for size in sizes:
        for filling in (
            b",",
            b" ",
            b"\t",
            b", ",
            b"a",
            b"a,",
            b"x-a,",
            *((start,) if start else ()),
        ):
            value = start + filling * (size // len(filling) + 1)
            forms.append((value[:size],))
        forms.append((start + b"," * (size // 2 - len(start)), b"," * (size - size // 2)))
        forms.append((start, *[b","] * (size - len(start))))
    return list(dict.fromkeys(forms))
