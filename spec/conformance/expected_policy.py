"""The file that states what a server is meant to do: the parameters of a configuration, and facts."""

import json
import re
from collections.abc import Mapping
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
from spec.conformance.target import Target

PROFILES = ("protocol", "security")


@dataclass(frozen=True)
class ExpectedPolicy:
    """What a server is meant to do, and what is known of it."""

    config: Config
    target: Target = field(default_factory=Target)
    profiles: tuple[str, ...] = PROFILES

    @staticmethod
    def from_mapping(mapping: Any) -> "ExpectedPolicy":
        """An expected policy from plain data. Raises one ValueError that tells all that is wrong."""
        if not isinstance(mapping, Mapping):
            raise ValueError(f"{mapping!r} is not a mapping of parameters to values")
        rest = {name: value for name, value in mapping.items() if name != "target"}
        problems = []
        try:
            config = Config.from_mapping(rest)
            if config.allow_origin_regex:
                re.compile(config.allow_origin_regex)
        except ValueError as problem:
            problems.append(str(problem))
        except re.error as problem:
            problems.append(
                f"allow_origin_regex: {config.allow_origin_regex!r} is no regular expression: {problem}"
            )
        facts = mapping.get("target", {})
        known = schema()["properties"]["target"]
        names = ", ".join(known["properties"])
        stray = set(facts) - set(known["properties"]) if isinstance(facts, Mapping) else ()
        problems += [f"target.{name}: unknown key (known: {names})" for name in sorted(stray)]
        validator = jsonschema.Draft7Validator({**known, "additionalProperties": True})
        for error in sorted(validator.iter_errors(facts), key=str):
            where = ".".join(["target", *map(str, error.absolute_path)])
            problems.append(f"{where}: {error.message}")
        if problems:
            raise ValueError("\n".join(problems))
        told = {name: value for name, value in facts.items() if name not in ("profiles", "body")}
        unstated = frozenset({"max_age"} - rest.keys())
        target = Target(**told, body=facts.get("body", "").encode(), unstated=unstated)
        return ExpectedPolicy(config, target, tuple(facts.get("profiles", PROFILES)))


def schema() -> dict[str, Any]:
    """The JSON Schema (draft-07) of an expected policy: that of a configuration, and `target`."""
    found: dict[str, Any] = json.loads(
        resources.files("spec.conformance").joinpath("expected_policy.schema.json").read_bytes()
    )
    configuration = config_schema()
    found["properties"] = configuration["properties"] | found["properties"]
    found["additionalProperties"] = False
    return found
