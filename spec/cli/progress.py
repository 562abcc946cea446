"""What `check` says while it runs: how much it sends and how long that may take, then how far it is."""

import math
from time import monotonic

from rich.console import Console
from rich.progress import Progress, TaskID

from spec.cli.terminal import say

EVERY = 5.0
"""Seconds between two lines where nobody watches a bar."""

JUDGING = 0.003
"""Seconds that a request costs beside the time that the server takes."""


class Shown:
    """Told of the progress of a run: the name of what was sent last, how many requests of how many.

    The lines of how far it is go to the standard error, so that what is written to a file is the report.
    """

    def __init__(
        self, console: Console, bar: Progress, task: TaskID, target: str, rate: float | None
    ) -> None:
        self.console, self.bar, self.task, self.target, self.rate = console, bar, task, target, rate
        self.began = self.last = 0.0
        self.is_announced = False

    def __call__(self, name: str, done: int, total: int) -> None:
        now = monotonic()
        if not self.began:
            self.began = now
        elif not self.is_announced:
            self.is_announced, self.last = True, now
            say(self.console, announced(self.target, total, now - self.began, self.rate))
        elif not self.console.is_terminal and now - self.last >= EVERY:
            self.last = now
            say(Console(stderr=True), f"{done:,} of {total:,} requests: {name}")
        self.bar.update(self.task, description=name, completed=done, total=total)


def announced(target: str, total: int, response_time: float, rate: float | None) -> str:
    """How much is sent, and how long it takes when every response takes as long as the first one.

    `target` is what it is sent to, with the methods.
    """
    time = duration(total * max(response_time + JUDGING, 1 / rate if rate else 0.0))
    return (
        f"{total:,} requests to {target}: {time}. More are sent only to confirm and to shrink what is found."
    )


def duration(seconds: float) -> str:
    """A time to wait, in whole seconds or minutes."""
    unit, size = ("minute", 60) if seconds > 120 else ("second", 1)
    number = max(1, math.ceil(seconds / size))
    return f"about {number:,} {unit}{'s' * (number != 1)}"
