"""Applications, makers of applications and servers: what is made of the question, and of the answer."""

import socket
from dataclasses import replace
from typing import Any

import pytest

from spec import RULES, Config, Request, Response
from spec.conformance import Target, assert_conforms, check_app, check_factory, check_url, drawn
from spec.conformance.cases import known_origins
from spec.conformance.run import selected
from spec.conformance.transports import Extra
from spec.origin import parse_pattern
from spec.rules.server.examples import LIST, TWO, A
from tests.helpers.faulty_servers import server
from tests.unit.spec.conformance.servers import asgi, wsgi
from tests.unit.spec.conformance.test_run import (
    ALLOWED,
    GRANTED,
    WITH_CREDENTIALS,
    Way,
    refuses,
    right,
    says,
    until,
)


@pytest.mark.slow
def test_an_application_is_checked_and_named() -> None:
    told: list[str] = []
    report = check_app(
        server(TWO, lambda request, response: response),
        TWO,
        rules=("S-*",),
        profiles=iter(("protocol",)),
        seed=7,
        max_examples=0,
        progress=lambda *what: told.append(what[0]),
    )
    assert report.target == "tests.helpers.faulty_servers:server.<locals>.app"
    assert (report.config, report.profiles, report.seed) == (TWO, ("protocol",), 7)
    assert {rule.id for rule in report.rules} == {rule.id for rule in selected(("protocol",), ("S-*",))}
    assert told[:4] == ["control", "control", "no Origin", "GET of each origin"]
    assert report.conforms
    assert set(report.verdicts.values()) == {"pass", "not applicable"}


@pytest.mark.slow
def test_a_wsgi_application_is_never_sent_doubled_lines() -> None:
    report = check_app(wsgi("200 OK", ()), Config(), max_examples=0, interface="wsgi")
    assert report.conforms
    assert report.requests == 16
    report = check_app(wsgi("200 OK", GRANTED), Config(allow_origins=(A,)), max_examples=0)
    assert report.skipped > 10
    assert report.inconclusive == ""


NOTHING_SENT = (
    f"no Access-Control-Allow-Origin. {RULES['C-CHK-1'].sentence} (C-CHK-1). Send exactly "
    f"`Access-Control-Allow-Origin: {A}` in one field line (S-WRK-1)."
)


@pytest.mark.slow
def test_an_application_conforms_or_its_violations_are_told() -> None:
    assert_conforms(asgi(right(TWO)), TWO, max_examples=0)
    with pytest.raises(AssertionError) as caught:
        assert_conforms(asgi(says(())), LIST, max_examples=0)
    name = "tests.unit.spec.conformance.servers:asgi.<locals>.app"
    assert str(caught.value) == (
        f"{name} does not conform\n\nGET / from {A}, which {ALLOWED}, is not allowed: "
        f"the response has {NOTHING_SENT}"
    )
    with pytest.raises(AssertionError) as caught:
        assert_conforms(asgi(says(WITH_CREDENTIALS)), TWO, rules=("S-WRK-*",), max_examples=0)
    first, one, other = str(caught.value).split("\n\n")
    assert first == f"{name} does not conform"
    assert one.startswith(f"S-WRK-2 (MUST): {RULES['S-WRK-2'].sentence}.\n")
    rule = RULES["S-WRK-1"]
    assert other.startswith(f"S-WRK-1 (MUST): {rule.sentence}.\nGET / [origin: ")
    assert f" responses.\nInstead: {rule.repair}" in other


@pytest.mark.parametrize(
    ("config", "options", "status", "advice"),
    [
        (
            LIST,
            {"path": "/nope"},
            404,
            'GET /nope responds with 404, not 2xx; give another path, such as path="/items"',
        ),
        (LIST, {}, 401, 'such as headers={"Authorization": "Bearer TOKEN"}'),
        ({"/": LIST, "/b": LIST}, {}, 404, 'such as target={"/public": Target("/public/items")}'),
    ],
)
def test_in_a_test_the_advice_names_arguments(
    config: Any, options: dict[str, Any], status: int, advice: str
) -> None:
    with pytest.raises(AssertionError) as caught:
        assert_conforms(asgi(says((), status)), config, **options, max_examples=0)
    assert advice in str(caught.value)
    assert "--" not in str(caught.value) and "[target]" not in str(caught.value)


class Inexplicable:
    """A factory that does not tell what it takes."""

    __signature__ = property(lambda self: 1 / 0)

    def __call__(self, config: Config) -> Any:
        return asgi(right(config))


def test_a_factory_that_cannot_be_inspected_is_given_a_configuration() -> None:
    assert check_factory(Inexplicable(), LIST, max_examples=0, rules=("SEC-2",)).conforms


class Factory:
    """Makes applications, and notes of what."""

    def __init__(self, *refused: int, knows: Config | None = None) -> None:
        self.refused, self.knows = refused, knows
        self.given: list[Config] = []

    def __call__(self, config: Config) -> Any:
        self.given.append(config)
        if len(self.given) - 1 in self.refused:
            raise ValueError("not this one")
        return asgi(right(self.knows or config))


@pytest.mark.slow
def test_a_factory_is_given_what_is_stated_then_what_is_drawn() -> None:
    factory = Factory(2, 3)
    report = check_factory(factory, LIST, max_examples=3, seed=1, rules=("S-WRK-1", "S-SYN-2"))
    assert factory.given[0] == LIST
    assert factory.given[1:] == drawn(LIST, Target(), 1)
    assert len(set(factory.given)) == 9
    assert report.target == "tests.unit.spec.conformance.test_check:Factory"
    assert (report.config, report.seed, report.profiles) == (LIST, 1, ("protocol", "security"))
    assert report.conforms
    assert report.trouble == []


@pytest.mark.slow
def test_a_factory_that_needs_no_argument_is_called_without_any() -> None:
    given: list[Any] = []

    def create_app(settings: Any = None, *more: Any, debug: bool = False) -> Any:
        given.append(settings)
        return asgi(right(TWO))

    report = check_factory(create_app, TWO, max_examples=0, rules=("S-WRK-1",))
    assert given == [None]
    assert report.verdicts == {"S-WRK-1": "pass"}


@pytest.mark.slow
def test_parameters_are_enough_and_what_is_not_given_is_not_judged() -> None:
    sees: list[Request] = []

    def answer(request: Request) -> Response:
        sees.append(request)
        if request.path != "/me" or b"Bearer 1" not in request.lines("authorization"):
            return Response(401, ())
        return right(replace(TWO, allow_methods=("*",), max_age=5))(request)

    app = asgi(answer)
    assert_conforms(
        app,
        allow_origins=list(TWO.allow_origins),
        path="/me",
        headers={"Authorization": "Bearer 1"},
        max_examples=0,
    )
    assert {request.path.partition("?")[0] for request in sees} == {"/me"}
    with pytest.raises(AssertionError, match="does not conform"):
        assert_conforms(app, allow_origins=["https://b.example"], path="/me", max_examples=0)
    with pytest.raises(AssertionError, match="does not conform"):
        assert_conforms(app, TWO, path="/me", headers={"Authorization": "Bearer 1"}, max_examples=0)


def test_a_configuration_or_its_parameters_are_given_and_judged_first() -> None:
    for wrong in ({}, {"config": TWO, "allow_origins": ["https://a.example"]}):
        with pytest.raises(ValueError, match=r"^config: give either") as caught:
            assert_conforms(refuses, **wrong)  # type: ignore[arg-type]
        assert str(caught.value) == (
            "config: give either a configuration or its parameters, such as allow_origins=[...]"
        )
    with pytest.raises(ValueError, match=r"^the configuration is not valid:\nallow_origins is 'https://a'"):
        assert_conforms(refuses, allow_origins="https://a")


@pytest.mark.slow
def test_drawn_configurations_vary_and_have_nothing_that_is_lacking() -> None:
    every = drawn(LIST, Target(), 2)
    assert every == drawn(LIST, Target(), 2)
    assert every != drawn(LIST, Target(), 1)
    assert len(set(every)) == 8
    assert all(known_origins(config) for config in every)
    for name in ("allow_origins", "allow_methods", "allow_headers", "expose_headers", "max_age"):
        assert len({getattr(config, name) for config in every}) > 3
    lacking = drawn(LIST, Target(lacks=frozenset({"max_age", "allow_credentials", "preflights"})), 2)
    assert {(config.max_age, config.allow_credentials) for config in lacking} == {(600, False)}
    assert len(set(lacking)) == 8
    assert every[0] not in drawn(every[0], Target(), 2)


def has_pattern(config: Config) -> bool:
    return any(parse_pattern(entry) for entry in config.allow_origins)


@pytest.mark.slow
def test_patterns_are_drawn_unless_they_are_lacking() -> None:
    lacking = Target(lacks=frozenset({"origin_patterns"}))
    with_patterns = [config for seed in range(3) for config in drawn(LIST, Target(), seed)]
    without = [config for seed in range(3) for config in drawn(LIST, lacking, seed)]
    assert sum(map(has_pattern, with_patterns)) > 2
    assert not any(map(has_pattern, without))
    assert all(known_origins(config) for config in without)


PATTERNS_ALONE = [
    Config(allow_origins=("https://*.a.example",), allow_methods=("GET", "PUT")),
    Config(allow_origins=("http://localhost:*",), allow_methods=("GET", "PUT")),
    Config(
        allow_origins=("https://*.a.example:8443", "capacitor://localhost:*", "null"), allow_credentials=True
    ),
]


@pytest.mark.slow
@pytest.mark.parametrize("config", PATTERNS_ALONE)
def test_a_configuration_of_patterns_alone_is_checked(config: Config) -> None:
    report = check_app(asgi(right(config)), config, max_examples=5)
    assert report.conforms
    assert report.inconclusive == ""
    assert report.verdicts["S-WRK-1"] == report.verdicts["S-ORG-5"] == report.verdicts["SEC-2"] == "pass"
    report = check_app(
        asgi(right(config)), config, max_examples=0, profiles=("implementation",), rules=("A-ORG-1",)
    )
    assert report.verdicts == {"A-ORG-1": "pass"}


@pytest.mark.parametrize(
    ("config", "origins"),
    [
        (LIST, [A]),
        (Config(), []),
        (Config(allow_origins=("*", A)), [A, "https://app.example.com", "http://localhost:8080"]),
        (Config(allow_origins=("https://*.a.example",)), ["https://app.a.example", "https://a.b.a.example"]),
        (Config(allow_origins=("http://localhost:*", A)), ["http://localhost", A, "http://localhost:8080"]),
        (
            Config(
                allow_origins=(A, "http://a:*", "https://*.a.example", "http://b:*", "http://c:*", "null")
            ),
            [
                A,
                "http://a",
                "https://app.a.example",
                "http://a:8080",
                "https://a.b.a.example",
                "http://b:8080",
            ],
        ),
        (
            Config(allow_origins=("http://a:*",), allow_origin_regex=r"https://b\.example"),
            ["http://a", "http://a:8080", "https://b.example"],
        ),
        (Config(allow_origin_regex=r"https://a\.example/"), []),
    ],
)
def test_some_origins_are_known_to_be_allowed(config: Config, origins: list[str]) -> None:
    assert known_origins(config) == origins


def test_a_regex_that_matches_no_origin_allows_nobody() -> None:
    config = Config(allow_origin_regex=r"https://a\.example/")
    report = check_app(asgi(right(config)), config, max_examples=0)
    assert report.conforms and report.inconclusive == "" and report.requests == 16


def literal(config: Config) -> Config:
    """What a server makes of patterns that takes them for origins."""
    return replace(config, allow_origins=tuple(entry for entry in config.allow_origins if "*" not in entry))


@pytest.mark.slow
@pytest.mark.parametrize("config", PATTERNS_ALONE)
def test_a_server_that_takes_patterns_for_origins_fails_the_control_unless_it_lacks_them(
    config: Config,
) -> None:
    app = asgi(right(literal(config)))
    assert "is not allowed" in check_app(app, config, max_examples=0).inconclusive
    target = Target(lacks=frozenset({"origin_patterns"}))
    report = check_app(app, config, target=target, max_examples=5)
    assert report.conforms and report.inconclusive == ""
    assert report.config == config
    house = check_app(
        app, config, target=target, max_examples=0, profiles=("implementation",), rules=("A-ORG-*",)
    )
    assert house.verdicts == {"A-ORG-1": "not applicable"}
    assert house.reasons == {"A-ORG-1": "the implementation lacks origin_patterns"}


@pytest.mark.slow
def test_the_second_of_two_patterns_is_asked_for_too() -> None:
    config = Config(allow_origins=(A, "https://*.a.example", "http://localhost:*"))
    app = asgi(right(replace(config, allow_origins=(A, "https://*.a.example"))))
    report = check_app(app, config, max_examples=0, rules=("S-WRK-1",))
    assert report.verdicts == {"S-WRK-1": "fail"}


KINDNESSES = {
    "the bare host": lambda origin: origin == "https://a.example",
    "a glued name": lambda origin: origin.endswith("a.example") and origin.startswith("https://"),
    "a tail": lambda origin: ".a.example" in origin and origin.startswith("https://"),
    "another scheme": lambda origin: origin.endswith("://app.a.example"),
    "any port": lambda origin: origin.startswith("https://app.a.example:"),
    "upper case": lambda origin: origin.lower() == "https://app.a.example",
    "its own text": lambda origin: origin == "https://*.a.example",
}


@pytest.mark.slow
@pytest.mark.parametrize("kindness", KINDNESSES)
def test_a_pattern_that_is_read_too_kindly_is_found(kindness: str) -> None:
    config = PATTERNS_ALONE[0]

    def kind(request: Request) -> Response:
        origins = [value.decode("latin-1") for value in request.lines("origin")]
        also = tuple(filter(KINDNESSES[kindness], origins))
        return right(replace(config, allow_origins=(*config.allow_origins, *also, "https://a.invalid")))(
            request
        )

    app = asgi(lambda request: changed_for_the_text(kind(request), request, kindness))
    report = check_app(app, config, max_examples=0, rules=("SEC-2", "S-ORG-5", "S-WRK-1"))
    assert report.verdicts["S-WRK-1"] == "pass"
    assert report.verdicts["S-ORG-5"] == "fail"
    is_of_a_page = kindness not in ("upper case", "its own text")
    assert report.verdicts["SEC-2"] == ("fail" if is_of_a_page else "pass")
    assert report.conforms is not is_of_a_page
    assert report.failures(strict=True)


def changed_for_the_text(response: Response, request: Request, kindness: str) -> Response:
    """The model never allows the text of a pattern: here it does."""
    if kindness == "its own text" and request.lines("origin") == [b"https://*.a.example"]:
        return Response(200, (*response.headers, (b"access-control-allow-origin", b"https://*.a.example")))
    return response


@pytest.mark.slow
def test_a_factory_that_refuses_what_is_stated_is_told() -> None:
    factory = Factory(0)
    with pytest.raises(ValueError, match=r"^not this one$"):
        check_factory(factory, LIST)
    assert len(factory.given) == 1


@pytest.mark.slow
def test_a_factory_that_fails_the_control_is_asked_no_more() -> None:
    factory = Factory(knows=Config())
    report = check_factory(factory, LIST)
    told = f"is not allowed: the response has {NOTHING_SENT}"
    assert report.inconclusive == f"GET / from {A}, which {ALLOWED}, {told}"
    assert len(factory.given) == 1
    assert set(report.verdicts.values()) == {"inconclusive"}


@pytest.mark.slow
def test_a_factory_that_ignores_what_it_is_given_is_found_out() -> None:
    report = check_factory(Factory(knows=TWO), TWO, rules=("S-WRK-1", "SEC-2"), max_examples=0)
    assert report.inconclusive == ""
    assert report.verdicts["S-WRK-1"] == "fail"
    (violation,) = (one for one in report.violations if one.rule.id == "S-WRK-1")
    assert violation.exchanges[0].config != TWO


def test_a_server_that_is_not_on_this_machine_is_asked_with_permission_only() -> None:
    url = "http://192.0.2.1:9/a"
    with pytest.raises(ValueError, match=r"^url") as caught:
        check_url(url, LIST)
    assert str(caught.value) == (
        f"url: {url!r} is not on this machine; pass allow_remote=True (--allow-remote) if you may test it"
    )
    report = check_url("http://192.0.2.1:9", LIST, allow_remote=True, timeout=0.05)
    assert report.inconclusive.startswith("unreachable: 192.0.2.1 port 9: ")


def test_a_server_is_asked_below_the_path_of_its_url(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Any] = []
    way = Way(until(5, right(Config())))

    def to(*where: Any, **how: Any) -> Way:
        made.append((where, how))
        way.is_loopback = lambda: True  # type: ignore[attr-defined]
        return way

    monkeypatch.setattr("spec.conformance.Socket", to)
    told: list[str] = []
    report = check_url(
        "http://a",
        Config(),
        profiles=iter(("security",)),
        seed=3,
        rules=("SEC-*",),
        headers=((b"a", b"b"),),
        preflight_headers=((b"c", b"d"),),
        timeout=2.0,
        rate=3.0,
        max_examples=0,
        progress=lambda *what: told.append(what[0]),
    )
    assert made == [
        (
            ("http://a",),
            {
                "extra": Extra(((b"a", b"b"),), ((b"c", b"d"),)),
                "timeout": 2.0,
                "rate": 3.0,
                "context": None,
            },
        )
    ]
    assert (report.target, report.profiles, report.seed) == ("http://a", ("security",), 3)
    assert {rule.id for rule in report.rules} == {rule.id for rule in selected(("security",), ("SEC-*",))}
    assert report.inconclusive == f"after {len(way.sent)} requests: unreachable: gone"
    assert told == ["control", "control", "no Origin", "nobody is allowed"]
    assert way.is_closed
    made.clear()
    check_url("http://a", Config())
    assert made == [(("http://a",), {"extra": Extra(), "timeout": 10.0, "rate": None, "context": None})]


def test_a_port_where_nobody_listens_is_out_of_reach() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    report = check_url(f"http://127.0.0.1:{port}", LIST)
    assert report.inconclusive == f"unreachable: 127.0.0.1 port {port}: [Errno 111] Connection refused"
    assert report.requests == 1
