"""Several policies: each is held to its own paths, and a server that mixes them up is found out."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest

import impl
from impl import CORSByPath
from model import respond, respond_by_path
from spec import Config, Request, Response
from spec.conformance import Report, Target, assert_conforms, check_app, check_factory, check_url
from spec.conformance.by_path import Part, as_sent, mistakes_of, parts, prefix_problem
from spec.conformance.cases import Group, actual, preflight
from spec.conformance.report import Report as ReportOf
from spec.conformance.run import Interrupted, conclude
from spec.rules import RULES
from tests.unit.spec.conformance.servers import Answer, asgi

PARTNER, SHOP = "https://partner.example", "https://shop.example"
POLICIES = {
    "/": Config(allow_origins=(SHOP,), allow_credentials=True),
    "/public": Config(allow_origins=("*",)),
    "/public/partners": Config(allow_origins=(PARTNER,), allow_methods=("GET", "PUT")),
}
ROUTES = ("/", "/public", "/public/items", "/public/partners")
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
    shared = Target("/x", "/error", "/public/options", frozenset({"max_age"}))
    every = parts(dict(reversed(POLICIES.items())), shared)
    assert [(part.prefix, part.config, part.is_stated) for part in every] == [
        (prefix, config, True) for prefix, config in POLICIES.items()
    ]
    assert [part.target for part in every] == [
        replace(shared, path="/", options_path=None),
        replace(shared, path="/public", error_path=None),
        replace(shared, path="/public/partners", error_path=None, options_path=None),
    ]
    [part] = parts({"/a b:é": {}}, Target())[:1]
    assert part.target.path == as_sent("/a b:é") == "/a%20b:%C3%A9"
    assert as_sent("/!$&'()+,:;=@~XX") == "/!$&'()+,:;=@~XX"
    assert as_sent("/\x7f") == "/%7F"


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
    assert unstated.target == Target("/publicx", lacks=frozenset({"preflights"}))
    origins = (b"https://app.example.com", b"http://localhost:8080", b"https://evil.example")
    assert unstated.elsewhere == tuple(
        Group("an origin of another path", (actual((origin,), path=path),))
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
        ("/public/", "a prefix begins with a slash, and ends without one; write '/public'"),
        ("public", "a prefix begins with a slash, and ends without one; write '/public'"),
        ("/a//b", "a prefix is the beginning of a decoded path, such as '/' or '/public', of whole segments"),
        ("/a/*", "a prefix is the beginning of a decoded path, such as '/' or '/public', of whole segments"),
        ("X", "a prefix begins with a slash, and ends without one; write '/X'"),
        ("//", "the prefix of all paths is '/'; write that"),
        ("/a//", "a prefix begins with a slash, and ends without one; write '/a'"),
        ("Xpublic/", "a prefix begins with a slash, and ends without one; write '/Xpublic'"),
        (3, "a prefix is the beginning of a decoded path, such as '/' or '/public', of whole segments"),
    ],
)
def test_a_prefix(prefix: Any, problem: str) -> None:
    assert prefix_problem(prefix) == problem


def refusal(config: Any, target: Any = Target()) -> str:  # noqa: B008
    with pytest.raises(ValueError, match=r".") as caught:
        parts(config, target)
    return str(caught.value)


def test_all_that_is_wrong_is_told_with_its_prefix() -> None:
    assert refusal({}) == "config: there is no policy in it"
    assert refusal({"/a/": {}, "/b": {"max_age": -1}, "/c": 3, "d": {"max_age": -1}, "/d": Config()}) == (
        "policy '/a/': a prefix begins with a slash, and ends without one; write '/a'\n"
        "policy '/b': the configuration is not valid:\n"
        "  max_age: -1 is not a whole number of seconds, 0 or more\n"
        "policy '/c': config: 3 has no allow_origins; give a spec.Config or an impl.Config, or parameters "
        'such as allow_origins=["https://app.example"]\n'
        "policy 'd': a prefix begins with a slash, and ends without one; write '/d'\n"
        "policy 'd': the configuration is not valid:\n"
        "  max_age: -1 is not a whole number of seconds, 0 or more"
    )
    assert refusal(POLICIES, {"/a": Target(), "/public": Target("/public/partners/x", error_path="/e")}) == (
        "target: '/a' is the prefix of no policy\n"
        "policy '/public': path '/public/partners/x' has the policy of '/public/partners'; name a path that "
        "this one is for\n"
        "policy '/public': error_path '/e' has the policy of '/'; name a path that this one is for"
    )
    assert refusal({"/a": {}}, {"/a": Target("/a", options_path="/b")}) == (
        "policy '/a': options_path '/b' has no policy; name a path that this one is for"
    )
    assert refusal(Config(), {"/": Target()}).startswith("target: {'/': Target(")
    assert refusal(Config(), {"/": Target()}).endswith(" is for several policies; give one Target")


def test_mistakes_of_a_configuration_are_told_with_its_prefix() -> None:
    wrong = parts({"/a": {"allow_origins": ["https://A.example"]}, "/b": {}}, Target())
    [mistake] = mistakes_of(wrong)
    assert mistake.startswith("policy '/a': allow_origins[0] is 'https://A.example' (")
    [alone] = mistakes_of(parts(Config(allow_origins=("https://A.example",)), Target()))
    assert alone.startswith("allow_origins[0] is 'https://A.example' (")


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


@pytest.mark.parametrize("name", MIXED_UP)
def test_a_server_that_mixes_up_its_policies_is_found_out(name: str) -> None:
    answer, path = MIXED_UP[name]
    report = checked(answer, rules=["S-ORG-5"])
    assert not report.conforms
    assert path in {request.path for breach in report.breaches["S-ORG-5"] for _, request in breach}


def test_a_server_that_forgets_a_policy_is_found_out() -> None:
    report = checked(choosing(forgetful), rules=["S-ORG-5"])
    paths = {request.path for breach in report.breaches["S-ORG-5"] for _, request in breach}
    assert {path.partition("?")[0] for path in paths} == {"/public/partners", "/public/partners/x"}


def test_what_is_found_shows_the_policy_of_its_path() -> None:
    answer, _ = MIXED_UP["no whole segments"]
    report = checked(answer, rules=["S-ORG-5"])
    [violation] = report.violations
    [exchange] = violation.exchanges
    assert exchange.request.path == "/publicx"
    assert exchange.config == POLICIES["/"]
    quick = checked(answer, rules=["S-ORG-5"], at_most=150)
    assert [one.rule.id for one in quick.violations] == ["S-ORG-5"]
    assert quick.requests < 200


def test_a_policy_of_a_prefix_that_is_alone_reaches_no_further() -> None:
    only = {"/public": POLICIES["/public"]}
    answer = choosing(lambda path: "/public" if path.startswith("/public") else None)
    report = checked(answer, only)
    assert {exchange.request.path for one in report.violations for exchange in one.exchanges} == {"/publicx"}
    assert checked(serving(only), only).conforms


def test_each_policy_has_a_control_of_its_own() -> None:
    closed = {**POLICIES, "/public": Config()}
    report = checked(serving(closed))
    assert report.inconclusive.startswith("GET /public from https://app.example.com, which the configuration")
    assert not report.conforms


def test_at_most_so_many_requests_are_sent_for_all_policies_together() -> None:
    report = checked(serving(POLICIES), at_most=90, max_examples=20)
    assert 60 < report.requests <= 90
    assert report.conforms


def test_a_rule_applies_where_one_of_the_servers_has_what_it_needs() -> None:
    report = ReportOf("a", Config(), ("protocol",), 0, (RULES["S-CRD-2"],))
    lacking, having = Target(lacks=frozenset({"allow_credentials"})), Target()
    conclude(report, lacking, lacking)
    assert report.reasons == {"S-CRD-2": "the implementation lacks allow_credentials"}
    report.applied["S-CRD-2"] = 1
    conclude(report, lacking, having)
    assert report.verdicts == {"S-CRD-2": "pass"}
    assert report.reasons == {}


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


def test_a_test_may_name_the_policies_of_the_middleware() -> None:
    policies = {"/": {"allow_origins": [SHOP]}, "/public": {"allow_origins": ["*"]}}
    assert_conforms(CORSByPath(asgi(behind), policies), policies, max_examples=0)
    with pytest.raises(AssertionError, match="/publicx"):
        assert_conforms(asgi(MIXED_UP["no whole segments"][0]), POLICIES, rules=["S-ORG-5"], max_examples=0)
    with pytest.raises(ValueError, match=r"policy '/a': allow_origins\[0\] is 'https://A.example'"):
        assert_conforms(asgi(behind), {"/a": {"allow_origins": ["https://A.example"]}})
    with pytest.raises(ValueError, match=r"path: '/b' is for one policy; give target=\{'/public': Target"):
        assert_conforms(asgi(behind), policies, path="/b")


def test_a_factory_that_needs_nothing_makes_the_application() -> None:
    report = check_factory(lambda: asgi(serving(POLICIES)), POLICIES, max_examples=0, rules=["S-ORG-5"])
    assert report.conforms and report.policies == POLICIES
    for config, target in ((POLICIES, Target()), (Config(), {"/": Target()})):
        with pytest.raises(ValueError, match="a factory is given one policy"):
            check_factory(lambda config: asgi(behind), config, target=target)


def test_several_targets_are_for_several_policies_of_a_server() -> None:
    with pytest.raises(ValueError, match="is for several policies; give one Target"):
        check_url("http://127.0.0.1:9", Config(), target={"/": Target()})
