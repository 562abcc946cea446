"""Which interface an application has."""

from functools import partial
from typing import Any

import pytest

from spec.conformance.transports import Asgi, Wsgi, in_process, name_of
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


class Proxy:
    """Stands for an object that is not there, as `flask.request` does outside of a request."""

    def __getattr__(self, name: str) -> Any:
        raise RuntimeError("nothing is bound.\n\nIt explains this at length.")

    def __call__(self, environ: Any, start_response: Any) -> Any: ...


def nothing() -> Any:
    """A factory."""


def of_a_configuration(config: Any) -> Any:
    """Another one."""


async def later() -> Any:
    """A factory that is to be awaited."""


HERE = __name__
A_URL = " is a URL; call check_url with it, or give an ASGI or WSGI application"
SEEMS = " seems to have the interface"
NO_APPLICATION = " is no application, which takes three arguments (ASGI) or two (WSGI)"
FACTORY = f"{NO_APPLICATION}; if it makes one, give what it returns, or add --factory on the command line"


@pytest.mark.parametrize(
    ("app", "kind"),
    [
        (Async(), Asgi), (Async().method, Asgi), (partial(function, 1), Asgi),
        (Sync(), Wsgi), (failing(), Wsgi), (partial(failing()), Wsgi), (dict, Wsgi),
    ],
)  # fmt: skip
def test_an_application_shows_what_it_is(app: Any, kind: type) -> None:
    way = in_process(app, timeout=0.5)
    way.close()
    assert type(way) is kind
    way = in_process(app, "asgi" if kind is Asgi else "wsgi", timeout=0.5)
    way.close()
    assert type(way) is kind


def either(*arguments: Any) -> Any:
    """May have either interface."""


@pytest.mark.parametrize("app", [either, dict])
def test_what_may_have_either_interface_has_the_one_that_is_told(app: Any) -> None:
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
    ("app", "name"),
    [
        (Sync, f"{HERE}:Sync"),
        (Sync(), f"{HERE}:Sync"),
        (nothing, f"{HERE}:nothing"),
        (Async.method, f"{HERE}:Async.method"),
    ],
)
def test_an_application_has_a_name(app: Any, name: str) -> None:
    assert name_of(app) == name


@pytest.mark.parametrize(
    ("app", "interface", "problem"),
    [
        (Sync(), "cgi", "interface: 'cgi' is not one of them; choose from asgi, wsgi, auto"),
        (3, "auto", "app: 3 cannot be called; give an ASGI or WSGI application"),
        (3, "asgi", "app: 3 cannot be called; give an ASGI or WSGI application"),
        *((url, "auto", f"app: {url!r}{A_URL}") for url in ("http://a", "https://a", "unix:/run/a.sock")),
        (nothing, "auto", f"app: {HERE}:nothing{FACTORY}"),
        (of_a_configuration, "wsgi", f"app: {HERE}:of_a_configuration{FACTORY}"),
        (later, "asgi", f"app: {HERE}:later{FACTORY}"),
        (function, "auto", f"app: {HERE}:function{NO_APPLICATION}"),
        (Async(), "wsgi", f"interface: {HERE}:Async{SEEMS} asgi; write that instead of wsgi"),
        (Sync(), "asgi", f"interface: {HERE}:Sync{SEEMS} wsgi; write that instead of asgi"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_refused(app: Any, interface: str, problem: str) -> None:
    with pytest.raises(ValueError, match=r"^(interface|app): ") as caught:
        in_process(app, interface)
    assert str(caught.value) == problem


def test_what_stands_for_nothing_is_refused_by_the_name_of_its_class() -> None:
    with pytest.raises(ValueError, match=r"^app: ") as caught:
        in_process(Proxy())
    assert str(caught.value) == (
        f"app: {HERE}:Proxy cannot be inspected (RuntimeError: nothing is bound); give an ASGI or WSGI "
        "application"
    )
    assert name_of(Proxy()) == f"{HERE}:Proxy"
