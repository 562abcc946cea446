"""What the options of `verified-cors check` say: the policy, headers, certificates, the application."""

import importlib
import mimetypes
import re
import ssl
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import wraps
from pathlib import Path
from typing import Any

from spec.cli.beside import named
from spec.cli.terminal import UsageError, loaded, shown
from spec.config import Config
from spec.conformance.by_path import of_prefix
from spec.conformance.expected_policy import ExpectedPolicy
from spec.conformance.stated import is_header, is_of_the_run, mistakes, unstated
from spec.conformance.target import Target
from spec.conformance.transports import Address
from spec.http import Headers
from spec.policy import method_is_allowed
from spec.rules import RULES

URLS = ("http://", "https://", "unix:")


def address_of(url: str) -> Address:
    """The address that a URL is. Raises UsageError for what is no URL, or would not be sent."""
    try:
        return Address.parse(url)
    except ValueError as problem:
        raise UsageError(str(problem)) from None


def read_policy(path: Path | None, stated: dict[str, Any], probe: str | None) -> ExpectedPolicy:
    """The expected policy: of a file, or of the options that state it. Raises UsageError.

    What --probe sends, GET otherwise, is allowed beside the methods of the options.
    """
    if path is not None and stated:
        raise UsageError(f"--config {path} says what is allowed; leave out {options(stated)}, or --config")
    if path is not None:
        return read_expected_policy(path)
    if "allow_origins" not in stated and "allow_origin_regex" not in stated:
        raise UsageError(
            "say which origins the server allows, with --allow-origin https://app.example or in a file with "
            "--config FILE; --init writes such a file from what the server is seen to allow"
        )
    method = (probe or "").rpartition(" ")[0].strip() or "GET"
    methods = stated.get("allow_methods", ("GET",))
    if "*" not in methods:
        methods = dict.fromkeys((method, *methods))
    return ExpectedPolicy(Config(**{**stated, "allow_methods": methods}), Target(unstated=unstated(stated)))


def options(stated: dict[str, Any]) -> str:
    """The options that state these parameters."""
    return " and ".join(
        "--" + name.replace("_", "-").removesuffix("s" * (name != "allow_credentials")) for name in stated
    )


def judge(policy: ExpectedPolicy, source: str) -> None:
    """Raises UsageError for a configuration that is refused, or that does not allow what is to be sent."""
    every = policy.parts
    if problems := [each for part in every for each in mistakes(part.config)]:
        raise UsageError("\n".join([f"{source}: the configuration is not valid", *problems]))
    for part in every:
        method = part.target.method
        if method != "GET" and not method_is_allowed(part.config, method.encode()):
            problem = f"{method} is to be sent, and is not in allow_methods; add it"
            raise UsageError(f"{source}: {of_prefix(part.prefix, problem)}")


def asked(policy: ExpectedPolicy, probe: str | None, body: Path | None, headers: Headers) -> ExpectedPolicy:
    """The policy with what --probe and --body say of its target. Raises UsageError."""
    if isinstance(policy.target, Target):
        return replace(policy, target=probed(policy.target, probe, body, headers))
    if probe is not None or body is not None:
        option = "--body" if probe is None else "--probe"
        raise UsageError(
            f"{option} is for one policy; write path, method and body under the [[policy]] that they are "
            "for, in [policy.target]"
        )
    return policy


def probed(target: Target, probe: str | None, body: Path | None, headers: Headers) -> Target:
    """The target with the method, the path and the body of --probe and --body. Raises UsageError."""
    if probe is None and body is not None and target.method == "GET":
        raise UsageError(
            f"--body {body} needs --probe with a method that has a body: --probe 'POST /graphql'"
        )
    if probe is not None:
        method, _, path = probe.rpartition(" ")
        if not path.startswith("/"):
            raise UsageError(
                f"--probe '{shown(probe)}' is no method and path; write for instance 'POST /graphql'"
            )
        try:
            target = replace(target, path=path, method=method.strip() or "GET", body=b"", content_type=None)
        except ValueError as problem:
            raise UsageError(f"--probe '{shown(probe)}': {problem}") from None
    if body is not None:
        is_typed = any(name.lower() == b"content-type" for name, _ in headers)
        kind = None if is_typed else mimetypes.guess_type(body.name)[0]
        try:
            target = replace(target, body=body.read_bytes(), content_type=kind)
        except (OSError, ValueError) as problem:
            raise UsageError(f"--body {body}: {problem}") from None
    return target


def read_context(target: str, cacert: Path | None, insecure: bool) -> ssl.SSLContext | None:
    """Which certificates are trusted; None: those that the system trusts. Raises UsageError."""
    if cacert is None and not insecure:
        return None
    if not target.startswith("https://"):
        raise UsageError("--cacert and --insecure are for URLs that begin with https://")
    if cacert is not None and insecure:
        raise UsageError("--insecure trusts any certificate; leave out --cacert, or --insecure")
    try:
        context = ssl.create_default_context(cafile=cacert)
    except (OSError, ssl.SSLError) as problem:
        raise UsageError(f"--cacert {cacert} has no certificates in PEM form: {problem}") from None
    if insecure:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def read_expected_policy(path: Path) -> ExpectedPolicy:
    """The expected policy in a file. Raises UsageError, which names the file and every mistake."""
    try:
        return ExpectedPolicy.from_mapping(loaded(path))
    except ValueError as problem:
        raise UsageError(f"{path}: {problem}") from None


def read_headers(given: Sequence[str], option: str = "--header") -> Headers:
    """Headers that an option adds to requests. Raises UsageError for what is none."""
    found = []
    for text in given:
        name, colon, value = text.partition(":")
        if not colon or not is_header(name, value):
            raise UsageError(
                f"{option} '{shown(text)}' is no header; write for instance 'Authorization: Bearer a'"
            )
        if is_of_the_run(name):
            raise UsageError(f"{option} '{shown(text)}': the run itself sends {name}; leave it out")
        found.append((name.encode(), value.strip(" \t").encode()))
    return tuple(found)


def read_expected(path: Path | None) -> frozenset[str]:
    """The rules that are known to be broken: `expect = ["S-SYN-6", …]`. Raises UsageError."""
    if path is None:
        return frozenset()
    found = loaded(path)
    names = found.get("expect") if isinstance(found, dict) else None
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise UsageError(f'{path}: no list of rule ids; write for instance expect = ["S-SYN-6"]')
    if stray := [name for name in found if name != "expect"]:
        raise UsageError(f"{path}: unknown key {', '.join(map(shown, stray))} (known: expect)")
    if unknown := sorted(set(names) - set(RULES)):
        raise UsageError(f"{path}: there is no rule {', '.join(unknown)}; verified-cors rules lists them")
    return frozenset(RULES[name].id for name in names)


def imported(target: str) -> Any:
    """What `module:name` is called. Raises UsageError when there is no such thing, or importing it fails."""
    if re.match(r"(?i)https?:|localhost\b|[\d.]+:\d|\[", target):
        raise UsageError(f"{shown(target)}: a URL begins with http:// or https://, in lower case")
    module, _, name = target.partition(":")
    try:
        with names_of_the_application():
            found = importlib.import_module(module)
        for part in name.split("."):
            found = getattr(found, part)
        hasattr(found, "__qualname__")  # what stands for another object, as flask.request does, may raise
    except (Exception, SystemExit) as problem:  # importing runs the module, which may raise anything
        give = "Give a URL, or module:app for an application of this environment"
        raise UsageError(f"{shown(target)}: {told(problem).removesuffix('.')}. {give}") from None
    return found


@contextmanager
def names_of_the_application() -> Iterator[None]:
    """Import as Python does in this directory, whose own `spec`, if there is one, is not this package."""
    ours = named("spec")
    has_its_own = Path("spec.py").exists() or Path("spec").is_dir()
    apart = has_its_own and Path(ours["spec"].__path__[0]).resolve() != Path("spec").resolve()
    for name in ours if apart else ():
        del sys.modules[name]
    sys.path.insert(0, "")
    try:
        yield
    finally:
        sys.path.remove("")
        for name in named("spec") if apart else ():
            del sys.modules[name]
        sys.modules.update(ours)


def told(problem: BaseException) -> str:
    """What went wrong; with its kind, unless that says nothing more."""
    return (
        f"{problem}"
        if isinstance(problem, (ImportError, AttributeError))
        else f"{type(problem).__name__}: {problem}"
    )


def writable(file: Path) -> None:
    """Make sure that a report can be written, before the run. Raises UsageError."""
    try:
        with file.open("a"):
            pass
    except OSError as problem:
        raise UsageError(f"{file} cannot be written: {problem.strerror}") from None


def write(file: Path, text: str) -> None:
    """Write a report. Raises UsageError when that fails all the same, on a disk that is full for instance."""
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as problem:
        raise UsageError(f"{file} cannot be written: {problem.strerror}") from None


def guarded(factory: Any, target: str) -> Callable[..., Any]:
    """The factory, whose failures are told: but for a ValueError, by which it refuses a configuration."""
    if not callable(factory):
        raise UsageError(f"{shown(target)} is no function: {shown(repr(factory))}")

    @wraps(factory)
    def make(*config: Config) -> Any:
        try:
            return factory(*config)
        except ValueError:
            raise
        except Exception as problem:
            how = " with a Config" if config else ""
            raise UsageError(f"{shown(target)} cannot be called{how}: {told(problem)}") from None

    return make
