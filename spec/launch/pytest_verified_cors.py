"""A plugin of pytest: the fixture `assert_cors`, which is `spec.conformance.assert_conforms`.

pytest imports this in every run: it imports nothing of the checker until a test asks for the fixture, for the
extra `check` may not be installed.
"""

import sys
from typing import TYPE_CHECKING

import pytest
from verified_cors import home  # type: ignore[import-untyped]  # a module at the top, alone

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture(scope="session")
def assert_cors() -> "Callable[..., None]":
    """Fails the test unless an application conforms: `assert_cors(app, allow_origins=["https://app.example"])`.

    Its arguments are those of `spec.conformance.assert_conforms`.
    """
    sys.path.insert(0, home())
    try:
        from spec.conformance import assert_conforms
    finally:
        sys.path.remove(home())
    return assert_conforms
