"""Hypothesis strategies for configurations, requests, fetches and application responses.

They are correlated: a request is drawn near the configuration that it is sent to. `any_requests` is the one
that knows nothing. Needs the extra `strategies`.
"""

from spec.generate.app_responses import app_responses
from spec.generate.bad_configurations import bad_configs
from spec.generate.configurations import configs, origins
from spec.generate.fetches import fetches
from spec.generate.near_miss_origins import usual_near_misses
from spec.generate.origin_lines import allowed_origins, near_miss_origins
from spec.generate.requests import any_requests, preflights, requests
from spec.generate.vocabulary import (
    METHODS,
    ORIGIN_PATTERNS,
    ORIGINS,
    PATTERNS,
    REQUEST_HEADERS,
    RISKY_REQUEST_HEADERS,
)

__all__ = [
    "METHODS", "ORIGINS", "ORIGIN_PATTERNS", "PATTERNS", "REQUEST_HEADERS", "RISKY_REQUEST_HEADERS",
    "allowed_origins", "any_requests", "app_responses", "bad_configs", "configs", "fetches",
    "near_miss_origins", "origins", "preflights", "requests", "usual_near_misses",
]  # fmt: skip
