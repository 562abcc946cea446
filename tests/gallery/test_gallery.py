"""What is kept of the gallery fits together: descriptions, results, page. Nothing is installed or asked."""

import json
from pathlib import Path

import pytest

from spec import RULES
from spec.conformance import FEATURES
from spec.rules.judge import errors
from tests.gallery import page, results
from tests.gallery.implementations import Implementation, configurations, implementations
from tests.gallery.judgements import judgements, to_judge

EVERYTHING = implementations()
ASKED_FOR = (
    "starlette flask-cors django-cors-headers aiohttp-cors asgi-cors quart-cors litestar falcon sanic-ext "
    "blacksheep cors @fastify/cors hono @koa/cors h3 @elysiajs/cors nginx rs/cors "
    "gorilla/handlers gin-contrib/cors echo go-chi/cors rack-cors Plack::Middleware::CrossOrigin tomcat "
    "jetty @hapi/hapi restify-cors-middleware2 graphql-yoga vite socket.io cornice jupyter_server apache "
    "caddy haproxy"
).split()
MEANT_TO_BE_WRONG = {"contradiction"}

each = pytest.mark.parametrize("implementation", EVERYTHING, ids=lambda one: one.name)


def test_all_that_the_world_uses_is_there() -> None:
    assert set(ASKED_FOR) <= {implementation.name for implementation in EVERYTHING}


@each
def test_a_description_names_what_there_is(implementation: Implementation) -> None:
    assert set(implementation.lacks) <= set(FEATURES)
    assert set(implementation.choices) <= set(RULES)
    assert implementation.homepage.startswith("https://")
    for version in implementation.versions:
        assert implementation.adapter_of(version).is_file()
        assert version.packages
        assert not version.defect or (version.configuration and version.advisory_url.startswith("https://"))
        assert all(version.version in package or "==" not in package for package in version.packages[:1])


@each
def test_a_result_is_of_the_release_and_the_configurations_that_are_described(
    implementation: Implementation,
) -> None:
    found = results.read(implementation)
    assert found is not None
    assert found["version"] == implementation.versions[0].version
    assert list(found["runs"]) == list(configurations())
    checked = [run for run in found["runs"].values() if "cannot" not in run]
    assert checked
    for run in checked:
        assert run["inconclusive"] is None
        assert {rule["id"] for rule in run["rules"]} <= set(RULES)
        assert sum(rule["verdict"] == "pass" for rule in run["rules"]) >= 10


def test_only_the_contradiction_is_a_wrong_configuration() -> None:
    assert {name for name, (_, config) in configurations().items() if errors(config)} == MEANT_TO_BE_WRONG


@each
def test_a_published_defect_is_found_and_not_where_it_is_mended(implementation: Implementation) -> None:
    column = page.described(implementation)
    assert column is not None
    defects = [version.version for version in implementation.versions if version.defect]
    assert [found["version"] for found in column["rediscovered"]] == defects
    for found in column["rediscovered"]:
        assert found["rules"]
        assert found["exchange"]
        assert found["green"] is (True if found["fixed"] else None)


def test_the_defects_that_were_to_be_found_again_are_there() -> None:
    with_defects = {one.name for one in EVERYTHING for version in one.versions if version.defect}
    wanted = {"flask-cors", "Sanic-Cors", "@koa/cors", "hono", "litestar", "rs/cors", "starlette"}
    assert wanted <= with_defects


def test_our_own_middleware_has_a_column_without_a_mark() -> None:
    [ours] = [one for one in EVERYTHING if one.name == "verified-cors"]
    column = page.described(ours)
    assert column is not None
    assert {found["kind"] for found in column["cells"].values()} == {"pass", "not applicable"}
    assert list(column["cannot"]) == ["contradiction"]


def test_each_finding_of_level_must_or_security_has_exactly_one_judgement_and_none_is_left_over() -> None:
    judged, found = set(judgements()), set(to_judge(EVERYTHING))  # two of one finding: ValueError
    assert found - judged == set(), "judge these in tests/gallery/judgements.toml"
    assert judged - found == set(), "take these out of tests/gallery/judgements.toml"


def test_each_judgement_has_a_line_of_reason() -> None:
    assert all(len(each.reason) > 20 and each.reason.endswith(".") for each in judgements().values())


def test_a_finding_that_is_judged_twice_is_an_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = tmp_path / "judgements.toml"
    once = '[[judgements]]\nrule = "SEC-2"\nverdict = "true"\nreason = "So."\nof = ["nginx"]\n'
    path.write_text(once * 2)
    monkeypatch.setattr("tests.gallery.judgements.PATH", path)
    with pytest.raises(ValueError, match="nginx, SEC-2: judged twice"):
        judgements()
    path.write_text(once.replace('"true"', '"perhaps"'))
    with pytest.raises(ValueError, match="SEC-2: 'perhaps' is none of true, arguable, false"):
        judgements()


def test_a_documented_choice_is_not_judged_to_be_a_plain_fault() -> None:
    judged = judgements()
    for one in EVERYTHING:
        for rule in one.choices:
            if (one.name, rule) in judged:
                assert judged[one.name, rule].verdict == "arguable", (one.name, rule)


def test_the_page_shows_each_column_and_each_broken_rule() -> None:
    text = page.made(EVERYTHING)
    assert all(f"<span>{one.name} {one.versions[0].version}</span>" in text for one in EVERYTHING)
    assert text.count("<button") > 100


def test_results_are_read_as_they_were_written() -> None:
    for one in EVERYTHING:
        found = results.read(one)
        assert found is not None
        assert [json.loads(line) for line in results.path_of(one).read_text().splitlines()] == list(
            results.lines_of(found)
        )
