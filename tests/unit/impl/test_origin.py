"""Origins as browsers write them, and what is said of those that they do not."""

import pytest

from impl import origin

DEAD, ODD, FINE = "A-CFG-5", "A-CFG-22", None

# A URL, and the origin that a browser makes of it; None where there is none, or none that is certain.
CANONICAL = {
    "https://a.example": "https://a.example",
    "HTTPS:a.EXAMPLE/b": "https://a.example",
    "https:\\\\u:p@a.example:443?q": "https://a.example",
    "-https://a.example": None,
    "app://a.example": None,
    "a.example": None,
    "ftp://a.example:21": "ftp://a.example",
    "ws://a.example:80": "ws://a.example",
    "wss://a.example:443": "wss://a.example",
    "https://": None,
    "https://a.example:": "https://a.example",
    "https://a.example:80x": None,
    "https://a.example:X80": None,
    "https://a.example:0": "https://a.example:0",
    "https://a.example:000": "https://a.example:0",
    "https://a.example:065535": "https://a.example:65535",
    "https://a.example:65536": None,
    f"https://a.example:{'9' * 5000}": None,
    "https://a.%65xample": "https://a.example",
    "https://a.%ff": None,
    "https://a.%2f": None,
    # International names: nothing is certain where editions of IDNA differ.
    "https://B\u00dcCHER.example": "https://xn--bcher-kva.example",
    "https://fa\u00df.example": None,
    "https://fa\u1e9e.example": None,
    "https://\u03b1\u03c2.example": None,
    "https://a\u200db.example": None,
    "https://\U0002f868.example": None,
    "https://xn--bcher-kva.example": "https://xn--bcher-kva.example",
    "https://a.XN--BCHER-KVA": "https://a.xn--bcher-kva",
    "https://xn--bcher-kv.example": None,
    "https://a.xn--": None,
    "https://xn--a-.example": None,
    "https://xn--99999999999.example": None,
    "https://xn--7w64n.example": None,
    "https://xn---a.example": None,
    # IPv4: a host is one when its last label is a number.
    "http://0": "http://0.0.0.0",
    "http://0x": "http://0.0.0.0",
    "http://0XfF": "http://0.0.0.255",
    "http://017": "http://0.0.0.15",
    "http://018": None,
    "http://00000000000000000000001": "http://0.0.0.1",
    "http://4294967295": "http://255.255.255.255",
    "http://4294967296": None,
    f"http://{'9' * 5000}": None,
    "http://1.2.770": "http://1.2.3.2",
    "http://1.2.65536": None,
    "http://1.2.3.4.": "http://1.2.3.4",
    "http://1.2.3.4..": "http://1.2.3.4..",
    "http://1.2.3.256": None,
    "http://256.2.3.4": None,
    "http://255.2.3.4": "http://255.2.3.4",
    "http://1.2.3.4.0": None,
    "http://a.1": None,
    "http://1a.2": None,
    "http://1.a2": "http://1.a2",
    "http://1.2a": "http://1.2a",
    "http://1.0xg": "http://1.0xg",
    # IPv6: the first of the longest runs of zeros is left out.
    "http://[::]": "http://[::]",
    "http://[0:0:0:0:0:0:0:1]": "http://[::1]",
    "http://[1:0:0:2:0:0:0:3]": "http://[1:0:0:2::3]",
    "http://[1:0:0:2:0:0:3:4]": "http://[1::2:0:0:3:4]",
    "http://[1:0:2:3:4:5:6:7]": "http://[1:0:2:3:4:5:6:7]",
    "http://[10:0:0:1::1]": "http://[10:0:0:1::1]",
    "http://[::FFFF:1.2.3.4]": "http://[::ffff:102:304]",
    "http://[fe80::1%25eth0]": None,
    "http://[::1": None,
    "http://[::1]x": None,
    "http://[::1]:80": "http://[::1]",
}

# What is said of an entry that nothing is the matter with in the URL standard, or that it does not know.
ENTRIES = {
    "https://a.1b": FINE,
    "https://a.b1:1": FINE,
    "https://-a.example": ODD,
    "https://a.example.": ODD,
    "https://a.example:0": ODD,
    "https://a.example:10": FINE,
    "http://[::1]": FINE,
    "https://[::1]:0": ODD,
    "app://a.b:80": FINE,
    "app://a.b:123456": ODD,
    "app://a.b:": ODD,
    "app://a.b:x": ODD,
    "app://a:b:80": ODD,
    "app://a..b": ODD,
    "app://A": ODD,
    "app://a_": ODD,
    "app://_a": ODD,
    "app://[::1]": FINE,
    "app://[::1]:80": FINE,
    "app://[::1]x": ODD,
    "app://x[::1]": ODD,
    "app://[::1": ODD,
    "app://[::]": FINE,
    "app://[1:2:3:4:5:6:7:8]": FINE,
    "app://[1:2:3:4:5:6:7]": ODD,
    "app://[1:2:3:4:5:6:7:8:9]": ODD,
    "app://[1::2:3:4:5:6]": FINE,
    "app://[1:2:3::4:5:6]": FINE,
    "app://[1::2:3:4:5:6:7]": ODD,
    "app://[1:2:3:4:5:6:7:8::]": ODD,
    "app://[01::]": ODD,
    "app://[::12345]": ODD,
    "app://[::g]": ODD,
    "app://[::ag]": ODD,
    "app://[g::a]": ODD,
    "app://[:::]": ODD,
    "app://[a b]": DEAD,
    "file://": ODD,
    "file://a": FINE,
    "file:///": DEAD,
    "app://": DEAD,
    "app://a/": DEAD,
    "app://a?": DEAD,
    "app://a#": DEAD,
    "app://u@a": DEAD,
    "app://a\\": DEAD,
    "a_b://a": DEAD,
    "_ab://a": DEAD,
    "App://a": DEAD,
    "a1+.-://a": FINE,
}

# An entry, what is wrong with it, and what the message says to write when no repair is certain.
WHERE = "scheme://host or scheme://host:port, exactly as the browser sends it in the Origin header."
STARRED = "the origins one by one, or a pattern such as https://*.example.com with a domain of your own."
LABELS = "other labels than of a-z, 0-9 and inner hyphens"
SEPARATE = "one string for each origin."
BARE = "the value without them."
MOVED = "a regex as allow_origin_regex."
NO_HOST = "after :// there must be a host, and no path, query, fragment or user"
NO_SCHEME = "the scheme is missing (an origin starts with one, as in https://)"
BAD_SCHEME = "the scheme is not one in lower case (a letter, then a-z 0-9 + - .)"
NO_LIST = "several origins in one string"
SPECIAL = "white space or upper case around a special value"
REGEX = "this is a regex, and entries are not read as such"
FOREIGN = "it has characters outside ASCII (browsers send such hosts in punycode, xn--…)"
BLANK = "it has white space or control characters"
USER = "it has a user name (what stands before an @)"
PATH = "it has a path, query or fragment (even a slash at the end is one)"
PORT = "the port is not valid (0 to 65535, digits only)"
DEFAULT = "browsers leave out the default port, zeros before a port, and a colon without one"
FORM = "browsers write this host in another form"
STAR = (
    "a * is a pattern only as the first label before a domain, or as the port (https://*.example.com, "
    "http://localhost:*)"
)
WRONG = {
    "https://@a.example": (USER, WHERE),
    "https://a.example:80x": (PORT, WHERE),
    "https://:443": (f"the host is missing; {DEFAULT}", WHERE),
    "https://[::1]x": ("the host is not valid", WHERE),
    "http://[::1:80": ("the host is not valid", WHERE),
    "http://u@[::1": (f"{USER}; the host is not valid", WHERE),
    "http://[0::1]:080": (f"{FORM}; {DEFAULT}", WHERE),
    "http://a.example:81:82": ("an IPv6 address needs [brackets]", WHERE),
    "https://a.example:81/://b": (PATH, WHERE),
    "https//a.example": (NO_SCHEME, WHERE),
    "https://a.example,": ("there is a comma or semicolon at the end", WHERE),
    "https://a.example;": ("there is a comma or semicolon at the end", WHERE),
    "mailto:": (NO_SCHEME, WHERE),
    "": ("it is empty (is the variable set that it is read from?)", WHERE),
    " a.example ": (BLANK, WHERE),
    "https://a.example ": (BLANK, WHERE),
    "https://a.example\n": (BLANK, WHERE),
    "b\u00fccher.example": (FOREIGN, WHERE),
    "a_b://a": (BAD_SCHEME, WHERE),
    "App://a": (BAD_SCHEME, WHERE),
    "app://a..b/": (NO_HOST, WHERE),
    "app://u@a": (NO_HOST, WHERE),
    "file:///": (
        "after :// there must be a host (a page from a file has no origin of its own)",
        "the origin of a server that serves the page, such as http://localhost:8000.",
    ),
    "ws://a.example": ("pages have an origin of http or https, never of ws", WHERE),
    "wss://a.example": ("pages have an origin of http or https, never of wss", WHERE),
    "ftp://a.example": ("pages have an origin of http or https, never of ftp", WHERE),
    "WSS://a.example/": (
        f"pages have an origin of http or https, never of wss; it has upper-case letters; {PATH}",
        WHERE,
    ),
    " Null": (SPECIAL, BARE),
    "* ": (SPECIAL, BARE),
    "https://a.example, https://b.example,": (NO_LIST, SEPARATE),
    "https://a.example;app://b": (NO_LIST, SEPARATE),
    "https://a.example, b.example": (BLANK, WHERE),
    "*.a.example": (NO_SCHEME, WHERE),
    "https://a.*.example": (STAR, STARRED),
    "https://*": (STAR, STARRED),
    "https://*a.example": (STAR, STARRED),
    "https://*.*.example": (STAR, STARRED),
    "https://a.example:*0": (STAR, STARRED),
    "file://*.a.example": (STAR, STARRED),
    "https://*.a.example:443": (DEFAULT, STARRED),
    "https://*.a.example:65536": (PORT, STARRED),
    "https://*.a.example/": (PATH, STARRED),
    "http://a.example:*/": (PATH, STARRED),
    "http://a.example:*?b": (PATH, STARRED),
    "http://*.a.example:*#b": (PATH, STARRED),
    "https://*.A.example": ("it has upper-case letters", STARRED),
    "https://*.": ("the host is missing", STARRED),
    "ws://*.a.example": ("pages have an origin of http or https, never of ws", STARRED),
    "App://*.a.example": (BAD_SCHEME, STARRED),
    "https://*.a.example.": ("a pattern cannot have a dot at the end", STARRED),
    "https://*.a_b.example": ("a pattern cannot have an underscore", STARRED),
    "https://a_b.example:*": ("a pattern cannot have an underscore", STARRED),
    "https://*.-a.example": (f"a pattern cannot have {LABELS}", STARRED),
    "https://*.127.0.0.1": ("127.0.0.1 is an IP address, and nothing is below it", STARRED),
    "https://*.127.0.0.1:81": ("127.0.0.1 is an IP address, and nothing is below it", STARRED),
    "https://*.[::1]": ("[::1] is an IP address, and nothing is below it", STARRED),
    "https://*.internal": ("internal is not a registrable domain, so it cannot be a pattern", STARRED),
    "https://*.com": ("anybody may have a name below com, so it cannot be a pattern", STARRED),
    "https://*.co.uk:*": ("anybody may have a name below co.uk, so it cannot be a pattern", STARRED),
    "https://*.github.io:81": ("anybody may have a name below github.io, so it cannot be a pattern", STARRED),
    r"https://a\.example": (REGEX, MOVED),
    "^https://a.example": (REGEX, MOVED),
    r"https://.*\.a.example": (REGEX, MOVED),
    "https://.+.a.example": (None, ""),
    "https://(a|b).example": (REGEX, MOVED),
    "https://[ab].example": (REGEX, MOVED),
    "https://a.example$": (None, ""),
}  # fmt: skip

# Texts, and whether they are evidently meant as a regex.
REGEXES = {
    r"a\.example": True,
    r"a\-b": True,
    r"https:\/\/a": True,
    r"a\d": True,
    r"a\W": True,
    r"https:\\a.example": False,
    "^a": True,
    "a^": False,
    "a$": True,
    "$a": False,
    ".*": True,
    "https://.*.a": True,
    "a.*": False,
    "9.*": False,
    "-.*": True,
    "*.*": False,
    "a.+": True,
    "a.b": False,
    "https://(a|b)": True,
    "https://a.example/(b)": False,
    "https://a.example?(b)": False,
    "https://a.example#(b)": False,
    "(a)": False,
    "https://[ab].example": True,
    "https://[ab]": False,
    "https://[::1]": False,
    "https://[::1]:80": False,
    "https://[::1]/a": False,
    "https://[::1]?a": False,
    "https://[::1]#a": False,
}

# Texts, and whether something in them was to be replaced.
PLACEHOLDERS = {
    "$HOST": True,
    "$_host": True,
    "${HOST}": True,
    "$(host)": True,
    "a$": False,
    "{host}": True,
    "{{ host }}": True,
    "{% host %}": True,
    "{}": True,
    "a{2}": False,
    "a{1,}": False,
    "<host>": True,
    "<>": True,
    "<https://a.example>": False,
    "%HOST%": True,
    "%host_name%": True,
    "%(host)s": True,
    "%41%42": False,
    "https://...": True,
    "..": False,
}

LOOPBACK = {
    "http://localhost": True,
    "http://localhost:80": True,
    "http://a.localhost": True,
    "http://alocalhost": False,
    "http://localhost.a": False,
    "http://[::1]": True,
    "http://[::1]:80": True,
    "http://[::2]": False,
    "http://127.0.0.1": True,
    "http://127.255.2.3:80": True,
    "http://126.0.0.1": False,
    "http://10.0.0.1": False,
    "http://127.example": False,
}


@pytest.mark.parametrize(("url", "expected"), CANONICAL.items())
def test_the_origin_of_a_url_is_the_one_that_browsers_write(url: str, expected: str | None) -> None:
    assert origin.canonical(url) == expected


@pytest.mark.parametrize(("entry", "expected"), ENTRIES.items())
def test_an_entry_is_judged_by_the_grammar_of_its_scheme(entry: str, expected: str | None) -> None:
    finding = origin.judge(entry)
    assert (finding.rule if finding else None) == expected


@pytest.mark.parametrize(("entry", "expected"), WRONG.items())
def test_what_is_wrong_is_named(entry: str, expected: tuple[str | None, str]) -> None:
    reason, words = expected
    finding = origin.judge(entry)
    if reason is None:
        assert finding and finding.rule == ODD
    else:
        assert finding == (DEAD, f"No browser can ever send this as its origin: {reason}.", words)


@pytest.mark.parametrize(("text", "expected"), REGEXES.items())
def test_a_regex_is_told_from_an_origin(text: str, expected: bool) -> None:
    assert origin.looks_like_regex(text) is expected


@pytest.mark.parametrize(("entry", "expected"), LOOPBACK.items())
def test_the_machine_itself_is_known(entry: str, expected: bool) -> None:
    assert origin.is_loopback(entry) is expected


@pytest.mark.parametrize(("text", "expected"), PLACEHOLDERS.items())
def test_a_placeholder_is_known(text: str, expected: bool) -> None:
    assert origin.has_placeholder(text) is expected
