"""Facts about a server: what is no fact is refused, and every rule that asks for a feature is there."""

from dataclasses import fields
from typing import Any

import pytest

from spec import RULES, Config
from spec.conformance.target import FEATURES, Target
from spec.http import Request
from spec.rules.record import Subject


def test_without_facts_the_root_is_asked() -> None:
    assert Target() == Target("/", None, None, frozenset(), "GET", b"", None, frozenset({"max_age"}))


@pytest.mark.parametrize("name", ["path", "error_path", "options_path"])
def test_a_path_begins_with_a_slash(name: str) -> None:
    facts: dict[str, Any] = {name: "/a"}
    assert getattr(Target(**facts), name) == "/a"
    for wrong in ("a", ""):
        facts = {name: wrong}
        with pytest.raises(ValueError, match=r".") as caught:
            Target(**facts)
        assert str(caught.value) == f"{name}: {wrong!r} does not begin with a slash; write {'/' + wrong!r}"


def test_what_is_lacking_is_a_known_feature() -> None:
    given: Any = ["max_age", "max_age"]
    assert Target(lacks=given).lacks == frozenset({"max_age"})
    with pytest.raises(ValueError, match=r".") as caught:
        Target(lacks=frozenset({"max_age", "teapot", "milk", "coffee", "sugar", "water"}))
    assert str(caught.value) == (
        "lacks: 'coffee' is no known feature; choose from allow_methods, allow_headers, allow_credentials, "
        "allow_origin_regex, allow_private_network, expose_headers, max_age, origin_patterns, preflights"
    )


def test_features_are_parameters_patterns_or_preflights_and_their_rules_are_rules_about_servers() -> None:
    parameters = [field.name for field in fields(Config) if field.name != "allow_origins"]
    assert list(FEATURES) == [*parameters, "origin_patterns", "preflights"]
    needed = {feature: [rule for rule in RULES.values() if feature in rule.needs] for feature in FEATURES}
    assert all(needed.values())
    assert {feature for rule in RULES.values() for feature in rule.needs} == set(FEATURES)
    for rule in RULES.values():
        assert not rule.needs or rule.subject in (Subject.EXCHANGE, Subject.PAIR, Subject.SET)


@pytest.mark.parametrize(
    ("lacks", "rule", "feature"),
    [
        ([], "D-24", None),
        (["max_age"], "D-24", "max_age"),
        (["max_age"], "D-18", None),
        (["preflights"], "D-18", "preflights"),
        (["preflights", "max_age", "allow_methods"], "D-24", "max_age"),
        (["preflights", "allow_methods"], "S-ORG-3", None),
    ],
)
def test_a_rule_is_told_which_feature_is_missing(lacks: list[str], rule: str, feature: str | None) -> None:
    assert Target(lacks=frozenset(lacks)).missing_feature(RULES[rule]) == feature


ENTRIES = ("https://a.example", "https://*.a.example", "null", "http://localhost:*", "https://*.com")


@pytest.mark.parametrize(
    ("lacks", "left"),
    [([], ENTRIES), (["max_age", "allow_origin_regex"], ENTRIES), (["origin_patterns"], ENTRIES[::2])],
)
def test_where_patterns_are_lacking_they_are_left_out(lacks: list[str], left: tuple[str, ...]) -> None:
    config = Config(allow_origins=ENTRIES, allow_origin_regex="a", max_age=5)
    expected = Config(allow_origins=left, allow_origin_regex="a", max_age=5)
    assert Target(lacks=frozenset(lacks)).attainable(config) == expected


@pytest.mark.parametrize(
    ("feature", "rules"),
    [
        ("allow_methods", "D-11 D-18 S-PF-12 S-PF-6 A-PF-6"),
        ("allow_headers", "D-12 D-19 D-20 S-PF-11 A-PF-7 A-PF-8"),
        ("allow_credentials", "D-10 D-13 S-CRD-2 S-CRD-3"),
        ("allow_origin_regex", "D-16 D-17 SEC-3"),
        ("allow_private_network", "A-PF-9"),
        ("expose_headers", "D-23 S-WRK-3 SEC-15"),
        ("max_age", "D-24 S-WRK-4"),
        ("origin_patterns", "A-ORG-1"),
        (
            "preflights",
            "D-04 D-11 D-12 D-13 D-18 D-19 D-20 D-24 D-27 S-WRK-2 S-WRK-4 S-CRD-2 S-CRD-3 S-CRD-5 "
            "S-PF-6 S-PF-7 S-PF-9 S-PF-11 S-PF-12 S-PF-14 S-PF-15 S-HTTP-2 "
            "S-HTTP-3 S-HTTP-5",
        ),
    ],
)
def test_these_rules_ask_for_a_feature(feature: str, rules: str) -> None:
    assert {rule.id for rule in RULES.values() if feature in rule.needs} == set(rules.split())


def test_a_path_may_take_another_method_than_get() -> None:
    plain = Target("/a?b=1")
    assert (plain.method, plain.body, plain.content_type) == ("GET", b"", None)
    post = Target("/a?b=1", method="POST", body=b"{}", content_type="a/b")
    get = Request("GET", ((b"origin", b"c"),), "/a?b=1")
    assert plain.asked(get) is get
    kind = (b"content-type", b"a/b")
    assert post.asked(get) == Request("POST", ((b"origin", b"c"), kind), "/a?b=1", b"{}")
    assert post.asked(Request("GET", (), "/a?d")) == Request("POST", (kind,), "/a?d", b"{}")
    assert post.asked(Request("HEAD", (), "/a")) is None
    assert Target("/a", method="PUT").asked(Request("GET", (), "/a")) == Request("PUT", (), "/a")
    for other in (
        Request("OPTIONS", (), "/a"),
        Request("POST", (), "/a"),
        Request("GET", (), "/ab"),
        Request("HEAD", (), "/error"),
    ):
        assert post.asked(other) is other


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "TRACE", "CONNECT", "head", "Trace", "", "A B"])
def test_a_method_must_ask_for_something(method: str) -> None:
    with pytest.raises(ValueError, match=r"^method") as caught:
        Target(method=method)
    assert str(caught.value) == f"method: {method!r} cannot be checked; write for instance POST"


@pytest.mark.parametrize("method", ["delete", "get", "Post", "put"])
def test_a_method_is_written_as_browsers_send_it(method: str) -> None:
    with pytest.raises(ValueError, match=r"^method") as caught:
        Target(method=method)
    told = f"method: browsers send {method!r} in upper case; write {method.upper()!r}"
    assert str(caught.value) == told
    assert Target(method="patch").method == "patch"


def test_get_has_no_body() -> None:
    with pytest.raises(ValueError, match=r"^body: GET has no body; set a method too, such as POST$"):
        Target(body=b"a")
