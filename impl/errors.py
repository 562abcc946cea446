"""What is said about a configuration: the error with every problem, and the warnings."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from textwrap import fill
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from impl.config import Config

_WIDTH = 78


@dataclass(frozen=True)
class Correction:
    """What to write instead, exactly: `CORSConfigError.corrected` is made of it, and so is the text.

    `value` replaces the argument; where the problem has an index, it is a tuple of the elements that replace
    that element. What belongs in another argument is added there: `origins` to `allow_origins`, `regexes` to
    `allow_origin_regex`, as alternatives.
    """

    value: Any
    origins: tuple[str, ...] = ()
    regexes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Problem:
    """One place of the configuration and what is to be said about it.

    `index` is the position in the list, or None for an argument that is no list or is wrong as a whole.
    `rule` is the id of the rule that was broken, `repair` says what to write instead. Where that is certain,
    `correction` holds it. In the policies of CORSByPath, `prefix` is the one whose policy it is.
    """

    argument: str
    index: int | None
    value: object
    rule: str
    reason: str
    repair: str
    correction: Correction | None = None
    prefix: str | None = None

    @property
    def place(self) -> str:
        """The argument as a user would point at it: `max_age`, or `allow_origins[3]`."""
        argument = self.argument
        if self.prefix is not None and argument != "prefix":
            argument = f"policies[{self.prefix!r}]" + (f"[{argument!r}]" if argument else "")
        return argument if self.index is None else f"{argument}[{self.index}]"


class CORSConfigError(ValueError):
    """The configuration cannot work as written. Lists every problem: see `problems` and the message.

    `corrected` is the configuration with every repair that the message offers, or None when a problem has no
    repair that is certain. It opens nothing that was not meant, but read it before you use it.
    """

    def __init__(self, problems: Iterable[Problem] | str = "", corrected: Config | None = None) -> None:
        self.problems: tuple[Problem, ...] = () if isinstance(problems, str) else tuple(problems)
        self.corrected = corrected
        super().__init__(self.problems or problems)

    def __str__(self) -> str:
        if not self.problems:
            return super().__str__()
        count = "1 problem" if len(self.problems) == 1 else f"{len(self.problems)} problems"
        return f"{count} in the arguments of {_class(self.problems)}\n\n{_report(self.problems)}"


class CORSConfigWarning(UserWarning):
    """The configuration works, but is risky: one warning for each rule, naming every place in `problems`.

    The message starts with the rule's id, so that the standard filters can silence one rule:
    `warnings.filterwarnings("ignore", r"A-CFG-7\\b", CORSConfigWarning)`. A warning that is made of a text
    has no problems, and no rule.
    """

    def __init__(self, problems: Iterable[Problem] | str = "") -> None:
        self.problems: tuple[Problem, ...] = () if isinstance(problems, str) else tuple(problems)
        self.rule: str = self.problems[0].rule if self.problems else ""
        super().__init__(self.problems or problems)

    def __str__(self) -> str:
        if not self.problems:
            return super().__str__()
        return f"{self.rule}, risky configuration of {_class(self.problems)}\n\n{_report(self.problems)}"


def announce(
    middleware: object,
    problems: Sequence[Problem],
    advice: Iterable[Sequence[Problem]],
    corrected: Config | None,
) -> None:
    """Warn of what is risky, once for each rule, at the line that constructs; raise if there are problems."""
    try:
        for risky in advice:
            warnings.warn(CORSConfigWarning(risky), stacklevel=_stacklevel(middleware))
    except CORSConfigWarning:  # a filter makes warnings raise; an error is still the more important
        if not problems:
            raise
    if problems:
        raise CORSConfigError(problems, corrected)


def _stacklevel(middleware: object) -> int:
    """How far up the stack the line is that constructs a middleware, outside of its methods and of impl."""
    level, frame = 1, sys._getframe(1)
    while frame.f_back is not None and (
        frame.f_locals.get("self") is middleware or frame.f_globals.get("__package__") == __package__
    ):
        level, frame = level + 1, frame.f_back
    return level


def _class(problems: Sequence[Problem]) -> str:
    """Whose arguments they are in."""
    first = problems[0]
    by_path = first.prefix is not None or first.argument in ("policies", "prefix")
    return "CORSByPath" if by_path else "CORSMiddleware"


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
