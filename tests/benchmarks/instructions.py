"""Instructions per request, counted by valgrind: these figures repeat where times do not.

valgrind runs `tests.benchmarks.counted` for two numbers of requests; the difference is what requests took.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import repeat

from tests import ROOT

FEW, MANY = 100, 400

MISSING = (
    "valgrind is not installed, so instructions are not counted. Debian and Ubuntu: apt-get install valgrind"
)


def available() -> bool:
    """Whether instructions can be counted here."""
    return shutil.which("valgrind") is not None


def collected(output: str) -> int:
    """The number of instructions that callgrind reports."""
    found = re.search(r"Collected : (\d+)", output)
    if found is None:
        raise RuntimeError(f"callgrind counted nothing: {output}")
    return int(found[1])


def per_request(few: int, many: int) -> int:
    """Instructions per request, of the counts of FEW and of MANY requests."""
    return round((many - few) / (MANY - FEW))


def counted(app: str, kind: str) -> int:
    """Instructions per request of an app that `built` knows."""
    valgrind = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={os.devnull}"]
    # Without random hashes, so that each run does the same work.
    environment = {**os.environ, "PYTHONHASHSEED": "0"}
    counts = []
    for number in (FEW, MANY):
        script = [sys.executable, "-m", "tests.benchmarks.counted", app, kind, str(number)]
        ran = subprocess.run(
            [*valgrind, *script], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
        )
        if ran.returncode:
            raise RuntimeError(ran.stderr)
        counts.append(collected(ran.stderr))
    return per_request(*counts)


def counted_all(apps: list[str], kind: str) -> dict[str, int]:
    """Instructions that each of these apps adds to a request of a kind, over the bare app."""
    # Counts do not suffer from a busy machine: every processor counts.
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        bare, *others = pool.map(counted, ["bare", *apps], repeat(kind))
    return {app: count - bare for app, count in zip(apps, others, strict=True)}
