"""Several policies, one for each prefix of the path: each is checked with origins of the others, too."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from itertools import chain
from typing import Any
from urllib.parse import quote, unquote

from spec.config import Config
from spec.conformance.cases import UNLISTED, Group, actual, is_allowed, known_origins, preflight, usual_method
from spec.conformance.stated import Policy, as_config, mistakes, unstated
from spec.conformance.target import Target
from spec.paths import certain_segments, is_prefix, policy_of

Policies = Mapping[str, "Policy | Mapping[str, Any]"]
"""A policy, or its parameters, for each prefix."""

STRANGERS = 2
"""How many origins of each other policy are tried on a path."""

OF_ANOTHER_PATH = "an origin of another path"
"""The name of the groups in which only what is let in is a violation, because the path may not exist."""


@dataclass(frozen=True)
class Part:
    """What is checked of a server under one policy.

    `prefix` is empty where the server has one policy for all paths. `elsewhere`: requests of origins that
    other policies allow, and this one does not. `is_stated` is False for the paths without a policy: no
    origin may be allowed there, and nothing has to work.
    """

    prefix: str
    config: Config
    target: Target
    elsewhere: tuple[Group, ...] = ()
    is_stated: bool = True


def parts(config: Policy | Policies, target: Target | Mapping[str, Target]) -> list[Part]:
    """The parts of a policy, or of several; the part of the paths without a policy comes last.

    One target for several policies is used for each of them, at its prefix; `error_path` and `options_path`
    go to the policy that they have. Of a policy that is given as parameters only these are judged. Raises
    ValueError with all that is wrong.
    """
    if not isinstance(config, Mapping):
        if isinstance(target, Mapping):
            raise ValueError(f"target: {target!r} is for several policies; give one Target")
        return [Part("", as_config(config), target)]
    configs = _read(config)
    targets = _targets(configs, target)
    for prefix, policy in config.items():
        if isinstance(policy, Mapping):
            targets[prefix] = replace(targets[prefix], unstated=unstated(policy))
    allowed = [known_origins(each)[:STRANGERS] for each in configs.values()]
    strangers = list(dict.fromkeys([*chain(*allowed), UNLISTED]))
    found = []
    for prefix, each in configs.items():
        places = [targets[prefix].path, *_lookalikes(configs, prefix)]
        found.append(Part(prefix, each, targets[prefix], tuple(_foreign(each, strangers, places))))
    places = _lookalikes(configs, None)
    if places:
        elsewhere = tuple(_foreign(Config(), strangers, places))
        found.append(Part("", Config(), Target(places[0]), elsewhere, is_stated=False))
    return found


def of_prefix(prefix: str, problem: str) -> str:
    """A problem, with the prefix of its policy if there are several."""
    return f"policy {prefix!r}: {problem}" if prefix else problem


def prefix_of(policies: Iterable[str], path: str) -> str | None:
    """The prefix whose policy a path has; None if it has none."""
    return policy_of({prefix: prefix for prefix in policies}, path)


def prefix_problem(prefix: Any) -> str:
    """Why this is no prefix, and what to write; empty when it is one."""
    if isinstance(prefix, str) and is_prefix(prefix):
        return ""
    if isinstance(prefix, str):
        text = prefix.strip()
        for each in (text.rstrip("*"), unquote(text)):
            if is_prefix(meant := f"/{each.strip('/')}"):
                return f"a prefix is whole segments of a path, each after a slash, decoded; write {meant!r}"
    return "a prefix is whole segments of a path, each after a slash, decoded, such as '/' or '/public'"


def as_sent(prefix: str) -> str:
    """A prefix as the path of a request: percent-encoded, where that is needed."""
    return quote(prefix, safe="/!$&'()+,:;=@~")


def _read(policies: Mapping[str, Any]) -> dict[str, Config]:
    """The configurations by prefix, the shortest first. Raises ValueError with all that is wrong."""
    if not policies:
        raise ValueError("config: there is no policy in it; write {'/': {...}}")
    if set(policies) <= {field.name for field in fields(Config)}:
        raise ValueError(f"config: {policies!r} has no prefix; write {{'/': {{...}}}}, or a spec.Config")
    found, problems = {}, []
    for prefix, policy in policies.items():
        wrong = [prefix_problem(prefix)]
        try:
            found[prefix] = Config.from_mapping(policy) if isinstance(policy, Mapping) else as_config(policy)
            wrong += mistakes(found[prefix])
        except ValueError as problem:
            wrong.append(str(problem))
        problems += [of_prefix(prefix, problem) for problem in wrong if problem]
    if problems:
        raise ValueError("\n".join(problems))
    return dict(sorted(found.items()))


def _targets(configs: Iterable[str], target: Target | Mapping[str, Target]) -> dict[str, Target]:
    """The target of each policy. Raises ValueError with all that is wrong."""
    if isinstance(target, Mapping):
        problems = [f"target: {prefix!r} is the prefix of no policy" for prefix in {*target} - {*configs}]
        problems += [
            f"target: {prefix!r} has {each!r}; write a Target, such as Target('/public/logo')"
            for prefix, each in target.items()
            if not isinstance(each, Target)
        ]
        found = {prefix: target.get(prefix, Target(as_sent(prefix))) for prefix in configs}
    else:
        problems = []
        if target.path != "/":
            problems.append(
                f"target: path {target.path!r} is for one policy; give {{'/public': Target(...)}}"
            )
        for name in ("error_path", "options_path"):
            path = getattr(target, name)
            if path is not None and prefix_of(configs, path) is None:
                problems.append(f"target: {name} {path!r} has no policy; name a path that has one")
        found = {prefix: _of_prefix(configs, prefix, target) for prefix in configs}
    if not problems:
        problems += _misplaced(configs, found)
    if problems:
        raise ValueError("\n".join(problems))
    return found


def _of_prefix(configs: Iterable[str], prefix: str, target: Target) -> Target:
    """The target of several policies, for this one."""
    error_path, options_path = (
        path if path is not None and prefix_of(configs, path) == prefix else None
        for path in (target.error_path, target.options_path)
    )
    return replace(target, path=as_sent(prefix), error_path=error_path, options_path=options_path)


def _misplaced(configs: Iterable[str], targets: Mapping[str, Target]) -> Iterator[str]:
    """Paths that are to be requested under a policy, and have another."""
    for prefix, target in targets.items():
        for name in ("path", "error_path", "options_path"):
            path = getattr(target, name)
            if path is None or (owner := prefix_of(configs, path)) == prefix:
                continue
            has = "no policy" if owner is None else f"the policy of {owner!r}"
            if not certain_segments(path)[1]:
                has = "no certain policy, because applications read it in different ways"
            yield f"policy {prefix!r}: target.{name} {path!r} has {has}; name a path of this policy"


def _lookalikes(configs: Iterable[str], prefix: str | None) -> list[str]:
    """Paths of a policy, or of none, that begin or end as another prefix does: servers may mix them up."""
    found = [
        path
        for other in configs
        for path in map(as_sent, (f"{other}x", f"{other.rstrip('/')}/x", f"/x{other}"))
        if prefix_of(configs, path) == prefix
    ]
    return list(dict.fromkeys(found))


def _foreign(config: Config, strangers: Iterable[str], places: Iterable[str]) -> Iterator[Group]:
    """Requests of those of the strangers who are not allowed, for each place."""
    for place in dict.fromkeys(places):
        for origin in strangers:
            if not is_allowed(config, origin):
                lines = (origin.encode(),)
                asked = preflight(lines, (usual_method(config),), path=place)
                yield Group(OF_ANOTHER_PATH, (actual(lines, path=place), asked))
