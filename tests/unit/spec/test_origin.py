"""Origins: the shape that regexes may see, the grammar of Fetch, and what browsers make of a string."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spec.origin import (
    DEFAULT_PORTS,
    Kind,
    Parts,
    Verdict,
    canonical,
    is_loopback,
    is_origin_shaped,
    is_serialized_origin,
    parts,
)
from tests.helpers.thresholds import hit, thresholds

SHAPED = [
    b"https://example.com",
    b"http://localhost:8080",
    b"http://[::1]",
    b"a://b",
    b"z9+-.://~",
    b"chrome-extension://abc",
    b"https://EXAMPLE.com",
    b"https://a_b!*'\"<>|^`{}",
    b"https://" + b"a" * 504,
]

NOT_SHAPED = [
    b"",
    b"null",
    b"*",
    b"https://",
    b"https:",
    b"https:/a",
    b"https:a",
    b"://a",
    b"//a",
    b"example.com",
    b"HTTPS://a",
    b"hTTPS://a",
    b"1http://a",
    b"+http://a",
    b"ht_tp://a",
    b"https://a/",
    b"https:///a",
    b"https://a?b",
    b"https://a#b",
    b"https://a@b",
    b"https://a\\b",
    b"https://a,b",
    b"https://a, https://b",
    b"https://a b",
    b" https://a",
    b"https://a\n",
    b"https://a\r",
    b"https://a\t",
    b"https://a\x00",
    b"https://a\x1f",
    b"https://a\x7f",
    b"https://a\x80",
    b"https://b\xc3\xbccher.example",
    b"https://a\xff",
    b"https://" + b"a" * 505,
]


@pytest.mark.parametrize("value", SHAPED)
def test_these_are_origin_shaped(value: bytes) -> None:
    assert is_origin_shaped(value)


@pytest.mark.parametrize("value", NOT_SHAPED)
def test_these_are_not_origin_shaped(value: bytes) -> None:
    assert not is_origin_shaped(value)


@pytest.mark.parametrize("code", range(256))
def test_every_byte_is_shaped_or_not(code: int) -> None:
    refused = code <= 0x20 or code >= 0x7F or bytes([code]) in (b"/", b"?", b"#", b"@", b"\\", b",")
    assert is_origin_shaped(b"https://a" + bytes([code])) is not refused


SERIALIZED = [
    b"https://example.com",
    b"http://a",
    b"http://a-b.c-d",
    b"http://0",
    b"h1+-.://a",
    b"http://127.0.0.1:8080",
    b"http://256.1.1.1",
    b"http://a:443",
    b"http://a:00080",
    b"http://a:99999",
    b"http://[::]",
    b"http://[::1]",
    b"http://[1::]:1",
    b"http://[1:2:3:4:5:6::]",
    b"http://[::3:4:5:6:7:8]",
    b"http://[1:2:3:4:5:6:7:8]",
    b"http://[0:0:0:0:0:0:0:1]",
    b"http://[2001:db8::ff00:42:8329]",
]

NOT_SERIALIZED = [
    b"null",
    b"*",
    b"",
    b"https://",
    b"https://a\n",
    b"Https://a",
    b"1https://a",
    b"https://A",
    b"https://a.",
    b"https://.a",
    b"https://a..b",
    b"https://-a",
    b"https://a-",
    b"https://a-.b",
    b"https://a_b",
    b"https://*.a",
    b"https://a:",
    b"https://a:123456",
    b"https://a:b",
    b"https://a/",
    b"https://u@a",
    b"http://::1",
    b"http://[]",
    b"http://[1]",
    b"http://[::1",
    b"http://[:1]",
    b"http://[1:]",
    b"http://[1::2::3]",
    b"http://[:::]",
    b"http://[1:2:3:4:5:6:7]",
    b"http://[1:2:3:4:5:6:7::]",
    b"http://[1:2:3:4:5:6:7:8:9]",
    b"http://[01::]",
    b"http://[00::]",
    b"http://[12345::]",
    b"http://[g::]",
    b"http://[2001:DB8::1]",
    b"http://[::ffff:127.0.0.1]",
    b"http://[::1%25eth0]",
    b"http://[::1]a",
]


@pytest.mark.parametrize("value", SERIALIZED)
def test_these_are_in_the_grammar(value: bytes) -> None:
    assert is_serialized_origin(value)


@pytest.mark.parametrize("value", NOT_SERIALIZED)
def test_these_are_not_in_the_grammar(value: bytes) -> None:
    assert not is_serialized_origin(value)


CASE = "hosts are in lower case"
SCHEME_CASE = "schemes are in lower case"
PATH = "an origin has no path, query, fragment or slash at the end"
USER = "an origin has no user name or password"
DEFAULT_PORT = "the default port is left out"
PORT = "a port is a number up to 65535"
ZEROS = "a port has no zeros in front"
NO_PORT = "the port is missing after the colon"
IPV4 = "an IPv4 address is written as four decimal numbers"
NO_IPV4 = "a host that ends in a number is an IPv4 address, and this is not one"
IPV6 = "IPv6 addresses are compressed, in lower-case hexadecimal"
NO_IPV6 = "this is not an IPv6 address (and a zone is never sent)"
BRACKETS = "an IPv6 address stands in brackets"
COLONS = "there is more than one colon after the scheme"
PUNYCODE = "non-ASCII hosts are sent in Punycode"
NO_PUNYCODE = "what follows `xn--` is not Punycode"
PERCENT = "browsers decode percent signs in hosts"
SCHEME = "an origin begins with a scheme and `://`"
NO_SCHEME = "the scheme is missing or not one"
STAR = "a `*` stands only for whole labels in front (`*.`) or for the port (`:*`)"
PATTERN = "this is a pattern, and no origin"
WS = "no page is loaded over ws: its origin is that of the page, which is http"
WSS = "no page is loaded over wss: its origin is that of the page, which is https"
FTP = "no page is loaded over ftp"
NULL = "`null` is written in lower case"
BLANK = "there is white space around it"
COMMA = "there is a comma or semicolon at its end"
CONTROL = "white space and control characters are in no origin"
NO_HOST = "the host is missing"
CHARACTER = "there is a character in the host that no host has"
HOST_AND_PORT = "this is not a host, or a host, a colon and a port"
ASCII = "an origin is ASCII"
GRAMMAR = "the grammar of origins refuses it, though some browser sends it"
PORT_0 = "nothing can be reached on port 0"
FILES = "browsers disagree about the origin of files"

NEVER = [
    # The table of the rules, and what surrounds it
    ("https://EXAMPLE.com", CASE, "https://example.com"),
    ("HTTPS://example.com", SCHEME_CASE, "https://example.com"),
    ("https://example.com/", PATH, "https://example.com"),
    ("https://example.com/path", PATH, "https://example.com"),
    ("https://example.com?", PATH, "https://example.com"),
    ("https://example.com?q", PATH, "https://example.com"),
    ("https://example.com#", PATH, "https://example.com"),
    ("https://example.com#f", PATH, "https://example.com"),
    ("https://example.com\\", PATH, "https://example.com"),
    ("https://user@example.com", USER, "https://example.com"),
    ("https://user:secret@example.com", USER, "https://example.com"),
    ("https://a@b@example.com", USER, "https://example.com"),
    ("https://@example.com", USER, "https://example.com"),
    ("https://example.com:443", DEFAULT_PORT, "https://example.com"),
    ("http://a:80", DEFAULT_PORT, "http://a"),
    ("ws://a", WS, "http://a"),
    ("ws://a:80", f"{WS}; {DEFAULT_PORT}", "http://a"),
    ("ws://a:443", WS, "http://a:443"),
    ("wss://a", WSS, "https://a"),
    ("wss://a:443", f"{WSS}; {DEFAULT_PORT}", "https://a"),
    ("wss://a:80", WSS, "https://a:80"),
    ("WSS://A/", f"{SCHEME_CASE}; {WSS}; {PATH}; {CASE}", "https://a"),
    ("ws://", f"{WS}; {NO_HOST}", None),
    ("ftp://a", FTP, None),
    ("ftp://a:21", FTP, None),
    (" FTP://a/", f"{BLANK}; {SCHEME_CASE}; {FTP}", None),
    ("http://[::1]:80", DEFAULT_PORT, "http://[::1]"),
    ("http://a:00080", DEFAULT_PORT, "http://a"),
    ("http://a:08080", ZEROS, "http://a:8080"),
    ("http://a:00", ZEROS, "http://a:0"),
    ("http://a:99999", PORT, None),
    ("http://a:65536", PORT, None),
    ("http://a:" + "9" * 5000, PORT, None),
    ("http://a:b", PORT, None),
    ("http://a:-1", PORT, None),
    ("http://a:X1", PORT, None),
    ("http://a:", NO_PORT, "http://a"),
    ("http://127.1", IPV4, "http://127.0.0.1"),
    ("http://0x7f.1", IPV4, "http://127.0.0.1"),
    ("http://0x7F.0.0.0X1", IPV4, "http://127.0.0.1"),
    ("http://1.2.3", IPV4, "http://1.2.0.3"),
    ("http://1.2.3.4.", IPV4, "http://1.2.3.4"),
    ("http://0177.0.0.01", IPV4, "http://127.0.0.1"),
    ("http://2130706433", IPV4, "http://127.0.0.1"),
    ("http://127.0.0.1:80", DEFAULT_PORT, "http://127.0.0.1"),
    ("http://%3127.0.0.1", PERCENT, "http://127.0.0.1"),
    ("http://4294967295", IPV4, "http://255.255.255.255"),
    ("http://1.16777215", IPV4, "http://1.255.255.255"),
    ("http://1.2.65535", IPV4, "http://1.2.255.255"),
    ("http://0x", IPV4, "http://0.0.0.0"),
    ("http://256.1.1.1", NO_IPV4, None),
    ("http://1.1.1.256", NO_IPV4, None),
    ("http://4294967296", NO_IPV4, None),
    ("http://1.16777216", NO_IPV4, None),
    ("http://1.2.65536", NO_IPV4, None),
    ("http://1.2.3.4.5", NO_IPV4, None),
    ("http://1.2.3.4.0", NO_IPV4, None),
    ("http://0x1g.1", NO_IPV4, None),
    ("http://a0x1.1", NO_IPV4, None),
    ("http://1..2", NO_IPV4, None),
    ("http://08", NO_IPV4, None),
    ("http://a.1", NO_IPV4, None),
    ("http://" + "9" * 5000, NO_IPV4, None),
    ("http://[0:0:0:0:0:0:0:1]", IPV6, "http://[::1]"),
    ("http://[2001:DB8::1]", IPV6, "http://[2001:db8::1]"),
    ("http://[::ffff:127.0.0.1]", IPV6, "http://[::ffff:7f00:1]"),
    ("http://[1:0:0:2:0:0:0:3]", IPV6, "http://[1:0:0:2::3]"),
    ("http://[1:0:0:2:0:0:3:4]", IPV6, "http://[1::2:0:0:3:4]"),
    ("http://[1:0:0:0:2:0:0:3]", IPV6, "http://[1::2:0:0:3]"),
    ("http://[1:2:3:4:5:6:7::]", IPV6, "http://[1:2:3:4:5:6:7:0]"),
    ("http://[::01]", IPV6, "http://[::1]"),
    ("http://[fe80::1%25eth0]", NO_IPV6, None),
    ("http://[fe80::1%eth0]", NO_IPV6, None),
    ("http://[1::2::3]", NO_IPV6, None),
    ("http://[]", NO_IPV6, None),
    ("http://::1", BRACKETS, "http://[::1]"),
    ("http://2001:DB8::1", BRACKETS, "http://[2001:db8::1]"),
    ("http://a:1:2", COLONS, None),
    ("http://[::1]a", HOST_AND_PORT, None),
    ("http://a[b", HOST_AND_PORT, None),
    ("https://bücher.example", PUNYCODE, "https://xn--bcher-kva.example"),
    ("https://пример.example", PUNYCODE, "https://xn--e1afmkfd.example"),
    ("https://straße.example", PUNYCODE, None),
    ("https://BÜCHER.example", PUNYCODE, None),
    ("https://日本.example", PUNYCODE, None),
    ("https://\u052f.example", PUNYCODE, "https://xn--j8a.example"),
    ("https://\u0561.example", PUNYCODE, None),
    ("https://a日.example", PUNYCODE, None),
    ("https://b1ü.example", PUNYCODE, "https://xn--b1-yka.example"),
    ("https://a\u0301\u0308.example", PUNYCODE, None),
    ("https://\u00b7.example", PUNYCODE, None),
    ("https://\ud800.example", PUNYCODE, None),
    ("http://%65xample.com", PERCENT, "http://example.com"),
    ("https://xn--.example", NO_PUNYCODE, None),
    ("https://xn---.example", NO_PUNYCODE, None),
    ("https://xn--b", NO_PUNYCODE, None),
    ("https://xn--abc-.example", NO_PUNYCODE, None),
    ("https://xn---abc.example", NO_PUNYCODE, None),
    ("https://xn--bcher-kv.example", NO_PUNYCODE, None),
    ("https://xn--a_.example", NO_PUNYCODE, None),
    ("https://xn--a%25.example", f"{PERCENT}; {NO_PUNYCODE}", None),
    ("https://xn--99999999.example", NO_PUNYCODE, None),
    ("https://xn--9999999a.example", NO_PUNYCODE, None),
    ("https://xn--" + "9" * 1000, NO_PUNYCODE, None),
    ("https://a.xn--.example:443", f"{NO_PUNYCODE}; {DEFAULT_PORT}", None),
    ("https://xn--bcher-kva.xn--", NO_PUNYCODE, None),
    ("https://XN--.example", f"{CASE}; {NO_PUNYCODE}", None),
    ("https://xn--.bücher.example", f"{PUNYCODE}; {NO_PUNYCODE}", None),
    ("https://XN--BCHER-KVA.example", CASE, "https://xn--bcher-kva.example"),
    ("http://b%C3%BCcher.example", f"{PERCENT}; {PUNYCODE}", "http://xn--bcher-kva.example"),
    ("http://%FF.example", PERCENT, None),
    ("http://stra%C3%9Fe.example", f"{PERCENT}; {PUNYCODE}", None),
    ("http://a%", CHARACTER, None),
    ("http://a|b", CHARACTER, None),
    ("http://a^b", CHARACTER, None),
    ("http://a<b>", CHARACTER, None),
    ("http://%5B::1]", COLONS, None),
    *((f"http://a%{ord(char):02x}b", CHARACTER, None) for char in " #/:<>?@[\\]^|%\x00\x1f\x7f"),
    ("example.com", SCHEME, None),
    ("//example.com", SCHEME, None),
    ("*.example.com", SCHEME, None),
    ("https:example.com", SCHEME, None),
    ("https:/example.com", SCHEME, None),
    ("*", SCHEME, None),
    ("", SCHEME, None),
    ("://example.com", NO_SCHEME, None),
    ("1http://example.com", NO_SCHEME, None),
    ("ht_tp://example.com", NO_SCHEME, None),
    ("https://*.example.com", PATTERN, None),
    ("http://localhost:*", PATTERN, None),
    ("https://*.Example.com", CASE, None),
    ("https://*", STAR, None),
    ("https://%2A.example.com", STAR, None),
    ("https://*.straße.example", PUNYCODE, None),
    ("Null", NULL, "null"),
    ("NULL", NULL, "null"),
    (" null", BLANK, "null"),
    ("null\n", BLANK, "null"),
    (" NULL", f"{BLANK}; {NULL}", "null"),
    (" https://a", BLANK, "https://a"),
    ("https://a ", BLANK, "https://a"),
    ("https://a,", COMMA, "https://a"),
    ("https://a;", COMMA, "https://a"),
    ("https://a:81;,;", COMMA, "https://a:81"),
    ("https://a, ", f"{BLANK}; {COMMA}", "https://a"),
    ("https://a ,", f"{COMMA}; {CONTROL}", None),
    ("null,", COMMA, "null"),
    ("app://a;", COMMA, "app://a"),
    ("app://aX,", COMMA, "app://aX"),
    ("https://a\n", BLANK, "https://a"),
    ("https://a\u3000", BLANK, "https://a"),
    ("https://a b", CONTROL, None),
    ("https://a\tb", CONTROL, None),
    ("https://a\x7f", CONTROL, None),
    ("https://a\x00", CONTROL, None),
    ("https://a\x85b", CONTROL, None),
    (" https://a b", f"{BLANK}; {CONTROL}", None),
    (" a", f"{BLANK}; {SCHEME}", None),
    (" 1http://a", f"{BLANK}; {NO_SCHEME}", None),
    ("HTTPS://a*", f"{SCHEME_CASE}; {STAR}", None),
    ("App://bücher", f"{SCHEME_CASE}; {ASCII}", None),
    ("https://", NO_HOST, None),
    ("https:///a", f"{PATH}; {NO_HOST}", None),
    ("https://u@", f"{USER}; {NO_HOST}", None),
    ("https://:8080", NO_HOST, None),
    ("https://a://b", f"{PATH}; {NO_PORT}", "https://a"),
    (
        " HTTPS://u@Example.com:443/path",
        "; ".join((BLANK, SCHEME_CASE, PATH, USER, CASE, DEFAULT_PORT)),
        "https://example.com",
    ),
    # Other schemes
    ("Capacitor://localhost", SCHEME_CASE, "capacitor://localhost"),
    ("capacitor://localhost/", PATH, "capacitor://localhost"),
    ("capacitor://u@localhost", USER, "capacitor://localhost"),
    ("capacitor://", NO_HOST, None),
    ("capacitor://bücher", ASCII, None),
    ("file:///", f"{PATH}; {NO_HOST}", None),
    ("FILE://", SCHEME_CASE, "file://"),
]

UNUSUAL = [
    ("http://example.com.", GRAMMAR),
    ("http://foo_bar.example", GRAMMAR),
    ("http://-a.example", GRAMMAR),
    ("http://a-.example", GRAMMAR),
    ("http://a..b", GRAMMAR),
    ("http://.a", GRAMMAR),
    ("http://.", GRAMMAR),
    ("http://a!b", GRAMMAR),
    ("http://a,b", GRAMMAR),
    ('http://a"{}`~', GRAMMAR),
    ("http://example.com:0", PORT_0),
    ("app://.", GRAMMAR),
    ("app://a:123456", GRAMMAR),
    ("app://A", GRAMMAR),
    ("file://", FILES),
]

CANONICAL = [
    "null",
    "https://example.com",
    "http://localhost:8080",
    "http://a:1",
    "http://a:65535",
    "http://a:443",
    "https://a:80",
    "http://127.0.0.1",
    "http://0.0.0.0",
    "http://1a",
    "http://0xg",
    "http://1.a",
    "http://[::]",
    "http://[::1]:8080",
    "http://[1:2:3:4:5:6:7:8]",
    "http://[1:2:3:4:5:6:7:0]",
    "http://[1:0:0:2::]",
    "http://[::ffff:7f00:1]",
    "https://xn--bcher-kva.example",
    "https://a.xn--e1afmkfd.xn--fiqs8s",
    "https://axn--a.example",
    "https://xn-a.example.xn",
    "app://xn--b",
    "capacitor://localhost",
    "chrome-extension://abcdefghijklmnop",
    "app://a:443",
    "app://127.1",
    "app://a:0",
]


@pytest.mark.parametrize(("origin", "reason", "instead"), NEVER)
def test_no_browser_sends_these(origin: str, reason: str, instead: str | None) -> None:
    assert canonical(origin) == Verdict(Kind.NEVER, reason, instead)


@pytest.mark.parametrize(("origin", "reason"), UNUSUAL)
def test_browsers_may_send_these(origin: str, reason: str) -> None:
    assert canonical(origin) == Verdict(Kind.UNUSUAL, reason, origin)


@pytest.mark.parametrize("origin", CANONICAL)
def test_browsers_send_these(origin: str) -> None:
    assert canonical(origin) == Verdict(Kind.CANONICAL, "", origin)


def test_the_special_schemes_are_known_with_their_ports() -> None:
    assert DEFAULT_PORTS == {"ftp": 21, "http": 80, "https": 443, "ws": 80, "wss": 443}


@pytest.mark.parametrize(
    ("origin", "expected"),
    [
        ("https://example.com", Parts("https", "example.com", None)),
        ("https://example.com:8443", Parts("https", "example.com", 8443)),
        ("https://example.com:443", Parts("https", "example.com", 443)),
        ("http://[::1]", Parts("http", "[::1]", None)),
        ("http://[::1]:80", Parts("http", "[::1]", 80)),
        ("chrome-extension://abc", Parts("chrome-extension", "abc", None)),
        ("http://foo_bar.", Parts("http", "foo_bar.", None)),
        ("null", None),
        ("*", None),
        ("https://", None),
        ("https://a/", None),
        ("https://u@a", None),
        ("https://a:", None),
        ("https://a:b", None),
        ("https://a:123456", None),
        ("HTTPS://a", None),
        ("http://::1", None),
        ("http://[::1", None),
        ("http://a\n:1\n", None),
    ],
)
def test_parts_are_read_as_written(origin: str, expected: Parts | None) -> None:
    assert parts(origin) == expected


@pytest.mark.parametrize(
    ("origin", "expected"),
    [
        ("http://localhost", True),
        ("https://localhost:8080", True),
        ("http://app.localhost", True),
        ("http://127.0.0.1", True),
        ("http://127.255.255.254:1", True),
        ("http://127.1", True),
        ("http://LOCALHOST/", True),
        ("http://[::1]", True),
        ("http://[0:0:0:0:0:0:0:1]:3000", True),
        ("capacitor://localhost", True),
        ("ws://localhost", True),
        ("http://localhost:*", True),
        ("http://*.localhost", True),
        ("https://*.app.localhost:*", True),
        ("http://127.0.0.1:*", True),
        ("http://[::1]:*", True),
        ("http://*.example.com", False),
        ("http://example.com:*", False),
        ("http://128.0.0.1:*", False),
        ("http://*.notlocalhost.com", False),
        ("http://*.localhost.example.com", False),
        ("http://*.LOCALHOST", False),
        ("http://localhost.example.com", False),
        ("http://notlocalhost", False),
        ("http://127.example.com", False),
        ("http://128.0.0.1", False),
        ("http://126.0.0.127", False),
        ("http://[::2]", False),
        ("http://[::ffff:7f00:1]", False),
        ("http://0.0.0.0", False),
        ("null", False),
        ("*", False),
        ("", False),
    ],
)
def test_loopback_is_the_machine_of_the_browser(origin: str, expected: bool) -> None:
    assert is_loopback(origin) is expected


HOSTS = st.one_of(
    st.sampled_from(
        ["localhost", "a.example", "EXAMPLE.com", "bücher.example", "127.1", "[::1]", "[1::DB8]", "a..b"]
    ),
    st.text("ab01.-_[]:%ü", max_size=8),
    st.text("abkz019-.", max_size=8).map("xn--{}".format),
    st.lists(st.integers(0, 70000).map(str), min_size=1, max_size=5).map(".".join),
)
# Most parts are as they should be, so that an origin is wrong in one way rather than in all.
LIKE_ORIGINS = st.tuples(
    st.sampled_from(["", "", "", "", "", " "]),
    st.sampled_from(["http", "https", "https", "wss", "HTTP", "app", "file", ""]),
    st.sampled_from(["://"] * 6 + [":", "//"]),
    st.sampled_from(["", "", "", "", "", "u@"]),
    HOSTS,
    st.sampled_from(["", "", "", "", ":", ":80", ":443", ":0", ":8080", ":99999"]),
    st.sampled_from(["", "", "", "", "", "", "/", "?q", "\n"]),
).map("".join)


@thresholds(never=0.2, suggested=0.05, sendable=0.1)
@given(LIKE_ORIGINS | st.sampled_from(CANONICAL) | st.text())
def test_what_a_browser_sends_instead_it_can_send(origin: str) -> None:
    kind, reason, instead = canonical(origin)
    hit(
        never=kind is Kind.NEVER,
        suggested=kind is Kind.NEVER and instead is not None,
        sendable=kind is not Kind.NEVER,
    )
    assert (kind is Kind.NEVER) == (instead != origin)
    assert (kind is Kind.CANONICAL) == (reason == "")
    if instead is not None:
        assert canonical(instead).kind is not Kind.NEVER
        assert canonical(instead).canonical == instead
    is_loopback(origin)
    parts(origin)


@thresholds(grammatical=0.1)
@given(LIKE_ORIGINS.map(str.encode) | st.sampled_from(SERIALIZED) | st.binary())
def test_the_grammar_is_narrower_than_the_shape(value: bytes) -> None:
    grammatical = is_serialized_origin(value)
    hit(grammatical=grammatical)
    assert is_origin_shaped(value) or not grammatical


@given(st.sampled_from(CANONICAL) | LIKE_ORIGINS)
def test_a_canonical_origin_is_in_the_grammar(origin: str) -> None:
    if origin != "null" and canonical(origin).kind is Kind.CANONICAL:
        assert is_serialized_origin(origin.encode())
        assert parts(origin) is not None
