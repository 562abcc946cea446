"""The plugin of pytest, as a test suite of somebody else uses it."""

import subprocess
import sys
from importlib.metadata import entry_points

import pytest

pytest_plugins = ["pytester"]

SUITE = """
from unittest.mock import Mock

async def app(scope, receive, send):
    if scope["type"] == "http":
        origins = [value for name, value in scope["headers"] if name == b"origin"]
        headers = [(b"vary", b"Origin")]
        if origins and origins[0].{test}(b"https://app.example"):
            headers.append((b"access-control-allow-origin", origins[0]))
        await send({{"type": "http.response.start", "status": 200, "headers": headers}})
        await send({{"type": "http.response.body", "body": b""}})

def test_cors(assert_cors):
    assert_cors(app, allow_origins=["https://app.example"], rules=("SEC-2", "S-WRK-1"), max_examples=0)
"""


def test_pytest_finds_the_plugin() -> None:
    assert [each.value for each in entry_points(group="pytest11", name="verified_cors")] == [
        "pytest_verified_cors"
    ]


@pytest.mark.slow
def test_the_fixture_fails_the_test_of_an_application_with_a_mistake(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(SUITE.format(test="startswith"))
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["E*SEC-2 (SECURITY): *"])
    pytester.makepyfile(SUITE.format(test="__eq__"))
    pytester.runpytest_subprocess("-p", "no:cacheprovider").assert_outcomes(passed=1)


@pytest.mark.slow
def test_loading_the_plugin_loads_nothing_of_the_checker() -> None:
    script = "import sys, pytest_verified_cors; print(*{'spec', 'hypothesis', 'h11'} & set(sys.modules))"
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == []
