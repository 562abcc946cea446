"""Bad configurations are wrong in every parameter, often enough."""

import re
from dataclasses import fields

from hypothesis import given

from spec.config import Config
from spec.generate.bad_configurations import bad_configs
from spec.http import is_token
from spec.origin import Kind, judge_entry
from spec.regex import is_glob
from spec.rules.judge import errors
from tests.helpers.thresholds import hit, thresholds


@thresholds(origins=0.1, methods=0.05, headers=0.05, type=0.05, credentials=0.05)
@given(bad_configs())
def test_bad_configs_differ_from_good_ones_in_a_parameter_that_is_spoilt(config: Config) -> None:
    lists = ("allow_origins", "allow_methods", "allow_headers", "expose_headers")
    bad = {name for name in lists if not _is_list_of_strings(getattr(config, name))}
    values = {field.name: getattr(config, field.name) for field in fields(config)}
    if "allow_origins" not in bad:
        entries = [entry for entry in config.allow_origins if entry not in ("*", "null")]
        if any(judge_entry(entry).kind is Kind.NEVER for entry in entries):
            bad.add("allow_origins")
        if config.allow_credentials is True and {"*", "null"} & set(config.allow_origins):
            bad.add("allow_credentials")
    for name in lists[1:]:
        if name not in bad and not all(is_token(element.encode()) for element in values[name]):
            bad.add(name)
    if "allow_methods" not in bad and any(
        method.upper() in ("CONNECT", "TRACE", "TRACK")
        or (method.upper() in ("DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT") and not method.isupper())
        for method in config.allow_methods
    ):
        bad.add("allow_methods")
    bad |= {name for name in ("allow_credentials", "allow_private_network") if type(values[name]) is not bool}
    if type(config.max_age) is not int or config.max_age < 0:
        bad.add("max_age")
    if config.allow_origin_regex is not None and not _compiles(config.allow_origin_regex):
        bad.add("allow_origin_regex")
    hit(
        origins="allow_origins" in bad,
        methods="allow_methods" in bad,
        headers=bool({"allow_headers", "expose_headers"} & bad),
        credentials="allow_credentials" in bad,
        type=bool({"max_age", "allow_origin_regex", "allow_private_network"} & bad),
    )
    assert bad
    assert errors(config)


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
