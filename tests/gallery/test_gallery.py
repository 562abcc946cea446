"""What is kept of the gallery fits together: descriptions, results, page. Nothing is installed or asked."""

import json

import pytest

from spec import RULES
from spec.conformance import FEATURES
from spec.rules.judge import errors
from tests.gallery import page, results
from tests.gallery.implementations import Implementation, configurations, implementations

EVERYTHING = implementations()
ASKED_FOR = (
    "starlette flask-cors django-cors-headers aiohttp-cors asgi-cors quart-cors litestar falcon sanic-ext "
    "blacksheep cors @fastify/cors hono @koa/cors h3 @elysiajs/cors nginx rs/cors"
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
