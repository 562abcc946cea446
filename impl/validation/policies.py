"""What is wrong or risky in policies by path: all of it at once, each with its prefix."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import unquote

from impl.config import Config, gather
from impl.errors import Problem
from impl.validation.review import review

_ARGUMENTS = tuple(vars(Config()))
_EXAMPLES = "'/' for all paths, or for instance '/public' or '/api/v1'."

# What a prefix must not match, and why.
_WRONG = (
    (r"(?!/)", "it does not start with a slash"),
    (r"(?s)/.*/\Z", "it ends with a slash"),
    (r"(?s).*//", "it has two slashes in a row"),
    (r"(?s).*/\.\.?(/|\Z)", "it has a segment that is `.` or `..`"),
    (r"(?s).*[%?#\\]", "it has `%`, `?`, `#` or a backslash, which no path has once it is read"),
    (r"(?s).*[*{}]", "it has `*`, `{` or `}`, but it is no pattern"),
    (r"(?s)\s|.*\s\Z", "it begins or ends with white space"),
)


def review_policies(policies: Any) -> tuple[dict[str, Config], list[Problem], list[list[Problem]]]:
    """The configuration of each prefix, all problems that forbid them, and what is risky, by rule."""
    configs: dict[str, Config] = {}
    problems: list[Problem] = []
    advice: dict[str, list[Problem]] = {}
    try:
        pairs = [
            (prefix, policy)
            for prefix, policy in (policies.items() if isinstance(policies, Mapping) else policies)
        ]
    except (TypeError, ValueError):
        reason = "This is not a mapping of prefixes to policies."
        repair = "for instance {'/': {'allow_origins': ['https://app.example']}}."
        return {}, [Problem("policies", None, policies, "A-CFG-31", reason, repair)], []
    if not pairs:
        reason, repair = "No path has a policy.", "a policy for '/', or for each path that needs one."
        return {}, [], [[Problem("policies", None, policies, "A-CFG-27", reason, repair)]]
    for prefix, policy in pairs:
        problems += _judge_prefix(prefix, configs)
        config, found, risky = _review_policy(policy)
        problems += [replace(problem, prefix=prefix) for problem in found]
        for places in risky:
            same_rule = advice.setdefault(places[0].rule, [])
            same_rule += [replace(problem, prefix=prefix) for problem in places]
        if isinstance(prefix, str):
            configs[prefix] = config
    return configs, problems, [*advice.values()]


def _judge_prefix(prefix: Any, known: Mapping[str, Config]) -> Iterator[Problem]:
    if not isinstance(prefix, str):
        yield Problem("prefix", None, prefix, "A-CFG-30", "This is not a str.", _EXAMPLES)
        return
    wrong = [reason for pattern, reason in _WRONG if re.match(pattern, prefix)]
    if wrong:
        reason = f"No path begins with these segments: {'; '.join(wrong)}."
        meant = _meant(prefix)
        repair = _EXAMPLES if meant is None or meant in known else repr(meant)
        yield Problem("prefix", None, prefix, "A-CFG-30", reason, repair, prefix=prefix)
    if prefix in known:
        reason, repair = "This prefix is given twice.", "one policy for each prefix."
        yield Problem("prefix", None, prefix, "A-CFG-30", reason, repair, prefix=prefix)


def _meant(prefix: str) -> str | None:
    """The prefix that was evidently meant; None where that is not certain."""
    of_url = re.sub(r"\A[A-Za-z][A-Za-z0-9+.\-]*://[^/?#]*", "", prefix.strip())
    path = unquote(re.split(r"[?#]", of_url)[0])
    # A prefix covers what `*` stands for at the end. Without a parameter it would cover more than was meant.
    path = re.sub(r"/?(\*+|\{\w+:path\})\Z", "", path)
    meant = ("/" + "/".join(filter(None, path.split("/")))).rstrip()
    is_path = re.match(r"[/\w]|\Z", path) is not None  # and no regex
    return meant if is_path and not any(re.match(pattern, meant) for pattern, _ in _WRONG) else None


def _review_policy(policy: Any) -> tuple[Config, list[Problem], list[list[Problem]]]:
    """A policy as a configuration, what forbids it, and what is risky."""
    if isinstance(policy, Config):
        policy = vars(policy)
    elif not isinstance(policy, Mapping):
        reason = "This is neither a mapping of the arguments of CORSMiddleware nor a Config."
        repair = "for instance {'allow_origins': ['https://app.example']}."
        return Config(), [Problem("", None, policy, "A-CFG-31", reason, repair)], []
    unknown = [
        Problem(
            str(name),
            None,
            value,
            "A-CFG-31",
            "CORSMiddleware has no argument of this name.",
            f"one of {', '.join(_ARGUMENTS)}.",
        )
        for name, value in policy.items()
        if name not in _ARGUMENTS
    ]
    config = Config(**{name: gather(value) for name, value in policy.items() if name in _ARGUMENTS})
    # An empty policy is written to allow nobody.
    problems, advice = review(config, overridden=not policy)
    return config, [*unknown, *problems], advice
