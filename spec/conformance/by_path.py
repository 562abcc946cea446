"""Several policies, one for each prefix of the path: each is checked where it holds, and where others do."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any
from urllib.parse import quote

from spec.config import Config
from spec.conformance.cases import UNLISTED, Group, actual, is_allowed, known_origins, preflight, usual_method
from spec.conformance.stated import Policy, as_config, mistakes
from spec.conformance.target import Target
from spec.paths import is_prefix, policy_of

Policies = Mapping[str, "Policy | Mapping[str, Any]"]
"""By prefixes: a policy each, or its parameters."""

STRANGERS = 2
"""How many origins of each other policy are tried on a path."""


@dataclass(frozen=True)
class Part:
    """What is checked of a server under one policy.

    `prefix` is empty where the server has one policy for all paths. `elsewhere`: requests of origins that
    other prefixes allow, and this policy does not. `is_stated`: without a policy for some paths nobody is
    allowed there, and nothing has to work.
    """

    prefix: str
    config: Config
    target: Target
    elsewhere: tuple[Group, ...] = ()
    is_stated: bool = True


def parts(config: Policy | Policies, target: Target | Mapping[str, Target]) -> list[Part]:
    """The parts of a policy, or of several, that of no policy last.

    Each is asked at the path of its target. One target for several policies is that of each, at the prefix,
    without error and OPTIONS paths that have another policy. Raises ValueError with all that is wrong.
    """
    if not isinstance(config, Mapping):
        if isinstance(target, Mapping):
            raise ValueError(f"target: {target!r} is for several policies; give one Target")
        return [Part("", as_config(config), target)]
    configs = _read(config)
    if isinstance(target, Mapping):
        strays = [prefix for prefix in target if prefix not in configs]
        problems = [f"target: {prefix!r} is the prefix of no policy" for prefix in strays]
        targets = {prefix: target.get(prefix, Target(as_sent(prefix))) for prefix in configs}
    else:
        problems, targets = [], {prefix: _at(configs, prefix, target) for prefix in configs}
    if problems := [*problems, *_misplaced(configs, targets)]:
        raise ValueError("\n".join(problems))
    found = [
        Part(prefix, config, targets[prefix], tuple(_elsewhere(configs, prefix, targets[prefix].path)))
        for prefix, config in configs.items()
    ]
    unstated = tuple(_elsewhere(configs, None))
    if unstated:
        nowhere = Target(unstated[0].requests[0].path, lacks=frozenset({"preflights"}))
        found.append(Part("", Config(), nowhere, unstated, is_stated=False))
    return found


def mistakes_of(every: Iterable[Part]) -> list[str]:
    """What is wrong with the configurations by the configuration rules, each with what to write instead."""
    return [of_prefix(part.prefix, problem) for part in every for problem in mistakes(part.config)]


def of_prefix(prefix: str, problem: str) -> str:
    """A problem, with the prefix of its policy if there are several."""
    return f"policy {prefix!r}: {problem}" if prefix else problem


def prefix_problem(prefix: Any) -> str:
    """Why this is no prefix, and what to write; empty when it is one."""
    if isinstance(prefix, str) and is_prefix(prefix):
        return ""
    if isinstance(prefix, str) and not prefix.strip("/"):
        return "the prefix of all paths is '/'; write that"
    if isinstance(prefix, str) and is_prefix(meant := f"/{prefix.strip('/')}"):
        return f"a prefix begins with a slash, and ends without one; write {meant!r}"
    return "a prefix is the beginning of a decoded path, such as '/' or '/public', of whole segments"


def as_sent(prefix: str) -> str:
    """A prefix as the path of a request: percent-encoded, where that is needed."""
    return quote(prefix, safe="/!$&'()+,:;=@~")


def _read(policies: Mapping[str, Any]) -> dict[str, Config]:
    """The configurations by prefix, the shortest first. Raises ValueError with all that is wrong."""
    found, problems = {}, [] if policies else ["config: there is no policy in it"]
    for prefix, policy in policies.items():
        if problem := prefix_problem(prefix):
            problems.append(f"policy {prefix!r}: {problem}")
        try:
            found[prefix] = Config.from_mapping(policy) if isinstance(policy, Mapping) else as_config(policy)
        except ValueError as problem:
            problems.append(f"policy {prefix!r}: {problem}")
    if problems:
        raise ValueError("\n".join(problems))
    return dict(sorted(found.items()))


def _at(configs: Mapping[str, Config], prefix: str, target: Target) -> Target:
    """The target of several policies, for this one."""
    error_path, options_path = (
        path if path is not None and prefix_of(configs, path) == prefix else None
        for path in (target.error_path, target.options_path)
    )
    return replace(target, path=as_sent(prefix), error_path=error_path, options_path=options_path)


def _misplaced(configs: Mapping[str, Config], targets: Mapping[str, Target]) -> Iterator[str]:
    """Paths that are to be asked under a policy, and have another."""
    for prefix, target in targets.items():
        for name in ("path", "error_path", "options_path"):
            path = getattr(target, name)
            if path is not None and (has := prefix_of(configs, path)) != prefix:
                is_of = "no policy" if has is None else f"the policy of {has!r}"
                yield f"policy {prefix!r}: {name} {path!r} has {is_of}; name a path that this one is for"


def prefix_of(configs: Mapping[str, Config], path: str) -> str | None:
    """The prefix whose policy a path has."""
    return policy_of({prefix: prefix for prefix in configs}, path)


def _elsewhere(configs: Mapping[str, Config], prefix: str | None, path: str | None = None) -> Iterator[Group]:
    """What must be refused under this policy, though a server may mistake its paths for those of others.

    Such paths begin or end like another prefix. Nothing is asked there that is allowed, for there may be
    nothing. Without a path those of no policy.
    """
    config = Config() if prefix is None else configs[prefix]
    allowed = [known_origins(other)[:STRANGERS] for other in configs.values()]
    strangers = dict.fromkeys([*chain(*allowed), UNLISTED])
    near = [
        other
        for each in configs
        for other in map(as_sent, (f"{each}x", f"{each.rstrip('/')}/x", f"/x{each}"))
        if prefix_of(configs, other) == prefix
    ]
    method = (usual_method(config),)
    for place in dict.fromkeys([*([] if path is None else [path]), *near]):
        for origin in strangers:
            if not is_allowed(config, origin):
                lines = (origin.encode(),)
                preflighted = () if prefix is None else (preflight(lines, method, path=place),)
                yield Group("an origin of another path", (actual(lines, path=place), *preflighted))
