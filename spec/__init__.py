"""The law of CORS: every rule as an executable predicate, and an account of what browsers do.

`check` judges exchanges with any server, `check_config` a configuration, `check_fetch` a browser.
`spec.browser` says what a browser does, `spec.policy` what a configuration means.
"""

from spec.config import Config
from spec.http import Request, Response
from spec.judge import check, check_config, check_fetch
from spec.rule import Exchange, Level, Place, Profile, Rule, Scope, Violation
from spec.rules import RULES

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
    "Scope",
    "Violation",
    "check",
    "check_config",
    "check_fetch",
]
