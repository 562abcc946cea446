"""Whether a regex takes long, tried until it has."""

import re
import signal
from types import FrameType

LONG = 0.1
"""Seconds of the processor for one value of a header, an eternity: an ordinary match takes microseconds."""


class TakesLong(Exception):
    """A match is not done after `LONG`."""


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise TakesLong


def takes_long(regex: str, text: str) -> bool:
    """Whether the regex is not done with a text after `LONG`. For the main thread, which signals reach."""
    compiled = re.compile(regex)
    before = signal.signal(signal.SIGVTALRM, _stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, LONG)
    try:
        compiled.fullmatch(text)
    except TakesLong:
        return True
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
    return False
