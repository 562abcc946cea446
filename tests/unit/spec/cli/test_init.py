"""`check --init` writes what a server is seen to allow; the server then conforms to it."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from spec import Config, Request, Response
from spec.cli.main import main
from spec.cli.terminal import loaded
from spec.conformance.expected_policy import ExpectedPolicy
from spec.conformance.target import Target
from spec.rules.server.examples import LIST
from tests.unit.spec.conformance.servers import asgi
from tests.unit.spec.conformance.test_run import right

HERE = __name__
FULL = Config(
    ["https://a.example"], ["GET", "PUT"], ["X-Token"], True, expose_headers=["X-Count"], max_age=60
)  # fmt: skip
full = asgi(right(FULL))
public = asgi(right(Config(["*"], ["*"], ["*"])))
bare = asgi(lambda request: Response(200 if request.method != "OPTIONS" else 405, ()))
missing = asgi(lambda request: Response(404, ()))


def reflecting(request: Request) -> Response:
    """Copies what it is sent."""
    copied = tuple((b"access-control-allow-origin", value) for value in request.lines("origin"))
    return Response(200, (*copied, (b"access-control-allow-credentials", b"true")))


def careless(request: Request) -> Response:
    """Looks at the end of the origin alone, allows null, and has no preflights."""
    [origin] = request.lines("origin") or [b""]
    is_allowed = origin.endswith(b"a.example") or origin == b"null"
    return Response(
        405 if request.method == "OPTIONS" else 200,
        ((b"access-control-allow-origin", origin),) if is_allowed else (),
    )


reflects, suffix = asgi(reflecting), asgi(careless)


def init(tmp_path: Path, app: str, *options: str, code: int = 0) -> tuple[str, Any]:
    """What is printed, and what the file says, None when there is none."""
    file = tmp_path / "cors.toml"
    arguments = ["check", f"{HERE}:{app}", "--init", "--config", str(file), *options]
    result = CliRunner().invoke(main, arguments, env={"COLUMNS": "80"})
    assert result.exit_code == code, result.output
    return " ".join(result.output.split()), loaded(file) if file.exists() else None


@pytest.mark.slow
def test_what_is_written_is_what_the_server_allows_and_it_conforms_to_it(tmp_path: Path) -> None:
    told, found = init(tmp_path, "full", "--allow-origin", "https://a.example")
    assert ExpectedPolicy.from_mapping(found) == ExpectedPolicy(FULL, Target(unstated=frozenset()))
    file = str(tmp_path / "cors.toml")
    assert "Could not tell" not in told and "Too open" not in told
    assert told.replace(" ", "").endswith(f"verified-cors check {HERE}:full --config {file}".replace(" ", ""))
    checked = CliRunner().invoke(main, ["check", f"{HERE}:full", "--config", file, "--max-examples", "0"])
    assert checked.exit_code == 0


def test_what_is_open_to_everyone_is_told(tmp_path: Path) -> None:
    told, found = init(tmp_path, "public")
    assert found["allow_origins"] == found["allow_headers"] == ["*"]
    assert {"GET", "PUT", "DELETE"} < set(found["allow_methods"])
    assert "Too open? Every origin is allowed: Access-Control-Allow-Origin is *." in told


def test_a_server_that_copies_the_origin_is_told(tmp_path: Path) -> None:
    told, found = init(tmp_path, "reflects", "--allow-origin", "https://a.example")
    assert (found["allow_origins"], found["allow_credentials"]) == (["https://a.example"], True)
    assert (
        "Too open? Origin is copied to Access-Control-Allow-Origin, with credentials: every website" in told
    )
    assert "Could not tell allow_origins: every origin is allowed, even https://evil.example" in told
    assert "Could not tell allow_methods: no preflight response has Access-Control-Allow-Methods." in told
    assert found["target"] == {"path": "/", "lacks": ["max_age"]}


def test_what_is_too_open_and_what_is_missing_is_told(tmp_path: Path) -> None:
    told, found = init(tmp_path, "suffix", "--allow-origin", "https://a.example")
    assert found["allow_origins"] == ["https://a.example", "null"]
    assert "Too open? https://evila.example is allowed, which is not https://a.example." in told
    assert "Too open? The origin null is allowed, which any website can obtain." in told
    assert "Could not tell allow_methods: a preflight for GET is not allowed: status 405." in told
    assert found["target"]["lacks"] == ["preflights"]
    text = (tmp_path / "cors.toml").read_text()
    assert "# Too open? https://evila.example" in text
    assert "# Could not be told: a preflight for GET" in text and '# allow_methods = ["GET"]' in text


def test_an_origin_that_is_not_allowed_tells_nothing(tmp_path: Path) -> None:
    told, found = init(tmp_path, "full", "--allow-origin", "https://b.example")
    assert found == {"allow_origins": [], "target": {"path": "/"}}
    assert (
        "Could not tell allow_origins: not allowed: https://b.example; try others with --allow-origin" in told
    )
    assert "Could not tell max_age: no origin is known that the server allows." in told
    (tmp_path / "cors.toml").unlink()
    assert "Could not tell allow_origins: no origin was given; " in init(tmp_path, "bare")[0]


def test_a_probe_is_written_too(tmp_path: Path) -> None:
    body = tmp_path / "a.json"
    body.write_text('{"a": "\u00e9"}', encoding="utf-8")
    options = ("--probe", "POST /graphql", "--body", str(body), "--allow-origin", "https://a.example")
    _, found = init(tmp_path, "full", *options)
    assert found["target"] == {
        "path": "/graphql", "method": "POST", "body": '{"a": "\u00e9"}', "content_type": "application/json",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        (("--config", "a.json"), "a.json: --init writes a .toml file"),
        (("--max-age", "5"), "--init asks the server; leave out --max-age"),
        (("--allow-origin", "https://A.example"), "the origins of --allow-origin are not valid"),
    ],
)
def test_a_wrong_question_is_told(tmp_path: Path, options: tuple[str, ...], problem: str) -> None:
    assert problem in init(tmp_path, "full", *options, code=2)[0]


def test_nothing_is_overwritten_or_written_for_a_path_that_is_not_there(tmp_path: Path) -> None:
    told, found = init(tmp_path, "missing", code=3)
    assert found is None
    assert told.startswith("Nothing was written: GET / responds with 404, not 2xx; set another path")
    (tmp_path / "cors.toml").write_text("")
    assert "exists already; name another file with --config" in init(tmp_path, "full", code=2)[0]


def test_headers_that_are_only_named_when_requested_are_tried(tmp_path: Path) -> None:
    told, found = init(tmp_path, "shy", "--allow-origin", "https://a.example", "--allow-header", "X-Token")
    assert found["allow_headers"] == ["X-Token"]
    assert "Could not tell allow_headers: only headers that are requested are named; tried: x-token, " in told


def shy_answer(request: Request) -> Response:
    """Names allowed headers when one of them is requested alone."""
    response = right(replace(LIST, allow_headers=("X-Token",)))(request)
    asked = request.lines("access-control-request-headers")
    headers = [line for line in response.headers if line[0] != b"access-control-allow-headers"]
    named = ((b"access-control-allow-headers", b"X-Token"),) if asked == [b"x-token"] else ()
    return Response(response.status, (*headers, *named))


shy = asgi(shy_answer)
