"""What a browser does with a cross-origin fetch: the Fetch standard, in plain functions named as its steps.

Mode "cors" only. What a browser adds by itself (Accept on actual requests, User-Agent, cookies) is not
modelled: no step of CORS looks at it. https://fetch.spec.whatwg.org/
"""

from spec.browser.engines import CHROMIUM, FIREFOX, STANDARD, WEBKIT, Engine
from spec.browser.fetch import Fetch, Hop, Outcome
from spec.browser.preflight import preflight_request
from spec.browser.preflight_cache import PreflightCache
from spec.browser.whole_fetch import actual_request, outcome, perform, trace

__all__ = [
    "CHROMIUM",
    "FIREFOX",
    "STANDARD",
    "WEBKIT",
    "Engine",
    "Fetch",
    "Hop",
    "Outcome",
    "PreflightCache",
    "actual_request",
    "outcome",
    "perform",
    "preflight_request",
    "trace",
]
