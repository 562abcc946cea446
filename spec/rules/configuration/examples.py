"""What counterexamples of rules about configurations are written with.

Values of a wrong kind are wrong on purpose, hence `Any`.
"""

from typing import Any

from spec.config import Config

SITE = "https://example.com"


def example(**parameters: Any) -> Config:
    """Somebody is allowed, unless these parameters say otherwise."""
    return Config(**{"allow_origins": (SITE,)} | parameters)
