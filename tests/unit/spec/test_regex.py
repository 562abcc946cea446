"""What the spec says of a regex: every witness is held to what it claims, and good regexes are left alone."""

import inspect
import multiprocessing
import os
import re
import subprocess
import sys
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spec import regex as regex_module
from spec.origin import Kind, canonical, is_loopback, is_origin_shaped, parts
from spec.regex import Judgement, is_glob, judge
from spec.strategies import ORIGINS, PATTERNS
from spec.suffixes import registrable_domain
from tests import ROOT
from tests.helpers.thresholds import hit, thresholds
from tests.helpers.timing import takes_long

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

CASES = ROOT / "tests/cases"


def rows(*kinds: str) -> list[Any]:
    """The cases of these kinds, in both files."""
    found = []
    for name in ("regexes.toml", "regexes_more.toml"):
        cases = tomllib.loads((CASES / name).read_text("utf-8"))
        assert set(cases) <= {"broad", "dead", "slow", "glob", "fine"}
        found += [pytest.param(row, id=row["regex"]) for kind in kinds for row in cases[kind]]
    return found


def regexes(*kinds: str) -> list[Any]:
    return [pytest.param(case.values[0]["regex"], id=case.id) for case in rows(*kinds)]


def unescaped(regex: str) -> str:
    """A regex without what makes characters ordinary: a site that it names is in that, or a case says how."""
    return re.sub(r"[\\()^$]|\[\.\]", "", regex).lower()


def site(origin: str) -> str:
    found = parts(origin)
    assert found is not None
    is_address = found.host.startswith("[") or found.host.replace(".", "").isdigit()
    return found.host if is_address else registrable_domain(found.host) or found.host


# The cases


def test_there_are_enough_cases() -> None:
    least = {"broad": 30, "dead": 20, "slow": 25, "glob": 10, "fine": 75}
    assert {kind: len(rows(kind)) >= number for kind, number in least.items()} == dict.fromkeys(least, True)
    every = regexes(*least)
    assert len({case.id for case in every}) == len(every)


@pytest.mark.slow
@pytest.mark.mutation_skip
@pytest.mark.parametrize("regex", regexes("fine"))
def test_nothing_is_said_of_a_good_regex(regex: str) -> None:
    found = judge(regex)
    assert found == Judgement((), found.plain_http, False, None)
    assert not is_glob(regex)


@pytest.mark.slow
@pytest.mark.mutation_skip
@pytest.mark.parametrize("row", rows("broad"))
def test_a_broad_regex_allows_unrelated_origins(row: dict[str, str]) -> None:
    found = judge(row["regex"])
    assert found.unrelated and not found.dead and found.slow is None
    assert re.fullmatch(row["regex"], row["lets_in"])
    assert canonical(row["lets_in"]).kind is Kind.CANONICAL
    assert site(row["lets_in"]) not in unescaped(row["regex"])
    assert any(site(origin) not in unescaped(row["regex"]) for origin in found.unrelated)


@pytest.mark.slow
@pytest.mark.mutation_skip
@pytest.mark.parametrize("regex", regexes("dead"))
def test_a_dead_regex_or_branch_is_found(regex: str) -> None:
    found = judge(regex)
    assert found == Judgement((), found.plain_http, True, None)


@pytest.mark.slow
@pytest.mark.mutation_skip
@pytest.mark.parametrize("row", rows("slow"))
def test_a_slow_regex_is_found(row: dict[str, str]) -> None:
    found = judge(row["regex"])
    assert found.slow is not None and not found.unrelated
    assert is_origin_shaped(found.slow.encode()) and is_origin_shaped(row["slow"].encode())


@pytest.mark.parametrize("row", rows("glob"))
def test_a_glob_is_found(row: dict[str, str]) -> None:
    assert is_glob(row["regex"])
    assert is_origin_shaped(row["meant"].encode())


@pytest.mark.slow
@pytest.mark.mutation_skip
@pytest.mark.parametrize("regex", regexes("broad", "dead", "slow", "fine"))
def test_every_witness_is_what_it_claims(regex: str) -> None:
    found = judge(regex)
    assert max(len(found.unrelated), len(found.plain_http)) <= 3
    for origin in found.unrelated + found.plain_http:
        assert is_origin_shaped(origin.encode())
        assert canonical(origin).kind is Kind.CANONICAL
        host = parts(origin)
        assert host is not None and max(map(len, host.host.split("."))) <= 63
    if found.slow is None:
        assert all(re.fullmatch(regex, origin) for origin in found.unrelated + found.plain_http)
    assert all(origin.startswith("http://") and not is_loopback(origin) for origin in found.plain_http)


# Time


def _match(work: list[tuple[str, str]], connection: Any) -> None:
    compiled = [(re.compile(regex), word) for regex, word in work]
    connection.send(0.0)
    for regex, word in compiled:
        start = time.perf_counter()
        regex.fullmatch(word)
        connection.send(time.perf_counter() - start)


def seconds(work: list[tuple[str, str]], most: float) -> list[float]:
    """How long each of these takes, in a process that is stopped when one takes longer than `most`."""
    ours, theirs = multiprocessing.Pipe(False)
    process = multiprocessing.get_context("spawn").Process(target=_match, args=(work, theirs))
    process.start()
    try:
        ours.recv()
        found: list[float] = []
        while len(found) < len(work):
            if not ours.poll(most):
                return [*found, most]
            found.append(ours.recv())
        return found
    finally:
        process.kill()
        process.join()


@pytest.mark.slow
@pytest.mark.parametrize("row", rows("slow"))
def test_a_slow_regex_takes_long_for_its_witness(row: dict[str, str]) -> None:
    found = judge(row["regex"])
    assert found.slow is not None
    assert takes_long(row["regex"], found.slow)
    assert takes_long(row["regex"], row["slow"])


PUMPS = (
    "a",
    "1",
    "-",
    ".",
    "a.",
    "a-",
    "a1",
    "ab",
    "e",
    "b",
    "example.com",
    ".example.com",
    ":",
    "1.",
    "a-.",
)
ENDS = ("!", ".example.com!", ".example.co", "://!", "/")


@pytest.mark.slow
def test_no_other_regex_takes_long() -> None:
    starts = ("", "https://", "http://", "https://app", "https://a.")
    words = [(start + pump * 512)[:495] + end for start in starts for pump in PUMPS for end in ENDS]
    quick = [case.values[0]["regex"] for case in rows("fine", "broad", "dead")]
    work = [(regex, word) for regex in quick for word in words]
    took = seconds(work, 0.3)
    assert len(took) == len(work) and max(took) < 0.3, work[len(took) - 1]


NASTY = [
    "(a{0,400}){0,400}",
    r"https://(a{0,400}){0,400}\.example\.com",
    "(" * 50 + "https://a" + ")" * 50,
    "https://" + "(" * 50 + "a" + ")*" * 50 + "b",
    "https://" + "(a|" * 50 + "b" + ")" * 50,
    "https://(?:" + "|".join(f"tenant{number}" for number in range(2000)) + r")\.example\.com",
    "|".join(rf"https://tenant{number}\.example{number % 7}\.com" for number in range(2000)),
    "https://[" + "".join(map(chr, range(0x100, 0x2000))) + "a-z]+",
    "(((.*)*)*)*",
    "https://" + "a" * 10_000,
    "https://" + "a?" * 2000 + "b",
    "https://" + "(|)" * 30 + "a",
    ".*" * 20,
    ".{0,500}://.{0,500}",
    "(?:.{0,100}){0,100}://(?:.{0,100}){0,100}x",
    "(?:x" * 90 + "){0,3}" * 90,
    r"https://(?:[a-z0-9-]{1,63}\.){1,10}example\.com",
]


@pytest.mark.slow
@pytest.mark.parametrize("regex", NASTY, ids=lambda regex: regex[:20])
def test_judging_is_bounded(regex: str) -> None:
    start = time.process_time()
    judge(regex)
    assert time.process_time() - start < 10


@pytest.mark.slow
@pytest.mark.mutation_skip
def test_what_is_nested_too_deeply_is_not_judged() -> None:
    depth = 300
    regex = "https://" + "(?:x" * depth + ")*" * depth
    try:
        re.compile(regex)
    except RecursionError:
        pytest.skip("Python itself refuses it")
    assert judge(regex).unrelated == ()


# Globs


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("*", True),
        ("*a", True),
        ("", False),
        ("a", False),
        (".*", False),
        ("*.a.*", False),
        ("*.a.b*", True),
        ("http://*", True),
        ("https?://*", True),
        ("http(s)?://*", True),
        ("http?://*", False),
        ("ftp(s)?://*", False),
        ("https?*", True),
        ("a+b.c-1://*", True),
        ("a+*", True),
        ("*a+", False),
        ("1+://*", False),
        ("://*", True),
        ("*://*", True),
        ("*:8080/a_b, c", True),
        (r"*\.a", False),
        ("*(a)", False),
        ("*[a]", False),
        ("*|a", False),
        ("*$", True),
        ("^*", True),
        ("$*", False),
        ("*^", False),
        ("^^*", False),
        ("*$$", False),
        ("^.*$", False),
        ("^https://*.a.example$", True),
        ("*{2}", False),
        ("*?", False),
        ("*\n", False),
        ("*\u00e9", False),
        ("*\u0661", False),
        ("http://[::1]:*", True),
        ("http://[::FFFF:1.2.3.4]*", True),
        ("http://[12]*", False),
        ("http://[1:g]*", False),
        ("http://[.:1]*", False),
    ],
)
def test_a_glob_has_a_star_and_nothing_of_a_regex(text: str, expected: bool) -> None:
    assert is_glob(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"^https?://localhost:*$", True),
        (r"(http://localhost:*)", True),
        (r"^(http://localhost:*)$", True),
        (r"(?:http://localhost:*$|https://a\.example)", True),
        (r"http://localhost:*|https://a\.example", True),
        (r"https://a\.example|http://localhost:*", True),
        (r"http(s)://localhost:*", True),
        (r"http[s]?://localhost:*", True),
        (r"https?://(localhost|127\.0\.0\.1):*", True),
        (r"http://\[::1\]:*|x", True),
        (r"http://\[::1\]\:*", True),
        (r"http://app[12]:*", True),
        (r"http://app\d:*", True),
        (r"https://.*\.A:*", True),
        (r"https://.*\.Z:*", True),
        (r"https://.*\.9:*", True),
        (r"https:\/\/*.a.example", True),
        (r"(https|http)://*.a\.example", True),
        (r"https://*.a\.example|x", True),
        # This is no port, or no label, or no regex.
        (r"https://a\.example(:.*)?", False),
        (r"https://a\.example:\d*", False),
        (r"https://a\.example:*\d+", False),
        (r"https://a\.example:*/x", False),
        (r"https://[^:]+:*", False),
        (r"https://(a):*x", False),
        (r"https://(a|:*)", False),
        (r"https://[a:*|b]", False),
        (r"https://[]a:*|b]", False),
        (r"https://[^]a:*|b]", False),
        (r"https://[\]a:*|b]", False),
        (r"https://(a\:\*)", False),
        (r"(https://a)\.:*", False),
        ("(https://a:*)\n|\\\n", True),
        (r"https://(?:)*.a\.example", False),
        (r"(https:)//*\.a\.example", False),
        (r"(https:)//*.*a\.example", False),
        (r"(https:)//*.+a\.example", False),
        (r"(https:)//*.?a\.example", False),
        (r"(https:)//*.{2}a\.example", False),
        (r"(http://localhost:*", False),
        (r"(https://*.a.example", False),
    ],
)
def test_a_regex_with_a_port_or_label_of_a_glob_is_one(text: str, expected: bool) -> None:
    assert is_glob(text) is expected


def test_whether_a_glob_is_a_regex_is_asked_of_any_text() -> None:
    assert not is_glob("(http://localhost:*)" + "a{99999999999999999999}")
    assert not is_glob("(" * 10_000 + "http://localhost:*" + ")" * 10_000)
    assert is_glob("[[h]ttp://localhost:*")


# Unrelated origins

UNRELATED: list[tuple[str, tuple[str, ...]]] = [
    # The site is the registrable domain, or the whole host.
    (r"https://[^/:]\.example\.com", ()),
    (r"https://[^/:]example\.com", ("https://bexample.com",)),
    (r"https://[a-z]+\.co\.uk", ("https://b.co.uk",)),
    (r"https://[a-z]+\.example\.co\.uk", ()),
    (r"https://[b-d]\.com", ("https://b.com",)),
    (r"https://[b-d]", ("https://c",)),
    (r"https://a[.]b[b-d]", ("https://a.bc",)),
    (r"https://[b-d]\.github\.io", ("https://c.github.io",)),
    (r"https://[b-d]\.a\.github\.io", ()),
    (r"https://[b-d]\.kobe\.jp", ("https://c.kobe.jp",)),
    (r"https://[b-d]\.a\.kobe\.jp", ("https://c.a.kobe.jp",)),
    (r"https://[b-d]\.city\.kobe\.jp", ()),
    (r"https://[b-d]\.localhost", ()),
    (r"https://localhost[b-d]", ("https://localhostb",)),
    # Literals and listed characters spell; ranges, categories, negated classes and dots do not.
    (r"https://[bc]\.com", ()),
    (r"https://(b|c)\.com", ()),
    (r"(?i)https://B\.com", ()),
    (r"https://[bc-d]\.com", ("https://b.com",)),
    (r"https://[^/]\.com", ("https://a.com",)),
    (r"https://\d\.com", ("https://1.com",)),
    (r"https://.\.com", ("https://a.com",)),
    (r"https://b[.]com", ()),
    (r"https://b.com", ("https://b-com", "https://b.com")),
    # What is named in another way is no unrelated origin.
    (r"https://[b-d]\.com|https://(?:b|c|d)\.com", ()),
    (r"https://[b-d]\.com|http://x\.b\.com", ()),
    (r"https://[b-d]\.com|http://b\.com:8080|ftp://x", ()),
    (r"https://[b-d]\.com|http://xb\.com", ("https://b.com",)),
    (r"https://[b-d]\.com|http://b\.co", ("https://b.com",)),
    # Whatever stands before the site, and behind it, need not be spelled.
    (r"[g-i]ttps?://example\.com", ()),
    (r"https://example\.com.*", ("https://example.comb", "https://example.comb:1", "https://example.comb:9")),
    (r"https://example\.com(:\d*)?", ()),
    # Labels have 63 letters at most.
    (r"https://[b-d]{63}\.com", ("https://" + "b" * 63 + ".com",)),
    (r"https://[b-d]{64}\.com", ()),
    (r"https://[b-d]\.b{64}\.com", ()),
    # Other schemes have no unrelated.
    (r"(app|https)://[b-d]\.com", ("https://b.com",)),
    (r"(app|http)://[b-d]\.com", ("http://b.com",)),
    (r"(app|httpx|xhttps)://[b-d]\.com", ()),
    (r"app://[b-d]", ()),
    (r"app://.*", ()),
    (r"[b-d]://app", ()),
    (r"app://b[_-]", ()),
    (r"(wss?|ftp)://[b-d]\.com|https://b\.com", ()),
    # Addresses: the whole address is the site, and those of local networks need no name.
    (r"http://192\.0\.2\.[1-2]", ("http://192.0.2.1", "http://192.0.2.2")),
    (r"http://192\.0\.2\.[12]", ()),
    (r"http://1[0]\.\d\.\d\.\d", ()),
    (r"http://9\.\d\.1\.1", ("http://9.1.1.1",)),
    (r"http://11\.[1]\.1\.[3-3]", ("http://11.1.1.3",)),
    (r"http://127\.\d+\.\d+\.\d+", ()),
    (r"http://12[6-6]\.0\.0\.1", ("http://126.0.0.1",)),
    (r"http://12[8-8]\.0\.0\.1", ("http://128.0.0.1",)),
    (r"http://172\.16\.\d\.\d", ()),
    (r"http://172\.31\.\d\.\d", ()),
    (r"http://172\.15\.1\.[1-1]", ("http://172.15.1.1",)),
    (r"http://172\.32\.1\.[1-1]", ("http://172.32.1.1",)),
    (r"http://172\.3\d\.1\.1", ("http://172.39.1.1",)),
    (r"http://192\.168\.\d\.\d", ()),
    (r"http://192\.16[7-7]\.1\.1", ("http://192.167.1.1",)),
    (r"http://192\.16[9-9]\.1\.1", ("http://192.169.1.1",)),
    (r"http://169\.254\.\d\.\d", ()),
    (r"http://169\.25[3-3]\.1\.1", ("http://169.253.1.1",)),
    (r"http://169\.25[5-5]\.1\.1", ("http://169.255.1.1",)),
    (r"http://25[6-9]\.1\.1\.1", ()),
    (r"http://25[5-5]\.1\.1\.1", ("http://255.1.1.1",)),
    (r"http://1\.1\.1\.1\.[b-d]", ("http://1.1.1.1.c",)),
    # IPv6 addresses are not judged.
    (r"http://\[::[1-1]\]", ()),
    (r"http://\[::[2-2]\]", ()),
    (r"https://\[[0-9a-f]::\]:\d+", ()),
    (r"https://(\[::[2-2]\]|[b-d])", ("https://c",)),
    # Ports.
    (r"https://[b-d]:6553[5-6]", ("https://c:65535",)),
    (r"https://[b-d]:6553[6-7]", ()),
    (r"https://[b-d]:44[3-3]", ()),
    (r"http://[b-d]:44[3-3]", ("http://c:443",)),
    (r"http://[b-d]:8[0-0]", ()),
    (r"http://[b-d]:8[0-1]", ("http://c:81",)),
    (r"http://[b-d]:0[1-1]", ()),
    # Punycode.
    (r"https://xn--[b-d]cher-kva\.[b-d]", ("https://xn--bcher-kva.b",)),
    (r"https://xn--\.[b-d]", ()),
    # Look-around and back-references are looked at in the end.
    (r"https://(?!b)[b-d]\.com", ()),
    (r"https://(?!x)[b-d]\.com", ("https://b.com",)),
    (r"https://([b-d])\1\.com", ()),
    (r"https://[b-d]\b\.com", ("https://b.com",)),
    (r"https://(b)?(?(1)[c-d]|[e-f])\.com", ("https://e.com",)),
    (r"https://(x?)\1(b+)+c[d-f]", ()),  # it may be slow, so nothing is tried
    # A site is named where a label begins, and where a host ends.
    (r"https://(?:[b-d]\.com|(x)\.\1)", ("https://b.com",)),
    (r"https://[b-d]\.com|http://b\.comx", ("https://b.com",)),
    (r"https://[b-d]\.com|http://(?:^b\.com)", ("https://b.com",)),
    (r"https://[b-d](?:(?:c?)*)*", ("https://b", "https://bc", "https://bcc")),
    (r"https://(?:c?)*[b-d]\.com", ("https://b.com",)),
    (r"https://[b-d]\.com|http://bx?(?:c?)*\.com", ()),
    # Few characters of a class are tried.
    (r"https://[X-Zc-e]", ("https://d",)),
    (r"http://192\.0\.2\.[2-9]", ("http://192.0.2.2", "http://192.0.2.9")),
    # Anchors.
    (r"^https://[b-d]$", ("https://c",)),
    (r"\Ahttps://[b-d]\Z", ("https://c",)),
    (r"(?m)^https://[b-d]$|x$y", ("https://c",)),
    (r"https://(^)[b-d]", ()),
    (r"https://[b-d]$[b-d]?", ("https://c",)),
    # Nothing is said about a slow regex but what is certain.
    (r"https://(b+)+c[b-d]", ("https://bcb",)),
    (r"https://(?!x)(b+)+c[b-d]", ()),
]


@pytest.mark.slow
@pytest.mark.mutation
@pytest.mark.parametrize(("regex", "expected"), UNRELATED)
def test_unrelated_origins_are_exactly_these(regex: str, expected: tuple[str, ...]) -> None:
    assert judge(regex).unrelated == expected


def test_a_site_is_found_behind_many_labels() -> None:
    assert judge(r"https://[b-d]\.a\.a\.a\.a\.a\.a\.example\.com").unrelated == ()
    assert judge(r"https://[b-d](?:\.a)*\.com").unrelated == ("https://b.com",)
    assert judge(r"https://[b-d](?:\.a)+\.com").unrelated == ()


# Plain http

PLAIN_HTTP: list[tuple[str, tuple[str, ...]]] = [
    (r"http://b\.com", ("http://b.com",)),
    (r"https?://b\.com", ("http://b.com",)),
    (r"(https|http)://b\.com:8080", ("http://b.com:8080",)),
    (r"https://b\.com", ()),
    (r"app://b", ()),
    (r"httpx://b", ()),
    (r"http://(b|localhost)", ("http://b",)),
    (r"http://localhost", ()),
    (r"http://localhost:\d+", ()),
    (r"http://localhost\.b", ("http://localhost.b",)),
    (r"http://127\.[0-9.]*", ()),
    (r"http://(127|128)\.0\.0\.1", ("http://128.0.0.1",)),
    (r"http://192\.168\.0\.1", ("http://192.168.0.1",)),
    (r"http://\[::[12]\]", ("http://[::2]",)),
    (r"http://\[::1\](:8)?", ()),
    (r"http://\[::[2-2]\]:8", ("http://[::2]:8",)),
    (r"http://b\.com/", ()),
    (r"http://b\.com:80", ()),
    (r"http://b_c", ()),
    (r"http://b{64}", ()),
    (r"http://b{63}", ("http://" + "b" * 63,)),
    (r"http://(?!b)b\.com", ()),
    (r"http://(b+)+c", ("http://bc",)),
    (r"http://(?!x)(b+)+c", ()),
    (r"http://1\.1\.1\.\d[19]?", ("http://1.1.1.1", "http://1.1.1.9", "http://1.1.1.11")),
]


@pytest.mark.parametrize(("regex", "expected"), PLAIN_HTTP)
def test_plain_http_is_exactly_this(regex: str, expected: tuple[str, ...]) -> None:
    assert judge(regex).plain_http == expected


# What matches nothing

DEAD: list[tuple[str, bool]] = [
    (r"https://b", False),
    (r"https://b/", True),
    (r"https://", True),
    (r"https:/b", True),
    (r"b", True),
    (r"://b", True),
    (r"1b://b", True),
    (r"b1+.-://b", False),
    (r"B://b", True),
    (r"app://B", False),
    (r"app://b!", False),
    (r"app://\*", True),
    (r"app://b,", True),
    (r"app://b@c", True),
    (r"app://b/", True),
    (r"ws://b", True),
    (r"wss://b", True),
    (r"ftp://b", True),
    (r"wsx://b", False),
    (r"(?:ws|bb)+://c", False),
    (r"(?:1|bb)+://c", False),
    (r"(?:wss|bb)+://c", False),
    (r"(?:ftp|bb)+://c", False),
    (r"ftps://b", False),
    (r"file://", True),
    (r"null", True),
    (r"(?i)HTTPS://B\.COM", False),
    (r"HTTPS://b\.com", True),
    (r"https://B\.com", True),
    # A long s is an s where case does not matter, but not in ASCII.
    (r"(?i)https://\u017f", False),
    (r"(?i)https://(?a:\u017f)", True),
    (r"https://(?i:\u017f)", False),
    (r"(?i)https://(?a:B)", False),
    (r"https://(?a:B)", True),
    (r"https://(?i:B)\.com", False),
    (r"(?i)https://(?-i:B)\.com", True),
    (r"x[:/]+b", False),
    (r"x://b?", False),
    # Unusual hosts can be sent.
    (r"https://\.b", True),
    (r"https://b\.[!0-9]", False),
    (r"https://b\.[_0-9]", False),
    (r"https://b\.[_0-9.]", False),
    (r"https://b\.[%_0-9]", True),  # of such signs only one is tried
    (r"https://b_c", False),
    (r"https://-b", False),
    (r"https://b\.", False),
    (r"https://b\.\.c", True),
    (r"https://b!", False),
    (r"https://b%", True),
    (r"https://b\^c", True),
    (r"https://b\|c", True),
    (r"https://b<c>", True),
    (r"https://\[b", True),
    (r"https://b\]", True),
    # Addresses.
    (r"https://1\.2\.3\.4", False),
    (r"https://1\.2\.3\.255", False),
    (r"https://1\.2\.3\.256", True),
    (r"https://1\.2\.3", True),
    (r"https://1\.2\.3\.4\.5", True),
    (r"https://1\.2\.3\.04", True),
    (r"https://0\.0\.0\.0", False),
    (r"https://b\.1", True),
    (r"https://b\.0x", True),
    (r"https://b\.0xg", False),
    (r"https://b1", False),
    (r"https://\d\.b", False),
    (r"https://999\.b", False),
    (r"https://\[::1\]", False),
    (r"https://\[::1\]:8", False),
    (r"https://\[0:0:0:0:0:0:0:1\]", True),
    (r"https://\[::B\]", True),
    # Ports.
    (r"https://b:443", True),
    (r"http://b:443", False),
    (r"http://b:80", True),
    (r"https://b:80", False),
    (r"https://b:0", False),
    (r"https://b:00", True),
    (r"https://b:08", True),
    (r"https://b:", True),
    (r"https://b:\d{5}", False),
    (r"https://b:\d{6}", True),
    (r"https://b:65535", False),
    (r"https://b:65536", True),
    (r"https://b:x", True),
    (r"https://b:8:8", True),
    (r"app://b:99999", False),
    (r"app://b:x", False),
    # Punycode.
    (r"https://xn--bcher-kva", False),
    (r"https://xn--bcher-kv", True),
    (r"https://xn--\.b", True),
    (r"https://b\.xn--\.b", True),
    (r"https://xn-b", False),
    (r"https://axn--bcher-kv\.b", False),
    (r"https://(xn--|b)\.b", True),
    # Branches.
    (r"https://(?:b|c)", False),
    (r"https://(?:bb|cc)", False),
    (r"https://(?:bb|cc/)", True),
    (r"https://(?:bb|CC)", True),
    (r"https://(?:bb|c(?:dd|D))\.com", True),
    (r"https://(?:bb|c(?:dd|e))\.com", False),
    (r"https://bb|", True),
    (r"https://b(?:cc|)", False),
    (r"https://b(?:cc|\b)", False),
    (r"https://b(?:|)", False),
    (r"https://(?:bb|:8)+", False),
    (r"https://b(?:cc|:8|:9x)*", True),
    (r"https://b(?:cc|:443)", True),
    (r"https?://b(?:cc|:443)", False),
    (r"(?:https|wss)://b", True),
    (r"(?:https|http)://b", False),
    (r"https://b(?:cc|dd){0}", True),
    (r"https://b(?:cc|$)", False),
    (r"https://b(?:cc|$)d", True),
    (r"https://b(?:cc|^)d", True),
    (r"(?:^|x)https://b", False),
    (r"(?:^|/)https://b", True),
    (r"https://(?=bb|cc)b", False),
    (r"https://(b)?(?(1)c|/)", False),
    (r"https://(b)(?(1)c)", False),
    (r"(?:ws|x)://b", True),
    (r"(?:wss|x)://b", True),
    (r"(?:ftp|x)://b", True),
    (r"(?:x:|x)://b", True),
    (r"app://(?:bcd/|b)", True),
    (r"(?:https|http)://b:443", True),
    (r"https://(?:1\.1\.1|x_):8", True),
    # Look-around, boundaries and back-references are taken for possible.
    (r"https://(?!b)b", False),
    (r"https://(?=c)b", False),
    (r"https://b\Bc", False),
    (r"https://(b)\1", False),
    (r"(?i)https://(b)\1", False),
    (r"https://b(?!)", False),
    (r"https:(?=//)b", True),
    (r"https:(x)?\1b", False),
    (r"https://(b)\1c", False),
    (r"https://b:1010(8?)0\1", False),
    # Anchors.
    (r"https://\Ab", True),
    (r"https://b\Zc", True),
    (r"https://b$^", True),
    (r"^https://b$", False),
    (r"\Ahttps://b\Z", False),
    (r"https://^b", True),
    (r"https://b$c", True),
    (r"https://b$$", False),
    (r"^^https://b", False),
    (r"https://b$(?:c*)$", False),
    (r"https://b$(?:c)?", False),
    (r"https://b$(?:cc|)", True),
    (r"(?:^https://b$)+", False),
]


@pytest.mark.slow
@pytest.mark.mutation
@pytest.mark.parametrize(("regex", "expected"), DEAD)
def test_dead_is_what_no_browser_sends(regex: str, expected: bool) -> None:
    assert judge(regex).dead is expected


# What looks alike

# Two beginnings of hosts, and what follows both: only with the second one it is plain http that matters.
TOGETHER: list[tuple[str, str, str]] = [
    ("localhost", "bcdefghijkl", ""),
    ("localhost:8", "bcdefghijkl:8", ""),
    ("l", "bb", "ocalhost"),
    ("127.0", "128.0", ".0.1"),
    ("[::1]", "[2::1]", ""),
    ("[::2", "[::2]", ""),
    ("_", "bc", ""),
    ("_:8", "bc:8", ""),
    ("b.1", "cb.c", ""),
    ("b.0x", "b.cd", ""),
    ("b.0x1", "b.cd", ""),
    ("x", "bb", "n--bcher-kv"),
    ("xn--bcher-kv", "b", ".b"),
    ("xn--bcher-kv", "xn--bcher-kva", ""),
    ("c.xn--bcher-kv", "c.b", ".b"),
    ("1.1.1", "1.1.1.1", ""),
    ("1.1.1:8", "1.1.1.1:8", ""),
    ("1.1.1.1.1", "1.1.1.1", ""),
    ("1.1.1.1:8", "b:8", ""),
    ("256.1.1.1", "1.1.1.1", ""),
    ("255.1.1", "255.1.1.1", ""),
    ("b:80", "c:81", ""),
    ("b:6553", "c:1111", "6"),
    ("b:22222", "b:22", "2"),
    ("b:01", "c:11", ""),
]


@pytest.mark.slow
@pytest.mark.mutation
@pytest.mark.parametrize(("other", "plain", "rest"), TOGETHER)
def test_what_ends_differently_is_told_apart(other: str, plain: str, rest: str) -> None:
    expected = f"http://{plain}{rest}"
    is_dead = canonical(f"http://{other}{rest}").kind is Kind.NEVER
    for first, second in ((other, plain), (plain, other)):
        found = judge(rf"http://(?:{re.escape(first)}|{re.escape(second)}){re.escape(rest)}")
        assert found.plain_http == (expected,) and found.dead is is_dead


@pytest.mark.parametrize(
    ("regex", "unrelated", "plain_http"),
    [
        # An address that means another machine in every network is not unrelated; that of another is.
        (r"http://(?:10|11)\.1\.1\.[1-1]:8", ("http://11.1.1.1:8",), ("http://11.1.1.1:8",)),
        (
            r"http://(?:10|111)\.1\.1\.[1-1]:8",
            ("http://111.1.1.1:8",),
            ("http://10.1.1.1:8", "http://111.1.1.1:8"),
        ),
        (r"https://[b-d](?::443|:444)", ("https://c:444",), ()),
        (r"(?:https://|http://bcd)e", (), ("http://bcde",)),
        (r"http://(?:b|1\.1\.1\.1):8", (), ("http://b:8",)),
    ],
)
def test_one_text_is_kept_of_those_that_look_alike(
    regex: str, unrelated: tuple[str, ...], plain_http: tuple[str, ...]
) -> None:
    assert judge(regex)[:2] == (unrelated, plain_http)


# How many texts are kept before it is certain that there is no origin.
TEXTS: list[tuple[str, int]] = [
    (r"https://b/", 11),
    (r"https://[lm]/", 11),
    (r"https://(?:|b)(?:c|dd)/", 22),
    (r"https://bcdefghijk(?:l|mm)/", 25),
    # What many numbers, labels and ports have in common.
    (r"https://\d{5}/", 47),
    (r"https://256\.\d{5}/", 35),
    (r"https://b\.\d{5}/", 49),
    (r"http://\d\d\.\d\.\d/", 30),
    (r"http://10\.\d\.\d/", 17),
    (r"http://1\.1\.1\.1\.\d{4}/", 34),
    (r"https://b:\d{5}/", 33),
    (r"https://\[::1\]:[8-9](?:b|cc)/", 24),
    (r"https://\[[0-9a-f]{6}/", 252),
    (r"https://[b-d]\.xn--[b1-9]{6}/", 1229),
    # Only the site of a name matters, and seven labels of it.
    (r"https://_[b-d](?:ee|f)/", 17),
    (r"https://_[b-d](?:ee|f):8/", 19),
    (r"https://[b-d](?:\.c)*/", 49),
    # Two ends are as good as one.
    (r"x(?:$$|y|$)", 8),
    # A repetition that may go on for 64 times more is endless.
    (r"https://[b-d]c{0,63}/", 201),
    (r"https://[b-d]c{0,64}/", 613),
    (r"https://[b-d]c{1,64}/", 203),
    (r"https://[b-d]c{1,65}/", 614),
]


def limited(monkeypatch: pytest.MonkeyPatch, regex: str, **limits: float) -> Judgement:
    """What is said of a regex with other limits, and not from memory."""
    for name, value in limits.items():
        monkeypatch.setattr(regex_module, name, value)
    return regex_module._judged(regex_module._parser.parse(regex), regex, re.compile(regex).flags)


@pytest.mark.slow
@pytest.mark.mutation
@pytest.mark.parametrize(("regex", "texts"), TEXTS)
def test_so_many_texts_are_kept(regex: str, texts: int, monkeypatch: pytest.MonkeyPatch) -> None:
    assert limited(monkeypatch, regex, _MOST_TEXTS=texts).dead is True
    assert limited(monkeypatch, regex, _MOST_TEXTS=texts - 1).dead is False


def test_no_more_texts_are_kept_than_the_most(monkeypatch: pytest.MonkeyPatch) -> None:
    assert limited(monkeypatch, "https://[b-d]", _MOST_TEXTS=11).unrelated == ("https://c",)
    assert limited(monkeypatch, "https://[b-d]", _MOST_TEXTS=9).unrelated == ()


@pytest.mark.parametrize(
    ("most", "expected"),
    [
        (1, ("http://fhll", "http://fhkk")),
        (2, ("http://fhll", "http://fhkk", "http://fhjj")),
    ],
)
def test_few_texts_are_kept_that_differ_in_what_they_name(
    most: int, expected: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    regex = "http://(?:[b-d]h|[e-g]h)(?:ii|jj|kk|ll)"
    assert limited(monkeypatch, regex, _MOST_ALIKE=most).plain_http == expected


def test_a_text_that_is_known_is_kept_once(monkeypatch: pytest.MonkeyPatch) -> None:
    regex = "http://(?:[b-d]h|[e-g]h)/"
    assert limited(monkeypatch, regex, _MOST_ALIKE=1, _MOST_TEXTS=16).dead is True
    assert limited(monkeypatch, regex, _MOST_ALIKE=1, _MOST_TEXTS=15).dead is False


# What takes long

# The twenty-first class is no longer asked which character others share.
TWENTY_CLASSES = "b://(?:([cd]+)+|e1|f2|g3|h4|i5|j6|k7|l8|m9|n0|o-|p!|q~|r_|s:|t=|uZ|vZ|wZ|d)+Y"

SLOW: list[tuple[str, bool]] = [
    ("(b+)+", True),
    ("(b+)+://c", True),
    ("b://(c+)+", True),
    ("b://(c+)+[cd!]*", True),
    ("b://(.*)*", False),
    ("b://(.*)*!", True),
    ("b://.*.*!", False),
    ("b://.*.*.*!", False),
    ("b://.*.*.*.*!", True),
    ("b://.*.*.*.*", False),
    ("b://.*c.*c.*c!", False),
    ("b://.*c.*c.*c.*c!", True),
    ("b://.*cd.*cd.*cd.*cd!", True),
    ("b://.*cd.*cd.*cd.*cd.*cd!", True),
    ("b://(?:c?){26}d", False),
    ("b://(?:c?){27}d", True),
    ("b://(?:c|c)*d", True),
    ("b://(?:c|[c])*d", True),
    ("b://(?:c|[cd])*e", False),
    ("b://(?:cc|c)*d", True),
    ("b://(?:cd|c|d)*e", True),
    ("b://(?:cde|cd|e)*f", True),
    ("b://(?:cdef|cd|ef)*g", False),  # the pump has four characters
    ("b://(?:c|dd)*e", False),
    ("b://(?:c*)*d", True),
    ("b://(?:c*?)*?d", True),
    ("b://(?:c*d)*e", False),
    ("b://(?:c?d?)*e", True),
    ("b://(?:c?c?)*e", True),
    ("b://(?:c{2,3})*e", True),
    ("b://(?:c{3})*e", False),
    ("b://(?:c+){1}e", False),
    ("b://(?:c+)?e", False),
    ("b://(?:c+){3}e", False),
    ("b://(?:c+){4}e", True),
    ("b://(?:c+|x){20}e", True),
    ("b://(?:|c)*(?:|c)*(?:|c)*d", False),
    ("b://(?:|c)*(?:|c)*(?:|c)*(?:|c)*d", True),
    ("b://" + "(|)" * 26 + "c", False),
    ("b://" + "(|)" * 27 + "c", True),
    ("b/(c+)+d", False),  # nothing that looks like an origin gets there
    ("b://c/(c+)+d", False),
    ("B(c+)+d", False),
    ("b://(C+)+d", True),
    (r"b://(\d+)+d", True),
    (r"b://(-+)+d", True),
    (r"b://(\.+)+d", True),
    (r"b://(:+)+d", True),
    ("b://(!+)+d", True),
    ("b://(/+)+d", False),
    ("b://(,+)+d", False),
    (r"b://(?=c)(c+)+d", False),  # it is not judged
    (r"b://(c+)+d\b", False),
    (r"b://(x)(c+)+d\1", False),
    (r"b://(?=(c+)+d)c", False),  # look-around is not looked into
    (r"b://(c+)\1\1\1d", False),
    (r"b://(x)?(?(1)(c+)+d|e)", False),
    ("b://^(c+)+d", False),
    ("^b://(c+)+d", True),
    ("b://(c+)+$d", True),
    ("(?:^)*(b+)+://c", True),
    ("b://$(c+)+d", False),
    ("b://(c+)+.{0,50}", True),
    ("b://(c+)+.{0,59}", True),
    ("b://(c+)+.{0,60}", False),  # no end of sixty characters is tried
    ("(b+)+(?:://.*)?", False),
    ("(B+)+", False),
    ("b:?//(c+)+d", True),
    ("b://?(c+)+d", True),
    ("b:///(c+)+d", False),
    ("b://c:/(d+)+e", False),
    ("b://(?:(?:c?)+)*d", True),
    ("b://(?:^c|xc)(d+)+e", True),
    ("b://(?:c*|^(c+)+)d", False),
    ("b://([/:]+)+d", True),
    ("b://(?:cx|dx|ex|fx|h|[hi])+!", True),
    ("b://(?:cx|dx|ex|fx|gx|h|[hi])+!", False),  # of a sixth class no character is tried
    ("b://(c+)+.*", False),
]


@pytest.mark.slow
@pytest.mark.mutation
@pytest.mark.parametrize(("regex", "expected"), SLOW)
def test_slow_is_what_takes_a_hundred_million_steps(regex: str, expected: bool) -> None:
    assert (judge(regex).slow is not None) is expected


@pytest.mark.parametrize(
    ("regex", "slow"),
    [
        ("(b+)+", "b" * 34 + "://!"),
        ("b://(c+)+d", "b://" + "c" * 34),
        ("b://(?:cd|c|d)*e", "b://" + "cd" * 32),
        (r"b://(c+)+.{0,9}", "b://" + "c" * 33 + "!" * 10),
        ("b://.(c+)+d", "b://" + "c" * 35),
        ("b://[^c](c+)+d", "b://-" + "c" * 34),
        ("[ah](c+)+://d", "h" + "c" * 34 + "://!"),
        ("b://(c+)+(?:^!)?", "b://" + "c" * 34 + "!"),
        ("b://(c+)+(?:d|^)", "b://" + "c" * 34),
        ("b://(?:^|x)(c+)+d", "b://x" + "c" * 34),
        ("b://([:X]+)+d", "b://" + ":" * 34),
        ("b://(c+)+[^Z]*", "b://" + "c" * 33 + "Z"),
        ("b://(c+)+[^a]*", "b://" + "c" * 33 + "a"),
        # It is a character that the first classes share, of those that can be read soon.
        ("b://([cd]+)+efd", "b://" + "c" * 34),
        ("b://([cd]+)+ed", "b://" + "d" * 34),
        ("b://(?:^d|([cd]+)+e)", "b://" + "c" * 34),
        (TWENTY_CLASSES, "b://" + "c" * 22),
        # Texts of 442 characters, with the end, are the longest.
        ("b://.*.*.*.*!", "b://" + "!" * 438 + "~"),
        ("b://(?:cd)*(?:cd)*(?:cd)*(?:cd)*(?:cd)*e", "b://" + "cd" * 219),
    ],
)
def test_the_word_that_takes_long_is_this(regex: str, slow: str) -> None:
    assert judge(regex).slow == slow


# How many steps the search for what is slow needs.
STEPS: list[tuple[str, int]] = [
    ("b://(c+)+d", 107),
    ("(?:b|BB)://(c+)+d", 127),
    ("b://(?:cd|c|d)*e", 1148),
    ("b://(?:cde|cd|e)*f", 1629),
    ("b://(?:c+d+e)*(?:c|[c])*d", 201),
    ("b://[^/]*(?:cd|c|d)*e", 3072),
]


@pytest.mark.parametrize(("regex", "steps"), STEPS)
def test_so_many_steps_find_what_is_slow(regex: str, steps: int, monkeypatch: pytest.MonkeyPatch) -> None:
    assert limited(monkeypatch, regex, _MOST_STEPS=steps).slow is not None
    assert limited(monkeypatch, regex, _MOST_STEPS=steps - 1).slow is None


@pytest.mark.parametrize(
    ("regex", "steps", "expected"),
    [
        ("https://(?!x)[b-d]", 163, ("https://c",)),
        ("https://(?!x)(?:cd|e)*[b-d]", 1618, ("https://b",)),
        ("https://(?!x)(?:c*d*)[b-d]", 964, ("https://b",)),
    ],
)
def test_a_regex_is_run_only_after_so_many_steps(
    regex: str, steps: int, expected: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert limited(monkeypatch, regex, _MOST_STEPS=steps).unrelated == expected
    assert limited(monkeypatch, regex, _MOST_STEPS=steps - 1).unrelated == ()


@pytest.mark.slow
@pytest.mark.mutation
def test_a_text_that_has_taken_long_is_pumped_no_further(monkeypatch: pytest.MonkeyPatch) -> None:
    regex = "https://(?!x)" + "(|)" * 10 + "(?:.|a|b)*"  # the first character takes long, and nothing fails
    assert limited(monkeypatch, regex, _SLOW=8, _MOST_STEPS=43626).unrelated != ()


@pytest.mark.parametrize(
    ("regex", "slow", "expected"),
    [
        # What grows slowly is given up after sixty characters.
        ("b://c*d", 64, "b://" + "c" * 61),
        ("b://c*d", 65, None),
        # Slowly: here the steps are twice the square of the length exactly, and that is too many.
        (
            "b://xxxxx(?:x|c*c*!|c*c*~|c*c*_|c*c*.|c{61}0|c{31}1)",
            9000,
            "b://xxxxx" + "c" * 433 + "!!",
        ),
        # What grows fast is slow enough when it takes a hundred times as long; there are 1,333 steps then.
        ("b://c*c*c*d", 13.33, "b://" + "c" * 18),
    ],
)
def test_a_text_is_slow_with_more_steps_than_so_many(
    regex: str, slow: float, expected: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert limited(monkeypatch, regex, _SLOW=slow).slow == expected


def test_what_overflows_the_stack_of_python_is_not_judged() -> None:
    compiled = re.compile("https://" + "(?:x" * 90 + ")*" * 90)
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(len(inspect.stack(0)) + 120)
    try:
        found = judge(compiled)
    finally:
        sys.setrecursionlimit(limit)
    assert found == Judgement((), (), False, None)


@pytest.mark.slow
@pytest.mark.mutation
def test_many_empty_parts_in_a_row_are_not_judged_slow() -> None:
    found = judge("https://[b-d]" + "(|)" * 999)
    assert found.slow is None and found.unrelated == ("https://c",)


@pytest.mark.skipif(sys.version_info < (3, 11), reason="possessive and atomic forms are new in Python 3.11")
@pytest.mark.parametrize(
    ("regex", "expected"),
    [
        ("b://(?:c++)+d", False),
        ("b://(?:c+)++d", False),
        ("b://(?>c+)+d", False),
        ("b://(?>(c+)+)d", False),
        ("b://(?:(?>c|d)+)+d", False),
        ("b://(?>x)(?:c+)+d", False),  # it is not judged
        ("b://x++(?:c+)+d", False),
    ],
)
def test_what_is_atomic_is_not_tried_again(regex: str, expected: bool) -> None:
    assert (judge(regex).slow is not None) is expected


@pytest.mark.skipif(sys.version_info < (3, 11), reason="possessive and atomic forms are new in Python 3.11")
def test_a_witness_holds_for_what_is_atomic() -> None:
    assert judge("https://(?>[b-d]|[b-d]e)").unrelated == ("https://c",)
    assert judge("https://[b-d]++[b-d]").unrelated == ()
    assert judge("https://[b-d]++e").unrelated == ("https://ce",)
    assert judge("https://(?>[b-d]+)(e+)+f").unrelated == ()


# What takes a while to judge

LONGER: list[tuple[str, Judgement]] = [
    (r"https://.*\.example\.com", Judgement((), (), False, None)),
    (r"https://.*example\.com", Judgement(("https://bexample.com",), (), False, None)),
    (r"https://[^.]+\.example\.com:.*", Judgement((), (), False, None)),
    (r".*://example\.com", Judgement((), ("http://example.com",), False, None)),
    (r"http://.*\.localhost", Judgement((), (), False, None)),
    # 512 bytes are the longest
    (r"https://b{504}", Judgement((), (), False, None)),
    (r"https://b{505}", Judgement((), (), True, None)),
    (r"https://b{500,}", Judgement((), (), False, None)),
    ("b://.{0,100}.{0,100}.{0,100}!", Judgement((), (), False, None)),
    ("b://.{0,100}.{0,100}.{0,100}.{0,100}!", Judgement((), (), False, "b://" + "!" * 402)),
]


@pytest.mark.slow
@pytest.mark.mutation
@pytest.mark.parametrize(("regex", "expected"), LONGER)
def test_what_takes_a_while_is_judged_all_the_same(regex: str, expected: Judgement) -> None:
    assert judge(regex) == expected


# Any regex


def test_the_tables_and_bounds_are_these() -> None:
    assert regex_module._NAMES == ("http://", "https://", "ws://", "wss://", "ftp://")
    printable = {chr(code) for code in range(0x21, 0x7F)}
    assert sorted(regex_module._ALPHABET) == sorted(printable - set("?#@\\,*"))
    assert (regex_module._MANY, regex_module._MOST_TEXTS, regex_module._MOST_ALIKE) == (64, 20_000, 200)
    assert (regex_module._SLOW, regex_module._MOST_STEPS) == (100_000_000, 600_000)


@pytest.mark.slow
@pytest.mark.mutation_skip
def test_the_regexes_of_the_strategies_are_judged_so() -> None:
    found = {regex: judge(regex) for regex in PATTERNS}
    broad = {r"https://app.example.com", r"https://.+", r".*", r"(?s).*example.*"}
    broad |= {r"https://.*example\.com", r"https?://localhost.*"}
    broad |= {r"https://.*\.co\.uk", r"https://.*\.github\.io"}
    assert {regex for regex, said in found.items() if said.unrelated} == broad
    dead = {r"null|https://example\.com", r"(?:https://example\.com|)", r"https://app\.example\.com/"}
    dead |= {r"app\.example\.com", r"https://app\.example\.com|api\.example\.com"}
    assert {regex for regex, said in found.items() if said.dead} == dead
    assert {regex for regex, said in found.items() if said.slow} == {r"https://(z+)+\.example\.com"}


@pytest.mark.slow
@pytest.mark.mutation_skip
@given(st.lists(st.sampled_from(ORIGINS), min_size=1, max_size=4))
def test_origins_that_are_written_out_are_fine(origins: list[str]) -> None:
    found = judge("|".join(map(re.escape, origins)))
    http = {origin for origin in origins if origin.startswith("http://") and not is_loopback(origin)}
    assert found == Judgement((), found.plain_http, False, None)
    assert len(found.plain_http) == min(len(http), 3) and set(found.plain_http) <= http


def test_flags_are_those_of_the_compiled_regex() -> None:
    assert judge(re.compile("HTTPS://B")).dead
    assert not judge(re.compile("HTTPS://B", re.IGNORECASE)).dead
    assert judge(" https://b ").dead
    assert not judge(re.compile(" https://b ", re.VERBOSE)).dead
    assert judge(re.compile("(?x) https://[b-d] # any")).unrelated == ("https://c",)
    assert judge(re.compile(r"https://\w", re.ASCII)).unrelated == ("https://a",)
    assert judge(r"https://(?a:\w)").unrelated == ("https://b",)
    assert judge(re.compile("HTTPS://[b-d]", re.IGNORECASE)).unrelated == ("https://c",)
    assert judge("(?s)https://.").unrelated == judge("https://.").unrelated != ()


def test_what_python_dislikes_about_a_regex_is_not_our_subject() -> None:
    assert not judge("[[h]ttps://b").dead


@pytest.mark.slow
@pytest.mark.mutation_skip
def test_a_judgement_does_not_depend_on_the_hash_seed() -> None:
    code = r"from spec.regex import judge; print(*map(judge, ('.*', r'https://\w+(\.\w+)+', '(b|bc|c)+')))"
    found = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(found) == 1 and "slow='" in found.pop()


PIECES = (
    *(
        "https://",
        "http://",
        r"[a-z]+://",
        ".*",
        "[a-z]+",
        "[^.]+",
        r"\w",
        r"\.",
        r"\.com",
        r"\.co\.uk",
        "example",
    ),
    *(
        r"\.github\.io",
        "localhost",
        r"\d+",
        r"192\.168",
        r":\d+",
        "/",
        "A",
        "(a|b)",
        "(?:x|)",
        "[12]",
        "$",
        "?",
    ),
)


@pytest.mark.slow
@pytest.mark.mutation_skip
@thresholds(broad=0.05, dead=0.2)
@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=6).map("".join), st.data())
def test_what_a_regex_matches_has_a_witness(regex: str, data: st.DataObject) -> None:
    try:
        compiled = re.compile(regex)
    except re.error:
        hit(broad=False, dead=False)
        return
    found = judge(regex)
    hit(broad=bool(found.unrelated), dead=found.dead)
    for origin in found.unrelated:
        assert compiled.fullmatch(origin) and canonical(origin).kind is Kind.CANONICAL
    printable = st.characters(min_codepoint=0x21, max_codepoint=0x7E)
    member = data.draw(st.from_regex(compiled, fullmatch=True, alphabet=printable))
    can_be_sent = is_origin_shaped(member.encode()) and canonical(member).kind is Kind.CANONICAL
    scheme = member.partition(":")[0]
    if can_be_sent and scheme not in ("ws", "wss", "ftp") and "|" not in regex:
        assert not found.dead
    if can_be_sent and scheme == "http" and not is_loopback(member) and len(member) < 63:
        assert found.plain_http
