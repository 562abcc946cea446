"""What is wrong or risky in `allow_origins` and in `allow_origin_regex`, and what is certainly meant."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pydantic
import pytest

from impl import Config
from impl.config import gather
from impl.validation import regex
from impl.validation.review import review
from tests.unit.impl.cases import (
    BOTH,
    LABELS,
    NOT_A_LIST,
    ONE_STRING,
    OTHER_LABELS,
    advice,
    check,
    check_error,
    check_warnings,
    findings,
    refusal,
)

A, B = "https://a.example", "https://b.example"

DEAD = "No browser can ever send this as its origin"

# Rule, arguments, the place as the message names it, the words on what is wrong, and on what to write.
ERRORS: list[tuple[str, dict[str, Any], str, str, str]] = [
    (
        "A-CFG-1",
        {"allow_origins": ["https://a.example", "*"], "allow_credentials": True},
        "allow_origins[1] = '*'",
        "refuse a wildcard answer when a request has credentials",
        "the origins that may use credentials, each by name",
    ),
    (
        "A-CFG-2",
        {"allow_origins": "https://example.com"},
        "allow_origins = 'https://example.com'",
        "letter by letter",
        "allow_origins=['https://example.com']",
    ),
    (
        "A-CFG-3",
        {"allow_origins": ["https://a.example", 7]},
        "allow_origins[1] = 7",
        "not a str",
        "a str",
    ),
    (
        "A-CFG-7",
        {"allow_origins": ["null"], "allow_credentials": True},
        "allow_origins[0] = 'null'",
        "with the user's credentials",
        "leave it out",
    ),
    ("A-CFG-9", {"allow_origin_regex": "https://("}, "allow_origin_regex = ", "compile", "re module"),
    ("A-CFG-9", {"allow_origin_regex": "a{99999999999}"}, "allow_origin_regex = ", "compile", "re module"),
    ("A-CFG-9", {"allow_origin_regex": "(?L)a"}, "allow_origin_regex = ", "compile", "re module"),
    (
        "A-CFG-9",
        {"allow_origin_regex": f"a{{{'9' * 5000}}}"},
        "allow_origin_regex = ",
        "compile",
        "re module",
    ),
    (
        "A-CFG-9",
        {"allow_origin_regex": "(" * 5000 + ")" * 5000},
        "allow_origin_regex = ",
        "compile",
        "re module",
    ),
    (
        "A-CFG-26",
        {"allow_origin_regex": "*.a.example"},
        "allow_origin_regex = ",
        "a glob",
        "leave it out, and add to allow_origins: 'https://*.a.example'",
    ),
    (
        "A-CFG-9",
        {"allow_origin_regex": b".*"},
        "allow_origin_regex = b'.*'",
        "neither a str",
        "a str such as",
    ),
    (
        "A-CFG-9",
        {"allow_origin_regex": re.compile(b".*")},
        "allow_origin_regex = ",
        "neither",
        "a str such as",
    ),
    ("A-CFG-9", {"allow_origin_regex": ["a"]}, "allow_origin_regex = ['a']", "neither", "a str such as"),
    (
        "A-CFG-9",
        {"allow_origin_regex": r"*\.a\.example"},
        "allow_origin_regex = ",
        "compile",
        "leave it out, and add to allow_origins: 'https://*.a.example'",
    ),
    ("A-CFG-21", {"allow_origin_regex": ""}, "allow_origin_regex = ''", "matches no origin", "leave it out"),
    (
        "A-CFG-21",
        {"allow_origin_regex": re.compile("")},
        "allow_origin_regex = ",
        "matches no",
        "leave it out",
    ),
]

# Entry, a word of the reason, and the whole of what is offered or said instead.
EXACTLY = "scheme://host or scheme://host:port, exactly as the browser sends it in the Origin header."
STARRED = "the origins one by one, or a pattern such as https://*.example.com with a domain of your own."
DEAD_ORIGINS = [
    ("https://EXAMPLE.com", "upper-case", "'https://example.com'"),
    ("HTTPS://example.com", "upper-case", "'https://example.com'"),
    ("https://example.com/", "slash at the end", "'https://example.com'"),
    ("https://example.com/path?q#f", "path", "'https://example.com'"),
    ("https://user:pw@example.com", "user name", "'https://example.com'"),
    ("https://example.com:443", "default port", "'https://example.com'"),
    ("http://example.com:80", "default port", "'http://example.com'"),
    ("ws://example.com:80", "never of ws", "'http://example.com'"),
    ("wss://example.com:443", "never of wss", "'https://example.com'"),
    ("ws://example.com:443", "never of ws", "'http://example.com:443'"),
    ("ftp://example.com:21", "never of ftp", EXACTLY),
    ("http://example.com:", "default port", "'http://example.com'"),
    ("http://example.com:08080", "zeros before a port", "'http://example.com:8080'"),
    ("http://example.com:65536", "port is not valid", EXACTLY),
    ("http://example.com:port", "port is not valid", EXACTLY),
    ("http://127.1", "another form", "'http://127.0.0.1'"),
    ("http://0x7f.1", "another form", "'http://127.0.0.1'"),
    ("http://2130706433", "another form", "'http://127.0.0.1'"),
    ("http://0177.0.0.1", "another form", EXACTLY),
    ("http://127.0.0.1.", "another form", "'http://127.0.0.1'"),
    ("http://1.2.3", "another form", EXACTLY),
    ("http://256.1.1.1", "host is not valid", EXACTLY),
    ("http://1.2.3.4.5", "host is not valid", EXACTLY),
    ("http://09", "host is not valid", EXACTLY),
    ("http://a.1", "host is not valid", EXACTLY),
    ("http://[0:0:0:0:0:0:0:1]", "another form", "'http://[::1]'"),
    ("http://[2001:DB8::1]:8080", "upper-case", "'http://[2001:db8::1]:8080'"),
    ("http://[::ffff:127.0.0.1]", "another form", "'http://[::ffff:7f00:1]'"),
    ("http://[1:0:0:2:0:0:0:3]", "another form", "'http://[1:0:0:2::3]'"),
    ("http://[10::1:0:0:0:1]", "another form", "'http://[10:0:0:1::1]'"),
    ("http://[fe80::1%25eth0]", "host is not valid", EXACTLY),
    ("http://[]", "host is not valid", EXACTLY),
    ("http://::1", "needs [brackets]", "'http://[::1]'"),
    ("https://bücher.example", "outside ASCII", "'https://xn--bcher-kva.example'"),
    ("https://faß.example", "outside ASCII", EXACTLY),
    ("http://%65xample.com", "another form", "'http://example.com'"),
    ("http://a|b", "host is not valid", EXACTLY),
    ("https://", "host is missing", EXACTLY),
    ("example.com", "scheme is missing", "'https://example.com'"),
    ("//example.com", "scheme is missing", "'https://example.com'"),
    ("localhost:3000", "scheme is missing", "'http://localhost:3000'"),
    ("", "it is empty", "leave it out."),
    ("Null", "upper case around a special value", "'null'"),
    (" * ", "white space", "'*'"),
    (" https://a.example", "white space", "'https://a.example'"),
    ("https://a.example\n", "white space", "'https://a.example'"),
    (
        "https://a.example, https://b.example",
        "several origins",
        "one string each: 'https://a.example', 'https://b.example'",
    ),
    ("*.example.com", "scheme is missing", "'https://*.example.com'"),
    ("https://*.example.com:443/", "default port", "'https://*.example.com'"),
    ("http://localhost:*/", "slash at the end", "'http://localhost:*'"),
    ("https://*.example.com.", "a dot at the end", STARRED),
    (
        "http://pr-*.a.example:8080",
        "a * is a pattern only",
        r"leave it out, and write allow_origin_regex=r'http://pr-[a-z0-9-]+\.a\.example:8080'",
    ),
    ("https://*", "a * is a pattern only", STARRED),
    ("https://*.com", "anybody may have a name below com", STARRED),
    ("https://*example.com", "a * is a pattern only", STARRED),
    ("https://example.*", "a * is a pattern only", STARRED),
    (r"https://app\.example\.com", "this is a regex", "'https://app.example.com'"),
    (
        r"https://(a|b)\.example\.com",
        "this is a regex",
        r"leave it out, and write allow_origin_regex=r'https://(a|b)\.example\.com'",
    ),
    (".*", "this is a regex", "a regex as allow_origin_regex."),
    ("Capacitor://localhost", "lower case", "'capacitor://localhost'"),
    ("capacitor://localhost/", "no path", "'capacitor://localhost'"),
    ("app://", "there must be a host", EXACTLY),
    (
        "file:///",
        "from a file has no origin",
        "the origin of a server that serves the page, such as http://localhost:8000.",
    ),
    ("9p://host", "scheme", EXACTLY),
]

TLS = (
    "Whoever can alter traffic on the way can put a script into a page served without TLS, and that script "
    "may then use the user's credentials."
)
NULL = "Any site can make a document whose origin is null (a sandboxed iframe), so this allows them all"
REAL_ORIGIN = "leave it out, and serve the page that needs it from a real origin."
SPECIAL = f"{DEAD}: white space or upper case around a special value."
STAR = (
    f"{DEAD}: a * is a pattern only as the first label before a domain, or as the port "
    "(https://*.example.com, http://localhost:*)."
)
SCHEME = f"{DEAD}: the scheme is missing (an origin starts with one, as in https://)."
AFTER = f"{DEAD}: after :// there must be a host, and no path, query, fragment or user."
LOWER = f"{DEAD}: the scheme is not one in lower case (a letter, then a-z 0-9 + - .)."
PUNYCODE = f"{DEAD}: it has characters outside ASCII (browsers send such hosts in punycode, xn--…)."
PORT = f"{DEAD}: the port is not valid (0 to 65535, digits only)."

# Arguments, and the one finding: its rule, all that is said to be wrong, and all that is said to do instead.
WORDS: list[tuple[dict[str, Any], str, str, str]] = [
    (
        {"allow_origins": [["https://a.example"]]},
        "A-CFG-3",
        "This is not a str.",
        "'https://a.example'",
    ),
    (
        {"allow_origins": ["http://a.example/"], "allow_credentials": True},
        "A-CFG-5",
        f"{DEAD}: it has a path, query or fragment (even a slash at the end is one).",
        "'http://a.example'",
    ),
    (
        {"allow_origins": ["*"], "allow_credentials": True},
        "A-CFG-1",
        "Browsers refuse a wildcard answer when a request has credentials; and answering every origin by its "
        "name would let any site act as the logged-in user.",
        "the origins that may use credentials, each by name, or no allow_credentials.",
    ),
    ({"allow_origins": b"\xe9"}, "A-CFG-2", ONE_STRING, "allow_origins=[…], a list of strings."),
    ({"allow_origins": "a.example"}, "A-CFG-2", ONE_STRING, "allow_origins=['https://a.example']"),
    ({"allow_origins": [7]}, "A-CFG-3", "This is not a str.", "a str."),
    (
        {"allow_origins": ["*", "https://a.example"]},
        "A-CFG-6",
        "This allows every origin, so the other entries change nothing.",
        "either '*' alone, or the others alone.",
    ),
    ({"allow_origins": ["null"]}, "A-CFG-7", f"{NULL}.", REAL_ORIGIN),
    (
        {"allow_origins": ["null"], "allow_credentials": True},
        "A-CFG-7",
        f"{NULL}, with the user's credentials.",
        REAL_ORIGIN,
    ),
    (
        {"allow_origins": ["http://a.example:81"], "allow_credentials": True},
        "A-CFG-8",
        TLS,
        "'https://a.example:81'",
    ),
    (
        {"allow_origins": ["http://a.example:443"], "allow_credentials": True},
        "A-CFG-8",
        TLS,
        "'https://a.example'",
    ),
    (
        {"allow_origin_regex": "a{99999999999}"},
        "A-CFG-9",
        "This does not compile: the repetition number is too large.",
        "a regex as Python's re module has them.",
    ),
    (
        {"allow_origin_regex": b".*"},
        "A-CFG-9",
        "This is neither a str nor a compiled regex of str.",
        r"a str such as r'https://[a-z]+\.example\.org'.",
    ),
    (
        {"allow_origins": [], "allow_origin_regex": ""},
        "A-CFG-21",
        "An empty regex matches no origin.",
        "leave it out, and list in allow_origins who may read responses.",
    ),
    ({"allow_origins": None}, "A-CFG-20", NOT_A_LIST, "allow_origins=[…], a list of strings."),
    (
        {"allow_origin_regex": "http://*.co.uk"},
        "A-CFG-26",
        "This is a glob, and a regex is expected: in a regex, * repeats what is before it.",
        "a pattern in allow_origins, such as https://*.example.com or http://localhost:*.",
    ),
    (
        {"allow_origins": ["http://a_b.example"]},
        "A-CFG-22",
        "Browsers keep this host as it is, but the Fetch standard's grammar refuses it (labels of a-z, 0-9 "
        "and inner hyphens, no empty label, no dot at the end).",
        "the page's real host name; if this is it, ignore this warning.",
    ),
    (
        {"allow_origins": ["https://a.example:0"]},
        "A-CFG-22",
        "Port 0 can be written in a URL, but nothing can be reached there.",
        "the port that the page is served from.",
    ),
    (
        {"allow_origins": ["app://."]},
        "A-CFG-22",
        "The Fetch standard's grammar has no such origin; only some engines or app shells send it.",
        "what the app really sends as Origin; if this is it, ignore this warning.",
    ),
    *(
        ({"allow_origins": [entry]}, "A-CFG-5", reason, repair)
        for entry, reason, repair in (
            ("https://EXAMPLE.com", f"{DEAD}: it has upper-case letters.", "'https://example.com'"),
            (
                "https://example.com/",
                f"{DEAD}: it has a path, query or fragment (even a slash at the end is one).",
                "'https://example.com'",
            ),
            (
                "https://user:pw@example.com",
                f"{DEAD}: it has a user name (what stands before an @).",
                "'https://example.com'",
            ),
            (
                "HTTPS://user@127.1:443/",
                f"{DEAD}: it has upper-case letters; it has a path, query or fragment (even a slash at the "
                "end is one); it has a user name (what stands before an @); browsers write this host in "
                "another form; browsers leave out the default port, zeros before a port, and a colon without "
                "one.",
                "'https://127.0.0.1'",
            ),
            (
                "http://A|b:port",
                f"{DEAD}: it has upper-case letters; the host is not valid; the port is not valid (0 to "
                "65535, digits only).",
                EXACTLY,
            ),
            ("https://", f"{DEAD}: the host is missing.", EXACTLY),
            ("http://a.example:65536", PORT, EXACTLY),
            (
                "http://U@::1",
                f"{DEAD}: it has upper-case letters; it has a user name (what stands before an @); an IPv6 "
                "address needs [brackets].",
                EXACTLY,
            ),
            (
                "https://example.com:",
                f"{DEAD}: browsers leave out the default port, zeros before a port, and a colon without one.",
                "'https://example.com'",
            ),
            ("https://b ücher.example", PUNYCODE, EXACTLY),
            ("example.com", SCHEME, "'https://example.com'"),
            ("localhost:3000", SCHEME, "'http://localhost:3000'"),
            (" Null", SPECIAL, "'null'"),
            (" * ", SPECIAL, "'*'"),
            (
                "https://a.example\n",
                f"{DEAD}: it has white space or control characters.",
                "'https://a.example'",
            ),
            (
                "https://a.example, app://a;HTTPS://B.example",
                f"{DEAD}: several origins in one string.",
                "one string each: 'https://a.example', 'app://a', 'https://b.example'",
            ),
            ("*.example.com", SCHEME, "'https://*.example.com'"),
            (
                "http://localhost:*/",
                f"{DEAD}: it has a path, query or fragment (even a slash at the end is one).",
                "'http://localhost:*'",
            ),
            ("https://*", STAR, STARRED),
            ("Capacitor://localhost", LOWER, "'capacitor://localhost'"),
            ("capacitor://localhost/", AFTER, "'capacitor://localhost'"),
            ("app://", AFTER, EXACTLY),
        )
    ),
]

FINE_ORIGINS = [
    "https://example.com",
    "http://localhost:3000",
    "https://example.com:80",
    "http://example.com:443",
    "https://xn--bcher-kva.example",
    "http://127.0.0.1:8000",
    "http://[::1]:8000",
    "http://[2001:db8::1:0:0:1]",
    "http://[::ffff:7f00:1]",
    "https://a",
    "https://1password.example",
    "https://a.example:65535",
    "https://*.example.com",
    "http://localhost:*",
    "capacitor://*.localhost:*",
    "capacitor://localhost",
    "chrome-extension://abcdefghijklmnopabcdefghijklmnop",
    "tauri://localhost:1430",
    "app://[::1]",
]


@pytest.mark.parametrize(("rule", "arguments", "place", "reason", "repair"), ERRORS)
def test_an_error_names_the_place_the_rule_and_the_repair(
    rule: str, arguments: dict[str, Any], place: str, reason: str, repair: str
) -> None:
    check_error(rule, arguments, place, reason, repair)


@pytest.mark.parametrize(("arguments", "rule", "reason", "repair"), WORDS)
def test_what_is_said_is_said_in_full(arguments: dict[str, Any], rule: str, reason: str, repair: str) -> None:
    (problem,) = findings(**arguments)
    assert (problem.rule, problem.reason, problem.repair) == (rule, reason, repair)


@pytest.mark.parametrize(("entry", "reason", "repair"), DEAD_ORIGINS)
def test_an_origin_that_no_browser_sends_is_refused_with_the_one_that_it_does(
    entry: str, reason: str, repair: str
) -> None:
    (problem,) = refusal(allow_origins=["https://a.example", entry]).problems
    assert (problem.rule, problem.argument, problem.index, problem.value) == (
        "A-CFG-5",
        "allow_origins",
        1,
        entry,
    )
    assert problem.reason.startswith(DEAD)
    assert reason in problem.reason
    assert problem.repair == repair


@pytest.mark.parametrize("repair", [repair for _, _, repair in DEAD_ORIGINS])
def test_what_an_error_suggests_is_accepted_in_silence(repair: str) -> None:
    regex = re.search("allow_origin_regex=r'(.*)'", repair)
    origins = re.findall("'([a-z]+://.*?)'", repair)
    if regex:
        assert advice(allow_origin_regex=regex[1]) == []
    elif origins:
        assert advice(allow_origins=origins) == []


@pytest.mark.parametrize("entry", FINE_ORIGINS)
def test_an_origin_that_browsers_send_is_accepted_in_silence(entry: str) -> None:
    assert advice(allow_origins=[entry]) == []


@pytest.mark.parametrize(
    ("entry", "rule"),
    [
        ("https://$HOST.example.com", "A-CFG-5"),
        ("https://${HOST}", "A-CFG-5"),
        ("https://<env>.example.com", "A-CFG-5"),
        ("https://<env>.*", "A-CFG-5"),
        (r"https://{{ host }}\.example", "A-CFG-5"),
        ("${ORIGIN}", "A-CFG-5"),
        ("https://{{host}}", "A-CFG-22"),
        ("app://{host}", "A-CFG-22"),
    ],
)
def test_a_placeholder_is_called_one(entry: str, rule: str) -> None:
    (problem,) = findings(allow_origins=["https://a.example", entry])
    expected = (rule, "A placeholder was not replaced.", "the origin with the value in its place.")
    assert (problem.rule, problem.reason, problem.repair) == expected


SPLIT = f"{DEAD}: a string was split into its letters."


@pytest.mark.parametrize(
    ("arguments", "repairs"),
    [
        ({"allow_origins": list("ws:b.example")}, ["'http://b.example'", *["leave it out."] * 11]),
        ({"allow_origins": list("a b")}, ["one string for each origin."] * 3),
        ({"allow_origins": list(" ,")}, ["one string for each origin."] * 2),
        ({"allow_origins": list("*.b.example")}, ["one string for each origin."] * 10),
    ],
)
def test_a_string_that_was_split_into_its_letters_is_known(
    arguments: dict[str, Any], repairs: list[str]
) -> None:
    problems = refusal(**arguments).problems
    letters = [(index, each) for index, each in enumerate(arguments["allow_origins"]) if each != "*"]
    assert [(each.index, each.value) for each in problems] == letters
    assert [(each.rule, each.reason, each.repair) for each in problems] == [
        ("A-CFG-5", SPLIT, repair) for repair in repairs
    ]


def test_letters_are_no_split_string_beside_others_or_alone() -> None:
    for origins in (["a"], ["a", "b", "https://a.example"], ["a", b"b"], ["*", "a", ""]):
        problems = refusal(allow_origins=origins).problems
        assert SPLIT not in [problem.reason for problem in problems]


SAMPLE = "https://evil.example"
NO_TLS = f"This allows {SAMPLE} and others that are served without TLS. {TLS}"
NO_ORIGIN = "matches no origin that a browser sends: "
OWN_DOMAIN = r"a domain of your own, spelled out, with a dot before it: r'https://[a-z0-9-]+\.example\.org'."
WHOLE = r"a regex of whole origins, such as r'https://[a-z0-9-]+\.example\.org'."
# What the judgement of a regex finds, and what is said of it, with credentials and without.
JUDGED: list[tuple[dict[str, Any], str, str, str]] = [
    ({"plain_http": SAMPLE}, "A-CFG-8", NO_TLS, "https:// instead of http:// or https?://."),
    (
        {"unrelated": SAMPLE},
        "A-CFG-10",
        f"This allows {SAMPLE} and others of domains that it does not name.",
        OWN_DOMAIN,
    ),
    (
        {"unrelated": "https://a.evil.co.uk:8443"},
        "A-CFG-10",
        "This allows https://a.evil.co.uk:8443 and others: co.uk is a public suffix, and anybody can have a "
        "name below it.",
        OWN_DOMAIN,
    ),
    (
        {"unrelated": "http://evil"},
        "A-CFG-10",
        "This allows http://evil and others of domains that it does not name.",
        OWN_DOMAIN,
    ),
    (
        {"bare_dot": True},
        "A-CFG-11",
        "A dot without a backslash stands for any character, so hosts that merely look alike pass.",
        r"\. where a dot is meant.",
    ),
    (
        {"slow": SAMPLE},
        "A-CFG-24",
        f"It takes very long to match {SAMPLE} and other origins like it.",
        "one repetition, where several can match the same text: [a-z0-9.-]+ for any number of labels.",
    ),
    (
        {"dead": ""},
        "A-CFG-25",
        f"This {NO_ORIGIN}scheme://host or scheme://host:port, in lower case, without a default port, and "
        "with nothing after it.",
        WHOLE,
    ),
    ({"dead": "null"}, "A-CFG-25", f"The branch null {NO_ORIGIN}null is no origin for a regex.", WHOLE),
]


@pytest.mark.parametrize("credentials", [False, True])
@pytest.mark.parametrize(("found", "rule", "reason", "repair"), JUDGED)
def test_what_a_regex_matches_is_said_in_full(
    monkeypatch: pytest.MonkeyPatch,
    found: dict[str, Any],
    rule: str,
    reason: str,
    repair: str,
    credentials: bool,
) -> None:
    nothing = regex.Judgement(unrelated=None, plain_http=None, dead=None, slow=None, bare_dot=False)
    monkeypatch.setattr(regex, "judge", lambda _: nothing._replace(**found))
    problems = findings(allow_origin_regex="https://a", allow_credentials=credentials)
    expected = [] if rule == "A-CFG-8" and not credentials else [(rule, reason, repair)]
    assert [(each.rule, each.reason, each.repair) for each in problems] == expected
    assert all((each.place, each.value) == ("allow_origin_regex", "https://a") for each in problems)


ESCAPED = r"\* is the character *, which no origin has (a glob that was escaped?)"
PATH = "nothing follows the host and the port, not even a slash"
DEFAULT = "browsers leave out the default port"
LOWER_CASE = "origins are in lower case"
NO_SCHEME = "an origin starts with its scheme, as in https://"
SEPARATED = "the scheme and the host are separated by ://"
GENERAL = (
    "scheme://host or scheme://host:port, in lower case, without a default port, and with nothing after it"
)
# Regexes that match no origin, or of which a branch matches none: what matches none, and why.
UNSENT: list[tuple[str | re.Pattern[str], str, str]] = [
    (re.escape("https://*.a.example"), "This", ESCAPED),
    ("null", "This", "null is no origin for a regex"),
    ("NULL", "This", LOWER_CASE),
    (r"https://a\.example/", "This", PATH),
    (r"https://a\.example:443/", "This", PATH),
    (r"https://A\.example/b", "This", PATH),
    (r"a\.example/", "This", PATH),
    (r"https://a\.example/ws/", "This", PATH),
    (r"https://a\.example:443", "This", DEFAULT),
    (r"http://a\.example:80", "This", DEFAULT),
    (r"https://A\.example:443", "This", DEFAULT),
    (r"http://A\.example:443", "This", LOWER_CASE),
    (r"https://A\.example:80", "This", LOWER_CASE),
    (r"https://A\.example", "This", LOWER_CASE),
    (r"A\.example", "This", LOWER_CASE),
    (re.compile(r"(?i)HTTPS://A\.example/"), "This", PATH),
    (re.compile(r"A\.example", re.I), "This", NO_SCHEME),
    (r"a\.example", "This", NO_SCHEME),
    (r"https://a\.example:080", "This", "browsers write https://a.example:80"),
    (r"http://\[0:0:0:0:0:0:0:1\]", "This", "browsers write http://[::1]"),
    (r"https://xn--\.example", "This", GENERAL),
    (r"https://*\.a\.example", "This", SEPARATED),
    (r"https:/a\.example", "This", SEPARATED),
    (r"https//a\.example", "This", SEPARATED),
    (r"http:a\.example/", "This", SEPARATED),
    (r"ws:/a\.example", "This", SEPARATED),
    (r"wss/a\.example/", "This", SEPARATED),
    (r"https://a\.example(?:/|)", "The branch /", PATH),
    (r"https://a\.example:443x", "This", GENERAL),
    (r"https://a\.example|https://b\.example/", "The branch b.example/", PATH),
    (r"https://a\.example(:443|x)", "The branch :443", DEFAULT),
    (r"https://a\.example|null", "The branch null", "null is no origin for a regex"),
    (r"https://a\.example(|:x)", "The branch :x", GENERAL),
]


@pytest.mark.parametrize(("given", "what", "why"), UNSENT)
def test_why_a_regex_matches_no_origin_is_said(given: str | re.Pattern[str], what: str, why: str) -> None:
    (problem,) = (each for each in findings(allow_origin_regex=given) if each.rule == "A-CFG-25")
    assert problem.reason == f"{what} {NO_ORIGIN}{why}."


ANY_HOST = r"https://[a-z.]+"
ANY_SCHEME = r"https?://[a-z.]+"
# Arguments, and the rules and places of all their warnings.
UNWISE: list[tuple[dict[str, Any], dict[str, list[str]]]] = [
    ({"allow_origins": ["https://a.example", "*"]}, {"A-CFG-6": ["allow_origins[1]"]}),
    (
        {"allow_origins": ["null", "https://a.example", "null"]},
        {"A-CFG-7": ["allow_origins[0]", "allow_origins[2]"]},
    ),
    (
        {"allow_origins": ["http://a.example", "https://a.example"], "allow_credentials": True},
        {"A-CFG-8": ["allow_origins[0]"]},
    ),
    (
        {"allow_origins": ["http://127.evil.example", "http://localhost.example"], "allow_credentials": True},
        {"A-CFG-8": ["allow_origins[0]", "allow_origins[1]"]},
    ),
    ({"allow_origin_regex": ANY_HOST}, {"A-CFG-10": ["allow_origin_regex"]}),
    ({"allow_origin_regex": ANY_HOST, "allow_credentials": True}, {"A-CFG-10": ["allow_origin_regex"]}),
    ({"allow_origin_regex": ".*"}, {"A-CFG-10": ["allow_origin_regex"]}),
    (
        {"allow_origins": ["http://*.a.example", "http://localhost:*"], "allow_credentials": True},
        {"A-CFG-8": ["allow_origins[0]"]},
    ),
    (
        {
            "allow_origins": ["http://a.example:*"],
            "allow_origin_regex": ANY_SCHEME,
            "allow_credentials": True,
        },
        {"A-CFG-8": ["allow_origins[0]", "allow_origin_regex"], "A-CFG-10": ["allow_origin_regex"]},
    ),
    (
        {"allow_origins": ["http://a_b.example", "https://a.example:0", "app://.", "file://", "http://a.b."]},
        {"A-CFG-22": [f"allow_origins[{index}]" for index in range(5)]},
    ),
    (
        {"allow_origins": ["http://a_b.example"], "allow_credentials": True},
        {"A-CFG-22": ["allow_origins[0]"], "A-CFG-8": ["allow_origins[0]"]},
    ),
]
WISE: list[dict[str, Any]] = [
    {"allow_origins": ["*", "*"]},
    {"allow_origin_regex": r"https://.*\.example\.org", "allow_credentials": True},
    {
        "allow_origins": [
            "http://localhost",
            "http://a.localhost:1",
            "http://127.0.0.9",
            "http://[::1]",
        ],
        "allow_credentials": True,
    },
    {"allow_origins": ["http://a.example"]},
    {
        "allow_origins": [
            "https://*.a.example",
            "http://*.localhost",
            "http://127.0.0.1:*",
            "http://[::1]:*",
        ],
        "allow_credentials": True,
    },
    {"allow_origins": ["http://*.a.example"]},
]


@pytest.mark.slow
@pytest.mark.mutation
@pytest.mark.parametrize(("arguments", "expected"), UNWISE)
def test_one_warning_for_each_rule_names_every_place(
    arguments: dict[str, Any], expected: dict[str, list[str]]
) -> None:
    check_warnings(arguments, expected)


@pytest.mark.parametrize("arguments", WISE)
def test_a_wise_configuration_is_accepted_in_silence(arguments: dict[str, Any]) -> None:
    assert advice(**arguments) == []


# Values for allow_origin_regex, and what both arguments are corrected to.
REGEXES: list[tuple[Any, Any, Any]] = [
    (LABELS.encode(), (), LABELS),
    (bytearray(LABELS.encode()), (), LABELS),
    (re.compile(LABELS.encode()), (), LABELS),
    (re.compile(LABELS.encode(), re.I), None, None),
    (b"https://*.a.example", ("https://*.a.example",), None),
    (["https://*.a.example", LABELS], ("https://*.a.example",), LABELS),
    (b".*", None, None),
    (b"(", None, None),
    ([LABELS], (), LABELS),
    ((LABELS, OTHER_LABELS), (), BOTH),
    ([LABELS, r"https://(a)\1\.b\.example"], None, None),
    ([A], (A,), None),
    ([], None, None),
    ([None], None, None),
    (pydantic.AnyHttpUrl(A), (A,), None),
    (7, None, None),
    (object(), None, None),
    ("*.a.example", ("https://*.a.example",), None),
    (re.compile("https://*.a.example"), ("https://*.a.example",), None),
    ("https://pr-*.a.example", (), r"https://pr-[a-z0-9-]+\.a\.example"),
    ("https://*.a.example,https://pr-*.a.example", ("https://*.a.example",), r"https://pr-[a-z0-9-]+\.a\.example"),
    (r"*.a\.example", ("https://*.a.example",), None),
    ("https://*", None, None),
    ("*.com", None, None),
    ("https://(", None, None),
    ("", None, None),
]  # fmt: skip


@pytest.mark.parametrize(("value", "origins", "expected"), REGEXES)
def test_what_is_no_regex_becomes_one_or_moves_to_the_list(value: Any, origins: Any, expected: Any) -> None:
    arguments = {"allow_origins": [B], "allow_origin_regex": value}
    for given, before in (({"allow_origin_regex": value}, ()), (arguments, (B,))):
        error = refusal(**given)
        check(given, error)
        if origins is None and not (value == "" and before):
            assert error.corrected is None
        else:
            assert error.corrected is not None
            assert error.corrected.allow_origins == (*before, *(origins or ()))
            assert error.corrected.allow_origin_regex == expected


def test_an_empty_regex_is_left_out_beside_one_origin_that_is_no_list() -> None:
    error = refusal(allow_origins=A, allow_origin_regex="")
    assert error.corrected == Config((A,))
    assert refusal(allow_origins="", allow_origin_regex="").corrected is None
    assert review(Config((A,), allow_origin_regex=""))[1] == []


@pytest.mark.parametrize("regex", ["", re.compile("")])
def test_an_empty_entry_is_left_out_where_somebody_remains(regex: Any) -> None:
    alone = refusal(allow_origins=[""], allow_origin_regex=regex)
    assert [problem.correction for problem in alone.problems] == [None, None]
    assert refusal(allow_origins=["", A], allow_origin_regex=regex).corrected == Config((A,))
    other = refusal(allow_origins=[""], allow_origin_regex=re.compile(LABELS))
    assert other.corrected == Config((), allow_origin_regex=LABELS)


def correction(**arguments: Any) -> dict[str, Any] | None:
    """What the corrected configuration has in the place of what was given, of arguments that are refused."""
    error = refusal(**arguments)
    check(arguments, error)
    if error.corrected is None:
        return None
    given = replace(Config(), **{name: gather(value) for name, value in arguments.items()})
    before = {name: (type(value), value) for name, value in vars(given).items()}
    return {
        name: value for name, value in vars(error.corrected).items() if (type(value), value) != before[name]
    }


def test_no_list_of_origins_is_an_empty_one_beside_a_regex() -> None:
    assert correction(allow_origins=None, allow_origin_regex=r"https://a\.example") == {"allow_origins": ()}


@pytest.mark.parametrize("entry", ["*", "null"])
@pytest.mark.parametrize("credentials", ["true", 1, "maybe", "", 2])
def test_credentials_are_never_corrected_beside_everybody(entry: str, credentials: Any) -> None:
    for origins in ([A, entry], entry, [f" {entry.upper()}"], [[entry]], entry.encode()):
        error = refusal(allow_origins=origins, allow_credentials=credentials)
        assert error.corrected is None
        check({"allow_origins": origins, "allow_credentials": credentials}, error)
    assert correction(allow_origins=[A, entry], allow_credentials="false") == {"allow_credentials": False}
    assert correction(allow_origins=[A, entry], allow_credentials=None) == {"allow_credentials": False}
