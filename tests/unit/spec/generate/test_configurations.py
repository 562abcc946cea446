"""Configurations can be constructed, and often enough hold what matters."""

import re
from urllib.parse import urlsplit

from hypothesis import given

from spec.config import Config
from spec.generate.configurations import configs, origins
from spec.http import is_token
from spec.origin import Kind, canonical, judge_entry
from spec.rules.judge import errors
from tests.helpers.thresholds import hit, thresholds


@thresholds(port=0.1)
@given(origins())
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
@given(configs())
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
