"""placeholder"""

from collections.abc import Sequence

from tests.gallery.implementations import HERE, Implementation

PATH = HERE / "index.html"


def write(everything: Sequence[Implementation]) -> None:
    pass
