"""`explain`, and the records of the logger `verified_cors`: what was refused, and why."""

from __future__ import annotations

import logging
from collections.abc import Generator, Iterator
from typing import Any

import pytest

from impl import CORSMiddleware
from impl.explanation import Explanation, Refusal
from tests.helpers.asgi import Recorder, call
from tests.unit.impl.cases import ORIGIN, UNLISTED, preflight

APP = ORIGIN.decode()
NEAR = f"{APP}:8443"
OF_THE_PORT = Refusal("origin", repr(NEAR), "not configured", "S-ORG-2", APP, "only by the port")
OF_PUT = Refusal("method", "'PUT'", "not in allow_methods", "D-11")
OF_A = Refusal("headers", "'x-a'", "not in allow_headers", "D-12")
OF_NETWORK = Refusal("private-network", "'true'", "allow_private_network is not set", "X-PNA-1")
ALL = {
    "Origin": NEAR,
    "Access-Control-Request-Method": "PUT",
    "Access-Control-Request-Headers": "x-a",
    "Access-Control-Request-Private-Network": "true",
}


class Records(logging.Handler):
    """Keeps the records."""

    def __init__(self) -> None:
        super().__init__()
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


@pytest.fixture
def records() -> Iterator[list[logging.LogRecord]]:
    """What the logger is given, at level DEBUG."""
    logger, kept = logging.getLogger("verified_cors"), Records()
    logger.addHandler(kept)
    logger.setLevel(logging.DEBUG)
    yield kept.records
    logger.setLevel(logging.NOTSET)
    logger.removeHandler(kept)


def middleware(**arguments: Any) -> CORSMiddleware:
    return CORSMiddleware(Recorder(), **{"allow_origins": [APP], **arguments})


@pytest.mark.parametrize(
    ("method", "headers", "expected"),
    [
        ("GET", {"Origin": APP}, Explanation(False, True)),
        ("GET", {}, Explanation(False, False)),
        ("GET", {"origin": NEAR}, Explanation(False, False, (OF_THE_PORT,))),
        ("GET", ALL, Explanation(False, False, (OF_THE_PORT,))),
        ("OPTIONS", {"Origin": APP}, Explanation(False, True)),
        ("OPTIONS", {"Access-Control-Request-Method": "GET"}, Explanation(False, False)),
        ("OPTIONS", {"Origin": APP, "Access-Control-Request-Method": "GET"}, Explanation(True, True)),
        ("OPTIONS", {**ALL, "Origin": APP}, Explanation(True, False, (OF_PUT, OF_A, OF_NETWORK))),
        ("OPTIONS", ALL, Explanation(True, False, (OF_THE_PORT, OF_PUT, OF_A, OF_NETWORK))),
    ],
)
def test_a_request_is_explained(method: str, headers: dict[str, str], expected: Explanation) -> None:
    one = middleware()
    assert one.explain(method, headers) == expected
    assert one.explain(method, list(headers.items())) == expected


def test_a_list_that_is_too_long_is_explained() -> None:
    headers = {"Origin": APP, "Access-Control-Request-Method": "GET"}
    found = middleware().explain("OPTIONS", {**headers, "Access-Control-Request-Headers": "," * 16_385})
    assert [refusal.reason for refusal in found.refusals] == ["the list is longer than 16,384 bytes"]


def test_an_override_is_asked_and_named() -> None:
    class Ours(CORSMiddleware):
        async def is_allowed_origin(self, origin: str) -> bool:
            return origin == NEAR

    one = Ours(Recorder())
    assert one.explain("GET", {"Origin": NEAR}) == Explanation(False, True)
    refusal = Refusal("origin", repr(APP), "is_allowed_origin did not return True", "S-ORG-2")
    assert one.explain("GET", {"Origin": APP}) == Explanation(False, False, (refusal,))


def test_an_override_that_waits_cannot_be_explained() -> None:
    class Pause:
        def __await__(self) -> Generator[None, None, None]:
            yield

    ended = []

    class Ours(CORSMiddleware):
        async def is_allowed_origin(self, origin: str) -> bool:
            try:
                await Pause()
            finally:
                ended.append(origin)
            return True

    with pytest.raises(RuntimeError) as caught:
        Ours(Recorder()).explain("GET", {"Origin": APP})
    assert ended == [APP]
    assert str(caught.value) == (
        "is_allowed_origin waits for something, and explain cannot wait: send a request in a test instead"
    )


def test_a_refused_request_is_one_record(records: list[logging.LogRecord]) -> None:
    call(middleware(), "GET", [(b"origin", NEAR.encode())], path="/a\nb")
    (record,) = records
    assert record.getMessage() == f"'GET' '/a\\nb': CORS request refused: {OF_THE_PORT}"
    assert record.levelno == logging.DEBUG
    fields = {name: value for name, value in vars(record).items() if name.startswith("cors_")}
    assert fields == {
        "cors_method": "'GET'",
        "cors_path": "'/a\\nb'",
        "cors_preflight": False,
        "cors_refused": ["origin"],
        "cors_values": [repr(NEAR)],
        "cors_rules": ["S-ORG-2"],
        "cors_closest": [APP],
        "cors_differences": ["only by the port"],
    }


def test_a_refused_preflight_is_one_record(records: list[logging.LogRecord]) -> None:
    call(middleware(), "OPTIONS", preflight(method=b"PUT"))
    (record,) = records
    assert record.getMessage() == f"'OPTIONS' '/': CORS preflight refused: {OF_PUT}"
    assert vars(record)["cors_preflight"] is True


@pytest.mark.parametrize(
    ("method", "headers"), [("GET", []), ("GET", [(b"origin", ORIGIN)]), ("OPTIONS", preflight())]
)
def test_nothing_is_recorded_of_what_is_not_refused(
    records: list[logging.LogRecord], method: str, headers: list[tuple[bytes, bytes]]
) -> None:
    call(middleware(), method, headers)
    assert records == []


def test_nothing_is_explained_above_the_level(
    records: list[logging.LogRecord], monkeypatch: pytest.MonkeyPatch
) -> None:
    logging.getLogger("verified_cors").setLevel(logging.INFO)
    monkeypatch.setattr(CORSMiddleware, "_refused", None)  # calling it would fail
    call(middleware(), "GET", [(b"origin", UNLISTED)])
    call(middleware(), "OPTIONS", preflight(method=b"PUT"))
    assert records == []


def test_no_value_forges_a_line(records: list[logging.LogRecord]) -> None:
    bad = b"https://a.example\r\nforged\x1b[31m\x85" * 1_000
    request = [
        (b"origin", bad),
        (b"access-control-request-method", bad),
        (b"access-control-request-headers", bad),
    ]
    call(middleware(), "OPTIONS", request, path="/\r\nforged\u2028" * 1_000)
    call(middleware(), "GET", request[:1])
    assert len(records) == 2
    for record in records:
        written = logging.Formatter("%(message)s %(cors_path)s %(cors_values)s").format(record)
        assert written.isascii() and written.isprintable() and len(written) < 3_000
