"""What a browser remembers of preflights, for how long, and for whom."""

from dataclasses import replace

import pytest

from spec.browser.engines import CHROMIUM, FIREFOX, STANDARD, WEBKIT, Engine
from spec.browser.preflight_cache import Entry, Key, PreflightCache, matches, max_age
from spec.http import Response

PLAIN = Key(b"https://page.example", "https://server.example/", False)
CREDENTIALED = PLAIN._replace(credentials=True)
ENGINES = (STANDARD, CHROMIUM, FIREFOX, WEBKIT)


class Clock:
    moment = 0.0

    def __call__(self) -> float:
        return self.moment


def cache_at(clock: Clock) -> PreflightCache:
    return PreflightCache(now=clock)


# Max-Age


@pytest.mark.parametrize(
    ("values", "standard", "chromium", "firefox", "webkit"),
    [
        ([], 5, 5, 5, 5),
        ([""], 5, 5, 5, 5),
        ([" \t"], 5, 5, 5, 5),
        (["0"], 0, 0, 0, 0),
        (["000"], 0, 0, 0, 0),
        (["1"], 1, 1, 1, 1),
        (["007"], 7, 7, 7, 7),
        ([" 10\t"], 10, 10, 10, 10),
        (["600"], 600, 600, 600, 600),
        (["601"], 601, 601, 601, 600),
        (["7200"], 7200, 7200, 7200, 600),
        (["7201"], 7201, 7200, 7201, 600),
        (["86400"], 86400, 7200, 86400, 600),
        (["86401"], 86400, 7200, 86400, 600),
        (["9223372036854775807"], 86400, 7200, 86400, 600),
        (["9223372036854775808"], 86400, 5, 86400, 5),
        (["0" * 40 + "60"], 60, 60, 60, 60),
        (["9" * 20], 86400, 5, 86400, 5),
        (["1" + "0" * 5000], 86400, 5, 86400, 5),
        (["-1"], 5, 0, 0, 0),
        (["-0"], 5, 0, 0, 0),
        (["-"], 5, 5, 0, 5),
        (["--1"], 5, 5, 0, 5),
        (["-1s"], 5, 5, 0, 5),
        (["abc"], 5, 5, 0, 5),
        (["+5"], 5, 5, 0, 5),
        (["+600"], 5, 5, 0, 5),
        (["1.5"], 5, 5, 0, 5),
        (["10s"], 5, 5, 0, 5),
        (["10, 20"], 5, 5, 0, 5),
        (["10\x0b"], 5, 5, 0, 5),
        (["10\n"], 5, 5, 0, 5),
        (["\xb2"], 5, 5, 0, 5),
        (["10", "10"], 5, 5, 0, 5),
        (["", ""], 5, 5, 0, 5),
        (["-1", "-1"], 5, 5, 0, 5),
    ],
)
def test_max_age(values: list[str], standard: int, chromium: int, firefox: int, webkit: int) -> None:
    answer = Response(200, tuple((b"Access-Control-Max-Age", value.encode("latin-1")) for value in values))
    assert [max_age(answer, engine) for engine in ENGINES] == [standard, chromium, firefox, webkit]
    assert max_age(answer) == standard


# Matching


@pytest.mark.parametrize("kind", ["method", "header"])
def test_entries_match_their_own_key(kind: str) -> None:
    entry = Entry(PLAIN, "method" if kind == "method" else "header", b"put")
    assert matches(entry, entry)
    assert not matches(entry, replace(entry, name=b"patch"))
    assert not matches(entry, replace(entry, kind="header" if kind == "method" else "method"))
    assert not matches(entry, replace(entry, key=PLAIN._replace(origin=b"null")))
    assert not matches(entry, replace(entry, key=PLAIN._replace(url="https://server.example/x")))


def test_entries_with_credentials_serve_both_and_others_only_their_own() -> None:
    with_them, without = Entry(CREDENTIALED, "method", b"PUT"), Entry(PLAIN, "method", b"PUT")
    for engine in ENGINES:
        assert matches(with_them, with_them, engine)
        assert matches(without, without, engine)
        assert not matches(without, with_them, engine)
        assert matches(with_them, without, engine) == (engine is not FIREFOX)


def test_a_wildcard_serves_all_but_authorization() -> None:
    method, header = Entry(PLAIN, "method", b"*"), Entry(PLAIN, "header", b"*")
    for engine in ENGINES:
        assert matches(method, method, engine)
        assert matches(method, Entry(PLAIN, "method", b"PUT"), engine) == (engine is not FIREFOX)
        assert matches(header, Entry(PLAIN, "header", b"x-a"), engine) == (engine is not FIREFOX)
        assert not matches(method, Entry(PLAIN, "header", b"x-a"), engine)
        assert not matches(Entry(PLAIN, "method", b"PUT"), method, engine)
        authorization = Entry(PLAIN, "header", b"authorization")
        assert matches(header, authorization, engine) == (engine in (CHROMIUM, WEBKIT))
        assert matches(authorization, authorization, engine)
        assert matches(method, Entry(PLAIN, "method", b"authorization"), engine) == (engine is not FIREFOX)


def test_a_wildcard_with_credentials_is_a_name() -> None:
    star = Entry(CREDENTIALED, "method", b"*")
    for engine in ENGINES:
        assert matches(star, star, engine)
        assert not matches(star, Entry(CREDENTIALED, "method", b"PUT"), engine)
        assert matches(star, Entry(PLAIN, "method", b"PUT"), engine) == (engine is WEBKIT)


# Time and memory


def test_entries_go_when_their_seconds_are_over() -> None:
    clock = Clock()
    cache = cache_at(clock)
    clock.moment = 1000.0
    cache.store(PLAIN, [b"PUT", b"PATCH"], [b"X-A"], 10)
    for moment, is_there in ((1000.0, True), (1009.9, True), (1010.0, False), (1e9, False)):
        clock.moment = moment
        assert cache.has_method(PLAIN, b"PUT") == is_there
        assert cache.has_method(PLAIN, b"PATCH") == is_there
        assert cache.has_header(PLAIN, b"x-a") == is_there
    assert not cache.has_method(PLAIN, b"put")
    assert not cache.has_method(PLAIN, b"x-a")
    assert not cache.has_header(PLAIN, b"PUT")


def test_header_names_compare_in_any_case() -> None:
    cache = cache_at(Clock())
    cache.store(PLAIN, [], [b"X-a"], 1)
    assert cache.has_header(PLAIN, b"x-A")
    assert not cache.has_header(PLAIN, b"x-b")


def test_zero_seconds_are_nothing() -> None:
    cache = cache_at(Clock())
    cache.store(PLAIN, [b"PUT"], [], 0)
    assert not cache.has_method(PLAIN, b"PUT")


def test_a_later_answer_renews_and_shortens() -> None:
    clock = Clock()
    cache = cache_at(clock)
    cache.store(PLAIN, [b"PUT"], [], 10)
    clock.moment = 5.0
    cache.store(PLAIN, [b"PUT"], [], 10)
    clock.moment = 14.0
    assert cache.has_method(PLAIN, b"PUT")
    cache.store(PLAIN, [b"PUT"], [], 0)
    assert not cache.has_method(PLAIN, b"PUT")


def test_a_later_answer_shortens_what_else_allows_the_same_but_lengthens_nothing() -> None:
    clock = Clock()
    cache = cache_at(clock)
    cache.store(PLAIN, [b"*"], [b"*"], 10)
    cache.store(PLAIN, [b"PUT"], [], 5)
    clock.moment = 5.0
    assert not cache.has_method(PLAIN, b"PATCH")
    assert cache.has_header(PLAIN, b"x-a")
    cache.store(CREDENTIALED, [b"PUT"], [], 3)
    cache.store(PLAIN, [b"PUT"], [], 60)
    clock.moment = 8.0
    assert cache.has_method(PLAIN, b"PUT")
    assert not cache.has_method(CREDENTIALED, b"PUT")


def test_firefox_keeps_its_entries_apart() -> None:
    cache = cache_at(Clock())
    cache.store(PLAIN, [b"*"], [b"*"], 10, FIREFOX)
    cache.store(CREDENTIALED, [b"PUT"], [b"x-a"], 10, FIREFOX)
    cache.store(PLAIN, [b"PUT"], [b"x-a"], 0, FIREFOX)
    assert cache.has_method(CREDENTIALED, b"PUT", FIREFOX)
    assert cache.has_header(CREDENTIALED, b"x-a", FIREFOX)
    assert not cache.has_method(PLAIN, b"PUT", FIREFOX)
    assert not cache.has_header(PLAIN, b"x-a", FIREFOX)


def test_clearing_forgets_an_origin_and_url_in_both_modes() -> None:
    others = (PLAIN._replace(origin=b"null"), PLAIN._replace(url="https://server.example/x"))
    cache = cache_at(Clock())
    for key in (PLAIN, CREDENTIALED, *others):
        cache.store(key, [b"PUT"], [b"x-a"], 10)
    cache.clear(CREDENTIALED)
    assert not cache.has_method(PLAIN, b"PUT")
    assert not cache.has_header(CREDENTIALED, b"x-a")
    assert all(cache.has_method(key, b"PUT") and cache.has_header(key, b"x-a") for key in others)


def test_an_engine_of_its_own_can_be_given() -> None:
    forgetful = Engine("forgetful", max_age_limit=3)
    assert max_age(Response(200, ((b"access-control-max-age", b"9"),)), forgetful) == 3


def test_the_clock_is_the_monotonic_one_unless_another_is_given() -> None:
    cache = PreflightCache()
    cache.store(PLAIN, [b"PUT"], [], 60)
    assert cache.has_method(PLAIN, b"PUT")
    assert 0 <= cache.now() - PreflightCache().now() + 1 <= 1
