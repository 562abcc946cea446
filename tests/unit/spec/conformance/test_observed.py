"""What is seen of servers that are right, too open, or silent."""

import pytest

from spec import Config, Request, Response
from spec.conformance.observed import Observed, grants, observe, tokens
from spec.conformance.target import Target
from spec.rules.server.examples import LIST, A
from tests.unit.spec.conformance.servers import Answer
from tests.unit.spec.conformance.test_run import right, says

FULL = Config(
    allow_origins=(A,), allow_methods=("GET", "PUT"), allow_headers=("X-Token",), allow_credentials=True,
    expose_headers=("X-Count",), max_age=60,
)  # fmt: skip


def seen(
    answer: Answer, *origins: str, headers: tuple[str, ...] = (), target: Target | None = None
) -> Observed:
    return observe(answer, "shop:app", target or Target(), origins, headers)


def test_a_server_that_is_right_is_seen_as_it_is_configured() -> None:
    found = seen(right(FULL), A)
    assert Config.from_mapping(found.parameters) == FULL
    assert (found.unsure, found.lacks, found.risks) == ({}, [], [])


def test_every_request_takes_the_method_of_the_target() -> None:
    sent: list[Request] = []

    def answer(request: Request) -> Response:
        sent.append(request)
        return right(FULL)(request)

    seen(answer, A, target=Target("/a", method="POST", body=b"{}"))
    assert {(request.method, request.path) for request in sent} == {("POST", "/a"), ("OPTIONS", "/a")}
    assert {request.body for request in sent if request.method == "POST"} == {b"{}"}


def test_a_wildcard_is_seen_for_everyone() -> None:
    found = seen(right(Config(allow_origins=("*",), allow_headers=("*",))))
    assert found.parameters["allow_origins"] == found.parameters["allow_headers"] == ["*"]
    assert found.risks == ["Every origin is allowed: Access-Control-Allow-Origin is *."]


def test_a_status_that_is_not_2xx_tells_nothing() -> None:
    with pytest.raises(ValueError, match=r"^GET /a responds with 404, not 2xx; set another path"):
        seen(says((), 404), target=Target("/a"))


@pytest.mark.parametrize("age", [(), (b"a",), (b"1", b"1"), (b"9" * 10,), (b"-1",)])
def test_a_max_age_that_is_no_number_is_not_told(age: tuple[bytes, ...]) -> None:
    def answer(request: Request) -> Response:
        response = right(LIST)(request)
        kept = [line for line in response.headers if line[0] != b"access-control-max-age"]
        return Response(response.status, (*kept, *((b"access-control-max-age", value) for value in age)))

    found = seen(answer, A)
    assert "max_age" not in found.parameters and found.lacks == ["max_age"]
    assert found.unsure["max_age"].startswith("Access-Control-Max-Age is ")


def test_only_tokens_are_names() -> None:
    assert tokens([b"X-A, x b, ,X-B", b"X-A,\xff"]) == ["X-A", "X-B"]


@pytest.mark.parametrize(
    ("values", "says"),
    [((A,), True), (("*",), True), ((), False), (("null",), False), ((A, A), False), ((f"{A} ",), False)],
)
def test_one_value_grants(values: tuple[str, ...], says: bool) -> None:
    lines = tuple((b"access-control-allow-origin", value.encode()) for value in values)
    assert grants(Response(200, lines), A) is says
