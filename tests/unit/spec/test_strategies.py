"""The strategies yield what they say, and often enough what matters.

What a configuration allows is decided here by other means than the strategies use, so that a near miss that
is allowed after all does not go unnoticed.
"""

import re
from dataclasses import fields
from urllib.parse import urlsplit

from hypothesis import assume, given
from hypothesis import strategies as st

from spec import strategies
from spec.browser import Fetch, actual_request, preflight_request
from spec.config import Config
from spec.http import Request, Response, has_no_content, is_token
from spec.near_misses import pattern_examples, pattern_misses
from spec.origin import Kind, canonical, judge_entry
from spec.regex import is_glob
from spec.rules.judge import errors
from tests.helpers.thresholds import hit, thresholds
from tests.unit.spec.test_origin_patterns import is_meant

VALUE = re.compile(rb"[^\x00-\x08\x0a-\x1f\x7f]*")


def is_member(config: Config, origin: bytes) -> bool:
    """Whether the configuration allows this origin, written down a second time."""
    text = origin.decode("latin-1")
    if "*" in config.allow_origins:
        return True
    if any(is_meant(entry, origin) if "*" in entry else text == entry for entry in config.allow_origins):
        return True
    if config.allow_origin_regex is None or len(text) > 512 or not text.isascii():
        return False
    scheme, separator, rest = text.partition("://")
    if not separator or not rest or not re.compile(r"\A[a-z][a-z0-9+.-]*\Z").match(scheme):
        return False
    if any(
        character in "/?#@\\," or character.isspace() or not character.isprintable() for character in rest
    ):
        return False
    return re.compile(rf"\A(?:{_flags_first(config.allow_origin_regex)})\Z").match(text) is not None


def _flags_first(pattern: str) -> str:
    """A pattern that can stand in a group: global flags become flags of a group."""
    found = re.match(r"\(\?([a-z]+)\)", pattern)
    return f"(?{found[1]}:{pattern[found.end() :]})" if found else pattern


def test_the_membership_check_above_knows_the_traps() -> None:
    config = Config(
        allow_origins=("https://example.com", "https://*.a.example", "http://localhost:*"),
        allow_origin_regex=r"https://.*\.example\.org",
    )
    assert is_member(config, b"https://example.com")
    assert is_member(config, b"https://b.a.example") and is_member(config, b"http://localhost:1")
    for miss in (b"https://*.a.example", b"https://a.example", b"http://localhost:*", b"http://localhost:80"):
        assert not is_member(config, miss)
    assert is_member(config, b"https://a.example.org")
    for miss in (b"https://example.com\n", b"https://example.org", b"https://evil/.example.org", b"null"):
        assert not is_member(config, miss)
    assert not is_member(config, b"https://a.example.org\n")
    assert is_member(Config(allow_origins=("*",)), b"null")


def is_asgi_valid(request: Request) -> bool:
    """What ASGI promises of a request: lower-case header names that are tokens, and a method that is one."""
    names_are_lower = all(name == name.lower() and is_token(name) for name, _ in request.headers)
    return names_are_lower and bool(request.method) and request.path != ""


configs_and_requests = strategies.configs().flatmap(
    lambda config: st.tuples(st.just(config), strategies.requests(config))
)
configs_and_preflights = strategies.configs().flatmap(
    lambda config: st.tuples(st.just(config), strategies.preflights(config))
)


@thresholds(port=0.1)
@given(strategies.origins())
def test_origins_are_what_browsers_send(origin: str) -> None:
    parts = urlsplit(origin)
    hit(port=parts.port is not None)
    assert canonical(origin).kind is Kind.CANONICAL
    assert origin == f"{parts.scheme}://{parts.netloc}"
    assert origin == origin.lower()


@thresholds(
    credentials=0.1,
    no_credentials=0.1,
    wildcard=0.01,
    null=0.01,
    pattern=0.1,
    patterns_alone=0.03,
    regex=0.05,
    several_origins=0.1,
    no_origin=0.03,
    any_method=0.05,
    no_method=0.03,
    any_header=0.05,
    twins=0.01,
    duplicates=0.1,
    exposed=0.1,
    unexposed=0.1,
    private_network=0.1,
)
@given(strategies.configs())
def test_configs_can_be_constructed(config: Config) -> None:
    lower = [name.lower() for name in config.allow_headers]
    hit(
        credentials=config.allow_credentials,
        no_credentials=not config.allow_credentials,
        wildcard="*" in config.allow_origins,
        null="null" in config.allow_origins,
        pattern=any("*." in entry or ":*" in entry for entry in config.allow_origins),
        patterns_alone=bool(config.allow_origins)
        and all("*." in entry or ":*" in entry for entry in config.allow_origins)
        and config.allow_origin_regex is None,
        regex=config.allow_origin_regex is not None,
        several_origins=len(config.allow_origins) > 1,
        no_origin=not config.allow_origins,
        any_method="*" in config.allow_methods,
        no_method=not config.allow_methods,
        any_header="*" in config.allow_headers,
        twins=len(set(lower)) < len(set(config.allow_headers)),
        duplicates=any(
            len(values) > len(set(values))
            for values in (
                config.allow_origins,
                config.allow_methods,
                config.allow_headers,
                config.expose_headers,
            )
        ),
        exposed=bool(config.expose_headers),
        unexposed=not config.expose_headers,
        private_network=config.allow_private_network,
    )
    assert errors(config) == []
    assert not (config.allow_credentials and {"*", "null"} & set(config.allow_origins))
    assert all(
        entry in ("*", "null") or judge_entry(entry).kind is not Kind.NEVER for entry in config.allow_origins
    )
    names = (*config.allow_methods, *config.allow_headers, *config.expose_headers)
    assert all(is_token(name.encode()) for name in names)
    assert config.max_age >= 0
    assert config.allow_origin_regex is None or re.compile(config.allow_origin_regex)


@thresholds(origins=0.1, methods=0.05, headers=0.05, type=0.05, credentials=0.05)
@given(strategies.bad_configs())
def test_bad_configs_differ_from_good_ones_in_a_parameter_that_is_spoilt(config: Config) -> None:
    lists = ("allow_origins", "allow_methods", "allow_headers", "expose_headers")
    spoilt = {name for name in lists if not _is_list_of_strings(getattr(config, name))}
    values = {field.name: getattr(config, field.name) for field in fields(config)}
    if "allow_origins" not in spoilt:
        entries = [entry for entry in config.allow_origins if entry not in ("*", "null")]
        if any(judge_entry(entry).kind is Kind.NEVER for entry in entries):
            spoilt.add("allow_origins")
        if config.allow_credentials is True and {"*", "null"} & set(config.allow_origins):
            spoilt.add("allow_credentials")
    for name in lists[1:]:
        if name not in spoilt and not all(is_token(element.encode()) for element in values[name]):
            spoilt.add(name)
    if "allow_methods" not in spoilt and any(
        method.upper() in ("CONNECT", "TRACE", "TRACK")
        or (method.upper() in ("DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT") and not method.isupper())
        for method in config.allow_methods
    ):
        spoilt.add("allow_methods")
    spoilt |= {
        name for name in ("allow_credentials", "allow_private_network") if type(values[name]) is not bool
    }
    if type(config.max_age) is not int or config.max_age < 0:
        spoilt.add("max_age")
    if config.allow_origin_regex is not None and not _compiles(config.allow_origin_regex):
        spoilt.add("allow_origin_regex")
    hit(
        origins="allow_origins" in spoilt,
        methods="allow_methods" in spoilt,
        headers=bool({"allow_headers", "expose_headers"} & spoilt),
        credentials="allow_credentials" in spoilt,
        type=bool({"max_age", "allow_origin_regex", "allow_private_network"} & spoilt),
    )
    assert spoilt
    assert errors(config)


def host_of(entry: str) -> bytes:
    """What is written of the host of a pattern."""
    return entry.partition("://")[2].removeprefix("*.").removesuffix(":*").removesuffix(":8443").encode()


def test_every_pattern_and_regex_of_the_pools_allows_what_it_says() -> None:
    for entry in strategies.ORIGIN_PATTERNS:
        config = Config(allow_origins=(entry,))
        assert errors(config) == []
        assert all(is_member(config, origin.encode()) for origin in pattern_examples(entry))
        usual = strategies.usual_near_misses(entry)
        assert usual == pattern_misses(entry)
        assert sum(not is_member(config, value) for value in usual) > 60
    for regex, examples in strategies.PATTERNS.items():
        config = Config(allow_origin_regex=regex)
        assert errors(config) == []
        assert all(is_member(config, origin.encode()) for origin in examples)
        known = strategies._known_allowed(config)
        assert set(known) >= set(examples)
        assert (known == []) == (examples == ())


def _is_list_of_strings(value: object) -> bool:
    return isinstance(value, tuple) and all(isinstance(element, str) for element in value)


def _compiles(pattern: object) -> bool:
    if not isinstance(pattern, str) or not pattern or is_glob(pattern):
        return False
    try:
        re.compile(pattern)
    except re.error:
        return False
    return True


@thresholds(regex=0.02, pattern=0.05, listed=0.2, origin_shaped=0.3)
@given(strategies.configs().flatmap(lambda config: st.tuples(st.just(config), st.data())))
def test_allowed_origins_are_allowed(case: tuple[Config, st.DataObject]) -> None:
    config, data = case
    assume(config.allow_origins or (config.allow_origin_regex and strategies._is_regex_alive(config)))
    origin = data.draw(strategies.allowed_origins(config))
    listed = origin in config.allow_origins
    by_pattern = any("*" in entry[1:] and is_meant(entry, origin.encode()) for entry in config.allow_origins)
    hit(
        regex=not listed and not by_pattern and "*" not in config.allow_origins,
        pattern=by_pattern and not listed,
        listed=listed,
        origin_shaped="://" in origin,
    )
    assert is_member(config, origin.encode())


@thresholds(one_line=0.3, like_an_entry=0.05, like_a_pattern=0.05)
@given(
    strategies.configs().flatmap(
        lambda config: st.tuples(st.just(config), strategies.near_miss_origins(config))
    )
)
def test_a_near_miss_is_never_allowed(case: tuple[Config, tuple[bytes, ...]]) -> None:
    config, lines = case
    value = b"".join(lines)
    hit(
        one_line=len(lines) == 1,
        like_an_entry=any(entry.encode() in value and entry != "*" for entry in config.allow_origins),
        like_a_pattern=any(
            host_of(entry) in value.lower() for entry in config.allow_origins if "*" in entry and entry != "*"
        ),
    )
    if "*" in config.allow_origins:
        assert lines == ()
    else:
        assert len(lines) != 1 or not is_member(config, lines[0])


@thresholds(
    preflight=0.1,
    actual=0.1,
    options_without_wish=0.005,
    wish_without_options=0.01,
    no_origin=0.02,
    allowed_origin=0.15,
    refused_origin=0.1,
    doubled_origin=0.005,
)
@given(configs_and_requests)
def test_requests_are_valid_and_of_every_kind(case: tuple[Config, Request]) -> None:
    config, request = case
    origins = request.lines("origin")
    wishes = request.lines("access-control-request-method")
    is_preflight = bool(request.method == "OPTIONS" and origins and wishes)
    allowed = len(origins) == 1 and is_member(config, origins[0])
    hit(
        preflight=is_preflight,
        actual=bool(origins) and not is_preflight,
        options_without_wish=request.method == "OPTIONS" and not wishes,
        wish_without_options=request.method != "OPTIONS" and bool(wishes),
        no_origin=not origins,
        allowed_origin=allowed,
        refused_origin=len(origins) == 1 and not allowed,
        doubled_origin=len(origins) > 1,
    )
    assert is_asgi_valid(request)


@thresholds(
    listed_method=0.2,
    other_method=0.1,
    doubled_method=0.01,
    no_header=0.1,
    tokens=0.15,
    no_tokens=0.01,
    split=0.01,
    private_network=0.05,
)
@given(configs_and_preflights)
def test_preflights_are_preflights_and_of_every_kind(case: tuple[Config, Request]) -> None:
    config, request = case
    (method, *more) = request.lines("access-control-request-method")
    wishes = request.lines("access-control-request-headers")
    joined = b",".join(wishes)
    names = [name.strip(b" \t") for name in joined.split(b",") if name.strip(b" \t")]
    tokens = all(is_token(name) for name in names)
    hit(
        listed_method=method.decode("latin-1") in config.allow_methods or "*" in config.allow_methods,
        other_method=method.decode("latin-1") not in config.allow_methods,
        doubled_method=bool(more),
        no_header=not names,
        tokens=bool(names) and tokens,
        no_tokens=not tokens,
        split=len(wishes) > 1,
        private_network=request.lines("access-control-request-private-network") == [b"true"],
    )
    assert request.method == "OPTIONS"
    assert request.lines("origin")
    assert is_asgi_valid(request)


@thresholds(preflight=0.01, origin=0.1, odd_bytes=0.1)
@given(strategies.any_requests())
def test_any_requests_are_valid_and_sometimes_preflights(request: Request) -> None:
    origins = request.lines("origin")
    wishes = request.lines("access-control-request-method")
    hit(
        preflight=bool(request.method == "OPTIONS" and origins and wishes),
        origin=bool(origins),
        odd_bytes=any(not VALUE.fullmatch(value) for _, value in request.headers),
    )
    assert is_asgi_valid(request)


@thresholds(
    own_origin=0.05,
    own_credentials=0.02,
    vary=0.1,
    vary_twice=0.05,
    upper=0.1,
    error=0.1,
    doubled=0.1,
    body=0.1,
)
@given(strategies.app_responses())
def test_app_responses_are_valid_and_often_speak_of_cors_themselves(response: Response) -> None:
    names = [name.lower() for name, _ in response.headers]
    hit(
        own_origin=b"access-control-allow-origin" in names,
        own_credentials=b"access-control-allow-credentials" in names,
        vary=b"vary" in names,
        vary_twice=names.count(b"vary") > 1,
        upper=any(name != name.lower() for name, _ in response.headers),
        error=response.status >= 400,
        doubled=len(names) > len(set(names)),
        body=bool(response.body),
    )
    assert all(is_token(name) and VALUE.fullmatch(value) for name, value in response.headers)
    assert all(value == value.strip(b" \t") for name, value in response.headers if name.lower() != b"vary")
    assert not (response.body and has_no_content(response.status))


@thresholds(preflighted=0.1, simple=0.1, include=0.1, allowed_page=0.1, refused_page=0.05, own_header=0.1)
@given(strategies.configs().flatmap(lambda config: st.tuples(st.just(config), strategies.fetches(config))))
def test_fetches_go_to_another_origin_and_do_not_throw(case: tuple[Config, Fetch]) -> None:
    config, fetch = case
    request = actual_request(fetch)
    preflight = preflight_request(fetch)
    allowed = is_member(config, fetch.page_origin.encode())
    hit(
        preflighted=preflight is not None,
        simple=preflight is None,
        include=fetch.credentials == "include",
        allowed_page=allowed,
        refused_page=not allowed,
        own_header=bool(fetch.headers),
    )
    assert fetch.page_origin != fetch.url_origin
    assert request.lines("origin") == [fetch.page_origin.encode()]
    assert is_asgi_valid(request)
    assert preflight is None or is_asgi_valid(preflight)
