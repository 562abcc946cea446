"""Point the rules at a running implementation of CORS, in any language, and be told which it breaks.

`check_app` takes an ASGI or WSGI application, `check_url` a server, `check_factory` what makes an application
of a configuration; `assert_conforms` is for tests. Needs the extra `check`.
"""

import inspect
import ssl
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from spec.extras import needed

try:
    from spec.config import Config
    from spec.conformance.asking import PATIENCE
    from spec.conformance.by_path import Part, Policies, parts
    from spec.conformance.cases import examples, known_origins
    from spec.conformance.findings import Finding, findings, reach
    from spec.conformance.report import Report
    from spec.conformance.run import Interrupted, Progress, conclude, run, run_parts, selected, silent
    from spec.conformance.stated import Policy, as_config, as_headers, mistakes, unstated
    from spec.conformance.target import FEATURES, Target
    from spec.conformance.transports import Extra, NoAnswer, Socket, Transport, in_process, name_of
    from spec.generate.configurations import configs
    from spec.http import Headers
    from spec.rules.judge import describe
except ModuleNotFoundError as problem:
    raise needed(problem) from None

__all__ = [
    "FEATURES", "Interrupted", "NoAnswer", "Policy", "Report", "Target", "assert_conforms", "check_app",
    "check_factory", "check_url", "in_process",
]  # fmt: skip

ANY_TARGET = Target()
DEFAULTS = Config()
DRAWN = 8
"""How many configurations are drawn for a factory."""

FOR_EVERYONE = ("protocol", "security")


def check_app(
    app: Any,
    config: Policy | Policies,
    *,
    target: Target | Mapping[str, Target] = ANY_TARGET,
    interface: str = "auto",
    profiles: Iterable[str] = FOR_EVERYONE,
    rules: Sequence[str] = ("*",),
    seed: int = 0,
    max_examples: int = 200,
    headers: Headers = (),
    preflight_headers: Headers = (),
    timeout: float = 10.0,
    patience: int = PATIENCE,
    at_most: int | None = None,
    progress: Progress = silent,
) -> Report:
    """Check an application in this process: `interface` is "asgi", "wsgi", or "auto" to tell by itself.

    `config` is the expected policy, or one for each prefix of the path, such as `{"/": …, "/public": …}`; of
    these each is asked at its prefix, or where its own target says. `rules` are patterns of rule ids,
    `headers` are sent with every request but preflights (Host with those, too), `preflight_headers` with
    preflights, `timeout` is in seconds. After
    `patience` requests without a response the run ends with what it has; `at_most` so many requests are sent
    for each policy, the most telling ones, and more only where a mistake is found. On WSGI requests with
    doubled lines are left out. Raises ValueError for what cannot be run, and when no rule is selected;
    Interrupted, a KeyboardInterrupt with the report of what was done.
    """
    every, report = begun(name_of(app), config, target, profiles, rules, seed)
    transport = in_process(app, interface, extra=Extra(headers, preflight_headers), timeout=timeout)
    finish(transport, report, every, max_examples, progress, patience, at_most)
    return report


def finish(transport: Transport, report: Report, every: Sequence[Part], *options: Any) -> None:
    """Run all parts, with the options of `run_parts`, and close the way to the server."""
    try:
        run_parts(transport, report, every, *options)
    finally:
        transport.close()


def begun(
    name: str, config: Policy | Policies, target: Target | Mapping[str, Target], profiles: Iterable[str],
    rules: Sequence[str], seed: int,
) -> tuple[list[Part], Report]:  # fmt: skip
    """The parts of a run, and its report, in which nothing is yet."""
    every, profiles = parts(config, target), tuple(profiles)
    policies = {part.prefix: part.config for part in every if part.prefix}
    chosen = selected(profiles, rules)
    return every, Report(name, every[0].config, profiles, seed, chosen, policies=policies)


def check_factory(
    factory: Callable[..., Any],
    config: Policy | Policies,
    *,
    target: Target | Mapping[str, Target] = ANY_TARGET,
    interface: str = "auto",
    profiles: Iterable[str] = FOR_EVERYONE,
    rules: Sequence[str] = ("*",),
    seed: int = 0,
    max_examples: int = 200,
    headers: Headers = (),
    preflight_headers: Headers = (),
    timeout: float = 10.0,
    patience: int = PATIENCE,
    at_most: int | None = None,
    progress: Progress = silent,
) -> Report:
    """Check what makes an application of a configuration: with `config`, and with a few that are drawn.

    Parameters as of `check_app`. A drawn configuration has none of the features that the target lacks; one
    that the factory refuses with a ValueError is left out. A factory that needs no argument is called once,
    without any, and its application checked as it is; for several policies it must be such a one.
    """
    has_parameter = takes_config(factory)
    if isinstance(config, Mapping) or isinstance(target, Mapping):
        if has_parameter:
            raise ValueError(
                "config: the factory takes a configuration, so it cannot be checked with several policies; "
                "name an application, or a function without arguments that makes one"
            )
        return check_app(
            factory(), config, target=target, interface=interface, profiles=profiles, rules=rules, seed=seed,
            max_examples=max_examples, headers=headers, preflight_headers=preflight_headers, timeout=timeout,
            patience=patience, at_most=at_most, progress=progress,
        )  # fmt: skip
    profiles, config = tuple(profiles), as_config(config)
    report = Report(name_of(factory), config, profiles, seed, selected(profiles, rules))
    for other in (None, *(drawn(config, target, seed) if has_parameter else ())):
        left = None if at_most is None else at_most - report.requests
        if report.inconclusive or (left is not None and left <= 0):
            break
        try:
            app = factory(other or config) if has_parameter else factory()
        except ValueError:
            if other is None:
                raise
            continue
        transport = in_process(app, interface, extra=Extra(headers, preflight_headers), timeout=timeout)
        try:
            run(
                transport, report, target, 0 if other else max_examples, progress, other, patience, left,
                control=other is None,
            )  # fmt: skip
        finally:
            transport.close()
    conclude(report, target)
    return report


def takes_config(factory: Callable[..., Any]) -> bool:
    """Whether a factory needs an argument: a Config."""
    try:
        parameters = inspect.signature(factory).parameters.values()
    except Exception:  # what is not written in Python may not tell, and an odd object raises anything
        return True
    positional = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return any(each.kind in positional and each.default is each.empty for each in parameters)


def drawn(config: Config, target: Target, root: int) -> list[Config]:
    """Configurations that are drawn, without the features that the target lacks.

    Hypothesis draws what is alike one after the other; these are far apart.
    """
    missing = {name: getattr(DEFAULTS, name) for name in target.lacks if hasattr(DEFAULTS, name)}
    every = (target.attainable(replace(each, **missing)) for each in examples(configs(), 10 * DRAWN, root))
    found = dict.fromkeys(every)
    others = [each for each in found if each != config and known_origins(each)]
    return others[:: max(1, len(others) // DRAWN)][:DRAWN]


def check_url(
    url: str,
    config: Policy | Policies,
    *,
    target: Target | Mapping[str, Target] = ANY_TARGET,
    profiles: Iterable[str] = FOR_EVERYONE,
    rules: Sequence[str] = ("*",),
    seed: int = 0,
    max_examples: int = 200,
    headers: Headers = (),
    preflight_headers: Headers = (),
    timeout: float = 10.0,
    patience: int = PATIENCE,
    at_most: int | None = None,
    rate: float | None = None,
    allow_remote: bool = False,
    context: ssl.SSLContext | None = None,
    progress: Progress = silent,
) -> Report:
    """Check a server: a URL, or `unix:FILE`. The path `/` is that of the URL, others are below it.

    `context` says which certificates are trusted; None: those that the system trusts. Other parameters as of
    `check_app`; `rate` is in requests per second at most. Raises ValueError for what is no URL, for a server
    that is not on this machine unless `allow_remote`, and when no rule is selected; NoAnswer when the name of
    the server is not known.
    """
    every, report = begun(url, config, target, profiles, rules, seed)
    transport = connected(
        url,
        extra=Extra(headers, preflight_headers),
        timeout=timeout,
        rate=rate,
        allow_remote=allow_remote,
        context=context,
    )
    finish(transport, report, every, max_examples, progress, patience, at_most)
    return report


def connected(url: str, *, allow_remote: bool = False, **options: Any) -> Socket:
    """The way to a server, with the options of `Socket`. Raises as `check_url` does."""
    transport = Socket(url, **options)
    if not allow_remote and not transport.is_loopback():
        raise ValueError(
            f"url: {url!r} is not on this machine; pass allow_remote=True (--allow-remote) if you may test it"
        )
    return transport


def assert_conforms(
    app: Any,
    config: Policy | Policies | None = None,
    *,
    allow_origins: Iterable[str] | None = None,
    allow_methods: Iterable[str] | None = None,
    allow_headers: Iterable[str] | None = None,
    allow_credentials: bool | None = None,
    allow_origin_regex: str | None = None,
    allow_private_network: bool | None = None,
    expose_headers: Iterable[str] | None = None,
    max_age: int | None = None,
    path: str | None = None,
    headers: Mapping[str, str] | None = None,
    target: Target | Mapping[str, Target] = ANY_TARGET,
    interface: str = "auto",
    profiles: Iterable[str] = FOR_EVERYONE,
    rules: Sequence[str] = ("*",),
    seed: int = 0,
    max_examples: int = 200,
    timeout: float = 10.0,
) -> None:
    """For tests, in one line: AssertionError, which tells every mistake, unless the application conforms.

    What is expected is either `config`, a `spec.Config`, an `impl.Config`, or one for each prefix of the
    path, as `impl.CORSByPath` takes them; or its parameters: rules of those that are not given, such as
    `max_age`, are then not judged. `path` responds to GET with 2xx, `headers` are sent with every request;
    the others are as for `check_app`. Raises ValueError for a configuration that the configuration rules
    refuse, and says what to write instead.
    """
    given = {
        "allow_origins": allow_origins, "allow_methods": allow_methods, "allow_headers": allow_headers,
        "allow_credentials": allow_credentials, "allow_origin_regex": allow_origin_regex,
        "allow_private_network": allow_private_network, "expose_headers": expose_headers, "max_age": max_age,
    }  # fmt: skip
    stated: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    if (config is None) is not bool(stated):
        raise ValueError("config: give either a configuration or its parameters, such as allow_origins=[...]")
    expected: Policy | Policies = Config(**stated) if config is None else config
    if isinstance(target, Target):
        if config is None:
            target = replace(target, unstated=unstated(stated))
        if path is not None:
            target = replace(target, path=path)
    if path is not None and isinstance(expected, Mapping):
        raise ValueError(
            f"path: {path!r} is for one policy; give target={{'/public': Target({path!r}), ...}}"
        )
    if problems := [each for part in parts(expected, target) for each in mistakes(part.config)]:
        raise ValueError("\n".join(["the configuration is not valid:", *problems]))
    every, report = begun(name_of(app), expected, target, profiles, rules, seed)
    report.in_a_test = True
    transport = in_process(app, interface, extra=Extra(as_headers(headers or {})), timeout=timeout)
    finish(transport, report, every, max_examples)
    failing = {violation.rule.id for violation in report.failures()}
    problems = [report.inconclusive] if report.inconclusive else []
    for finding in findings(report):
        if any(violation.rule.id in failing for violation in finding.violations):
            problems.append("\n".join(in_lines(report, finding)))
    assert not problems, "\n\n".join([f"{report.target} does not conform", *problems])


def in_lines(report: Report, finding: Finding) -> list[str]:
    """One mistake, for the message of a failed test."""
    rule = finding.lead.rule
    return [
        f"{rule.id} ({rule.level.value}): {rule.sentence}.",
        *map(describe, finding.lead.exchanges),
        reach(report, finding.lead),
        f"Instead: {rule.repair}",
        *(f"also {one.rule.id}: {one.rule.title}" for one in finding.follows),
    ]
