"""What the middleware finds in a regex: a table of findings, and properties of regexes that nobody wrote."""

from __future__ import annotations

import re
import sys
import time
import warnings
from itertools import count, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from impl.origin import canonical, is_loopback
from impl.validation import backtracking, spelled
from impl.validation.automaton import TooLarge, automaton
from impl.validation.origin_automaton import Origins
from impl.validation.regex import (
    NOT_COMPILED,
    Judgement,
    _first,
    _judge,
    compiled,
    has_bare_dot,
    is_glob,
    judge,
    parse,
)
from impl.validation.search import Hosts, Search, site
from tests.helpers.thresholds import hit, thresholds
from tests.helpers.timing import takes_long

EVIL = "https://evil.example"
SHOPS = (
    r"https://example\.(com|org|net|de|fr|it|es|nl|be|ch|at|pl|se|no|dk|fi|co\.uk|com\.au|co\.jp|com\.br).*"
)


def listed(most: int) -> str:
    """A branch for each of several domains."""
    return "|".join(rf"d{number}\.com" for number in range(most))


# Regex, and what is found: unrelated, plain http, dead, slow, bare dot.
FOUND: list[tuple[str, Judgement]] = [
    (r"https://a\.example", Judgement()),
    (r"https://(?:[a-z0-9-]+\.)*example\.com", Judgement()),
    (r"https://.*\.example\.com", Judgement()),
    (r"https://.*[.]example[.]com", Judgement()),
    (r"^https://(.*\.)?example\.com$", Judgement()),
    (r"\Ahttps://example\.com\Z", Judgement()),
    (r"https://(app|api)\.(example|sample)\.(com|org)", Judgement()),
    (r"https://example[12]\.com(:\d+)?", Judgement()),
    (r"https?://(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?", Judgement()),
    (r"http://[a-z]+\.localhost(:\d+)?", Judgement()),
    (r"https://192\.168\.\d+\.\d+(:\d+)?", Judgement()),
    (r"https://10\.\d+\.\d+\.\d+|https://172\.(1[6-9]|2\d|3[01])\.\d+\.\d+", Judgement()),
    (r"(?i)https://App\.Example\.com", Judgement()),
    (r"(?x) https://a \. example  # a comment", Judgement()),
    (r"https://(?!www\.|api\.)[a-z0-9-]+\.example\.com", Judgement()),
    (r"https://(?!www|api)[a-z]+\.example\.com", Judgement()),
    (r"https://[a-z]+(?<!evil|test)\.example\.com", Judgement()),
    (r"(?=https://|http://)https://[a-z]+\.example\.com", Judgement()),
    (r"https://[a-z]+\.example\.com(?=:|$)(:\d+)?", Judgement()),
    (r"(?!https://A|b)(?:https://a\.example|a)", Judgement(dead="a")),
    (r"https://app\.example\.com(?:(?!)\.[a-z]+)?", Judgement()),
    (r"capacitor://localhost|ionic://localhost", Judgement()),
    (r"chrome-extension://[a-p]{32}", Judgement()),
    (r"https://(?!evil)[a-z]+\.example\.com", Judgement()),
    (r"https://[a-z]+\.example\.(com|de)(?=$)", Judgement()),
    (r"https://[a-z]+(?<!evil)\.example\.com", Judgement()),
    (r"https://[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.example\.com", Judgement()),
    (r"https://my\.s3\.amazonaws\.com", Judgement()),
    (r"https://[a-z]+\.a\.github\.io", Judgement()),
    (r"https://[a-z]+\.www\.ck", Judgement()),
    (r"https://\S+\.example\.com", Judgement()),
    (r"https://[^/]+\.example\.com", Judgement()),
    (r"https://a\.example(:443)?", Judgement()),
    (r"https://foo_bar\.example", Judgement()),
    (r"https://[0-9]+\.example\.com", Judgement()),
    (r"https://1\.2\.3\.4", Judgement()),
    (r"https://a.b\.example\.com", Judgement(bare_dot=True)),
    (r"https://.*example\.com", Judgement("https://evilexample.com")),
    (r"https://app\.example\.com.*", Judgement("https://app.example.com.evil.example")),
    (r"https://.*\.co\.uk", Judgement("https://evil.co.uk")),
    (r"https://.*\.github\.io", Judgement("https://evil.github.io")),
    (r"https://app-.*\.vercel\.app", Judgement("https://app-evil.vercel.app")),
    (r"https://.*\.amazonaws\.com", Judgement("https://evil.s3.amazonaws.com")),
    (r"https://.*\.s3\.amazonaws\.com", Judgement("https://evil.s3.amazonaws.com")),
    (r"https://[a-z]+\.internal", Judgement("https://evil.internal")),
    (r"https://[a-z]+", Judgement("https://evil")),
    (r"https://example\d\.com", Judgement("https://example9.com")),
    (r"https://app.example.com", Judgement("https://app.examplexcom", bare_dot=True)),
    (r"https://.+", Judgement(EVIL)),
    # So many names that none is meant.
    (r"https://[abcdefghijklmnopqrstuvwxyz]+\.com", Judgement("https://evilz.com")),
    (r"https://[0123456789abcdef]+\.github\.io", Judgement("https://aaf.github.io")),
    (
        r"https://preview-[0123456789abcdef]{40}--site\.netlify\.app",
        Judgement(f"https://preview-{'a' * 39}f--site.netlify.app"),
    ),
    (
        r"https://[abcdefghijklmnopqrstuvwxyz0123456789-]+example\.com",
        Judgement("https://evil-example.com"),
    ),
    (r"https://(a|ab)+\.co\.uk", Judgement("https://aabab.co.uk")),
    (r"https://(?:a|b|c|d|e)*example\.com", Judgement("https://aeexample.com")),
    (r"https://shop[0123456789]{3}\.com", Judgement("https://shop999.com")),
    (r"https://shop[0123456789]{2}\.com", Judgement()),
    (r"https://shop[01]{0,2}\.com", Judgement()),
    (r"https://(?:a|b)(?:c|d)\.com", Judgement()),
    (r"https://[abcdefghijklmnopqrstuvwxyz]+\.example\.com", Judgement()),
    (r"https://(?:foo\.)*com", Judgement()),
    (r"https://(?:foo\.){0,2}example\.com", Judgement()),
    (r"(https://a\.example|https://b\.example)+", Judgement()),
    (r"https://(www\.)*example\.com", Judgement()),
    # Addresses, not all of a local network.
    (r"https://172\.1\d\.\d+\.\d+", Judgement("https://172.10.143.3")),
    (r"https://172\.(1[5-9]|2\d|3[01])\.\d+\.\d+", Judgement("https://172.15.143.3")),
    (r"https://172\.(1[6-9]|2\d|3[0-2])\.\d+\.\d+", Judgement("https://172.32.143.3")),
    (r"https://172\.(1[6-9]|2\d|3\d)\.\d+\.\d+", Judgement("https://172.39.143.3")),
    (r"https://172\.(16|32)\.\d{1,3}\.\d{1,3}", Judgement("https://172.32.143.3")),
    (r"https://1(0|1)\.\d+\.\d+\.\d+", Judgement("https://11.143.143.3")),
    (r"https://192\.16\d\.\d+\.\d+", Judgement("https://192.169.143.3")),
    (r"https://127\.0\.0\.\d+", Judgement()),
    (r"http://\[[0-9a-f:]+\]", Judgement(plain_http="http://[2001:db8::1]")),
    (r"http://\[fd00:[0-9a-f:]+\]", Judgement(plain_http="http://[fd00::1]")),
    (r"http://\[fe80:[0-9a-f:]+\]", Judgement(plain_http="http://[fe80::1]")),
    (r"http://\[::1\]", Judgement()),
    (r"http://\[0:0:0:0:0:0:0:1\]", Judgement(dead="")),
    (r"https://xn--\.example", Judgement(dead="")),
    (r"https://xn--\.example|https://a\.example", Judgement()),
    (r"(?i)HTTPS://(XN--|B|C)\.EXAMPLE", Judgement()),
    # More than can be looked at.
    (SHOPS, Judgement("https://example.com.evil.example")),
    (rf"https://(?:{listed(15)}).*", Judgement("https://d0.com.evil.example")),
    ("|".join(rf"https://d{number}\.com.*" for number in range(8)), Judgement("https://d0.com.evil.example")),
    (rf"https://(?:{listed(300)})|https://.*\.github\.io", Judgement("https://evil.github.io")),
    (rf"https://(?:{listed(3_000)})|https://.*\.github\.io", Judgement("https://evil.github.io")),
    (rf"https://(?:{listed(3_000)})", Judgement()),
    (rf"https://[a-z]+\.(?:{listed(3_000)})", Judgement()),
    (rf"https://(?:{listed(3_000)})|https://.*.*.*\.github\.io", Judgement()),  # too slow to be run
    (r"https://a[0123456789]{1,4}\.com|https://.*", Judgement(EVIL)),
    (r"https://x[01]*\.com|https://.*", Judgement(EVIL)),
    (r"https://shop[0123456789]{3}\.com.*", Judgement("https://shop888.com.evil.example")),
    (r"https://(?:a|b|c|d|e)*example\.com.*", Judgement("https://example.com.evil.example")),
    # What must stand there is only looked at.
    (r"https://(?=example\.com).*", Judgement("https://example.com.evil.example")),
    (r"https://.*(?<=example\.com)", Judgement("https://evilexample.com")),
    (r"https://(?>.*)(?<=example\.com)", Judgement("https://evilexample.com"))
    if sys.version_info >= (3, 11)
    else (r"a", Judgement(dead="")),
    (r"https://.*(?=example\.com).*", Judgement("https://evilexample.coma")),
    (r"https://(?=app\.).*", Judgement("https://app.evil.example")),
    (r"https://(?=.*\.example\.com).*", Judgement("https://a.example.com.evil.example")),
    (r"https://(app\.)?example\.com(?(1).*|)", Judgement("https://app.example.com.evil.example")),
    (r"(?i)https://(?=Example\.com).*", Judgement("https://example.com.evil.example")),
    (r"https://(?=evil\.com).*", Judgement("https://evil.com.fake.example")),
    (r"https://(?=evil\.com\.[a-z]{4}\.com$).*", Judgement("https://evil.com.fake.com")),
    (r"(?i)https://(?=EVIL\.com).*", Judgement("https://evil.com.fake.example")),
    (r"https://(?=evil|fake)(?=.*\.com).*", Judgement()),
    # One name of a stranger is as good as another, or it is one that the regex means.
    (r"https://(?!.*[e]vil)(?=app\.).*", Judgement()),
    (r"https://(?=app\.[e]vil\.).*", Judgement()),
    (r"https://[ef][va][ik][le]\.com", Judgement()),
    # What is shown is an origin that browsers send.
    (r"https://(?=app\.).*[8/]", Judgement("https://app.evil.example8")),
    (r"https://(?=app\.).*\.co\.uk:8080", Judgement("https://app.evil.co.uk:8080")),
    (r"wss://(?=app\.).*", Judgement(dead="")),
    (r"(?=app\.).*|https://a\.example", Judgement()),
    (r"https://(?=.*\.example\.com$).*", Judgement()),
    (r"https://(?=[a-z]+\.example\.com$)[a-z.]+", Judgement()),
    (r"https://.*(?<=\.example\.com)", Judgement()),
    (r"(?=https://app\.example\.com$)https://.*", Judgement()),
    (r"https://\d+\.\d+\.\d+\.\d+", Judgement("https://8.8.8.9")),
    (r"https?://localhost.*", Judgement("https://localhost.evil.example", "http://localhost.evil.example")),
    (r".*localhost.*", Judgement("https://evillocalhost", "http://evillocalhost")),
    (r".*", Judgement(EVIL, "http://evil.example")),
    (r"https?://example\.com", Judgement(plain_http="http://example.com")),
    (r"http://(?:a|b)\.example:80(?:80)?", Judgement(plain_http="http://b.example:8080")),
    (r"http://192\.168\.0\.[12]", Judgement(plain_http="http://192.168.0.2")),
    (r"https://a\.example/", Judgement(dead="")),
    (r"a\.example", Judgement(dead="")),
    (r"null", Judgement(dead="")),
    (r"https://*\.example\.com", Judgement(dead="")),
    (r"https://\.example\.com", Judgement(dead="")),
    (r"https://a\.\.example\.com", Judgement(dead="")),
    (r"https://a\.example\.", Judgement()),
    (r"https://a\.example:443", Judgement(dead="")),
    (r"http://a\.example:80", Judgement(dead="")),
    (r"https://a\.example:0443", Judgement(dead="")),
    (r"https://a\.example:65536", Judgement(dead="")),
    (r"https://a\.example:99999", Judgement(dead="")),
    (r"HTTPS://a\.example", Judgement(dead="")),
    (r"https://A\.example", Judgement(dead="")),
    (r"wss?://a\.example", Judgement(dead="")),
    (r"ftp://a\.example|file://a", Judgement(dead="")),
    (r"https://1\.2\.3", Judgement(dead="")),
    (r"https://1\.2\.3\.256", Judgement(dead="")),
    (r"https://01\.2\.3\.4", Judgement(dead="")),
    (r"https://a\.0x1f", Judgement(dead="")),
    (r"https://user@a\.example", Judgement(dead="")),
    (r"https://a\.example:65535", Judgement()),
    (r"https://a\.example:44380|https://a\.example:4443|http://localhost:8080", Judgement()),
    (r"https://a\.0x1g", Judgement()),
    (r"https://a\.example|b\.example", Judgement(dead="b.example")),
    (r"null|https://a\.example", Judgement(dead="null")),
    (r"https://a\.example(?:/|)", Judgement(dead="/")),
    (r"(?:https://a\.example|)", Judgement(dead="(nothing)")),
    (r"https://(?:a\.example|b\.example(?::443|:8443))", Judgement(dead="443")),
    (r"https://(?:a|a?)+\.example\.com", Judgement(slow=f"https://{'a' * 32}!")),
    (r"https://([a-z]{1,9})+\.example\.com", Judgement(slow=f"https://{'a' * 34}!")),
    (r"https://(?:abc|abcabc)+\.example\.com", Judgement(slow=f"https://{'abc' * 45}!")),
    (r"([a-z]+)*://a\.example", Judgement(plain_http="http://a.example", slow=f"{'a' * 34}://!")),
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.mutation
@pytest.mark.parametrize(("regex", "found"), FOUND)
def test_what_is_found_in_a_regex(regex: str, found: Judgement) -> None:
    assert judge(re.compile(regex)) == found


GLOBS = (
    "https://*.example.com", "http://localhost:*", "*.example.com", "*", "https://pr-*.example.com",
    "*://a.example", "https://example.com/*", "https?://*.example.com", "http(s)?://*.example.com",
    "http://[::1]:*", "https://*", "https://*.a.example, https://*.b.example", "^http://localhost:*$",
    "http://localhost:*$", "^https://*.example.com", "^https?://localhost:*$", "(http://localhost:*)",
    r"http://localhost:*|https://a\.example", r"https://a\.example|http://localhost:*", "http(s)://localhost:*",
    "http[s]?://localhost:*", r"https?://(localhost|127\.0\.0\.1):*", r"https:\/\/*.a.example",
    r"^http:\/\/localhost:*$", r"http://\[::1\]:*", r"https://[a-z]+\.example\.com:*", "https://[a-z]+:*",
    r"https://[a-z]{2}:*", "(http://localhost:*$)", "(https)?://*.example.com", "https://*.*",
    r"http://.*\.localhost:*", "http://localhost:*|https://.*", "^https://pr-*.example.com",
    "https://pr-*.example.com$", "^https://pr-*.example.com$", "//(a|b):*",
)  # fmt: skip
REGEXES = (
    "https://.*.example.com", r"https://*\.example\.com", "https://[a-z]*.example.com", "https://a+",
    "https://a", "https://(a|b)*", "https://a.example", "", r"https://\w*",
    r"https://a\.example(:*)?", "(?:https|http:*)://a", "localhost:*|a+", r"https://a\.example[:*]",
    r"https://a\.example:\*", r"http://localhost:*/?", r"https://a\.example:*\d+", r"https://*\.a\.example",
    "^https://.*$", "(?:a:*)://b",
)  # fmt: skip


def test_a_glob_is_told_from_a_regex() -> None:
    assert [text for text in GLOBS if not is_glob(text)] == []
    assert [text for text in REGEXES if is_glob(text)] == []


# Regexes of pieces: some origins, some that look like them, some nonsense.
PIECES = st.lists(
    st.sampled_from(
        (
            "https://", "http://", "https?://", "://", "a", "a", r"\.", r"\.", "example", "com", r"co\.uk",
            "localhost", ":8080", r":\d+", "[a-z]+", "[a-z.]*", ".*", ".", "[ab]", r"(?:[a-z]+\.)*",
            "(?:a|b)", "(?:com|example)", r"(?::80)?", "^", "$", "/", "A", r"(?:a\.)?", "null", "-",
            "[^.]+", r"127\.0\.0\.1", r"(?:a|.*)", "x{2,3}",
        )
    ),
    max_size=7,
).map("".join)  # fmt: skip
HOSTS_OF_PIECES = st.lists(
    st.sampled_from(
        ("a", r"a\.", "[a-z]+", r"(?:[a-z]+\.)*", ".*", "[a-z.]*", "(?:a|b)", "[^.]+", r"(?:a\.)?", "b")
    ),
    min_size=1,
    max_size=3,
).map("".join)
ORIGIN = st.builds(
    "{}{}{}".format,
    st.sampled_from((r"https://", r"http://", r"https?://")),
    st.one_of(HOSTS_OF_PIECES, HOSTS_OF_PIECES, PIECES),
    st.sampled_from(("", r"\.com", r"\.example", r"example\.com", r"\.co\.uk", r"localhost", r":\d+", "$")),
)
TEXTS = st.one_of(ORIGIN, ORIGIN, PIECES, st.builds("{}|{}".format, ORIGIN, PIECES))

LABELS = ("a", "b", "zq", "example", "localhost", "aa", "a-b")
HOSTS = (
    *LABELS, *(f"{label}.{end}" for label in LABELS for end in ("com", "example", "co.uk", "zq",
    "localhost")), *(f"{sub}.{label}.{end}" for sub in ("a", "zq") for label in ("a", "zq", "example") for
    end in ("com", "co.uk")), "co.uk", "zqexample.com", "azq.com", "127.0.0.1", "8.8.8.8",
)  # fmt: skip
ORIGINS = [
    f"{scheme}://{host}{port}"
    for scheme, host, port in product(("https", "http"), HOSTS, ("", ":8080", ":8"))
]


def is_small(regex: re.Pattern[str]) -> bool:
    """Whether all origins that it matches can be looked at in the time that there is."""
    try:
        for schemes in ({"http", "https"}, {"http"}):
            Hosts(Search(automaton(parse(regex), regex.flags), Origins(schemes=frozenset(schemes))))
    except TooLarge:
        return False
    return True


@pytest.mark.slow
@pytest.mark.mutation_skip
@thresholds(dead=0.1, unrelated=0.1, plain_http=0.1, matched=0.2, small=0.9)
@given(TEXTS)
def test_no_origin_of_a_small_world_contradicts_what_is_found(text: str) -> None:
    regex = re.compile(text)
    found = judge(regex)
    matched = [origin for origin in ORIGINS if regex.fullmatch(origin)]
    hit(
        dead=found.dead == "",
        unrelated=found.unrelated is not None,
        plain_http=found.plain_http is not None,
        matched=bool(matched),
        small=is_small(regex),
    )
    if found.dead == "":
        assert matched == [], "it matches something"
    # No regex has zq in it: a domain that has is none that it names.
    strange = [origin for origin in matched if "zq" in site(origin.split("/")[2].partition(":")[0])]
    if strange and is_small(regex):
        assert found.unrelated is not None, strange
    if found.unrelated is not None:
        assert regex.fullmatch(found.unrelated)
        assert canonical(found.unrelated) == found.unrelated
        host = found.unrelated.split("/")[2].partition(":")[0]
        assert site(host) not in text.replace("\\", "") or "." in text.replace(r"\.", "").replace(".*", "")
    public = [origin for origin in matched if origin.startswith("http:") and not is_loopback(origin)]
    if public and is_small(regex):
        assert found.plain_http is not None, public
    if found.plain_http is not None:
        assert regex.fullmatch(found.plain_http)
        assert found.plain_http.startswith("http://") and not is_loopback(found.plain_http)
        assert canonical(found.plain_http) == found.plain_http


SLOW = (
    r"https://(?:a?b?c?)+\.example", r"https://(a|a?)+\.example\.com",
    r"https://([a-z]{1,9})+\.example\.com", r"https://(.*)*!", r"(a+)+",
    r"https://(?:abc|abcabc)+\.example\.com", r"([a-z]+)*://a\.example", r"https://.*.*.*.*.*x",
    r"https://(\w+\.)*(\w+\.)*(\w+\.)*(\w+\.)*com", r"https://([a-z]{1,20}){1,20}\.example\.com",
    r"https://(?:.{1,50}\.){1,50}com", r"https://" + "[a-z]?" * 200 + "x", r"https://(?:[a-z0-9-]{1,63}\.)?"
    * 1 + r"(?:[a-z0-9-]{1,63}\.)?" * 29 + r"example\.com", r"https://.{0,500}.{0,500}.{0,500}.{0,500}x",
    r"https://([a-z]+-?)+\.example\.com", r"https://(?:[a-z0]|[a-y]-?)+\.example\.com",
    r"https://((a*)*)*b", r"https://.*\..*\..*\..*\.example\.com", r"https://(?:[a-z]+\.?)*example\.com",
)  # fmt: skip
QUICK = (
    r"https://(?:[a-z0-9-]+\.)*example\.com", r"https://[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.example\.com",
    r"https://(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+example\.com", r"https://.*\..*\.example\.com",
    r"https://(a+b)+c", r"https://(?:ab{1,3})+\.example\.com", r"https://([a-z]+-)+[a-z]+\.example\.com",
    r"https://(.*)*", r"https://(?:[a-z]+\.)*[a-z.]*x", r"https://[a-z]*[a-z]*x", r"(?:(?:a{1,3}){1,3}){1,3}",
    r"https://([a-z]{0,5}){0,5}\.example\.com",
)  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("regex", SLOW)
def test_an_origin_that_is_said_to_take_long_does(regex: str) -> None:
    found = judge(re.compile(regex)).slow
    assert found is not None
    assert len(found) <= 512
    assert takes_long(regex, found)


@pytest.mark.slow
@pytest.mark.mutation
@pytest.mark.parametrize("regex", QUICK)
def test_what_looks_slow_and_is_not_gets_no_warning(regex: str) -> None:
    assert judge(re.compile(regex)).slow is None
    found = re.compile(regex)
    for filling in ("a", ".", "a.", "ab", "abc", "-", "a-", "0"):
        for tail in ("!", "", "x"):
            text = f"https://{filling * 300}"[:511] + tail
            started = time.process_time()
            found.fullmatch(text)
            assert time.process_time() - started < 0.2, text


HARD = (
    "|".join(re.escape(f"https://host{number}.example.com") for number in range(2_000)),
    "(a{0,400}){0,400}", "(" * 50 + "a" + ")*" * 50, "https://" + "a" * 5_000 + r"\.com", "https://" + "(?:"
    * 90 + "[a-z]+" + ")*" * 90, r"https://(?:.{1,50}\.){1,50}com", "https://" + "[a-z]?" * 200 + "x",
    "https://" + "(?:a|b|ab)?" * 200 + "x", r".{512}", r"(?:\w{0,9}\W{0,9}){0,99}", "https://" + "(?:(?:" *
    4 + "[a-z]{0,9}" + "){0,9}){0,9}" * 4 + "x", "(((.*)*)*)*", r"https://(?:a|b|c|d|e|f|g|h){1,60}\.com",
    r"https://([a-z]|[0-9]|-|\.)*\.example\.com", "https://" + "".join(f"(?:{a}|{b})" for a, b in
    product("abcd", "efgh")) + r"\.com",
)  # fmt: skip


@pytest.mark.slow
@pytest.mark.mutation_skip
@pytest.mark.parametrize("regex", HARD)
def test_judging_takes_less_than_a_second_whatever_the_regex(regex: str) -> None:
    found = re.compile(regex)

    def seconds() -> float:
        started = time.process_time()
        _judge(found)
        return time.process_time() - started

    assert any(seconds() < 1 for _ in range(3))  # a busy machine may take longer now and then


@pytest.mark.slow
@pytest.mark.mutation
def test_a_regex_is_not_run_before_it_is_judged() -> None:
    # Every origin that begins so would take this one very long.
    assert judge(re.compile(r"(?=https://)https://(?:a|a)*(?:a|a)*b|https://.*")).slow is None


def test_a_regex_is_not_run_when_counting_its_steps_takes_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    looks_ahead = re.compile(r"https://(?=evil)[a-z]+\.com")
    assert judge(looks_ahead).unrelated == "https://evil.com"
    monkeypatch.setattr(backtracking, "_MOST_WORK", 0)
    assert _judge(looks_ahead) == Judgement()


def test_a_slow_regex_is_shown_no_https_that_it_does_not_match() -> None:
    found = judge(re.compile(r"http://(?:a|a?)+\.[a-z]+\.com"))
    assert found.slow is not None
    assert found.unrelated == found.plain_http == "http://a.evil.com"


def test_what_spells_too_many_texts_is_not_asked_for_a_stranger(monkeypatch: pytest.MonkeyPatch) -> None:
    looks_ahead = re.compile(r"https://(?=example\.com).*")
    assert _judge(looks_ahead).unrelated is not None
    monkeypatch.setattr(spelled, "MOST_WORK", 0)
    assert _judge(looks_ahead) == Judgement()


def test_a_regex_is_judged_once() -> None:
    first = judge(re.compile("https://[a-z]+[.]example"))
    assert judge(re.compile("https://[a-z]+[.]example")) is first
    assert judge(re.compile("https://[a-z]+[.]example", re.IGNORECASE)) is not first


def test_what_is_nested_too_deeply_is_not_judged() -> None:
    assert judge(re.compile("(?:b|a" * 250 + ")?" * 250)) == Judgement()


def test_an_origin_of_512_bytes_is_one_that_a_regex_can_match() -> None:
    longest = r"https://" + r"a{63}\." * 7 + "a" * 56
    assert judge(re.compile(longest)) == Judgement()
    assert judge(re.compile(longest + "a")) == Judgement(dead="")


def test_some_thousand_examples_are_looked_at() -> None:
    assert _first(map(str, count(1)), "2000".__eq__) == "2000"
    assert _first(map(str, count(1)), "2001".__eq__) is None


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("https://(", re.error),
        ("(?a)(?u)a", ValueError),
        ("a{99999999999}", OverflowError),
        ("(" * 5_000 + ")" * 5_000, RecursionError),
    ],
)
def test_what_compiling_may_raise_is_known(text: str, error: type[Exception]) -> None:
    with pytest.raises(NOT_COMPILED) as raised:
        compiled(text)
    assert raised.type is error


@pytest.mark.slow
@pytest.mark.mutation
def test_what_is_too_large_is_not_judged() -> None:
    assert judge(re.compile("a" * 9_000)) == Judgement()
    assert judge(re.compile("." + "a" * 9_000)) == Judgement(bare_dot=True)
    # One question may be too much, and another not.
    monster = "|".join(f"https://[a-z]{{2,{number}}}.*" for number in range(60, 64))
    assert judge(re.compile(monster)).slow is None


@pytest.mark.slow
@pytest.mark.mutation
def test_what_looks_around_is_confirmed_by_the_regex_if_that_is_quick() -> None:
    found = judge(re.compile(r"https://(?!evil)[a-z]+\.com"))
    assert found.unrelated is not None and re.fullmatch(r"https://(?!evil)[a-z]+\.com", found.unrelated)
    assert judge(re.compile(r"https://(?=evil)[a-z]+\.com")).unrelated == "https://evil.com"
    assert judge(re.compile(r"http://(?!\w)[a-z]+\.com")) == Judgement()
    # It may be slow, so it is not run, and nothing is said.
    assert judge(re.compile(r"http://(?=a)(a+)+\.[a-z]+\.com")) == Judgement()


@pytest.mark.parametrize("regex", [r"[[a]https://b", r"https://[a&&b]"])
def test_what_later_pythons_will_read_otherwise_is_compiled_quietly(regex: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = compiled(regex)
        assert parse(found) is not None
    assert found.pattern == regex
    assert compiled(found) is found


def test_an_unrelated_origin_has_https_where_the_regex_allows_it() -> None:
    assert judge(re.compile(r"https?://[a-c]\.com")).unrelated == "https://a.com"
    assert judge(re.compile(r"http://[a-c]\.com")).unrelated == "http://a.com"
    assert judge(re.compile(r"(?!https:)https?://[a-c]\.com")).unrelated == "http://a.com"
    assert judge(re.compile(r"https://a\.com:444|http://[a-c]\.com:443")).unrelated == "http://b.com:443"


BARE_DOTS = {
    "a.b": True, r"a\.b": False, "[.]": False, ".*": False, ".+?": False, "(.)": True, "(?:a|.b)": True,
    "(?:.a)*": True, "(a.b)*": True, "(a.b)(c)": True,
    "(.*)": False, "(?:.)?": False, "a": False,
}  # fmt: skip


def test_the_flags_of_a_compiled_regex_count() -> None:
    assert judge(re.compile(r"https://a \. example", re.VERBOSE)) == Judgement()
    assert judge(re.compile(r"HTTPS://A\.example", re.IGNORECASE)) == Judgement()
    assert judge(re.compile(r"https://a \. example")).dead == ""


@pytest.mark.parametrize(("regex", "is_bare"), BARE_DOTS.items())
def test_a_dot_is_bare_when_it_is_neither_escaped_nor_repeated(regex: str, is_bare: bool) -> None:
    assert has_bare_dot(parse(re.compile(regex))) is is_bare
