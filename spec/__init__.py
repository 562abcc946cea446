"""An executable specification of CORS: every rule as a predicate, and what browsers do.

`check` judges exchanges with any server, `check_config` a configuration, `check_fetch` a browser.
`spec.browser` says what a browser does, `spec.policy` what a configuration means.
"""

from spec.config import Config
from spec.http import Request, Response
from spec.rules import RULES
from spec.rules.judge import check, check_config, check_fetch
from spec.rules.record import Exchange, Level, Place, Profile, Rule, Severity, Subject, Violation

__all__ = [
    "RULES",
    "Config",
    "Exchange",
    "Level",
    "Place",
    "Profile",
    "Request",
    "Response",
    "Rule",
    "Severity",
    "Subject",
    "Violation",
    "check",
    "check_config",
    "check_fetch",
]
