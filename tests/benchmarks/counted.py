"""`python -m tests.benchmarks.counted APP KIND N` sends N requests: what valgrind runs."""

from __future__ import annotations

import gc
import sys

from tests.benchmarks.cases import KINDS, built, requests

if __name__ == "__main__":
    gc.disable()
    app, kind, number = sys.argv[1:]
    requests(built(app), [dict(KINDS[kind]) for _ in range(int(number))])
