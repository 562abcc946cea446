"""Each example of docs/frameworks.md, started with the command of the page, does what its policy says.

Its responses are held to the checker, and the rules of browsers decide what pages can read.
"""

import re
import shlex
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import httpx
import pytest

from spec.browser import Fetch, perform
from spec.config import Config
from spec.conformance import Target, check_url
from spec.http import Request, Response
from spec.rules.record import Profile
from tests import ROOT
from tests.servers.running import running_in_a_process, send

PAGE = (ROOT / "docs/frameworks.md").read_text()
PROFILES = tuple(profile.value for profile in Profile)
AT_MOST = 100  # requests for each check, as of `verified-cors check --quick`
LEAST_RULES = 40  # that must be seen to hold: the policy for everybody has 47, the others 56 and more

STRANGER = "https://stranger.example"
APP = "https://app.example"
# What the page says of all examples.
POLICY = Config(allow_origins=(APP,), allow_credentials=True, allow_methods=("*",), allow_headers=("*",))


@dataclass(frozen=True)
class Promise:
    """What the page says of an app below a path, and what that app has besides."""

    config: Config = POLICY
    below: str = ""
    error_path: str | None = "/error"


PROMISES = {
    "fastapi_app.py": [Promise()],
    "starlette_app.py": [Promise()],
    "litestar_app.py": [Promise()],
    "quart_app.py": [Promise()],
    "django_app.py": [Promise()],
    "blacksheep_app.py": [Promise()],
    "falcon_app.py": [Promise()],
    "mounted_app.py": [
        Promise(replace(POLICY, allow_headers=())),
        Promise(Config(allow_origins=("*",)), below="/public", error_path=None),
    ],
    "settings_app.py": [Promise(Config(allow_origins=(APP,), allow_credentials=True), error_path=None)],
    "database_app.py": [Promise(replace(POLICY, allow_origins=("https://customer.example",)))],
}
WITHOUT_LIFESPAN = {"django_app.py"}  # it raises an error, and uvicorn does not start where it must have one


@dataclass(frozen=True)
class Example:
    """A file of the page, and the command below it: the app, and the environment that it gets."""

    content: str
    app: str
    environment: dict[str, str]


def examples(page: str) -> dict[str, Example]:
    """The examples of a page by file name; each has a command of its own module."""
    found = {}
    for name, content, text in re.findall(
        r"^```python\n# (\S+\.py)\n(.*?)^```$(.*?)(?=^## |\Z)", page, re.MULTILINE | re.DOTALL
    ):
        command = re.search(rf"`([^`]*\buvicorn {name.removesuffix('.py')}:\w+)`", text)
        assert command, f"no command starts {name}"
        *variables, _uvicorn, app = shlex.split(command[1])
        found[name] = Example(content, app, dict(part.split("=", 1) for part in variables))
    return found


EXAMPLES = examples(PAGE)


def test_every_program_of_the_page_is_an_example_with_a_promise() -> None:
    assert PAGE.count("```python") == len(EXAMPLES)
    assert set(EXAMPLES) == set(PROMISES)


@pytest.mark.slow
@pytest.mark.mutation_skip  # the theorems compare the same functions, without a network
@pytest.mark.parametrize("name", PROMISES)
def test_an_example_does_on_a_server_what_the_page_says(name: str, tmp_path: Path) -> None:
    example = EXAMPLES[name]
    (tmp_path / name).write_text(example.content)
    lifespan = "auto" if name in WITHOUT_LIFESPAN else "on"
    with (
        running_in_a_process(
            tmp_path, example.app, lifespan=lifespan, environment=example.environment
        ) as server,
        # A connection for each request: after an exception of the app uvicorn closes the one that it came by.
        httpx.Client(trust_env=False, timeout=30, limits=httpx.Limits(max_keepalive_connections=0)) as client,
    ):
        for promise in PROMISES[name]:
            is_kept(promise, server, client)


def is_kept(promise: Promise, server: str, client: httpx.Client) -> None:
    """Ask the server as pages do, then let the checker ask."""
    config = promise.config
    page = STRANGER if config.allow_origins == ("*",) else config.allow_origins[0]

    def serve(request: Request) -> Response:
        return send(client, server, request)[1]

    pages = {"/": 200, "/nowhere": 404, **({promise.error_path: 500} if promise.error_path else {})}
    for path, status in pages.items():
        where = promise.below + path
        assert serve(Request("GET", (), where)).status == status, where
        credentials: Literal["include", "omit"] = "include" if config.allow_credentials else "omit"
        assert perform(Fetch(page, server, path=where, credentials=credentials), serve).allowed, where
        if page != STRANGER:
            assert not perform(Fetch(STRANGER, server, path=where), serve).allowed, where

    ask = (b"access-control-request-method", b"GET")
    for origin, allowed in ((page, True), (STRANGER, page == STRANGER)):
        preflight = serve(Request("OPTIONS", ((b"origin", origin.encode()), ask), promise.below + "/"))
        assert preflight.status == (200 if allowed else 400)
        assert bool(preflight.lines("access-control-allow-origin")) is allowed

    report = check_url(
        server + promise.below + "/",
        config,
        target=Target(error_path=promise.error_path),
        profiles=PROFILES,
        max_examples=0,
        at_most=AT_MOST,
    )
    assert report.inconclusive == ""
    assert [violation.explanation for violation in report.failures(strict=True)] == []
    passed = {id for id, verdict in report.verdicts.items() if verdict == "pass"}
    assert len(passed) >= LEAST_RULES
