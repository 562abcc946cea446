"""The pools hold what they say."""

import re

from spec.config import Config
from spec.generate.near_miss_origins import usual_near_misses
from spec.generate.near_miss_patterns import pattern_examples, pattern_misses
from spec.generate.origin_lines import known_allowed
from spec.generate.vocabulary import CREDENTIALS_HEADERS, IRRELEVANT_HEADERS, ORIGIN_PATTERNS, PATTERNS
from spec.rules.judge import errors
from tests.unit.spec.generate.judging import is_member


def test_irrelevant_headers_hold_every_response_header_of_cors() -> None:
    found = {name for name, _ in IRRELEVANT_HEADERS}
    for suffix in ("origin", "credentials", "methods", "headers", "private-network"):
        assert b"access-control-allow-" + suffix.encode() in found
    assert {b"access-control-expose-headers", b"access-control-max-age", b"vary"} <= found


def test_irrelevant_headers_leave_authentication_alone() -> None:
    found = {name for name, _ in IRRELEVANT_HEADERS}
    assert {name for name, _ in CREDENTIALS_HEADERS} == {b"cookie", b"authorization"}
    assert not found & {b"cookie", b"authorization", b"proxy-authorization", b"host"}
    assert {b"x-requested-with", b"accept-language", b"referer"} <= found
    assert all(re.fullmatch(rb"[a-z-]+", name) for name in found)


def test_every_pattern_and_regex_of_the_pools_allows_what_it_says() -> None:
    for entry in ORIGIN_PATTERNS:
        config = Config(allow_origins=(entry,))
        assert errors(config) == []
        assert all(is_member(config, origin.encode()) for origin in pattern_examples(entry))
        usual = usual_near_misses(entry)
        assert usual == pattern_misses(entry)
        assert sum(not is_member(config, value) for value in usual) > 60
    for regex, examples in PATTERNS.items():
        config = Config(allow_origin_regex=regex)
        assert errors(config) == []
        assert all(is_member(config, origin.encode()) for origin in examples)
        known = known_allowed(config)
        assert set(known) >= set(examples)
        assert (known == []) == (examples == ())
