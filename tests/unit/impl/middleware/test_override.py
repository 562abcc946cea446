"""A subclass may decide about origins itself."""

from __future__ import annotations

from typing import Any

import pytest

from impl import CORSByPath, CORSConfigError, CORSMiddleware
from tests.helpers.asgi import Recorder, call
from tests.unit.impl.cases import ORIGIN, UNLISTED, preflight


class Deciding(CORSMiddleware):
    """Allows what it is told to, and remembers what it was asked."""

    def __init__(self, allowed: set[str], **arguments: Any) -> None:
        super().__init__(Recorder(), **arguments)
        self.allowed = allowed
        self.questions: list[str] = []

    def is_allowed_origin(self, origin: str) -> bool:
        self.questions.append(origin)
        return origin in self.allowed


def answers(middleware: CORSMiddleware, *origins: bytes) -> list[list[bytes]]:
    """The Access-Control-Allow-Origin of a preflight and of a GET."""
    lines = [(b"origin", origin) for origin in origins]
    return [
        call(middleware, method, headers).values(b"access-control-allow-origin")
        for method, headers in (("OPTIONS", [*preflight()[1:], *lines]), ("GET", lines))
    ]


def test_the_override_decides_on_preflights_and_actual_responses_alike() -> None:
    middleware = Deciding({UNLISTED.decode()}, allow_origins=[ORIGIN.decode()])
    assert answers(middleware, UNLISTED) == [[UNLISTED], [UNLISTED]]
    assert answers(middleware, ORIGIN) == [[], []]


def test_it_is_asked_once_per_request_with_an_origin_and_never_remembered() -> None:
    middleware = Deciding({UNLISTED.decode()}, allow_origins=[ORIGIN.decode()])
    assert answers(middleware) == [[], []]
    assert middleware.questions == []
    assert answers(middleware, UNLISTED) == [[UNLISTED], [UNLISTED]]
    middleware.allowed.clear()
    assert answers(middleware, UNLISTED) == [[], []]
    assert answers(middleware, ORIGIN) == [[], []]
    assert answers(middleware, b"null") == [[], []]
    assert middleware.questions == [UNLISTED.decode()] * 4 + [ORIGIN.decode()] * 2 + ["null"] * 2


@pytest.mark.parametrize(
    "origins",
    [
        (ORIGIN, ORIGIN),
        (b"",),
        (b"*",),
        (b"Null",),
        (b"https://a/",),
        (b"https://a\n",),
        (b"https://" + b"a" * 505,),
        (b"\xff",),
    ],
)
@pytest.mark.parametrize("configured", ["*", ORIGIN.decode()])
def test_what_is_no_origin_is_refused_without_asking(origins: tuple[bytes, ...], configured: str) -> None:
    middleware = Deciding({origin.decode("latin-1") for origin in origins}, allow_origins=[configured])
    assert answers(middleware, *origins) == [[], []]
    assert middleware.questions == []


@pytest.mark.filterwarnings("ignore::impl.CORSConfigWarning")
def test_a_configured_value_is_asked_about_whatever_its_shape() -> None:
    middleware = Deciding({"file://"}, allow_origins=["file://", "https://a,b"])
    assert answers(middleware, b"file://") == [[b"file://"]] * 2
    assert answers(middleware, b"https://a,b") == [[], []]
    assert middleware.questions == ["file://"] * 2 + ["https://a,b"] * 2


def test_under_a_wildcard_the_answer_stays_a_wildcard() -> None:
    middleware = Deciding({UNLISTED.decode()}, allow_origins=["*"])
    assert answers(middleware, UNLISTED) == [[b"*"], [b"*"]]
    assert answers(middleware, ORIGIN) == [[], []]


def test_an_override_may_ask_the_configuration() -> None:
    class Wider(CORSMiddleware):
        def is_allowed_origin(self, origin: str) -> bool:
            return origin == UNLISTED.decode() or super().is_allowed_origin(origin)

    middleware = Wider(Recorder(), [ORIGIN.decode()])
    assert answers(middleware, UNLISTED) == [[UNLISTED], [UNLISTED]]
    assert answers(middleware, ORIGIN) == [[ORIGIN], [ORIGIN]]
    assert answers(middleware, b"https://c.example") == [[], []]


def test_a_coroutine_allows_nothing_by_being_there() -> None:
    """Regression: a coroutine counts as true, and let every origin in, with credentials."""

    class Asking(CORSMiddleware):
        async def is_allowed_origin(self, origin: str) -> bool:
            return origin == ORIGIN.decode()

    middleware = Asking(Recorder(), ["https://c.example"], allow_credentials=True)
    assert answers(middleware, UNLISTED) == [[], []]
    assert answers(middleware, ORIGIN) == [[ORIGIN], [ORIGIN]]
    refused = call(middleware, headers=[(b"origin", UNLISTED)])
    assert refused.headers == ((b"vary", b"Origin"),)


@pytest.mark.parametrize("verdict", [1, "no", [0], NotImplemented, None, object()])
def test_what_is_not_true_refuses(verdict: object) -> None:
    class Odd(CORSMiddleware):
        def is_allowed_origin(self, origin: str) -> Any:
            return verdict

    assert answers(Odd(Recorder(), [ORIGIN.decode()]), ORIGIN) == [[], []]


@pytest.mark.parametrize("kind", [staticmethod, classmethod])
def test_an_override_of_any_kind_is_asked(kind: Any) -> None:
    def decide(*given: Any, origin: str) -> bool:
        return origin == UNLISTED.decode()

    deciding: Any = type("Kind", (CORSMiddleware,), {"is_allowed_origin": kind(decide)})
    middleware = deciding(Recorder(), [ORIGIN.decode()])
    assert answers(middleware, UNLISTED) == [[UNLISTED], [UNLISTED]]
    assert answers(middleware, ORIGIN) == [[], []]


def test_an_override_from_another_class_is_asked() -> None:
    class Mixin:
        def is_allowed_origin(self, origin: str) -> bool:
            return origin == UNLISTED.decode()

    class Mixed(Mixin, CORSMiddleware):
        pass

    middleware = Mixed(Recorder(), [ORIGIN.decode()])
    assert answers(middleware, UNLISTED) == [[UNLISTED], [UNLISTED]]
    assert answers(middleware, ORIGIN) == [[], []]


def refuses(*given: Any, origin: str) -> bool:
    return False


def test_an_override_of_one_middleware_is_asked_whenever_it_is_set() -> None:
    class Early(CORSMiddleware):
        def __init__(self, app: Any, **arguments: Any) -> None:
            vars(self)["is_allowed_origin"] = refuses
            super().__init__(app, **arguments)

    middleware = Early(Recorder(), allow_origins=["*"])
    assert answers(middleware, ORIGIN) == [[], []]
    late = CORSMiddleware(Recorder(), ["*"])
    assert answers(late, ORIGIN) == [[b"*"], [b"*"]]
    setattr(late, "is_allowed_origin", refuses)  # noqa: B010  # mypy has it for a method
    assert answers(late, ORIGIN) == [[], []]


def test_the_method_of_another_middleware_is_an_override() -> None:
    strict = CORSMiddleware(Recorder(), ["https://c.example"])

    class Delegating(CORSMiddleware):
        is_allowed_origin = strict.is_allowed_origin

    middleware = Delegating(Recorder(), ["*"])
    assert answers(middleware, ORIGIN) == [[], []]
    assert answers(middleware, b"https://c.example") == [[b"*"], [b"*"]]


def test_a_replaced_method_of_the_class_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(CORSMiddleware, "is_allowed_origin", refuses)
    assert answers(CORSMiddleware(Recorder(), ["*"]), ORIGIN) == [[], []]


def test_what_only_looks_like_the_own_method_is_asked() -> None:
    class Bound:
        __func__ = CORSMiddleware.is_allowed_origin

        def __init__(self, middleware: object) -> None:
            self.__self__ = middleware

        def __call__(self, origin: str) -> bool:
            return False

    class Described(CORSMiddleware):
        is_allowed_origin = property(Bound)

    assert answers(Described(Recorder(), ["*"]), ORIGIN) == [[], []]


def test_a_wrong_configuration_is_refused_with_the_right_one() -> None:
    with pytest.raises(CORSConfigError) as raised:
        CORSMiddleware(Recorder(), ["https://A.example"])
    assert raised.value.corrected is not None
    assert raised.value.corrected.allow_origins == ("https://a.example",)


def test_an_override_behind_the_middleware_is_refused() -> None:
    class Mixin:
        def is_allowed_origin(self, origin: str) -> bool:
            return False

    class Mixed(CORSMiddleware, Mixin):
        pass

    with pytest.raises(CORSConfigError) as raised:
        Mixed(Recorder(), ["*"])
    (found,) = raised.value.problems
    assert (found.rule, found.argument, found.index, found.value) == (
        "A-CFG-29",
        "class",
        None,
        "is_allowed_origin",
    )
    assert found.reason == "Mixed inherits it from CORSMiddleware before Mixin, whose method is never called."
    assert found.repair == "class Mixed(Mixin, CORSMiddleware), in this order."


def test_attributes_of_a_subclass_do_not_meet_those_of_the_middleware() -> None:
    class Named(CORSMiddleware):
        def __init__(self, app: Any, **arguments: Any) -> None:
            super().__init__(app, **arguments)
            self._origins = {UNLISTED}
            self._policy = self._matches = self._is_overridden = self._config = None

    middleware = Named(Recorder(), allow_origins=[ORIGIN.decode()])
    assert answers(middleware, UNLISTED) == [[], []]
    assert answers(middleware, ORIGIN) == [[ORIGIN], [ORIGIN]]


@pytest.mark.parametrize("name", ["preflight_response", "simple_response", "send", "allow_explicit_origin"])
def test_an_override_that_is_never_called_is_refused_with_all_other_problems(name: str) -> None:
    dead: Any = type("Dead", (CORSMiddleware,), {name: lambda self: None})
    with pytest.raises(CORSConfigError) as raised:
        dead(Recorder(), [ORIGIN.decode()], max_age=-1)
    assert [(each.rule, each.argument, each.index, each.value) for each in raised.value.problems] == [
        ("A-CFG-29", "class", None, name),
        ("A-CFG-17", "max_age", None, -1),
    ]
    dead_override = raised.value.problems[0]
    assert dead_override.reason == f"Dead defines {name}. Starlette's class calls it, this one never does."
    assert dead_override.repair == (
        "override is_allowed_origin to decide about origins; to change responses, wrap the middleware in an "
        "ASGI app of your own."
    )


def test_is_allowed_origin_tells_what_the_configuration_allows() -> None:
    middleware = CORSMiddleware(Recorder(), [ORIGIN.decode()], allow_origin_regex=r"https://b\.example")
    assert [middleware.is_allowed_origin(origin) for origin in (ORIGIN.decode(), "https://b.example")] == [
        True
    ] * 2
    for origin in (UNLISTED.decode(), "*", "null", "https://b.example\n", "https://bücher", "\ud800", ""):
        assert middleware.is_allowed_origin(origin) is False
    assert CORSMiddleware(Recorder(), ["*"]).is_allowed_origin("null") is True


def test_the_policies_of_a_path_ask_no_override() -> None:
    lines = [(b"origin", b"https://a.example")] * 2  # an override is not asked about two
    result = call(CORSByPath(Recorder(), {"/": {"allow_origins": ["*"]}}), "GET", lines)
    assert result.values(b"access-control-allow-origin") == [b"*"]
