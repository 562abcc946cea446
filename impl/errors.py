"""What is said about a configuration: the error with every problem, and the warnings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from textwrap import fill

_WIDTH = 78


@dataclass(frozen=True)
class Problem:
    """One place of the configuration and what is to be said about it.

    `index` is the position in the list, or None for an argument that is no list or is wrong as a whole.
    `rule` is the id of the rule that was broken, `repair` says what to write instead.
    """

    argument: str
    index: int | None
    value: object
    rule: str
    reason: str
    repair: str

    @property
    def place(self) -> str:
        """The argument as a user would point at it: `max_age`, or `allow_origins[3]`."""
        return self.argument if self.index is None else f"{self.argument}[{self.index}]"


class CORSConfigError(ValueError):
    """The configuration cannot work as written. Lists every problem: see `problems` and the message."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        count = "1 problem" if len(self.problems) == 1 else f"{len(self.problems)} problems"
        return f"{count} in the arguments of CORSMiddleware\n\n{_report(self.problems)}"


class CORSConfigWarning(UserWarning):
    """The configuration works, but is unwise: one warning for each rule, naming every place in `problems`.

    The message starts with the rule's id, so that the standard filters can silence one rule:
    `warnings.filterwarnings("ignore", r"A-CFG-7\\b", CORSConfigWarning)`.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        self.rule: str = self.problems[0].rule
        super().__init__(self.problems)

    def __str__(self) -> str:
        return f"{self.rule}, an unwise argument of CORSMiddleware\n\n{_report(self.problems)}"


def _report(problems: Iterable[Problem]) -> str:
    """Every problem on lines of its own; places that need the same words share them."""
    places: dict[tuple[str, str, str], list[str]] = {}
    for problem in problems:
        same_words = (problem.rule, problem.reason, problem.repair)
        places.setdefault(same_words, []).append(f"  {problem.place} = {_shown(problem.value)}")
    paragraphs = []
    for (rule, reason, repair), lines in places.items():
        words = [_indented(f"{rule}: {reason}"), _indented(f"Instead: {repair}")]
        paragraphs.append("\n".join(lines + words))
    return "\n\n".join(paragraphs)


def _indented(text: str) -> str:
    # Suggestions are there to be copied: never broken in the middle.
    indent = "    "
    return fill(
        text,
        _WIDTH,
        initial_indent=indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _shown(value: object) -> str:
    try:
        text = repr(value)
    except Exception:  # a value whose own repr raises must not hide what is wrong with it
        return f"<{type(value).__name__} object>"
    return text if len(text) <= 54 else f"{text[:25]}...{text[-26:]}"
