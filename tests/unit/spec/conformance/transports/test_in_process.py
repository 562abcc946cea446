"""Which interface an application has."""

from functools import partial
from typing import Any

import pytest

from spec.conformance.transports import Asgi, Wsgi, in_process
from spec.conformance.transports.transport import IDLE
from tests.unit.spec.conformance.transports.asking import failing


class Async:
    """An application that is an object."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None: ...

    async def method(self, scope: Any, receive: Any, send: Any) -> None: ...


class Sync:
    """The same over WSGI."""

    def __call__(self, environ: Any, start_response: Any) -> list[bytes]:
        return []


async def function(more: int, scope: Any, receive: Any, send: Any) -> None: ...


@pytest.mark.parametrize(
    ("app", "kind"),
    [
        (function, Asgi), (Async(), Asgi), (Async().method, Asgi), (partial(function, 1), Asgi),
        (Sync(), Wsgi), (failing(), Wsgi), (partial(failing()), Wsgi), (dict, Wsgi),
    ],
)  # fmt: skip
def test_an_application_shows_what_it_is(app: Any, kind: type) -> None:
    way = in_process(app, timeout=0.5)
    way.close()
    assert type(way) is kind
    for interface, told in (("asgi", Asgi), ("wsgi", Wsgi)):
        way = in_process(app, interface, timeout=0.5)
        way.close()
        assert type(way) is told
        assert way.app is app


def test_a_way_is_as_patient_as_it_is_told() -> None:
    for way, seconds in ((in_process(Async()), IDLE), (in_process(Async(), timeout=0.25), 0.25)):
        assert isinstance(way, Asgi)
        assert way.timeout == seconds
        way.close()
    assert IDLE == 10.0


@pytest.mark.parametrize(
    ("app", "interface", "problem"),
    [
        (Sync(), "cgi", "interface: 'cgi' is not one of them; choose from asgi, wsgi, auto"),
        (3, "auto", "app: 3 cannot be called; give an ASGI or WSGI application"),
        (3, "asgi", "app: 3 cannot be called; give an ASGI or WSGI application"),
    ],
)
def test_what_cannot_be_asked_is_refused(app: Any, interface: str, problem: str) -> None:
    with pytest.raises(ValueError, match=r"^(interface|app): ") as caught:
        in_process(app, interface)
    assert str(caught.value) == problem
