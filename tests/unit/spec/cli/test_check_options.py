"""What the options of `check` say, without a file too; every wrong one is told with what to write instead."""

import re
import ssl
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from model import respond_by_path
from spec import Config, Request, Response
from spec.cli.check_options import probed, read_context, read_expected, read_policy
from spec.cli.main import main
from spec.cli.terminal import UsageError
from spec.conformance import Target
from spec.rules.server.examples import LIST
from tests.helpers.faulty_servers import server
from tests.unit.spec.conformance.servers import asgi, self_signed
from tests.unit.spec.conformance.test_run import right

HERE = __name__
app = server(LIST, lambda request, response: response)
posted: list[Request] = []


def post_only(request: Request) -> Response:
    """Takes POST of /graphql alone."""
    posted.append(request)
    return Response(405, ()) if request.method in ("GET", "HEAD") else right(LIST)(request)


graphql = asgi(post_only)


def create_app() -> Any:
    """Makes an application, as factories for servers do."""
    return app


class _Proxy:
    """Stands for an object that is not there, as `flask.request` does outside of a request."""

    def __getattr__(self, name: str) -> Any:
        raise RuntimeError("nothing is bound.")

    def __call__(self, environ: Any, start_response: Any) -> Any: ...


unbound = _Proxy()


def check(*arguments: str, columns: int = 80) -> Result:
    """What the command makes of these."""
    command = ["check", *arguments, "--max-examples", "0"]
    result = CliRunner().invoke(main, command, env={"COLUMNS": str(columns)})
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def words(result: Result) -> str:
    return " ".join(result.output.split())


# The policy


@pytest.mark.slow
def test_options_are_enough_and_what_they_do_not_state_is_not_judged() -> None:
    result = check(
        f"{HERE}:app", "--allow-origin", "https://a.example", "--rules", "S-PF-6", "--rules", "SEC-2"
    )
    assert result.exit_code == 0
    assert "– S-PF-6 Methods are case-sensitive (allow_methods is not stated)" in words(result)
    result = check(
        f"{HERE}:app", "--allow-origin", "https://a.example", "--allow-method", "PUT", "--rules", "S-PF-6"
    )
    assert "✓ S-PF-6" in words(result)


def test_every_parameter_has_an_option() -> None:
    stated: dict[str, Any] = {"allow_origins": ("https://a.example",), "max_age": 0}
    policy = read_policy(None, stated, None)
    assert policy.config == Config(allow_origins=("https://a.example",), max_age=0)
    assert policy.target == Target(
        unstated=frozenset({"allow_methods", "allow_headers", "expose_headers", "allow_private_network"})
    )

    def methods(probe: str | None, *listed: str) -> tuple[str, ...]:
        [part] = read_policy(None, {**stated, **({"allow_methods": listed} if listed else {})}, probe).parts
        return part.config.allow_methods

    assert methods("POST /graphql") == ("POST", "GET")
    assert methods(None, "PUT") == ("GET", "PUT")
    assert methods("POST /graphql", "*") == ("*",)
    for option, value in (
        ("--allow-origin-regex", r"https://a\.example"), ("--allow-header", "X-A"),
        ("--expose-header", "X-B"), ("--max-age", "0"),
    ):  # fmt: skip
        arguments = ("--allow-origin", "https://a.example", option, value, "--allow-credentials", "--list")
        assert check("nowhere:app", *arguments).exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ((), "say which origins the server allows, with --allow-origin https://app.example or in a file with "
         "--config FILE; --init writes such a file from what the server is seen to allow"),
        (("--allow-credentials",), "say which origins the server allows, .*"),
        (("--config", "a.toml", "--allow-origin", "*", "--max-age", "0"),
         "--config a.toml says what is allowed; leave out --allow-origin and --max-age, or --config"),
        (("--config", "a.toml", "--allow-credentials", "--expose-header", "A"),
         "--config a.toml says what is allowed; leave out --allow-credentials and --expose-header, or "
         "--config"),
        (("--allow-origin", "https://App.example/"),
         r"the options: the configuration is not valid allow_origins\[0\] is 'https://App.example/' "
         r"\(A-CFG-5\)\. An origin .*\. Write 'https://app.example'\."),
        (("--allow-origin", "https://*.com"), r".*`com` is a public suffix: .*"),
        (("--allow-origin", "*", "--probe", "graphql"),
         "--probe 'graphql' is no method and path; write for instance 'POST /graphql'"),
        (("--allow-origin", "*", "--probe", "HEAD /"),
         "--probe 'HEAD /': method: 'HEAD' cannot be checked; write for instance POST"),
        (("--allow-origin", "*", "--body", "a"),
         "--body a needs --probe with a method that has a body: --probe 'POST /graphql'"),
        (("--allow-origin", "*", "--probe", "POST /a", "--body", "nowhere.json"),
         r"--body nowhere\.json: \[Errno 2\] .*"),
        (("--allow-origin", "*", "--header", "Origin: https://a.example"),
         "--header 'Origin: https://a.example': the run itself sends Origin; leave it out"),
        (("--allow-origin", "*", "--preflight-header", "content-length: 1"),
         "--preflight-header 'content-length: 1': the run itself sends content-length; leave it out"),
        (("--allow-origin", "*", "--probe", "post /a"),
         "--probe 'post /a': method: browsers send 'post' in upper case; write 'POST'"),
        (("--allow-origin", "*", "--insecure"), "--cacert and --insecure are for URLs that begin with https://"),
    ],
)  # fmt: skip
def test_a_wrong_option_is_told_with_what_to_write(arguments: tuple[str, ...], problem: str) -> None:
    result = check("nowhere:app", *arguments, columns=400)
    assert result.exit_code == 2
    assert re.fullmatch(f"Error: {problem}", words(result)), words(result)


def test_what_is_sent_is_allowed_by_the_file(tmp_path: Path) -> None:
    file = tmp_path / "a.toml"
    file.write_text('allow_origins = ["https://a.example"]')
    result = check("nowhere:app", "--config", str(file), "--probe", "POST /a", columns=400)
    assert words(result) == f"Error: {file}: POST is to be sent, and is not in allow_methods; add it"


def test_a_secret_in_a_url_is_not_printed() -> None:
    result = check("http://user:secret@127.0.0.1:9", "--allow-origin", "*")
    assert result.exit_code == 2
    assert "has a user name or a password" in words(result) and "secret" not in result.output


def test_risks_are_warnings() -> None:
    result = check(
        f"{HERE}:app", "--allow-origin", "https://a.example", "--allow-origin", "null", "--rules", "S-SYN-2"
    )
    assert words(result).startswith("Warning: allow_origins[1] is 'null' (A-CFG-7). Any website ")


# What is requested


@pytest.mark.slow
def test_an_endpoint_that_takes_post_alone_is_checked(tmp_path: Path) -> None:
    body = tmp_path / "query.json"
    body.write_text('{"query": "{me}"}')
    origin = ("--allow-origin", "https://a.example", "--rules", "SEC-2", "--rules", "S-WRK-1")
    result = check(f"{HERE}:graphql", *origin)
    assert result.exit_code == 3
    assert (
        "GET / responds with 405, not 2xx; for an endpoint without GET write --probe 'POST /' --body FILE"
        in (words(result))
    )
    posted.clear()
    result = check(f"{HERE}:graphql", *origin, "--probe", "POST /graphql", "--body", str(body))
    assert result.exit_code == 0
    assert "with POST and OPTIONS:" in words(result)
    assert {(each.method, each.path.partition("?")[0]) for each in posted} == {
        ("POST", "/graphql"), ("OPTIONS", "/graphql"),
    }  # fmt: skip
    assert "2 passed" in words(result)


def test_a_body_has_the_type_of_its_file_unless_a_header_says_it(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_bytes(b"{}")
    probe = "POST /a"
    assert probed(Target(), probe, file, ()) == Target(
        "/a", method="POST", body=b"{}", content_type="application/json"
    )
    assert probed(Target(), probe, file, ((b"Content-Type", b"b/c"),)).content_type is None
    assert probed(Target("/b", method="PUT"), None, file, ()).body == b"{}"
    assert probed(Target("/b", "/error"), "/c", None, ()) == Target("/c", "/error")
    assert probed(Target("/b"), None, None, ()) == Target("/b")


@pytest.mark.slow
def test_a_factory_without_arguments_is_called() -> None:
    result = check(
        f"{HERE}:create_app", "--factory", "--allow-origin", "https://a.example", "--rules", "SEC-2"
    )
    assert result.exit_code == 0
    assert "other configurations" not in words(result)
    result = check("spec:RULES", "--factory", "--allow-origin", "https://a.example")
    assert "spec:RULES is no function" in words(result)


@pytest.mark.parametrize("name", ["create_app", "unbound"])
def test_what_cannot_be_an_application_is_told(name: str) -> None:
    result = check(f"{HERE}:{name}", "--allow-origin", "https://a.example")
    assert result.exit_code == 2
    told = {
        "create_app": f"app: {HERE}:create_app is no application, which takes three arguments (ASGI) or two "
        "(WSGI); if it makes one, give what it returns, or add --factory on the command line",
        "unbound": f"{HERE}:unbound: RuntimeError: nothing is bound. Give a URL, or module:app for an "
        "application of this environment",
    }
    assert words(result) == f"Error: {told[name]}"


# Files and certificates


def test_an_unknown_key_beside_the_expectations_is_told(tmp_path: Path) -> None:
    file = tmp_path / "e.toml"
    file.write_text('expect = ["SEC-2"]\nreason = "later"\n')
    with pytest.raises(UsageError) as caught:
        read_expected(file)
    assert caught.value.message == f"{file}: unknown key reason (known: expect)"


def test_certificates_are_those_of_the_system_of_a_file_or_any(tmp_path: Path) -> None:
    url = "https://127.0.0.1"
    assert read_context(url, None, False) is None
    trusting = read_context(url, None, True)
    assert trusting is not None
    assert (trusting.check_hostname, trusting.verify_mode) == (False, ssl.CERT_NONE)
    strict = read_context(url, Path(self_signed(tmp_path)), False)
    assert strict is not None
    assert (strict.check_hostname, strict.verify_mode) == (True, ssl.CERT_REQUIRED)
    assert len(strict.get_ca_certs()) == 1
    for file in (tmp_path / "none.pem", Path(__file__)):
        with pytest.raises(UsageError, match="has no certificates in PEM form"):
            read_context(url, file, False)
    with pytest.raises(UsageError, match="--insecure trusts any certificate; leave out --cacert, or"):
        read_context(url, Path("a"), True)


# Several policies

SEVERAL = """\
[[policy]]
path = "/"
allow_origins = ["https://a.example"]

[[policy]]
path = "/public"
allow_origins = ["*"]
"""
POLICIES = {"/": Config(allow_origins=("https://a.example",)), "/public": Config(allow_origins=("*",))}
by_path = asgi(lambda request: respond_by_path(POLICIES, request, Response(200, ())))
mixed_up = asgi(
    lambda request: respond_by_path(
        POLICIES, replace(request, path=request.path.replace("publicx", "public")), Response(200, ())
    )
)


def test_each_policy_of_a_file_is_checked(tmp_path: Path) -> None:
    file = tmp_path / "cors.toml"
    file.write_text(SEVERAL)
    result = check(f"{HERE}:by_path", "--config", str(file), "--rules", "S-ORG-*")
    assert result.exit_code == 0, result.output
    assert f"requests to {HERE}:by_path, with GET, HEAD and OPTIONS" in words(result)
    result = check(f"{HERE}:mixed_up", "--config", str(file), "--rules", "S-ORG-5")
    assert result.exit_code == 1
    assert "GET /publicx (origin: https://evil.example): status 200" in words(result)


def test_what_is_wrong_with_one_of_several_policies_is_told_with_its_prefix(tmp_path: Path) -> None:
    file = tmp_path / "cors.toml"
    file.write_text(SEVERAL + 'allow_methods = ["get"]\n')
    result = check(f"{HERE}:by_path", "--config", str(file))
    assert result.exit_code == 2
    assert "policy '/public': allow_methods[0] is 'get' (" in words(result)
    file.write_text(f'{SEVERAL}target = {{ method = "POST" }}\n')
    result = check(f"{HERE}:by_path", "--config", str(file))
    assert result.exit_code == 2
    assert "policy '/public': POST is to be sent, and is not in allow_methods; add it" in words(result)
    file.write_text(SEVERAL.replace('["https://a.example"]', '["https://a.example", "null"]'))
    result = check(f"{HERE}:by_path", "--config", str(file), "--rules", "S-ORG-5")
    assert "Warning: policy '/': allow_origins[1] is 'null' (" in words(result)


def test_a_probe_is_for_one_policy(tmp_path: Path) -> None:
    file, body = tmp_path / "cors.toml", tmp_path / "body.json"
    file.write_text(SEVERAL)
    body.write_text("{}")
    for option, value in (("--probe", "POST /a"), ("--body", str(body))):
        result = check(f"{HERE}:by_path", "--config", str(file), option, value)
        assert result.exit_code == 2
        assert f"{option} is for one policy; write path, method and body under the [[policy]]" in words(
            result
        )
