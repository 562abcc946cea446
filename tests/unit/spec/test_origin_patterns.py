"""Origin patterns: which entries are patterns, what each allows, and what to write instead of an invalid one.

What a pattern allows is written down a second time here, label by label, and compared on generated origins.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spec.origin import (
    LONGEST_LABEL,
    PAGES_OF,
    Kind,
    OriginPattern,
    Verdict,
    canonical,
    judge_entry,
    parse_pattern,
    pattern_matches,
)
from tests.helpers.thresholds import hit, thresholds

A63, A64 = "a" * 63, "a" * 64

PATTERNS = {
    "https://*.example.com": OriginPattern("https", True, "example.com", ""),
    "http://*.example.com:8080": OriginPattern("http", True, "example.com", "8080"),
    "https://*.example.com:*": OriginPattern("https", True, "example.com", "*"),
    "https://*.example.com:80": OriginPattern("https", True, "example.com", "80"),
    "https://*.example.com:0": OriginPattern("https", True, "example.com", "0"),
    "https://*.example.com:65535": OriginPattern("https", True, "example.com", "65535"),
    "https://*.a.b.example.co.uk": OriginPattern("https", True, "a.b.example.co.uk", ""),
    "https://*.me.github.io": OriginPattern("https", True, "me.github.io", ""),
    "https://*.localhost": OriginPattern("https", True, "localhost", ""),
    "http://*.localhost:*": OriginPattern("http", True, "localhost", "*"),
    "https://*.xn--bcher-kva.example": OriginPattern("https", True, "xn--bcher-kva.example", ""),
    "https://*.1.example": OriginPattern("https", True, "1.example", ""),
    f"https://*.{A63}.com": OriginPattern("https", True, f"{A63}.com", ""),
    "http://localhost:*": OriginPattern("http", False, "localhost", "*"),
    "http://127.0.0.1:*": OriginPattern("http", False, "127.0.0.1", "*"),
    "http://[::1]:*": OriginPattern("http", False, "[::1]", "*"),
    "https://example.com:*": OriginPattern("https", False, "example.com", "*"),
    "https://com:*": OriginPattern("https", False, "com", "*"),
    "https://github.io:*": OriginPattern("https", False, "github.io", "*"),
    "capacitor://localhost:*": OriginPattern("capacitor", False, "localhost", "*"),
    "a1+-.://*.b.example:443": OriginPattern("a1+-.", True, "b.example", "443"),
}

MISPLACED = "a `*` stands only for whole labels in front (`*.`) or for the port (`:*`)"
NO_PATTERN = "this makes no pattern of an origin that a browser sends"
NO_ADDRESS = "an IP address has no sub-domains"
CASE = "hosts are in lower case"
SCHEME_CASE = "schemes are in lower case"
PATH = "an origin has no path, query, fragment or slash at the end"
USER = "an origin has no user name or password"
PORT = "a port is a number up to 65535"
DEFAULT_PORT = "the default port is left out"
NO_SCHEME = "an origin begins with a scheme and `://`"


def suffix(host: str) -> str:
    return f"`{host}` is a public suffix: anybody can register a name below it"


NO_PATTERNS = [
    # A suffix under which anybody registers, or hosts
    *(
        (f"https://*.{host}", suffix(host), None)
        for host in ("com", "co.uk", "com.au", "example", "internal")
    ),
    *((f"https://*.{host}:*", suffix(host), None) for host in ("github.io", "vercel.app", "pages.dev")),
    ("capacitor://*.com", suffix("com"), None),
    ("HTTPS://*.Co.UK", f"{SCHEME_CASE}; {CASE}; {suffix('co.uk')}", None),
    # A `*` elsewhere
    ("https://*", MISPLACED, None),
    ("https://**", MISPLACED, None),
    ("https://*:*", MISPLACED, None),
    ("https://*:8080", MISPLACED, None),
    ("https://pr-*.example.com", MISPLACED, None),
    ("https://*-pr.example.com", MISPLACED, None),
    ("https://*example.com", MISPLACED, None),
    ("https://a.*.example.com", MISPLACED, None),
    ("https://*.*.example.com", MISPLACED, None),
    ("https://**.example.com", MISPLACED, None),
    ("https://example.*", MISPLACED, None),
    ("https://*.example.com:8*", MISPLACED, None),
    ("https://*.example.com:*:*", MISPLACED, None),
    ("https://example.com*", MISPLACED, None),
    ("http://[*]:*", MISPLACED, None),
    ("*://example.com", MISPLACED, None),
    ("http*://example.com", MISPLACED, None),
    ("*://*.example.com:*", MISPLACED, None),
    ("*.example.com", NO_SCHEME, None),
    ("example.com:*", NO_SCHEME, None),
    # What follows `*.`, or stands before `:*`, is not what a browser writes
    ("https://*.1.2.3.4", NO_ADDRESS, None),
    ("https://*.[::1]", NO_ADDRESS, None),
    ("app://*.127.0.0.1", NO_ADDRESS, None),
    ("app://*.[::1]:*", NO_ADDRESS, None),
    ("https://*.", "the host is missing", None),
    ("https://:*", "the host is missing", None),
    ("https://*..example.com", NO_PATTERN, None),
    ("https://*.example.com.", NO_PATTERN, None),
    ("https://*.-a.example.com", NO_PATTERN, None),
    ("https://*.a-.example.com", NO_PATTERN, None),
    ("https://*.a_b.example.com", NO_PATTERN, None),
    ("https://a_b.example.com:*", NO_PATTERN, None),
    (f"https://*.{A64}.com", NO_PATTERN, None),
    (f"https://{A64}:*", NO_PATTERN, None),
    ("https://*." + "a." * 250 + "example.com", NO_PATTERN, None),
    ("https://*." + "a." * 246 + "example.com", NO_PATTERN, None),  # 512 bytes, and no room for a label
    ("https://*.a_b", NO_PATTERN, None),
    ("HTTPS://*.a_b", f"{SCHEME_CASE}; {NO_PATTERN}", None),
    ("https://*.A_b:443", f"{CASE}; {DEFAULT_PORT}; {NO_PATTERN}", None),
    ("https://*.-a", NO_PATTERN, None),
    ("file://com:*", NO_PATTERN, None),
    ("file://127.0.0.1:*", NO_PATTERN, None),
    ("https://*.127.0.0.1:443", f"{DEFAULT_PORT}; {NO_ADDRESS}", None),
    (" *://example.com", f"there is white space around it; {MISPLACED}", None),
    ("app://*.A.example", NO_PATTERN, None),
    ("app://*.example.com:65536", NO_PATTERN, None),
    ("app://*.example.com:08", NO_PATTERN, None),
    ("app://*.xn--.example", NO_PATTERN, None),
    ("file://*.example.com", NO_PATTERN, None),
    ("file://localhost:*", NO_PATTERN, None),
    ("https://*.xn--.example", "what follows `xn--` is not Punycode", None),
    ("https://*.stra\u00dfe.example", "non-ASCII hosts are sent in Punycode", None),
    ("https://*.example.com:65536", PORT, None),
    ("https://*.example.com:99999", PORT, None),
    ("http://256.1.1.1:*", "a host that ends in a number is an IPv4 address, and this is not one", None),
    # What is meant is certain
    ("https://*.EXAMPLE.com", CASE, "https://*.example.com"),
    ("https://*.example.com:443", DEFAULT_PORT, "https://*.example.com"),
    ("http://*.example.com:80", DEFAULT_PORT, "http://*.example.com"),
    ("https://*.example.com:08443", "a port has no zeros in front", "https://*.example.com:8443"),
    ("https://*.example.com:", "the port is missing after the colon", "https://*.example.com"),
    ("https://*.example.com/", PATH, "https://*.example.com"),
    ("https://*.example.com/*", PATH, "https://*.example.com"),
    ("https://u@*.example.com", USER, "https://*.example.com"),
    (" https://*.example.com\n", "there is white space around it", "https://*.example.com"),
    ("Https://*.example.com", SCHEME_CASE, "https://*.example.com"),
    ("https://LOCALHOST:*", CASE, "https://localhost:*"),
    ("https://localhost:*/", PATH, "https://localhost:*"),
    ("app://*.example.com/", PATH, "app://*.example.com"),
    (
        "https://*.b\u00fccher.example",
        "non-ASCII hosts are sent in Punycode",
        "https://*.xn--bcher-kva.example",
    ),
    ("http://127.1:*", "an IPv4 address is written as four decimal numbers", "http://127.0.0.1:*"),
    (
        "http://[0::1]:*",
        "IPv6 addresses are compressed, in lower-case hexadecimal",
        "http://[::1]:*",
    ),
    (
        "ws://*.example.com:80",
        f"no page is loaded over ws: its origin is that of the page, which is http; {DEFAULT_PORT}",
        "http://*.example.com",
    ),
    (
        "wss://localhost:*",
        "no page is loaded over wss: its origin is that of the page, which is https",
        "https://localhost:*",
    ),
    ("ftp://*.example.com", "no page is loaded over ftp", None),
]


@pytest.mark.parametrize(("entry", "pattern"), PATTERNS.items())
def test_these_are_patterns(entry: str, pattern: OriginPattern) -> None:
    assert parse_pattern(entry) == pattern
    assert str(pattern) == entry
    assert judge_entry(entry) == Verdict(Kind.CANONICAL, "", entry)
    assert canonical(entry) == Verdict(Kind.NEVER, "this is a pattern, and no origin", None)


@pytest.mark.parametrize(("entry", "reason", "instead"), NO_PATTERNS)
def test_these_are_none_for_a_reason(entry: str, reason: str, instead: str | None) -> None:
    assert parse_pattern(entry) is None
    assert judge_entry(entry) == Verdict(Kind.NEVER, reason, instead)
    assert canonical(entry) == Verdict(Kind.NEVER, reason, None)
    assert instead is None or parse_pattern(instead) is not None


@pytest.mark.parametrize("entry", ["*", "null", "", "https://example.com", "http://localhost:3000", "a:*"])
def test_what_has_no_star_in_its_place_is_no_pattern(entry: str) -> None:
    assert parse_pattern(entry) is None


@pytest.mark.parametrize(
    "origin", ["null", "https://example.com", "https://EXAMPLE.com", "http://foo_bar.example", "file://", "x"]
)
def test_an_entry_without_a_star_is_judged_as_an_origin(origin: str) -> None:
    assert judge_entry(origin) == canonical(origin)


def test_schemes_without_pages_and_the_length_of_a_label_are_these() -> None:
    assert PAGES_OF == {"ftp": None, "ws": "http", "wss": "https"}
    assert LONGEST_LABEL == 63


def long_origin(length: int) -> str:
    """An origin below example.com of this length, with labels of a letter or two."""
    room = length - len("https://example.com")
    labels = "a." * (room // 2) if room % 2 == 0 else "aa." + "a." * (room // 2 - 1)
    return f"https://{labels}example.com"


ALLOWED = {
    "https://*.example.com": [
        "https://a.example.com", "https://a.b.example.com", "https://a-b.example.com", "https://1.example.com",
        "https://xn--bcher-kva.example.com", f"https://{A63}.example.com", "https://com.example.com",
        "https://a.xn--bcher-kva.b.example.com", "https://example.com.example.com", long_origin(512),
    ],
    "https://*.example.com:8443": ["https://a.example.com:8443"],
    "https://*.example.com:*": [
        "https://a.example.com", "https://a.example.com:80", "https://a.b.example.com:0",
        "https://a.example.com:65535", "https://a.example.com:1",
    ],
    "http://localhost:*": ["http://localhost", "http://localhost:443", "http://localhost:3000", "http://localhost:0"],
    "http://*.localhost:*": ["http://a.localhost", "http://a.b.localhost:3000"],
    "http://[::1]:*": ["http://[::1]", "http://[::1]:8080"],
    "http://127.0.0.1:*": ["http://127.0.0.1", "http://127.0.0.1:3000"],
    "https://*.xn--bcher-kva.example": ["https://a.xn--bcher-kva.example"],
    "capacitor://localhost:*": ["capacitor://localhost", "capacitor://localhost:80"],
    f"https://*.{A63}.com": [f"https://a.{A63}.com"],
    f"https://{A63}:*": [f"https://{A63}", f"https://{A63}:8080"],
}  # fmt: skip

REFUSED = {
    "https://*.example.com": [
        "https://example.com", "https://.example.com", "https://..example.com", "https://a..example.com",
        "https://aexample.com", "https://a-example.com", "https://a.example.com.", "https://.a.example.com",
        "https://a.example.com.evil.example", "https://a.example.comx", "https://a.example.co",
        "http://a.example.com", "https:a.example.com", "httpss://a.example.com", "https://a.example.com:443",
        "https://a.example.com:80", "https://a.example.com:", "https://A.example.com", "https://a.Example.com",
        "HTTPS://a.example.com", "https://*.example.com", "https://*.a.example.com", "https://a_b.example.com",
        "https://a-.example.com", "https://-a.example.com", "https://xn--.example.com", "https://a!.example.com",
        "https://xn--abc-.example.com", "https://xn--a.b.xn--.example.com", f"https://{A64}.example.com",
        "https://a.example.com/", "https://u@a.example.com", "https://evil.example/.example.com",
        "https://evil.example?.example.com", "https://evil.example#.example.com", "https://evil\\.example.com",
        "https://a.example.com\n", " https://a.example.com", "https://a.example.com,https://b.example.com",
        "null", "*", "", "example.com", "https://", "https://com", "https://[::1].example.com",
        "a.example.com",
        "https://%61.example.com", "https://\u00e4.example.com", "https://a.example.com\xff",
        long_origin(513),
        "https://a:1.example.com", "https://a.example.com:65536",
    ],
    "https://*.example.com:8443": [
        "https://a.example.com", "https://example.com:8443", "https://a.example.com:08443",
        "https://a.example.com:84430", "https://a.example.com:844", "https://a.example.com:*",
    ],
    "https://*.example.com:*": [
        "https://example.com", "https://example.com:8443", "https://a.example.com:443", "https://a.example.com:65536",
        "https://a.example.com:99999", "https://a.example.com:0080", "https://a.example.com:00", "https://a.example.com:",
        "https://a.example.com:123456", "https://a.example.com:*", "https://a.example.com:a", "https://a.example.com:-1",
    ],
    "http://localhost:*": [
        "http://localhost:80", "http://localhost:65536", "http://localhost:99999", "http://localhost:08", "http://localhost:",
        "http://localhost:3000.evil.example", "http://localhost.evil.example", "http://a.localhost", "http://localhost.",
        "https://localhost", "http://xlocalhost", "http://LOCALHOST", "http://localhost:*", "http://localhost:80:80",
    ],
    "http://*.localhost:*": ["http://localhost", "http://localhost:3000", "http://a.localhost:80"],
    "http://[::1]:*": ["http://[::1]:80", "http://[0::1]", "http://[::2]", "http://::1", "http://[::1]:65536"],
    "http://127.0.0.1:*": ["http://127.1", "http://127.0.0.1:80", "http://127.0.0.01", "http://a.127.0.0.1"],
    "https://*.xn--bcher-kva.example": ["https://xn--bcher-kva.example", "https://a.b\u00fccher.example"],
    "capacitor://localhost:*": [
        "capacitor://localhost:65536", "capacitor://localhost:080", "http://localhost", "capacitor://localhost:",
    ],
}  # fmt: skip


def bytes_of(origin: str) -> bytes:
    return origin.encode("latin-1")


def pattern_of(entry: str) -> OriginPattern:
    found = parse_pattern(entry)
    assert found is not None
    return found


@pytest.mark.parametrize(("entry", "origin"), [(entry, each) for entry in ALLOWED for each in ALLOWED[entry]])
def test_these_are_allowed(entry: str, origin: str) -> None:
    assert pattern_matches(pattern_of(entry), bytes_of(origin))
    assert is_meant(entry, bytes_of(origin))


@pytest.mark.parametrize(("entry", "origin"), [(entry, each) for entry in REFUSED for each in REFUSED[entry]])
def test_these_are_not(entry: str, origin: str) -> None:
    assert not pattern_matches(pattern_of(entry), bytes_of(origin))
    assert not is_meant(entry, bytes_of(origin))


def test_the_long_ones_are_as_long_as_they_say() -> None:
    for length in (512, 513):
        assert len(long_origin(length)) == length


# The same once more: no regular expression, and from the right to the left

LETTERS = b"abcdefghijklmnopqrstuvwxyz0123456789"


def is_meant(entry: str, origin: bytes) -> bool:
    """Whether a valid pattern allows this origin; the host of `:*` is compared letter by letter."""
    scheme, rest = entry.encode().split(b"://")
    start = scheme + b"://"
    if len(origin) > 512 or origin[: len(start)] != start:
        return False
    host, port = without_port(origin[len(start) :])
    wanted, wanted_port = without_port(rest)
    if wanted_port != b"*" and port != wanted_port:
        return False
    if port is not None and not is_port(port, {b"http": 80, b"https": 443}.get(scheme)):
        return False
    if wanted[:2] != b"*.":
        return host == wanted
    labels, known = host.split(b"."), wanted[2:].split(b".")
    front = labels[: -len(known)]
    return labels[-len(known) :] == known and len(front) > 0 and all(is_label(label) for label in front)


def without_port(authority: bytes) -> tuple[bytes, bytes | None]:
    """Host, and what stands behind the last colon, unless that is in brackets."""
    if authority[-1:] == b"]" or b":" not in authority:
        return authority, None
    at = len(authority) - authority[::-1].index(b":")
    return authority[: at - 1], authority[at:]


def is_port(text: bytes, default: int | None) -> bool:
    if not text or any(byte not in b"0123456789" for byte in text) or len(text) > 5:
        return False
    return str(int(text)).encode() == text and int(text) < 2**16 and int(text) != default


def is_label(label: bytes) -> bool:
    if not 1 <= len(label) < 64 or label[0] not in LETTERS or label[-1] not in LETTERS:
        return False
    if any(byte not in LETTERS + b"-" for byte in label):
        return False
    if label[:4] != b"xn--":
        return True
    try:
        name = label[4:].decode("ascii").encode("ascii").decode("punycode")
        return any(ord(letter) > 127 for letter in name) and b"xn--" + name.encode("punycode") == label
    except ValueError:
        return False


DOMAINS = ("example.com", "b.example", "localhost", "me.github.io", "xn--bcher-kva.example")
HOSTS = (*DOMAINS, "127.0.0.1", "[::1]", "com")
SCHEMES = ("https", "http", "capacitor")
ENTRIES = st.one_of(
    st.builds(
        "{}://*.{}{}".format,
        st.sampled_from(SCHEMES),
        st.sampled_from(DOMAINS),
        st.sampled_from(["", ":*", ":8443", ":0"]),
    ),
    st.builds("{}://{}:*".format, st.sampled_from(SCHEMES), st.sampled_from(HOSTS)),
)
LABELS = st.one_of(
    st.text("ab0-", min_size=1, max_size=3),
    st.sampled_from(["app", "example", "com", "xn--bcher-kva", A63]),
    st.sampled_from(["", "A", "a_b", "xn--", "xn--abc-", "*", A64, "\u00e4", "-a", "evil:", "a/", "%61"]),
)
FRONTS = st.lists(LABELS, max_size=3).map(lambda labels: "".join(f"{label}." for label in labels))
PORTS = st.one_of(
    st.sampled_from(
        ["", "", "", ":8443", ":0", ":80", ":443", ":65535", ":65536", ":99999", ":", ":08", ":*"]
    ),
    st.integers(0, 70000).map(":{}".format),
)


@thresholds(allowed=0.05, of_labels=0.02, of_a_port=0.02, refused=0.3)
@given(ENTRIES, st.data())
def test_a_pattern_allows_what_its_words_say(entry: str, data: st.DataObject) -> None:
    pattern = pattern_of(entry)
    host = data.draw(st.one_of(st.just(pattern.host), st.just(pattern.host), st.sampled_from(HOSTS)))
    scheme = data.draw(st.sampled_from([pattern.scheme] * 4 + ["https", "HTTPS", "http"]))
    tail = data.draw(st.sampled_from([""] * 8 + [".", "\n", ".evil.example", "/"]))
    front = data.draw(FRONTS if pattern.below else st.just("") | FRONTS)
    origin = f"{scheme}://{front}{host}{data.draw(PORTS)}{tail}".encode()
    allowed = is_meant(entry, origin)
    hit(
        allowed=allowed,
        of_labels=allowed and pattern.below,
        of_a_port=allowed and pattern.port == "*",
        refused=not allowed,
    )
    assert pattern_matches(pattern, origin) == allowed


@thresholds(pattern=0.05, repaired=0.02)
@given(
    st.builds(
        "{}{}{}{}{}".format,
        st.sampled_from(["https://", "http://", "HTTPS://", "app://", "ws://", "", "*://"]),
        st.sampled_from(["*.", "*.", "", "*", "a.*."]),
        st.sampled_from(
            ["example.com", "Example.com", "co.uk", "localhost", "127.0.0.1", "[::1]", "a_b.c", ""]
        ),
        st.sampled_from(["", ":*", ":443", ":8443", ":99999"]),
        st.sampled_from(["", "", "", "/", "*"]),
    )
)
def test_what_is_offered_instead_is_right(entry: str) -> None:
    kind, reason, instead = judge_entry(entry)
    pattern = parse_pattern(entry)
    hit(pattern=pattern is not None, repaired=kind is Kind.NEVER and instead is not None)
    assert (kind is Kind.NEVER) == (instead != entry)
    assert (kind is Kind.CANONICAL) == (reason == "")
    if instead is not None:
        assert judge_entry(instead).kind is not Kind.NEVER
    if pattern is not None:
        assert str(pattern) == entry
