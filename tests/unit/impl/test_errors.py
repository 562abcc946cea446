"""Every configuration that cannot work is refused, with all its problems in words that help."""

from __future__ import annotations

import pickle
import re
import warnings
from collections.abc import Iterator
from dataclasses import FrozenInstanceError
from typing import Any

import pytest

from impl import CORSConfigError, CORSConfigWarning, CORSMiddleware, Problem
from impl.validation import regex
from tests.helpers.asgi import Recorder
from tests.unit.impl.cases import advice, findings, given, refusal

LISTS = ("allow_origins", "allow_methods", "allow_headers", "expose_headers")
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
    ("A-CFG-2", {"allow_methods": b"GET"}, "allow_methods = b'GET'", "letter", "allow_methods=['GET']"),
    ("A-CFG-2", {"allow_headers": ""}, "allow_headers = ''", "letter", "allow_headers=[]"),
    ("A-CFG-2", {"expose_headers": "*"}, "expose_headers = '*'", "letter", "expose_headers=['*']"),
    (
        "A-CFG-3",
        {"allow_origins": ["https://a.example", 7]},
        "allow_origins[1] = 7",
        "not a str",
        "a str",
    ),
    ("A-CFG-3", {"allow_methods": [7]}, "allow_methods[0] = 7", "not a str", "a str."),
    ("A-CFG-3", {"allow_methods": [None]}, "allow_methods[0] = None", "not a str", "leave it out."),
    ("A-CFG-3", {"allow_headers": [b"X-A"]}, "allow_headers[0] = b'X-A'", "not a str", "'X-A'"),
    ("A-CFG-3", {"expose_headers": [["X-A"]]}, "expose_headers[0] = ['X-A']", "not a str", "'X-A'"),
    ("A-CFG-3", {"expose_headers": [("X-A",)]}, "expose_headers[0] = ('X-A',)", "not a str", "a str."),
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
    ("A-CFG-12", {"allow_methods": ["GET", "A B"]}, "allow_methods[1] = 'A B'", "not a method", "one method"),
    (
        "A-CFG-12",
        {"allow_methods": ["GET, B C"]},
        "allow_methods[0] = 'GET, B C'",
        "not a method",
        "one method in each string.",
    ),
    ("A-CFG-12", {"allow_methods": [""]}, "allow_methods[0] = ''", "not a method", "leave it out."),
    ("A-CFG-12", {"allow_methods": ["GET\n"]}, r"allow_methods[0] = 'GET\n'", "not a method", "'GET'"),
    (
        "A-CFG-12",
        {"allow_methods": ["TRACE"]},
        "allow_methods[0] = 'TRACE'",
        "never let a script",
        "leave it",
    ),
    (
        "A-CFG-12",
        {"allow_methods": ["Track"]},
        "allow_methods[0] = 'Track'",
        "never let a script",
        "leave it",
    ),
    ("A-CFG-12", {"allow_methods": ["connect"]}, "allow_methods[0] = 'connect'", "never let", "leave it out"),
    ("A-CFG-14", {"allow_headers": ["X-A:"]}, "allow_headers[0] = 'X-A:'", "not a header name", "'X-A'"),
    (
        "A-CFG-14",
        {"allow_headers": ["X-A, X-B"]},
        "allow_headers[0] = 'X-A, X-B'",
        "not a header name",
        "'X-A', 'X-B'",
    ),
    (
        "A-CFG-14",
        {"expose_headers": ["X-A", "X\r\nSet-Cookie: a=b"]},
        r"expose_headers[1] = 'X\r\nSet-Cookie: a=b'",
        "not a header name",
        "one header name in each string",
    ),
    ("A-CFG-17", {"max_age": True}, "max_age = True", "not an int", "whole seconds"),
    ("A-CFG-17", {"max_age": 600.5}, "max_age = 600.5", "not an int", "whole seconds"),
    ("A-CFG-17", {"max_age": "600"}, "max_age = '600'", "not an int", "max_age=600"),
    ("A-CFG-17", {"max_age": None}, "max_age = None", "not an int", "whole seconds"),
    ("A-CFG-17", {"max_age": -1}, "max_age = -1", "negative", "whole seconds"),
    ("A-CFG-17", {"max_age": 10**5000}, "max_age = ", "too many digits", "whole seconds"),
    ("A-CFG-19", {"allow_credentials": 1}, "allow_credentials = 1", "not a bool", "allow_credentials=True"),
    (
        "A-CFG-19",
        {"allow_credentials": "no"},
        "allow_credentials = 'no'",
        "not a bool",
        "allow_credentials=False",
    ),
    ("A-CFG-19", {"allow_private_network": None}, "allow_private_network = None", "not a bool", "=False"),
    ("A-CFG-21", {"allow_origin_regex": ""}, "allow_origin_regex = ''", "matches no origin", "leave it out"),
    (
        "A-CFG-21",
        {"allow_origin_regex": re.compile("")},
        "allow_origin_regex = ",
        "matches no",
        "leave it out",
    ),
    *(("A-CFG-20", {name: None}, f"{name} = None", "not a list of strings", f"{name}=[") for name in LISTS),
    *(("A-CFG-20", {name: 5}, f"{name} = 5", "not a list of strings", f"{name}=[") for name in LISTS),
    *(
        (
            "A-CFG-13",
            {"allow_methods": ["PATCH", name]},
            f"allow_methods[1] = '{name}'",
            "in upper case only",
            f"'{name.upper()}'",
        )
        for name in ("delete", "Get", "head", "oPTIONS", "post", "puT")
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

NOT_A_LIST = "This is not a list of strings, nor anything else that can be iterated."
ONE_STRING = "One string is not a list of strings: it would be taken letter by letter."
NO_METHOD = "This is not a method: one or more letters, digits or !#$%&'*+-.^_`|~ and nothing else."
ODD_METHOD = "Browsers send methods exactly as a script writes them, and nobody means a method of this name."
EVERY_METHOD = "the methods by name, or '*' for all standard ones."
NO_HEADER = "This is not a header name: letters, digits or !#$%&'*+-.^_`|~ and nothing else."
SECONDS = "whole seconds, for instance 600; 0 for no caching."
UNSETTABLE = "Scripts cannot set this header, so browsers never ask for it."
TLS = (
    "Whoever can alter traffic on the way can put a script into a page served without TLS, and that script "
    "may then use the user's credentials."
)
NULL = "Any site can make a document whose origin is null (a sandboxed iframe), so this allows them all"
REAL_ORIGIN = "leave it out, and serve the page that needs it from a real origin."
ANYWHERE = "scheme://host or scheme://host:port, exactly as the browser sends it in the Origin header."
ALONE = "either '*' alone, or the others alone."
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
    *(({name: "a, é"}, "A-CFG-2", ONE_STRING, f"{name}=[…], a list of strings.") for name in LISTS),
    ({"allow_origins": b"\xe9"}, "A-CFG-2", ONE_STRING, "allow_origins=[…], a list of strings."),
    ({"allow_origins": "a.example"}, "A-CFG-2", ONE_STRING, "allow_origins=['https://a.example']"),
    ({"allow_methods": "PUT,X"}, "A-CFG-2", ONE_STRING, "allow_methods=['PUT', 'X']"),
    ({"allow_headers": "X-A X-B"}, "A-CFG-2", ONE_STRING, "allow_headers=['X-A', 'X-B']"),
    ({"allow_origins": [7]}, "A-CFG-3", "This is not a str.", "a str."),
    (
        {"allow_origins": ["*", "https://a.example"]},
        "A-CFG-6",
        "This allows every origin, so the other entries change nothing.",
        ALONE,
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
    ({"allow_methods": ["é"]}, "A-CFG-12", NO_METHOD, "one method in each string."),
    (
        {"allow_methods": ["TRACE"]},
        "A-CFG-12",
        "Browsers never let a script send this method.",
        "leave it out.",
    ),
    (
        {"allow_methods": ["get"]},
        "A-CFG-13",
        "Methods are case-sensitive, and browsers send this one in upper case only.",
        "'GET'",
    ),
    ({"allow_headers": [" X-A: "]}, "A-CFG-14", NO_HEADER, "'X-A'"),
    ({"expose_headers": ["X A"]}, "A-CFG-14", NO_HEADER, "one header name in each string."),
    ({"allow_headers": ["Proxy-A B"]}, "A-CFG-14", NO_HEADER, "one header name in each string."),
    ({"allow_headers": ["DNT"]}, "A-CFG-15", UNSETTABLE, "leave it out."),
    ({"allow_headers": ["Set-Cookie"]}, "A-CFG-15", UNSETTABLE, "leave it out."),
    (
        {"allow_headers": ["Cookie2"]},
        "A-CFG-15",
        f"{UNSETTABLE} Cookies are allowed by allow_credentials=True.",
        "leave it out.",
    ),
    (
        {"allow_headers": ["Cookie"]},
        "A-CFG-15",
        f"{UNSETTABLE} Cookies are allowed by allow_credentials=True.",
        "leave it out.",
    ),
    (
        {"allow_headers": ["Access-Control-Max-Age"]},
        "A-CFG-15",
        "This is a response header; allow_headers lists what requests may carry.",
        "leave it out.",
    ),
    (
        {"expose_headers": ["Set-Cookie"]},
        "A-CFG-16",
        "Browsers never show this header to a script.",
        "leave it out.",
    ),
    (
        {"expose_headers": ["*"], "allow_credentials": True},
        "A-CFG-16",
        "When a request has credentials, browsers take this for a header that is named *.",
        "the names of the headers.",
    ),
    ({"max_age": 1.5}, "A-CFG-17", "This is not an int.", SECONDS),
    ({"max_age": -1}, "A-CFG-17", "This is negative.", SECONDS),
    ({"max_age": 0.0}, "A-CFG-17", "This is not an int.", "max_age=0"),
    ({"max_age": 10**5000}, "A-CFG-17", "This has too many digits to be written.", SECONDS),
    (
        {"max_age": 86_401},
        "A-CFG-18",
        "Browsers do not remember a preflight for longer than a day, Chromium only for two hours.",
        "at most 86400.",
    ),
    ({"allow_credentials": 2}, "A-CFG-19", "This is not a bool.", "True or False."),
    *(({name: 5}, "A-CFG-20", NOT_A_LIST, f"{name}=[…], a list of strings.") for name in LISTS),
    ({"allow_origins": None}, "A-CFG-20", NOT_A_LIST, "allow_origins=[…], a list of strings."),
    ({"allow_methods": None}, "A-CFG-20", NOT_A_LIST, "allow_methods=['GET']"),
    ({"allow_headers": None}, "A-CFG-20", NOT_A_LIST, "allow_headers=[]"),
    (
        {"allow_origin_regex": "http://*.co.uk"},
        "A-CFG-26",
        "This is a glob, and a regex is expected: in a regex, * repeats what is before it.",
        "a pattern in allow_origins, such as https://*.example.com or http://localhost:*.",
    ),
    (
        {"allow_origins": []},
        "A-CFG-27",
        "No origin is allowed: the list is empty, and there is no regex.",
        "the origins that may read responses; is the variable set that they are read from?",
    ),
    ({"allow_methods": ["patch"]}, "A-CFG-28", ODD_METHOD, "'PATCH'"),
    ({"allow_methods": ["GET|POST|GET"]}, "A-CFG-28", ODD_METHOD, "one string each: 'GET', 'POST'"),
    ({"allow_methods": ["GET|ALL"]}, "A-CFG-28", ODD_METHOD, EVERY_METHOD),
    ({"allow_methods": ["any"]}, "A-CFG-28", ODD_METHOD, EVERY_METHOD),
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
    (
        {"allow_headers": ["*", "X-A"]},
        "A-CFG-23",
        "This allows every header, so the other names change nothing.",
        ALONE,
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
                ANYWHERE,
            ),
            ("https://", f"{DEAD}: the host is missing.", ANYWHERE),
            ("http://a.example:65536", PORT, ANYWHERE),
            (
                "http://U@::1",
                f"{DEAD}: it has upper-case letters; it has a user name (what stands before an @); an IPv6 "
                "address needs [brackets].",
                ANYWHERE,
            ),
            (
                "https://example.com:",
                f"{DEAD}: browsers leave out the default port, zeros before a port, and a colon without one.",
                "'https://example.com'",
            ),
            ("https://b ücher.example", PUNYCODE, ANYWHERE),
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
            ("app://", AFTER, ANYWHERE),
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
    error = refusal(**arguments)
    (problem,) = error.problems
    assert (problem.rule, problem.value) == (rule, given(problem, arguments))
    assert place.startswith(problem.place)
    assert reason in problem.reason
    assert repair in problem.repair
    message = str(error)
    assert message.startswith("1 problem in the arguments of CORSMiddleware\n\n  ")
    assert f"  {place}" in message
    assert f"\n    {rule}: {problem.reason.split()[0]} " in message
    assert max(map(len, message.splitlines())) <= 80


@pytest.mark.parametrize(("arguments", "rule", "reason", "repair"), WORDS)
def test_what_is_said_is_said_in_full(arguments: dict[str, Any], rule: str, reason: str, repair: str) -> None:
    (problem,) = findings(**arguments)
    assert (problem.rule, problem.reason, problem.repair) == (rule, reason, repair)


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

ESCAPED = r"\* is the character *, which no origin has (a glob that was escaped?)"
PATH = "nothing follows the host and the port, not even a slash"
DEFAULT = "browsers leave out the default port"
LOWER_CASE = "origins are in lower case"
NO_SCHEME = "an origin starts with its scheme, as in https://"
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
    (r"https://a\.example:080", "This", GENERAL),
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


def test_every_problem_is_told_at_once_in_the_order_of_the_arguments() -> None:
    error = refusal(
        allow_origins=["*", 3, "https://A.example", "null"],
        allow_methods=["get", "TRACE", "x y"],
        allow_headers="X-A",
        allow_credentials=True,
        allow_origin_regex="(",
        allow_private_network=0,
        expose_headers=["a:", None],
        max_age=-5,
    )
    assert [(problem.place, problem.rule) for problem in error.problems] == [
        ("allow_origins[0]", "A-CFG-1"),
        ("allow_origins[1]", "A-CFG-3"),
        ("allow_origins[2]", "A-CFG-5"),
        ("allow_origins[3]", "A-CFG-7"),
        ("allow_methods[0]", "A-CFG-13"),
        ("allow_methods[1]", "A-CFG-12"),
        ("allow_methods[2]", "A-CFG-12"),
        ("allow_headers", "A-CFG-2"),
        ("allow_origin_regex", "A-CFG-9"),
        ("allow_private_network", "A-CFG-19"),
        ("expose_headers[0]", "A-CFG-14"),
        ("expose_headers[1]", "A-CFG-3"),
        ("max_age", "A-CFG-17"),
    ]
    assert str(error).startswith("13 problems in the arguments of CORSMiddleware\n\n")
    assert all(problem.place in str(error) for problem in error.problems)


def test_the_whole_message_of_two_places_with_one_fault() -> None:
    assert str(refusal(allow_methods=["GET", 1, 2], max_age=-1)) == (
        "3 problems in the arguments of CORSMiddleware\n"
        "\n"
        "  allow_methods[1] = 1\n"
        "  allow_methods[2] = 2\n"
        "    A-CFG-3: This is not a str.\n"
        "    Instead: a str.\n"
        "\n"
        "  max_age = -1\n"
        "    A-CFG-17: This is negative.\n"
        "    Instead: whole seconds, for instance 600; 0 for no caching."
    )


def test_a_long_message_is_folded_between_words() -> None:
    assert str(refusal(allow_origins=["*", "null"], allow_credentials=True)) == (
        "2 problems in the arguments of CORSMiddleware\n"
        "\n"
        "  allow_origins[0] = '*'\n"
        "    A-CFG-1: Browsers refuse a wildcard answer when a request has credentials;\n"
        "    and answering every origin by its name would let any site act as the\n"
        "    logged-in user.\n"
        "    Instead: the origins that may use credentials, each by name, or no\n"
        "    allow_credentials.\n"
        "\n"
        "  allow_origins[1] = 'null'\n"
        "    A-CFG-7: Any site can make a document whose origin is null (a sandboxed\n"
        "    iframe), so this allows them all, with the user's credentials.\n"
        "    Instead: leave it out, and serve the page that needs it from a real\n"
        "    origin."
    )


def test_a_suggestion_is_never_folded() -> None:
    host = "a-" * 50 + "a.example"
    lines = str(refusal(allow_origins=[f"https://{host}/"])).splitlines()
    assert lines[-2:] == ["    Instead:", f"    'https://{host}'"]


def test_a_huge_value_is_shown_short() -> None:
    for length, shown in (
        (52, "a" * 52),
        (53, "a" * 24 + "..." + "a" * 25),
        (100_000, "a" * 24 + "..." + "a" * 25),
    ):
        message = str(refusal(max_age="a" * length))
        assert message.splitlines()[2] == f"  max_age = '{shown}'"


def test_a_value_that_cannot_be_shown_does_not_hide_the_problem() -> None:
    class Mute:
        def __repr__(self) -> str:
            raise RuntimeError

    assert "\n  max_age = <Mute object>\n" in str(refusal(max_age=Mute()))


def test_the_error_is_a_value_error_that_survives_pickling() -> None:
    error = refusal(max_age=-1)
    assert isinstance(error, ValueError)
    copy = pickle.loads(pickle.dumps(error))
    assert isinstance(copy, CORSConfigError)
    assert copy.problems == error.problems
    assert str(copy) == str(error)
    assert str(pickle.loads(pickle.dumps(CORSConfigError(each for each in error.problems)))) == str(error)


def test_the_corrected_configuration_survives_pickling() -> None:
    error = refusal(
        allow_origins=["https://A.example"], allow_origin_regex=re.compile(r"https://b\.example", re.I)
    )
    copy = pickle.loads(pickle.dumps(error))
    assert copy.corrected == error.corrected
    assert copy.corrected is not None
    assert copy.problems == error.problems


def test_an_error_made_of_a_text_is_like_any_other() -> None:
    error = CORSConfigError("no")
    assert (str(error), error.args, error.problems, error.corrected) == ("no", ("no",), (), None)
    copy = pickle.loads(pickle.dumps(error))
    assert (type(copy), str(copy), copy.args) == (CORSConfigError, "no", ("no",))
    assert (str(CORSConfigError()), CORSConfigError().problems) == ("", ())


def test_a_problem_is_frozen() -> None:
    (problem,) = refusal(max_age=-1).problems
    assert isinstance(problem, Problem)
    with pytest.raises(FrozenInstanceError):
        problem.rule = "A-CFG-0"  # type: ignore[misc]  # the very assignment that must fail


def test_errors_win_over_warnings_that_raise() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(CORSConfigError) as raised:
            CORSMiddleware(Recorder(), allow_origins=["null", "*", "x"], max_age=100_000)
    assert [problem.rule for problem in raised.value.problems] == ["A-CFG-5"]


def test_warnings_are_given_beside_errors() -> None:
    with pytest.warns(CORSConfigWarning, match="A-CFG-18"), pytest.raises(CORSConfigError):
        CORSMiddleware(Recorder(), ["https://a.example"], allow_methods=["get"], max_age=100_000)


def test_an_iterable_that_raises_is_heard() -> None:
    def origins() -> Iterator[str]:
        yield "https://a.example"
        raise TypeError("broken source")

    with pytest.raises(TypeError, match="broken source"):
        CORSMiddleware(Recorder(), allow_origins=origins())
