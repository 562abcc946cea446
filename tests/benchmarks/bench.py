"""What the middleware costs: `make bench` measures it, prints it, and writes docs/benchmark.md and .svg.

Measures; judges nothing.
"""

from __future__ import annotations

import gc
import os
import platform
from datetime import datetime, timezone
from pathlib import Path

import starlette
import uvicorn
from rich.console import Console
from rich.markdown import Markdown

from tests import ROOT
from tests.benchmarks import instructions
from tests.benchmarks.cases import KINDS, built, cases
from tests.benchmarks.measuring import timed
from tests.benchmarks.report import NAMES, Figures, Row, page, plot
from tests.benchmarks.serving import served
from tests.benchmarks.steps import STEPS

PAGE = ROOT / "docs" / "benchmark.md"
PLOT = ROOT / "docs" / "benchmark.svg"


def processor() -> str:
    """What the processor calls itself."""
    described = Path("/proc/cpuinfo")
    lines = described.read_text().splitlines() if described.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def about() -> dict[str, str]:
    """Where and when this was measured."""
    return {
        "python": platform.python_version(),
        "starlette": starlette.__version__,
        "uvicorn": uvicorn.__version__,
        "processor": processor(),
        "processors": str(os.cpu_count()),
        "load": f"{os.getloadavg()[0]:.1f}",
        "date": datetime.now(timezone.utc).date().isoformat(),
    }


def measured(console: Console) -> Figures:
    """All figures. Takes some minutes; says what it does."""
    figures = Figures(about(), {}, Row("", {}), [])
    gc.disable()
    for case in cases():
        if case.table not in figures.tables:
            console.print(f"time added, by {case.table} …")
        rows = figures.tables.setdefault(case.table, [])
        rows.append(Row(case.row, timed(case.apps, case.scope)))
    console.print("time added, step by step …")
    names = [*STEPS, "ours"]
    kind = "no Origin"
    figures.steps.microseconds.update(timed({name: built(name) for name in ("bare", *names)}, KINDS[kind]))
    gc.enable()
    console.print("requests per second …")
    figures.served.extend(served())
    if instructions.available():
        console.print("instructions …")
        for row in figures.tables["kinds"]:
            # A request without Origin is counted for the steps, too: runs under valgrind take long.
            apps = [*names, "starlette"] if row.name == kind else ["floor", "ours", "starlette"]
            counts = instructions.counted_all(apps, row.name)
            row.instructions.update({name: counts[name] for name in NAMES})
            if row.name == kind:
                figures.steps.instructions.update({name: counts[name] for name in names})
    return figures


def main() -> None:
    """Measure, print and write."""
    console = Console()
    figures = measured(console)
    PAGE.write_text(page(figures))
    PLOT.write_text(plot(figures))
    console.print(Markdown(page(figures)))
    if not instructions.available():
        console.print(instructions.MISSING, style="bold")
    console.print(f"Written: {PAGE.relative_to(ROOT)}, {PLOT.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
