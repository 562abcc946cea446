"""Point the rules at a running implementation of CORS, in any language, and be told which it breaks.

`check_app` takes an ASGI or WSGI application, `check_url` a server, `check_factory` what makes an application
of a configuration. Needs the extra `check`.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

from spec.extras import needed

try:
    from spec.config import Config
    from spec.conformance.asking import PATIENCE
    from spec.conformance.cases import examples, known_origins
    from spec.conformance.findings import findings, reach
    from spec.conformance.report import Report
    from spec.conformance.run import Interrupted, Progress, conclude, run, selected, silent
    from spec.conformance.target import FEATURES, Target
    from spec.conformance.transports import NoAnswer, Socket, in_process
    from spec.generate.configurations import configs
    from spec.http import Headers
except ModuleNotFoundError as problem:
    raise needed(problem) from None

__all__ = [
    "FEATURES", "Interrupted", "NoAnswer", "Report", "Target", "assert_conforms", "check_app",
    "check_factory", "check_url", "in_process",
]  # fmt: skip

ANY_TARGET = Target()
DEFAULTS = Config()
DRAWN = 8
"""How many configurations are drawn for a factory."""

FOR_EVERYONE = ("protocol", "security")


def check_app(
    app: Any,
    config: Config,
    *,
    target: Target = ANY_TARGET,
    interface: str = "auto",
    profiles: Iterable[str] = FOR_EVERYONE,
    rules: Sequence[str] = ("*",),
    seed: int = 0,
    max_examples: int = 200,
    headers: Headers = (),
    timeout: float = 10.0,
    patience: int = PATIENCE,
    at_most: int | None = None,
    progress: Progress = silent,
) -> Report:
    """Check an application in this process: `interface` is "asgi", "wsgi", or "auto" to tell by itself.

    `config` is the expected policy, `rules` are patterns of rule ids, `headers` are sent with every
    request, `timeout` is in seconds. After `patience` requests without a response the run ends with what it
    has; `at_most` so many requests are sent, the most telling ones, and more only where a mistake is found.
    On WSGI requests with doubled lines are left out. Raises ValueError for what cannot be run, and when no
    rule is selected; Interrupted, a KeyboardInterrupt with the report of what was done.
    """
    profiles = tuple(profiles)
    report = Report(name_of(app), config, profiles, seed, selected(profiles, rules))
    transport = in_process(app, interface, headers=headers, timeout=timeout)
    try:
        run(transport, report, target, max_examples, progress, patience=patience, at_most=at_most)
    finally:
        transport.close()
    conclude(report, target)
    return report


def check_factory(
    factory: Callable[[Config], Any],
    config: Config,
    *,
    target: Target = ANY_TARGET,
    interface: str = "auto",
    profiles: Iterable[str] = FOR_EVERYONE,
    rules: Sequence[str] = ("*",),
    seed: int = 0,
    max_examples: int = 200,
    headers: Headers = (),
    timeout: float = 10.0,
    patience: int = PATIENCE,
    at_most: int | None = None,
    progress: Progress = silent,
) -> Report:
    """Check what makes an application of a configuration: with `config`, and with a few that are drawn.

    Parameters as of `check_app`. A drawn configuration has none of the features that the target lacks; one
    that the factory refuses with a ValueError is left out.
    """
    profiles = tuple(profiles)
    report = Report(name_of(factory), config, profiles, seed, selected(profiles, rules))
    for other in (None, *drawn(config, target, seed)):
        left = None if at_most is None else at_most - report.requests
        if report.inconclusive or (left is not None and left <= 0):
            break
        try:
            app = factory(other or config)
        except ValueError:
            if other is None:
                raise
            continue
        transport = in_process(app, interface, headers=headers, timeout=timeout)
        try:
            run(transport, report, target, 0 if other else max_examples, progress, other, patience, left)
        finally:
            transport.close()
    conclude(report, target)
    return report


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
    config: Config,
    *,
    target: Target = ANY_TARGET,
    profiles: Iterable[str] = FOR_EVERYONE,
    rules: Sequence[str] = ("*",),
    seed: int = 0,
    max_examples: int = 200,
    headers: Headers = (),
    timeout: float = 10.0,
    patience: int = PATIENCE,
    at_most: int | None = None,
    rate: float | None = None,
    allow_remote: bool = False,
    progress: Progress = silent,
) -> Report:
    """Check a server; paths of the target are below the URL's own.

    `headers` are sent with every request, `timeout` is in seconds, `rate` in requests per second at most.
    Raises ValueError for what is no URL, for a server that is not on this machine unless `allow_remote`, and
    when no rule is selected; NoAnswer when the name of the server is not known.
    """
    profiles = tuple(profiles)
    report = Report(url, config, profiles, seed, selected(profiles, rules))
    transport = Socket(url, headers=headers, timeout=timeout, rate=rate)
    if not allow_remote and not transport.is_loopback():
        raise ValueError(
            f"url: {url!r} is not on this machine; pass allow_remote=True (--allow-remote) if you may test it"
        )
    try:
        run(transport, report, target, max_examples, progress, patience=patience, at_most=at_most)
    finally:
        transport.close()
    conclude(report, target)
    return report


def assert_conforms(app: Any, config: Config, **options: Any) -> None:
    """For tests, in one line: AssertionError, which tells every violation, unless the application conforms.

    `options` are those of `check_app`.
    """
    report = check_app(app, config, **options)
    failing = {violation.rule.id for violation in report.failures()}
    problems = [report.inconclusive] if report.inconclusive else []
    for finding in findings(report):
        if any(violation.rule.id in failing for violation in finding.violations):
            others = "".join(f"\nalso {one.rule.id}: {one.rule.title}" for one in finding.follows)
            problems.append(f"{finding.lead.explanation}\n{reach(report, finding.lead)}{others}")
    assert not problems, "\n\n".join([f"{report.target} does not conform", *problems])


def name_of(app: Any) -> str:
    """How a report calls an application."""
    kind = app if hasattr(app, "__qualname__") else type(app)
    return f"{kind.__module__}:{kind.__qualname__}"
