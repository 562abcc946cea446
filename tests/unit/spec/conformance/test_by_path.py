"""Several policies: each is held to its own paths, and a server that mixes them up is found out."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest

import impl
from impl import CORSByPath
from model import respond, respond_by_path
from spec import Config, Request, Response
from spec.conformance import Report, Target, assert_conforms, check_app, check_factory, check_url
from spec.conformance.by_path import Part, as_sent, of_prefix, parts, prefix_problem
from spec.conformance.cases import Group, actual, preflight
from spec.conformance.findings import reach
from spec.conformance.report import Report as ReportOf
from spec.conformance.run import Interrupted, conclude, run_parts, selected
from spec.conformance.stated import PASSED_OVER
from spec.conformance.transports import NoAnswer
from spec.rules import RULES
from tests.unit.spec.conformance.servers import Answer, asgi
from tests.unit.spec.conformance.test_run import Way

PARTNER, SHOP = "https://partner.example", "https://shop.example"
POLICIES = {
    "/": Config(allow_origins=(SHOP,), allow_credentials=True),
    "/public": Config(allow_origins=("*",)),
    "/public/partners": Config(allow_origins=(PARTNER,), allow_methods=("GET", "PUT")),
}
ROUTES = ("/", "/public", "/public/items", "/public/partners")
WHOLE = "a prefix is whole segments of a path, each after a slash, decoded"
EVERY_PROFILE = ("protocol", "security", "documented", "implementation")


def behind(request: Request) -> Response:
    """The application: what it has, and 404."""
    status = 200 if request.path.partition("?")[0] in ROUTES else 404
    body = b"" if request.method == "HEAD" else b"hello"
    return Response(status, ((b"content-type", b"text/plain"),), body)


def serving(policies: Mapping[str, Config]) -> Answer:
    return lambda request: respond_by_path(policies, request, behind(request))


def choosing(prefix_of: Callable[[str], str | None]) -> Answer:
    """A server that has its own way to find the policy of a path."""

    def answer(request: Request) -> Response:
        prefix = prefix_of(request.path)
        return behind(request) if prefix is None else respond(POLICIES[prefix], request, behind(request))

    return answer


def checked(answer: Answer, policies: Any = POLICIES, **options: Any) -> Report:
    return check_app(asgi(answer), policies, **{"max_examples": 0, **options})


# What is asked


def test_one_policy_is_one_part() -> None:
    target = Target("/a")
    assert parts(POLICIES["/"], target) == [Part("", POLICIES["/"], target)]
    assert parts(impl.Config(allow_origins=(SHOP,)), target) == [
        Part("", Config(allow_origins=(SHOP,)), target)
    ]


def test_each_policy_is_asked_at_its_prefix() -> None:
    shared = Target("/", "/error", "/public/options", frozenset({"max_age"}))
    every = parts(dict(reversed(POLICIES.items())), shared)
    assert [(part.prefix, part.config, part.is_stated) for part in every] == [
        (prefix, config, True) for prefix, config in POLICIES.items()
    ]
    assert [part.target for part in every] == [
        replace(shared, path="/", options_path=None),
        replace(shared, path="/public", error_path=None),
        replace(shared, path="/public/partners", error_path=None, options_path=None),
    ]
    [part] = parts({"/a b:é": Config()}, Target())[:1]
    assert part.target.path == as_sent("/a b:é") == "/a%20b:%C3%A9"
    assert as_sent("/!$&'()+,:;=@~XX") == "/!$&'()+,:;=@~XX"
    assert as_sent("/\x7f") == "/%7F"


def test_of_parameters_only_those_are_judged_that_are_given() -> None:
    given: Any = {"/": {"allow_origins": [SHOP], "max_age": 5}, "/a": {}, "/b": Config()}
    assert [part.target.unstated for part in parts(given, {"/a": Target("/a/b")})] == [
        PASSED_OVER - {"max_age"}, PASSED_OVER, {"max_age"},
    ]  # fmt: skip


def test_a_policy_may_have_a_target_of_its_own() -> None:
    items = Target("/public/items?page=1", method="POST")
    every = parts(POLICIES, {"/public": items})
    assert [part.target for part in every] == [Target("/"), items, Target("/public/partners")]


def test_origins_of_other_policies_are_tried_where_paths_look_alike() -> None:
    every = {part.prefix: part for part in parts(POLICIES, Target())}
    unlisted = b"https://evil.example"

    def asked(prefix: str) -> dict[str, list[bytes]]:
        """By paths the origins that are sent there."""
        found: dict[str, list[bytes]] = {}
        for group in every[prefix].elsewhere:
            assert group.name == "an origin of another path"
            method = b"PUT" if "partners" in prefix else b"GET"
            first, second = group.requests
            assert first == actual((*first.lines("origin"),), path=first.path)
            assert second == preflight((*first.lines("origin"),), (method,), path=first.path)
            found.setdefault(first.path, []).extend(first.lines("origin"))
        return found

    anyone = [b"https://app.example.com", b"http://localhost:8080"]
    strangers = [*anyone, PARTNER.encode(), unlisted]
    near = ["/x", "/x/", "/publicx", "/x/public", "/x/public/partners"]
    assert asked("/") == dict.fromkeys(["/", *near], strangers)
    assert asked("/public") == {}
    others = [SHOP.encode(), *anyone, unlisted]
    assert asked("/public/partners") == dict.fromkeys(["/public/partners", "/public/partners/x"], others)
    assert len(every) == 3


def test_where_no_policy_is_nobody_is_allowed_and_nothing_has_to_work() -> None:
    stated, unstated = parts({"/public": POLICIES["/public"]}, Target())
    assert stated.is_stated and stated.elsewhere == ()
    assert (unstated.prefix, unstated.config, unstated.is_stated) == ("", Config(), False)
    assert unstated.target == Target("/publicx")
    origins = (b"https://app.example.com", b"http://localhost:8080", b"https://evil.example")
    assert unstated.elsewhere == tuple(
        Group(
            "an origin of another path",
            (actual((origin,), path=path), preflight((origin,), (b"GET",), path=path)),
        )
        for path in ("/publicx", "/x/public")
        for origin in origins
    )


def test_two_origins_of_each_other_policy_are_enough() -> None:
    many = {"/": {}, "/aX": {"allow_origins": [f"https://{letter}.example" for letter in "abc"]}}
    first, second = parts(many, Target())
    places = {group.requests[0].path: group.requests[0].lines("origin") for group in first.elsewhere}
    assert list(places) == ["/", "/x", "/x/", "/aXx", "/x/aX"]
    origins = [group.requests[0].lines("origin")[0] for group in first.elsewhere]
    assert origins[:3] == [b"https://a.example", b"https://b.example", b"https://evil.example"]
    assert len(origins) == 3 * len(places)
    assert [group.requests[0].path for group in second.elsewhere] == ["/aX", "/aX/x"]
    _, nobody = parts({"/public": {}}, Target())
    assert nobody.target.path == "/publicx"


# What is refused


@pytest.mark.parametrize(
    ("prefix", "problem"),
    [
        ("/", ""),
        ("/a/b", ""),
        ("/public/", f"{WHOLE}; write '/public'"),
        ("public", f"{WHOLE}; write '/public'"),
        ("/a//", f"{WHOLE}; write '/a'"),
        ("Xpublic/", f"{WHOLE}; write '/Xpublic'"),
        ("//", f"{WHOLE}; write '/'"),
        ("", f"{WHOLE}; write '/'"),
        ("/public/*", f"{WHOLE}; write '/public'"),
        ("/a%20b", f"{WHOLE}; write '/a b'"),
        (" /public ", f"{WHOLE}; write '/public'"),
        (" /a%2Fb\n", f"{WHOLE}; write '/a/b'"),
        ("/a//b", f"{WHOLE}, such as '/' or '/public'"),
        ("/a/*X", f"{WHOLE}, such as '/' or '/public'"),
        (3, f"{WHOLE}, such as '/' or '/public'"),
    ],
)
def test_a_prefix(prefix: Any, problem: str) -> None:
    assert prefix_problem(prefix) == problem


def refusal(config: Any, target: Any = Target()) -> str:  # noqa: B008
    with pytest.raises(ValueError, match=r".") as caught:
        parts(config, target)
    return str(caught.value)


def test_all_that_is_wrong_is_told_with_its_prefix() -> None:
    assert refusal({}) == "config: there is no policy in it; write {'/': {...}}"
    assert (
        refusal({"max_age": 5})
        == "config: {'max_age': 5} has no prefix; write {'/': {...}}, or a spec.Config"
    )
    assert " has no prefix; write {'/': {...}}, or a spec.Config" in refusal(vars(Config()))
    assert of_prefix("/a", "b") == "policy '/a': b"
    assert of_prefix("", "b") == "b"
    wrong: Any = {
        "/a/": {}, "/b": {"max_age": -1}, "/c": 3, "d": {"max_age": -1}, "/d": Config(),
        "/e": {"allow_origins": ["https://A.example"], "allow_origin_regex": "("},
    }  # fmt: skip
    lines = refusal(wrong).splitlines()
    assert lines[:9] == [
        f"policy '/a/': {WHOLE}; write '/a'",
        "policy '/b': the configuration is not valid:",
        "  max_age: -1 is not a whole number of seconds, 0 or more",
        "policy '/c': config: 3 has no allow_origins; give a spec.Config or an impl.Config, or parameters "
        'such as allow_origins=["https://app.example"]',
        f"policy 'd': {WHOLE}; write '/d'",
        "policy 'd': the configuration is not valid:",
        "  max_age: -1 is not a whole number of seconds, 0 or more",
        lines[7],
        lines[8],
    ]
    assert lines[7].startswith("policy '/e': allow_origins[0] is 'https://A.example' (")
    assert lines[8].startswith("policy '/e': allow_origin_regex is '(' (")
    assert len(lines) == 9


def test_a_target_that_is_of_no_policy_is_told() -> None:
    assert refusal(POLICIES, {"/a": Target(), "/public": "/public/logo"}) == (
        "target: '/a' is the prefix of no policy\n"
        "target: '/public' has '/public/logo'; write a Target, such as Target('/public/logo')"
    )
    assert refusal(POLICIES, {"/public": Target("/public/partners/x", error_path="/e")}) == (
        "policy '/public': target.path '/public/partners/x' has the policy of '/public/partners'; name a "
        "path of this policy\n"
        "policy '/public': target.error_path '/e' has the policy of '/'; name a path of this policy"
    )
    assert refusal({"/a": Config()}, {"/a": Target("/a", options_path="/b")}) == (
        "policy '/a': target.options_path '/b' has no policy; name a path of this policy"
    )
    assert refusal({"/a": Config(), "/a/b": Config()}, {"/a": Target("/a/c%2Fd")}) == (
        "policy '/a': target.path '/a/c%2Fd' has no certain policy, because applications read it in "
        "different ways; name a path of this policy"
    )
    assert refusal({"/a": Config()}, Target("/a/b", "/c", "/d")) == (
        "target: path '/a/b' is for one policy; give {'/public': Target(...)}\n"
        "target: error_path '/c' has no policy; name a path that has one\n"
        "target: options_path '/d' has no policy; name a path that has one"
    )
    assert refusal(Config(), {"/": Target()}).startswith("target: {'/': Target(")
    assert refusal(Config(), {"/": Target()}).endswith(" is for several policies; give one Target")


# What is found


@pytest.mark.slow
@pytest.mark.mutation
def test_nothing_is_said_of_the_model_and_of_the_middleware() -> None:
    only = {prefix: POLICIES[prefix] for prefix in ("/public", "/public/partners")}
    middleware = CORSByPath(asgi(behind), {prefix: vars(each) for prefix, each in POLICIES.items()})
    for app, policies in ((middleware, POLICIES), (asgi(serving(only)), only)):
        report = check_app(app, policies, profiles=EVERY_PROFILE, max_examples=0)
        assert report.conforms, report.inconclusive
        assert report.violations == [] and report.trouble == []
        assert report.policies == policies
        assert sum(verdict == "pass" for verdict in report.verdicts.values()) > 45


def longest(path: str, fits: Callable[[str, str], bool]) -> str | None:
    return max((prefix for prefix in POLICIES if fits(path, prefix)), key=len, default=None)


def forgetful(path: str) -> str:
    """`/public` or `/`; the longest prefix is forgotten."""
    return "/public" if path.split("/")[1] == "public" else "/"


def itself(path: str) -> str:
    """A prefix for its own path alone."""
    return path if path in POLICIES else "/"


MIXED_UP: dict[str, tuple[Answer, str]] = {
    "no whole segments": (choosing(lambda path: longest(path, str.startswith)), "/publicx"),
    "anywhere in the path": (choosing(lambda path: longest(path, str.__contains__)), "/x/public"),
    "the path itself alone": (choosing(itself), "/public/partners/x"),
}


@pytest.mark.slow
@pytest.mark.mutation
@pytest.mark.parametrize("name", MIXED_UP)
def test_a_server_that_mixes_up_its_policies_is_found_out(name: str) -> None:
    answer, path = MIXED_UP[name]
    report = checked(answer, rules=["S-ORG-5"])
    assert not report.conforms
    assert path in {request.path for breach in report.breaches["S-ORG-5"] for _, request in breach}


@pytest.mark.slow
@pytest.mark.mutation
def test_a_server_that_forgets_a_policy_is_found_out() -> None:
    report = checked(choosing(forgetful), rules=["S-ORG-5"])
    paths = {request.path for breach in report.breaches["S-ORG-5"] for _, request in breach}
    assert {path.partition("?")[0] for path in paths} == {"/public/partners", "/public/partners/x"}


@pytest.mark.slow
@pytest.mark.mutation
def test_what_is_found_shows_the_policy_of_its_path() -> None:
    answer, _ = MIXED_UP["no whole segments"]
    report = checked(answer, rules=["S-ORG-5"])
    said = reach(report, report.violations[0])
    assert re.fullmatch(r"Violated by 8 of [\d,]+ responses, under the policy of '/'\.", said), said
    [violation] = report.violations
    [exchange] = violation.exchanges
    assert exchange.request.path == "/publicx"
    assert exchange.config == POLICIES["/"]
    quick = checked(answer, rules=["S-ORG-5"], at_most=60)
    assert [one.rule.id for one in quick.violations] == ["S-ORG-5"]


@pytest.mark.slow
@pytest.mark.mutation
def test_a_policy_of_a_prefix_that_is_alone_reaches_no_further() -> None:
    only = {"/public": POLICIES["/public"]}
    answer = choosing(lambda path: "/public" if path.startswith("/public") else None)
    report = checked(answer, only)
    assert {exchange.request.path for one in report.violations for exchange in one.exchanges} == {"/publicx"}
    assert ", under no policy" in reach(report, report.violations[0])
    assert checked(serving(only), only).conforms


def strange(request: Request) -> Response:
    """Has CORS where it should, and treats other paths as some servers do."""
    if request.path.partition("?")[0] in ("/public", "/public/x"):
        return respond_by_path(POLICIES, request, Response(200, ()))
    if request.method == "OPTIONS":
        return Response(405, ())  # without Allow
    if request.path == "/publicx":
        raise NoAnswer("closed")
    return Response(503, ((b"retry-after", b"0"),))


@pytest.mark.slow
@pytest.mark.mutation
def test_a_path_without_a_policy_may_be_anything_that_lets_nobody_in() -> None:
    only = {"/public": POLICIES["/public"]}
    report = ReportOf(
        "a", POLICIES["/public"], ("protocol", "security"), 0, selected(("protocol", "security"))
    )
    report.policies = only
    run_parts(Way(strange), report, parts(only, Target()), 0)
    assert report.conforms, report.inconclusive


@pytest.mark.slow
@pytest.mark.mutation
def test_each_policy_has_a_control_and_all_that_fail_are_told() -> None:
    report = checked(serving({**POLICIES, "/public": Config(), "/public/partners": Config()}))
    first, second = report.inconclusive.splitlines()
    assert first.startswith("GET /public from https://app.example.com, which the configuration allows")
    assert second.startswith(f"GET /public/partners from {PARTNER}, which the configuration allows")
    assert not report.conforms
    assert report.requests == 3


@pytest.mark.slow
@pytest.mark.mutation
def test_a_control_without_a_page_names_the_table_to_write() -> None:
    report = checked(serving(POLICIES), {**POLICIES, "/images": {"allow_origins": [SHOP]}})
    assert report.inconclusive.startswith(
        "GET /images responds with 404, not 2xx; under the [[policy]] of this"
    )


@pytest.mark.slow
@pytest.mark.mutation
def test_at_most_so_many_requests_are_sent_for_each_policy() -> None:
    told: list[tuple[str, int, int]] = []
    report = checked(serving(POLICIES), at_most=40, max_examples=20, progress=lambda *what: told.append(what))
    assert 80 < report.requests <= 120
    assert report.conforms
    assert {total for _, _, total in told} == {report.requests}
    assert [done for _, done, _ in told] == sorted(done for _, done, _ in told)
    assert told[:2] == [("control", 0, report.requests), ("control", 3, report.requests)]
    assert told[-1][1] == report.requests - 1


def test_a_rule_applies_where_one_of_the_servers_has_what_it_needs() -> None:
    report = ReportOf("a", Config(), ("protocol",), 0, (RULES["S-CRD-2"],))
    lacking, having = Target(lacks=frozenset({"allow_credentials"})), Target()
    conclude(report, lacking, lacking)
    assert report.reasons == {"S-CRD-2": "the implementation lacks allow_credentials"}
    report.applied["S-CRD-2"] = 1
    conclude(report, lacking, having)
    assert report.verdicts == {"S-CRD-2": "pass"}
    assert report.reasons == {}


@pytest.mark.slow
@pytest.mark.mutation
def test_an_interrupted_run_has_the_verdicts_of_all_policies() -> None:
    def stop(name: str, done: int, total: int) -> None:
        if name == "control" and done > 1:
            raise KeyboardInterrupt

    with pytest.raises(Interrupted) as caught:
        checked(serving(POLICIES), progress=stop)
    report = caught.value.report
    assert set(report.verdicts) == {rule.id for rule in report.rules}
    assert set(report.verdicts.values()) == {"inconclusive"}


# Who asks


@pytest.mark.slow
@pytest.mark.mutation
def test_a_test_may_name_the_policies_of_the_middleware() -> None:
    policies = {"/": {"allow_origins": [SHOP]}, "/public": {"allow_origins": ["*"]}}
    assert_conforms(CORSByPath(asgi(behind), policies), policies, max_examples=0)
    with pytest.raises(AssertionError, match="/publicx"):
        assert_conforms(asgi(MIXED_UP["no whole segments"][0]), POLICIES, rules=["S-ORG-5"], max_examples=0)
    with pytest.raises(ValueError, match=r"policy '/a': allow_origins\[0\] is 'https://A.example'"):
        assert_conforms(asgi(behind), {"/a": {"allow_origins": ["https://A.example"]}})
    with pytest.raises(ValueError, match=r"path: '/b' is for one policy; give target=\{'/public': Target"):
        assert_conforms(asgi(behind), policies, path="/b")


@pytest.mark.slow
@pytest.mark.mutation
def test_a_factory_that_needs_nothing_makes_the_application() -> None:
    report = check_factory(lambda: asgi(serving(POLICIES)), POLICIES, max_examples=0, rules=["S-ORG-5"])
    assert report.conforms and report.policies == POLICIES
    for config, target in ((POLICIES, Target()), (Config(), {"/": Target()})):
        with pytest.raises(ValueError, match="config: the factory takes a configuration, so it cannot be"):
            check_factory(lambda config: asgi(behind), config, target=target)


def test_several_targets_are_for_several_policies_of_a_server() -> None:
    with pytest.raises(ValueError, match="is for several policies; give one Target"):
        check_url("http://127.0.0.1:9", Config(), target={"/": Target()})
