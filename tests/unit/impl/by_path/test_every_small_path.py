"""Every path of a few segments: the policy is the one of the model, and no application reads another."""

from __future__ import annotations

import pytest

from impl import CORSByPath
from spec.config import Config
from spec.paths import policy_of, segments_of
from tests.helpers.asgi import Recorder, call
from tests.helpers.paths import PLAIN, TRICKY, paths, readings, sent_to

ORIGIN = (b"origin", b"https://app.example")
PREFIXES = (
    ("/",),
    ("/public",),
    ("/", "/public"),
    ("/", "/admin", "/public"),
    ("/", "/public", "/public/admin"),
    ("/public/admin", "/admin/public/admin", "/publications"),
)
WORDS = (*PLAIN[:2], *TRICKY)


def with_policies(prefixes: tuple[str, ...]) -> tuple[CORSByPath, dict[str, Config]]:
    """An app with a policy for each prefix, that says whose it is."""
    policies = {
        prefix: Config(("https://app.example",), expose_headers=(f"X-{number}",))
        for number, prefix in enumerate(prefixes)
    }
    return CORSByPath(Recorder(), {prefix: vars(config) for prefix, config in policies.items()}), policies


def exposed(app: CORSByPath, path: str, root_path: str = "") -> tuple[str, ...] | None:
    """What the policy of a path exposes; None if it has no policy."""
    result = call(app, scope=sent_to(path, headers=(ORIGIN,), root_path=root_path))
    shown = result.values(b"access-control-expose-headers")
    assert len(shown) == len(result.values(b"access-control-allow-origin")) == len(result.values(b"vary"))
    return tuple(value.decode() for value in shown) or None


def expected(policies: dict[str, Config], path: str) -> tuple[str, ...] | None:
    config = policy_of(policies, path)
    return None if config is None else config.expose_headers


@pytest.mark.parametrize("prefixes", PREFIXES)
@pytest.mark.parametrize("root_path", ["", "/api"])
def test_a_path_of_two_segments_has_the_policy_of_the_model(
    prefixes: tuple[str, ...], root_path: str
) -> None:
    app, policies = with_policies(prefixes)
    found = [path for path in paths(WORDS, 2) if path.startswith("/") or not root_path]
    assert len(found) > 300
    for path in found:
        assert exposed(app, path, root_path) == expected(policies, path), path


@pytest.mark.slow
@pytest.mark.parametrize("prefixes", PREFIXES)
def test_a_path_of_three_segments_has_the_policy_of_the_model(prefixes: tuple[str, ...]) -> None:
    app, policies = with_policies(prefixes)
    for path in paths(WORDS, 3):
        assert exposed(app, path) == expected(policies, path), path


@pytest.mark.parametrize("prefixes", PREFIXES)
def test_a_path_has_a_policy_only_if_every_application_reads_it_so(prefixes: tuple[str, ...]) -> None:
    _, policies = with_policies(prefixes)
    doubtful = 0
    for path in paths(WORDS, 2):
        decided = policy_of(policies, path)
        read = {longest(policies, segments) for segments in readings(path)}
        if decided is not None:
            assert read == {decided}, path
        doubtful += len(read) > 1
    assert doubtful > 100 or prefixes == ("/",)


@pytest.mark.slow
@pytest.mark.parametrize("prefixes", PREFIXES)
def test_a_longer_path_has_a_policy_only_if_every_application_reads_it_so(prefixes: tuple[str, ...]) -> None:
    _, policies = with_policies(prefixes)
    for path in paths(WORDS, 3):
        decided = policy_of(policies, path)
        if decided is not None:
            assert {longest(policies, segments) for segments in readings(path)} == {decided}, path


def longest(policies: dict[str, Config], segments: tuple[str, ...]) -> Config | None:
    """The policy of the longest prefix of these segments."""
    fitting = [prefix for prefix in policies if segments_of(prefix) == segments[: len(segments_of(prefix))]]
    return policies[max(fitting, key=len)] if fitting else None


def test_a_plain_path_always_has_the_policy_of_its_longest_prefix() -> None:
    for prefixes in PREFIXES:
        app, policies = with_policies(prefixes)
        for path in paths((*PLAIN, "%70ublic", "Public"), 3):
            if path.startswith("/") and "//" not in path:
                (segments,) = {segments[: len(segments)] for segments in readings(path.rstrip("/"))}
                config = longest(policies, segments)
                assert exposed(app, path) == (config and config.expose_headers), path
