"""What texts mean that are no origins, if that is certain."""

from __future__ import annotations

import re
from enum import Enum
from typing import Any

import pytest

from impl.validation import regex, repair
from impl.validation.repair import Meaning

A, B = "https://a.example", "https://b.example"

# Texts and what they mean as an entry: entries, a regex in a tuple of its own, or None.
PLAIN: dict[str, tuple[str, ...] | None] = {
    "https://a.example": (A,),
    "  ": (),
    "https://a.example\nhttps://b.example": (A, B),
    "https://a.example\nb.example": None,
    "WS%3a%2f%2fa.example%2Fb": ("http://a.example",),
    "app%3A%2F%2Fa": None,
    "https://a.example/{path}": None,
    "app://xn--a?b=c": ("app://xn--a",),
    "app://xn--?b=c": ("app://xn--",),
    "app://xn--?": None,
    "https://pr-*.a.example:3000+": None,
    "*.example": None,
    "*.co.uk": None,
    "http://1a.example/8": ("http://1a.example",),
    "https://a.example?b=c?d.e": (A,),
    "https://\u0430ex.example": None,
    "ftp://a.example/": None,
    "http://1:2:3:4:5:6:7:8:9/a": ("http://[1:2:3:4:5:6:7:8]:9",),
    "http://1:2:3:4:5:6:7:8/a": ("http://[1:2:3:4:5:6:7:8]",),
    "http://::1:3000": None,
    r"https:\\a\.example": None,
    "x-https?://a.example": None,
    "a*://a.example": None,
    r"x+https:\\a.example": None,
    "https://a.example/https://b.example": None,
    "app://a!b": None,
    "App://a.example": ("app://a.example",),
    ".a.example": ("https://*.a.example",),
    "http://.a.example": ("http://*.a.example",),
    "https://a.example.": ("https://a.example.",),
    "https://a.example, *://b.example": (A, B, "http://b.example"),
    "https://a.example, X": None,
    "/a.example/i": (A,),
    "- https://a.example\n- https://b.example": (A, B),
    "--- https://a.example": (A,),
    "https://a.example/https%3A%2F%2Fb.example": (A,),
    r"https:\/\/a.example": (A,),
    r'[\"https://a.example\"]': (A,),
    "Htps://a.example": None,
    "TTP://a.example": None,
    "htpx://A/": ("htpx://a",),
    "file://": ("file://",),
    " app://. ": ("app://.",),
    "http:/intranet": ("http://intranet",),
    "http://http://intranet:3000": ("http://intranet:3000",),
    "http://http:intranet": None,
    "http://http:a.example": ("http://a.example",),
    "http://http/api": ("http://http",),
    "http://http//a.example": ("http://a.example",),
    "https://https;//a.example": (A,),
    "https://ws://a.example": None,
    "https://HTTPS://a.example": (A,),
    "https://https://https://a.example": (A,),
    "https:8080": None,
    "https:a": None,
    "http:localhost": ("http://localhost",),
    "https//a": ("https://a",),
    "*.localhost:3000": ("http://*.localhost:3000",),
    "https://*.example.com.": None,
    "https ://a.example": (A,),
    "https://": None,
    "https://.": None,
    "https://..": None,
    "https://*.%65xample.com": ("https://*.example.com",),
    "https://(a).example/": None,
    "HTTPS://A_B.example": ("https://a_b.example",),
    "https://-A.example": ("https://-a.example",),
    "[::1]": ("http://[::1]",),
    "[::1": None,
    "::1": ("http://[::1]",),
    "[2001:db8::1]": None,
    "2001:db8::1": None,
    "http://2001:db8::1/a": ("http://[2001:db8::1]",),
    "http://1:2:3:4:5:6:7:8": ("http://[1:2:3:4:5:6:7:8]",),
    "http://a:b:c": None,
    "localhost": ("http://localhost",),
    "LOCALHOST:3000/a": ("http://localhost:3000",),
    "my.internal": ("https://my.internal",),
    "my.home": ("https://my.home",),
    "my.unknownsuffix": None,
    "my.example": ("https://my.example",),
    "co.uk": None,
    "github.io": None,
    "a.github.io": ("https://a.github.io",),
    "*.github.io": None,
    "*.a.github.io": ("https://*.a.github.io",),
    # Below these anybody may have a name.
    "*.mythic-beasts.com": None,
    "https://*.amazonaws.com": None,
    ".amazonaws.com": None,
    r"https://.*\.amazonaws\.com": None,
    "https://*.kawasaki.jp": None,
    "*.windows.net": None,
    "*.run.app:*": None,
    "https://*.city.kawasaki.jp": ("https://*.city.kawasaki.jp",),
    "https://*.my.vercel.app": ("https://*.my.vercel.app",),
    "HTTPS://amazonaws.com:*": ("https://amazonaws.com:*",),
    # Backslashes that stand inside a host, for what may be a character.
    r"https://app\x2eexample\x2ecom": ("https://app.example.com",),
    r"https://app\x2Dadmin.example.com": ("https://app-admin.example.com",),
    r"https://b\u00fccher.example": ("https://xn--bcher-kva.example",),
    r"https://b\u00FCcher.example": ("https://xn--bcher-kva.example",),
    r"https://a\u002eexample,https://b\u002eexample": (A, B),
    r"https://*\x2eexample\x2ecom": ("https://*.example.com",),
    r"https://a.example\u002fpath": (A,),
    r"https://b\\u00fccher.example": None,
    r"https://\ud83d.example": None,
    r"https://app\056example.com": None,
    r"https://my\_app.example.com": None,
    r"https://my.app\_x.example.com": None,
    r"https://foo\bar.example.com": None,
    r"https://foo\bar": None,
    r"https://foo:3000\bar": None,
    r"https:\\xab.example\b.c": ("https://xab.example",),
    "https://a.example\\": (A,),
    r"https://a.example\n": (A,),
    r"https://localhost\api": ("https://localhost",),
    # JSON, and what is like it.
    r'["https://b\u00fccher.example"]': ("https://xn--bcher-kva.example",),
    r"['https://b\u00fccher.example']": ("https://xn--bcher-kva.example",),
    r'["https:\/\/a.example","https:\/\/b.example"]': (A, B),
    '[["https://a.example"],["https://b.example"]]': (A, B),
    '["https://a.example", null],': (A,),
    '["https://a.example", "null"]': (A, "null"),
    '["https://a.example", 7]': None,
    '["https://a.example", true]': None,
    "[null]": (),
    "[ null , null ]": (),
    "[https://a.example, null]": (A,),
    "[null, https://a.example]": (A,),
    "['https://a.example', None]": (A,),
    "['https://a.example', 'null']": (A, "null"),
    "https://a.example, null": (A, "null"),
    "[https://a.example, nullx]": None,
    # A scheme that is there twice, with one slash.
    "https://https/a.example": (A,),
    "http://http/localhost:3000": ("http://localhost:3000",),
    "https://HTTPS/a.example:8443/b": ("https://a.example:8443",),
    "http://http/intranet:3000": ("http://http",),
    "https://http/a.example": None,
    "https://https/a.example@b": ("https://https",),
    "https://ahttps/a.example": ("https://ahttps",),
    r"^https:\/\/a\.example\/?$": (A,),
    r"^https:\/\/a\.example$": (A,),
    "example.com,example.org": ("https://example.com", "https://example.org"),
    "example.com example.org": ("https://example.com", "https://example.org"),
    "example.com https://example.org": None,
    "example.com, https://example.org": ("https://example.com", "https://example.org"),
    "https://b.example,,a.example": (B, A),
    "http//localhost:3000": ("http://localhost:3000",),
    "https://a.example//": (A,),
    "https://a.example//b": None,
    "https://a.example/b//c": (A,),
    "https://a.example/b://c": None,
    "https://a.example?b://c": None,
    "https://a.example?b=://c": (A,),
    # A `?` of a glob or of a regex, and that of a query.
    "https://app?.a.example": None,
    "https://app-?.a.example": None,
    "https://www.?a.example": None,
    "https://a?.a.example/?b=c": None,
    "https://app?:80": None,
    "https://app??": None,
    "https://app?*": None,
    "https://app-?": None,
    "http://localhost:300?": None,
    "http://localhost:300?b=c": ("http://localhost:300",),
    "http://localhost?": ("http://localhost",),
    "https://a.example?": (A,),
    "https://a.example?b": (A,),
    "https://app?b=c": ("https://app",),
    "https://a.example?b=c.d": (A,),
    "https://a.example/?b.c": (A,),
    "https://a.example/??": (A,),
    # Several origins, or alternatives inside one.
    "https://a|b.a.example": None,
    "https://a.example|b.example": None,
    "a.example|b.example": None,
    "https://a.example | https://b.example": (A, B),
    # Blocks of addresses, and addresses that several people read in several ways.
    "http://10.0.0.0/8": None,
    "http://192.168.0.0/16/": None,
    "http://10.0.0.0:81/8": None,
    "http://[2001:db8::]/32": None,
    "http://2001:db8::/32": None,
    "http://10.0.0.1/8/a": ("http://10.0.0.1",),
    "http://10.0.0.1/a8": ("http://10.0.0.1",),
    "http://a.1a/8": ("http://a.1a",),
    "https://192.168.010.1": None,
    "https://010.0.0.1": None,
    "https://1.2.3.04": None,
    "https://1.2.3": None,
    "https://1.2.3/": None,
    "https://1.2.3.4/": ("https://1.2.3.4",),
    "https://0.0.0.0/": ("https://0.0.0.0",),
    "https://10.0.1/": None,
    "https://0x7f.0.1/": ("https://127.0.0.1",),
    "https://01.a.example/": ("https://01.a.example",),
    # Letters that look alike.
    "https://ex\u0430mple.com": None,
    "https://ex%D0%B0mple.com": None,
    "https://a.ex\u0430mple.com": None,
    "https://\u0430.example": ("https://xn--80a.example",),
    "https://\u0430-1.example": ("https://xn---1-6kc.example",),
    "https://\U00017000.example": ("https://xn--910f.example",),  # a letter that Python has no name for
    "https://a\U00017000.example": None,
    "https://b\u00fccher.a.example": ("https://xn--bcher-kva.a.example",),
    "https://a.example#b://c": (A,),
    "https://@a.example": (A,),
    "https://u@a.example": (A,),
    "https://u.v@a.example": None,
    "u@a.example": None,
    "//*.example.com": ("https://*.example.com",),
    "//localhost:3000": ("http://localhost:3000",),
    "ws://localhost:*": ("http://localhost:*",),
    "wss://a.example:80": ("https://a.example:80",),
    "about:blank": None,
    "https://a.example%00": None,
    "app://a/b": ("app://a",),
    "app://A:80/": ("app://a:80",),
    "app://": None,
    "app://u.v@a": None,
    "app:/a": None,
    "a.example:80": ("http://a.example",),
    "a.example:443": (A,),
    "a.example:8443": ("https://a.example:8443",),
    "localhost:443": ("https://localhost",),
    "localhost:80": ("http://localhost",),
    "a_b://a": None,
    "1x://a/": None,
    "http://[::1]x/": None,
    "https://a]b.example/": None,
    "[a.example]x": None,
    "{'https://a.example'}x": None,
    "https://a\uff61example": (A,),
    r"https:\\www.a.example": ("https://www.a.example",),
    r"HTTPS:\\www.a.example": ("https://www.a.example",),
    r"https:\\dev.a.example\wide": ("https://dev.a.example",),
    "https://*.%ff.example": None,
    "https://*.a.example:0": ("https://*.a.example:0",),
    **{f"my.{name}": (f"https://my.{name}",) for name in ("corp", "home", "invalid", "lan", "local", "test")},
    "<https://a.example>, <https://b.example>": (A, B),
    "<a.example>": None,
    "{'https://a.example'}": (A,),
    "('https://a.example', 'https://b.example')": (A, B),
    "(https://a.example)": None,
    "[a.example]": (A,),
    "[[\"https://a.example\"]]": (A,),
    "[]": (),
    "export ORIGINS='https://a.example'": (A,),
    "cors.origins = https://a.example": (A,),
    "ORIGINS=a.example": None,
    "access-control-allow-origin: https://a.example": (A,),
    "Origin:  a.example": (A,),
    "Origin:\u2003": (),
    "referer: https://a.example": None,
    "https?://*.example.com": ("https://*.example.com", "http://*.example.com"),
    "http*://a.example": (A, "http://a.example"),
    "http(s)?://a.example": (A, "http://a.example"),
    "(http|https)://a.example": (A, "http://a.example"),
    "(?:https?)://a.example": (A, "http://a.example"),
    "*://localhost:3000/": ("https://localhost:3000", "http://localhost:3000"),
    "*://*": None,
    "*": ("*",),
    "NULL": ("null",),
    "**": None,
    "https://*.example.com:99999": None,
    "https://*.example.com:65536": None,
    "https://*.example.com:065535": ("https://*.example.com:65535",),
    "https://*.example.com:00": ("https://*.example.com:0",),
    "https://*.example.com:x": None,
    "https://*.example.com:X80": None,
    "https://*.127.0.0.1": None,
    "https://*.0.0.1": None,
    "https://*..example.com": None,
    "https://a$b.example": None,
    "https://a.example/$": (A,),
    # Globs with anchors, groups and escapes of a regex.
    "^https://localhost:*$": ("https://localhost:*",),
    "http://localhost:*$": ("http://localhost:*",),
    "http://localhost:* | https://a.example": ("http://localhost:*", A),
    "http://localhost:*, https://a.example": ("http://localhost:*", A),
    "^https?://localhost:*$": ("https://localhost:*", "http://localhost:*"),
    "(http://localhost:*)": ("http://localhost:*",),
    r"http://localhost:*|https://a\.example": ("http://localhost:*", A),
    "^http://localhost:*|https://a.example$": ("http://localhost:*", A),
    "http(s)://localhost:*": ("https://localhost:*", "http://localhost:*"),
    "http[s]?://localhost:*": ("https://localhost:*", "http://localhost:*"),
    r"https://(localhost|127\.0\.0\.1):*": ("https://localhost:*", "https://127.0.0.1:*"),
    "^https://*.example.com$": ("https://*.example.com",),
    r"https:\/\/*.a.example": ("https://*.a.example",),
    r"^http:\/\/localhost:*$": ("http://localhost:*",),
    "^(https://*.a.example|https://*.b.example)$": ("https://*.a.example", "https://*.b.example"),
    "(https://*.a.example:*$)": ("https://*.a.example:*",),
    r"http://\[::1\]:*": ("http://[::1]:*",),
    "^http://[::1]:*$": None,
    "http://[::1]:*": ("http://[::1]:*",),
    "^https://*.github.io$": None,
    "^https://*.co.uk$": None,
    r"https://[a-z]+\.example\.com:*": None,
    "http://localhost:*|https://.*": None,
    r"http://localhost:*|https://[a-z]+\.a\.example": None,
    "http://(localhost:*": None,
    f"^https://{'a' * 90}.example:*$": None,
    "...": None,
    "%NAME%": None,
    "{}": None,
    "https://{}.Example.com": None,
    "https://a{1.Example.com": None,
    r"https:\\a.example": (A,),
    r"https:\\a.example\b": (A,),
    r"https:\\a.example\b.c": (A,),
    "https://a.example\\b": (A,),
    r"https://.*.example.com": ("https://*.example.com",),
    r"(.*).example.com": ("https://*.example.com",),
    r"https://(.*)\.example\.com": ("https://*.example.com",),
    r"https://(.+)\.example\.com": ("https://*.example.com",),
    r"^https?://.*\.example\.com$": ("https://*.example.com", "http://*.example.com"),
    r"\Ahttps://a\.example\Z": (A,),
    r"https://a\.example/?$": (A,),
    r"https://a\.example/$": (A,),
    r"https://a\.example:8080": ("https://a.example:8080",),
    r"https://a\-b\.example": ("https://a-b.example",),
    r"https://.*\.co\.uk": None,
    r"/https:\/\/a\.example/gi": (A,),
    r"/https:\/\/a\.example/x": None,
    "/a.example/": (A,),
    "/": None,
}  # fmt: skip
VARIED: dict[str, str | None] = {
    r"^https:\/\/[a-z]+\.example\.com\/?$": r"https://[a-z]+\.example\.com",
    r"https://[a-z]+\x2eexample\x2ecom": r"https://[a-z]+\x2eexample\x2ecom",
    r"https://x[01]*\.com|https://.*": None,
    "https://pr-*.example.com": r"https://pr-[a-z0-9-]+\.example\.com",
    "https://*-a.example.com": r"https://[a-z0-9-]+-a\.example\.com",
    "https://A-*.Example.com": r"https://a-[a-z0-9-]+\.example\.com",
    "pr-*.example.com": r"https://pr-[a-z0-9-]+\.example\.com",
    "https://a.*.example.com:*": r"https://a\.[a-z0-9-]+\.example\.com(:[0-9]+)?",
    "https://a.*.example.com:443": r"https://a\.[a-z0-9-]+\.example\.com",
    "https://a.*.example.com:0444": r"https://a\.[a-z0-9-]+\.example\.com:444",
    "https://*.*.example.com": r"https://[a-z0-9-]+\.[a-z0-9-]+\.example\.com",
    "https://a-*.b.github.io": r"https://a-[a-z0-9-]+\.b\.github\.io",
    "https://a-*.github.io": None,
    "https://a-*.b_c.example": None,
    "app+x://a-*.example.com": r"app\+x://a-[a-z0-9-]+\.example\.com",
    "http://10.*.*.*": r"http://10\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}",
    "http://127.0.0.*:80": r"http://127\.0\.0\.[0-9]{1,3}",
    "http://169.254.*.1": r"http://169\.254\.[0-9]{1,3}\.1",
    "http://192.168.*.*": r"http://192\.168\.[0-9]{1,3}\.[0-9]{1,3}",
    "http://172.16.0.*": r"http://172\.16\.0\.[0-9]{1,3}",
    "http://172.29.0.*": r"http://172\.29\.0\.[0-9]{1,3}",
    "http://172.31.0.*": r"http://172\.31\.0\.[0-9]{1,3}",
    "http://172.15.0.*": None,
    "http://172.32.0.*": None,
    "http://192.168.*": None,
    "http://192.168.1.*.5": None,
    "http://192.169.1.*": None,
    "http://9.1.1.*": None,
    "http://*.1.1.1": None,
    "http://210.0.0.*": None,
    "http://10.1.2*.*": None,
    "app://*.*.com": None,
    r"https://(a|b)\.example\.com": r"https://(a|b)\.example\.com",
    r"^https://[a-z]+\.example\.com$": r"https://[a-z]+\.example\.com",
    r"https://[a-z]+\.example\.com/?": r"https://[a-z]+\.example\.com",
    r"(https://a\.example|https://b\.example)": r"(https://a\.example|https://b\.example)",
    r"https://a\.example|https?://b\.example": r"https://a\.example|https?://b\.example",
    r"/https:\/\/[a-z]+\.example\.com/": r"https://[a-z]+\.example\.com",
    r"https?://[a-z]+\.example\.com": r"https?://[a-z]+\.example\.com",
    r"https://[a-z+\.example\.com": None,
    r"(https://a\.example|https?://b\.example)": r"(https://a\.example|https?://b\.example)",
    r"https://(a|b).*\.example\.com": r"https://(a|b).*\.example\.com",
    r"https://a*\.example\.com": r"https://a*\.example\.com",
    r"https://.*example\.com": None,
    r"https://(a+)+\.example\.com": None,
}


@pytest.mark.parametrize(("text", "entries"), PLAIN.items())
def test_a_text_means_certain_entries(text: str, entries: tuple[str, ...] | None) -> None:
    assert repair.meaning(text, credentials=False) == (None if entries is None else Meaning(entries))


@pytest.mark.slow
@pytest.mark.mutation
@pytest.mark.parametrize(("text", "expected"), VARIED.items())
def test_a_text_means_a_regex(text: str, expected: str | None) -> None:
    assert repair.meaning(text, credentials=False) == (expected and Meaning((), (expected,)))


AROUND = (
    *" \t\r\n\f\v\0'\"`,;", "\xa0", "\xad", "\u200b", "\u200c", "\u200d", "\u2028", "\u2029", "\u2060",
    "\ufeff", "\u2018", "\u2019", "\u201c", "\u201d",
)  # fmt: skip


@pytest.mark.parametrize("around", AROUND)
def test_what_is_around_an_entry_is_taken_off(around: str) -> None:
    assert repair.stripped(f"{around}a b{around}{around}") == "a b"
    assert repair.stripped(f" <{around}https://a{around}>{around}") == f"<{around}https://a{around}>"
    assert repair.stripped(f"{around}<https://a{around}>{around}") == "https://a"


class Site(Enum):
    """Origins of a program, which are no strings."""

    A = A
    OTHER = 7


class Name(str, Enum):
    """Origins of a program, which are strings."""

    A = A


class Url:
    """A URL of a kind of its own."""

    def __init__(self, url: object) -> None:
        self.url = url

    def geturl(self) -> object:
        """As the results of urllib.parse have it."""
        return self.url


class Shown:
    """An object with a text."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __str__(self) -> str:
        return self.text


LABELS = r"https://[a-z]+\.a\.example"
ENDLESS: list[Any] = []
ENDLESS.append(ENDLESS)
# Values of other types, and what they mean.
VALUES: list[tuple[Any, Meaning | None]] = [
    (Site.A, Meaning((A,))),
    (Site.OTHER, None),
    (Name.A, Meaning((A,))),
    (b"https://a.example/", Meaning((A,))),
    (bytearray(b"https://a.example/"), Meaning((A,))),
    (b"https://\xff.example", None),
    (b"https://a.example/\xff", Meaning((A,))),
    (b"https://b\xc3\xbccher.example", Meaning(("https://xn--bcher-kva.example",))),
    (None, Meaning()),
    (7, None),
    ([A, [B, A]], Meaning((A, B))),
    ((A, B), Meaning((A, B))),
    ([A, 7], None),
    ([LABELS, A, LABELS], Meaning((A,), (LABELS,))),
    ({B, A}, Meaning((A, B))),
    (frozenset({B, A, None}), Meaning((A, B))),
    ({A: B}, None),
    (ENDLESS, None),
    (Url(A), Meaning((A,))),
    (Url(A.encode()), None),
    (Url(7), None),
    (Shown("https://a.example/b"), Meaning((A,))),
    (Shown("HTTPS://a.example"), Meaning((A,))),
    (Shown("a.example"), None),
    (Shown("https://a.example b"), None),
    (Shown("https://a.example<b"), None),
    (Shown("x+1.-y://a"), Meaning(("x+1.-y://a",))),
    (Shown("1x://a"), None),
    (re.compile(LABELS), Meaning((), (LABELS,))),
    (re.compile(LABELS, re.I), Meaning((), (f"(?i:{LABELS})",))),
    (re.compile(LABELS, re.S), Meaning((), (f"(?s:{LABELS})",))),
    (re.compile(LABELS, re.M), Meaning((), (f"(?m:{LABELS})",))),
    (re.compile(LABELS, re.S | re.M | re.I), Meaning((), (f"(?ims:{LABELS})",))),
    (re.compile(f"(?i){LABELS}"), Meaning((), (f"(?i){LABELS}",))),
    (re.compile(LABELS, re.X), None),
    (re.compile(LABELS, re.A | re.I), None),
    (re.compile(r"https://a\.example"), Meaning((A,))),
    (re.compile(rb"https://a\.example"), Meaning((A,))),
    (re.compile(rb"https://a\.example", re.I), None),
    (re.compile("https://a.example"), Meaning((A,))),
    (re.compile(r"https://(a|b)\.example:*"), None),
]


@pytest.mark.parametrize(("value", "expected"), VALUES)
def test_a_value_of_another_type_means_what_its_text_does(value: Any, expected: Meaning | None) -> None:
    assert repair.meaning(value, credentials=False) == expected
    assert repair.meaning(value, credentials=True) == expected


@pytest.mark.parametrize("entry", ["*", "null"])
def test_everybody_is_never_meant_beside_credentials(entry: str) -> None:
    assert repair.meaning([entry, A], credentials=False) == Meaning((entry, A))
    assert repair.meaning([entry, A], credentials=True) is None


@pytest.mark.parametrize("code", range(0x21, 0x7F))
def test_full_width_letters_are_those_of_ascii(code: int) -> None:
    wide, narrow = f"x://{chr(code + 0xFEE0)}", f"x://{chr(code)}"
    assert repair.meaning(wide, credentials=False) == repair.meaning(narrow, credentials=False)


def test_dots_of_other_scripts_are_dots_and_nothing_else_is_ascii() -> None:
    for dot in "\u3002\uff61\uff0e":
        assert repair.meaning(f"https://a{dot}example", credentials=False) == Meaning((A,))
    for other in "\u3003\uff00\uff5f\uff62":
        assert repair.meaning(f"https://a{other}example", credentials=False) is None


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ([], None),
        (["a"], "a"),
        (["a", "a"], "a"),
        (["(?i)a"], "(?i)a"),
        (["a", "b", "a"], "(?:a)|(?:b)"),
        (["a", "(b)\\1"], None),
        (["a", "(b)\\9"], None),
        (["a", "b\\0"], "(?:a)|(?:b\\0)"),
        (["(?P<b>b)", "a"], None),
        (["a", "(b)?(?(1)c)"], None),
        (["a", "(?i)b"], None),
        (["a", "(?i:b)"], "(?:a)|(?:(?i:b))"),
        (["a", "(?:b)"], "(?:a)|(?:(?:b))"),
    ],
)
def test_several_regexes_are_put_together_where_they_can_be(texts: list[str], expected: str | None) -> None:
    assert repair.joined(texts) == expected


@pytest.mark.parametrize("finding", ["unrelated", "dead", "slow"])
def test_only_a_regex_that_deserves_no_warning_is_recommended(
    monkeypatch: pytest.MonkeyPatch, finding: str
) -> None:
    nothing = regex.Judgement(unrelated=None, plain_http="http://a", dead=None, slow=None, bare_dot=True)
    monkeypatch.setattr(regex, "judge", lambda _: nothing)
    assert repair.is_safe(re.compile("a"))
    change: dict[str, Any] = {finding: ""}
    monkeypatch.setattr(regex, "judge", lambda _: nothing._replace(**change))
    assert not repair.is_safe(re.compile("a"))


def test_what_does_not_compile_is_no_regex() -> None:
    assert repair.regex_of("(") is None
    assert repair.scoped(re.compile("a # (", re.X)) is None
    later = r"https://x[a-z]+\.a\.example"
    assert repair.meaning(later, credentials=False) == Meaning((), (later,))
