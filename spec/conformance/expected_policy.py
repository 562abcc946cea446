"""The file that states what a server is meant to do: the parameters of a configuration, and facts."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from importlib import resources
from typing import Any

from spec.extras import needed

try:
    import jsonschema
except ModuleNotFoundError as problem:
    raise needed(problem) from None

from spec.config import Config
from spec.config import schema as config_schema
from spec.conformance.by_path import Part, as_sent, parts, prefix_problem
from spec.conformance.target import Target

PROFILES = ("protocol", "security")


@dataclass(frozen=True)
class ExpectedPolicy:
    """What a server is meant to do, and what is known of it: a policy, or one for each prefix of the path."""

    config: Config | Mapping[str, Config]
    target: Target | Mapping[str, Target] = field(default_factory=Target)
    profiles: tuple[str, ...] = PROFILES

    @property
    def parts(self) -> list[Part]:
        """What is checked, policy by policy."""
        return parts(self.config, self.target)

    @staticmethod
    def from_mapping(mapping: Any) -> "ExpectedPolicy":
        """An expected policy from plain data. Raises one ValueError that tells all that is wrong."""
        if not isinstance(mapping, Mapping):
            raise ValueError(f"{mapping!r} is not a mapping of parameters to values")
        facts = mapping.get("target", {})
        problems = [f"target{problem}" for problem in _wrong_facts(facts)]
        profiles = tuple(facts.get("profiles", PROFILES)) if not problems else PROFILES
        if "policy" in mapping:
            policies, wrong = _read_policies(mapping, facts if not problems else {})
            problems += wrong
            if problems:
                raise ValueError("\n".join(problems))
            found = ExpectedPolicy(
                {prefix: config for prefix, (config, _) in policies.items()},
                {prefix: target for prefix, (_, target) in policies.items()},
                profiles,
            )
            parts(found.config, found.target)  # raises a ValueError for paths that have another policy
            return found
        rest = {name: value for name, value in mapping.items() if name != "target"}
        config, wrong = _read_config(rest, "[target]")
        problems = [*wrong, *problems]
        if problems:
            raise ValueError("\n".join(problems))
        try:
            return ExpectedPolicy(config, _target(facts, rest), profiles)
        except ValueError as wrong:
            raise ValueError(f"target.{wrong}") from None


def _read_config(rest: Mapping[str, Any], table: str) -> tuple[Config, list[str]]:
    """The configuration of these parameters, and what is wrong with it; facts belong in the table."""
    facts = schema()["properties"]["target"]["properties"]
    wrong = [f"{name}: is a fact about the server; move it below {table}" for name in rest if name in facts]
    try:
        config = Config.from_mapping({name: value for name, value in rest.items() if name not in facts})
        if config.allow_origin_regex:
            re.compile(config.allow_origin_regex)
    except ValueError as problem:
        return Config(), [str(problem), *wrong]
    except re.error as problem:
        regex = config.allow_origin_regex
        return Config(), [f"allow_origin_regex: {regex!r} is no regular expression: {problem}", *wrong]
    return config, wrong


def _wrong_facts(facts: Any, but: tuple[str, ...] = ()) -> list[str]:
    """What is wrong with the facts of a target, each from the name on that it has in them."""
    known = schema()["properties"]["target"]
    properties = {name: value for name, value in known["properties"].items() if name not in but}
    stray = set(facts) - set(properties) if isinstance(facts, Mapping) else ()
    found = [f".{name}: {_why_stray(name, properties, but)}" for name in sorted(stray)]
    validator = jsonschema.Draft7Validator({**known, "properties": properties, "additionalProperties": True})
    for error in sorted(validator.iter_errors(facts), key=str):
        where = "".join(f".{name}" for name in error.absolute_path)
        is_path = error.validator == "pattern" and where in (".path", ".error_path", ".options_path")
        path = f"{error.instance!r} does not begin with a slash; write {f'/{error.instance}'!r}"
        found.append(f"{where}: {path if is_path else error.message}")
    return found


def _why_stray(name: str, known: Iterable[str], but: tuple[str, ...]) -> str:
    """What is wrong with a key that is no fact of a target, and what to do."""
    if name in config_schema()["properties"]:
        table = "[policy.target]" if but else "[target]"
        return f"is a parameter of the policy, not of the target; move it above {table}"
    return f"unknown key (known: {', '.join(known)})"


def _target(facts: Mapping[str, Any], stated: Iterable[str]) -> Target:
    """The target of these facts; what of the configuration is not stated is left to the server."""
    told = {name: value for name, value in facts.items() if name not in ("profiles", "body")}
    unstated = frozenset({"max_age"}.difference(stated))
    return Target(**told, body=facts.get("body", "").encode(), unstated=unstated)


def _read_policies(
    mapping: Mapping[str, Any], common: Mapping[str, Any]
) -> tuple[dict[str, tuple[Config, Target]], list[str]]:
    """The policies of the tables `[[policy]]`, by their paths, and what is wrong with them."""
    problems = [
        f"{name}: stands outside of the tables [[policy]]; move it into one of them"
        for name in mapping
        if name not in ("policy", "target")
    ]
    problems += [
        f"target.{name}: a path is of one policy; move it to the target of that one, [policy.target]"
        for name in ("path", "error_path", "options_path")
        if name in common
    ]
    tables, found = mapping["policy"], dict[str, tuple[Config, Target]]()
    if isinstance(tables, Mapping):
        problems.append("policy: is one table; write [[policy]], in two brackets, for each policy")
    elif not isinstance(tables, list) or not tables:
        problems.append(f"policy: {tables!r} is no list of tables, each with a path: [[policy]]")
    for number, table in enumerate(tables if isinstance(tables, list) else ()):
        if not isinstance(table, Mapping):
            problems.append(f"policy[{number}]: {table!r} is not a mapping of parameters to values")
            continue
        prefix: Any = table.get("path")
        read, wrong = _read_policy(table, common)
        if isinstance(prefix, str) and prefix in found:
            wrong.append("path: is that of two tables; merge them")
        if read:
            found[prefix] = read
        name = f"policy[{number}]" if prefix is None else f"policy {prefix!r}"
        problems += [f"{name}: {problem}" for problem in wrong]
    return found, problems


def _read_policy(
    table: Mapping[str, Any], common: Mapping[str, Any]
) -> tuple[tuple[Config, Target] | None, list[str]]:
    """The policy of one table, or None, and what is wrong with it."""
    prefix: Any = table.get("path")
    facts = table.get("target", {})
    rest = {name: value for name, value in table.items() if name not in ("path", "target")}
    config, problems = _read_config(rest, "[target]" if "profiles" in rest else "[policy.target]")
    problems += [f"target{problem}" for problem in _wrong_facts(facts, ("profiles",))]
    if prefix is None:
        problems.append("path: missing; write the prefix of the paths that it is for, such as '/public'")
    elif problem := prefix_problem(prefix):
        problems.append(f"path: {problem}")
    if problems:
        return None, problems
    try:
        return (config, _target({"path": as_sent(prefix), **common, **facts}, rest)), []
    except ValueError as wrong:
        return None, [f"target.{wrong}"]


def schema() -> dict[str, Any]:
    """The JSON Schema (draft-07) of an expected policy: that of a configuration, and `target`."""
    found: dict[str, Any] = json.loads(
        resources.files("spec.conformance").joinpath("expected_policy.schema.json").read_bytes()
    )
    parameters, target = config_schema()["properties"], found["properties"]["target"]
    facts = {name: fact for name, fact in target["properties"].items() if name != "profiles"}
    found["properties"]["policy"]["items"]["properties"] |= {
        **parameters,
        "target": {**target, "properties": facts},
    }
    found["properties"] = parameters | found["properties"]
    found["additionalProperties"] = False
    return found
