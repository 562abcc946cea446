"""For each configuration rule a configuration that breaks it, and with it only what the rule declares.

What a rule declares is in its `same_as` and `implies`. Wrong kinds are wrong on purpose, hence `Any`.
"""

from typing import Any

from spec.config import Config

SITE = "https://example.com"


def example(**parameters: Any) -> Config:
    """Somebody is allowed, unless these parameters say otherwise."""
    return Config(**{"allow_origins": (SITE,)} | parameters)
