"""All rules, gathered from the chapters: what binds servers, browsers, configurations, and our middleware.

To add a rule write its record in the chapter of its subject: `RULES.append(Rule(…))`.
"""

from collections.abc import Iterable, Iterator, Mapping
from importlib import resources
from types import ModuleType

from spec.rules import browser, configuration, implementation, server
from spec.rules.record import Rule

PREFIXES = {
    "D-": "what the documentation page says",
    "S-": "what a server does: S-ORG origins, S-CRD credentials, S-PF preflights, S-RSP responses, S-VARY "
    "caches, S-SYN syntax, S-HTTP HTTP itself, S-WRK what must work",
    "SEC-": "security guidance",
    "X-": "extensions of CORS: X-PNA private network access",
    "P-": "primitives that a browser's checks are built of",
    "C-": "what a browser (client) does: C-MTH methods, C-HDR headers, C-SAF safelists, C-ORG the Origin "
    "header, C-PF preflights, C-WLD wildcards, C-LST lists, C-CHK the CORS check, C-EXP exposed headers, "
    "C-RED redirects, C-CAC the preflight cache, C-CRD credentials, C-MODE other modes",
    "CFG-": "what a configuration must be",
    "A-": "what this implementation decides: A-ORG, A-PF, A-ACT its responses, A-PATH "
    "which policy a path has, A-CFG its configuration",
}
"""What the first part of an id means."""


class Catalogue(Mapping[str, Rule]):
    """Rules by id, in the order of the chapters. An alias finds its rule, too, and is not iterated over."""

    def __init__(self, chapters: Iterable[ModuleType]) -> None:
        """Gather the rules of these modules. `make rules` and the tests refuse an id that two rules have."""
        rules: list[Rule] = [rule for chapter in chapters for rule in chapter.RULES]
        self._ids = [rule.id for rule in rules]
        self._by_any_id = {id: rule for rule in rules for id in rule.ids}

    def __getitem__(self, id: str) -> Rule:
        return self._by_any_id[id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._ids)

    def __len__(self) -> int:
        return len(self._ids)


CHAPTERS = (*server.CHAPTERS, *browser.CHAPTERS, *configuration.CHAPTERS, *implementation.CHAPTERS)
RULES = Catalogue(CHAPTERS)


def guidance() -> dict[str, str]:
    """What CORS says that no program can check, by id: sections of a document."""
    text = resources.files("spec.rules").joinpath("guidance.md").read_text("utf-8")
    return {section.partition(":")[0]: section.strip() for section in text.split("\n## ")[1:]}
