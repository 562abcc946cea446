"""Whether a regex takes long, tried in a process that can be stopped."""

import subprocess
import sys

TIMED = "import re, sys; re.compile(sys.argv[1]).fullmatch(sys.argv[2])"
LONG = 0.3
"""Seconds for one value of a header, which is an eternity: an ordinary match takes microseconds."""


def takes_long(regex: str, text: str) -> bool:
    """Whether the regex is not done with a text after `LONG`."""
    try:
        subprocess.run([sys.executable, "-I", "-S", "-c", TIMED, regex, text], timeout=LONG, check=True)
    except subprocess.TimeoutExpired:
        return True
    return False
