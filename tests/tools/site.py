"""`make docs`: the documentation site, from `docs` and from the records of the rules, in build/site.

Sphinx treats every warning as an error; links between pages, and to their headings, are checked afterwards.
"""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

from spec.cli.rules import SEVERITIES, configuration_of, settings, shown_counterexample
from spec.cli.terminal import shown
from spec.http import Headers
from spec.rules import CHAPTERS, PREFIXES, RULES, guidance
from spec.rules.record import Exchange, Rule, Subject
from tests import ROOT
from tests.gallery import page as gallery
from tests.gallery.implementations import implementations
from tests.tools.rules_md import CONFIRMED, confirmations, table, theorems

SOURCE = ROOT / "build" / "docs"
SITE = ROOT / "build" / "site"


def rule_page(rule: Rule) -> str:
    """All that is known of one rule, as Markdown."""
    return "\n".join(_rule_page(rule)) + "\n"


def _rule_page(rule: Rule) -> Iterator[str]:
    yield f"# {rule.id}: {rule.title}"
    yield ""
    if rule.aliases:
        yield f"Also {', '.join(rule.aliases)}."
        yield ""
    yield f"**{rule.sentence}.**"
    yield ""
    yield rule.why
    yield ""
    yield f"**Instead:** {rule.repair}"
    yield ""
    binds = "" if rule.binding else " It does not bind: a breach never fails a check."
    breach = f"a breach {SEVERITIES[rule.severity.value]}"
    yield f"{rule.level.value}; {breach}. Profile `{rule.profile.value}`.{binds}"
    if rule.middleware:
        yield ""
        yield f"At construction our middleware {rule.middleware}."
    if rule.needs:
        yield ""
        yield f"Applies to implementations with {', '.join(f'`{name}`' for name in rule.needs)}."
    if rule.path:
        yield ""
        yield f"Judges the responses of the `{rule.path}` of a target alone."
    yield ""
    yield "## Sources"
    yield ""
    yield from (f"- <{source}>" for source in rule.sources)
    if rule.counterexample:
        yield ""
        yield "## Counterexample"
        yield ""
        yield "```text"
        yield counterexample(rule)
        yield "```"
        if rule.implies:
            yield ""
            yield f"It also violates {', '.join(f'[{id}]({RULES[id].id}.md)' for id in rule.implies)}."
    if rule.subject is Subject.FETCH:
        yield ""
        yield "## Browsers"
        yield ""
        counts = confirmations(rule, json.loads(CONFIRMED.read_text()))
        yield f"Cases in real browsers that confirm it: {counts}."


def counterexample(rule: Rule) -> str:
    """What breaks a rule: messages of HTTP, or a configuration."""
    given = rule.counterexample if isinstance(rule.counterexample, tuple) else ()
    exchanges = [each for each in given if isinstance(each, Exchange)]
    if not exchanges:
        return shown_counterexample(rule)
    found = ["\n".join(f"configured: {line}" for line in settings(configuration_of(rule)))]
    for each in exchanges:
        found += [
            "\n".join([f"{each.request.method} {each.request.path}", *header_lines(each.request.headers)])
        ]
        found += ["\n".join([f"{each.response.status}", *header_lines(each.response.headers)])]
    return "\n\n".join(filter(None, found))


def header_lines(headers: Headers) -> list[str]:
    """Header lines as text; what cannot be printed is escaped."""
    return [f"{shown(name)}: {shown(value)}" for name, value in headers]


def rules_index() -> str:
    """The page that lists all rules."""
    return "\n".join(_rules_index()) + "\n"


def _rules_index() -> Iterator[str]:
    yield "# The rules"
    yield ""
    yield f"{len(RULES)} rules. `verified-cors rules ID` shows one. The first part of an id says:"
    yield ""
    yield from (f"- `{prefix}`: {meaning}" for prefix, meaning in PREFIXES.items())
    packages: dict[str, list[Rule]] = {}
    for chapter in CHAPTERS:
        packages.setdefault(chapter.__name__.split(".")[2], []).extend(chapter.RULES)
    for package, rules in packages.items():
        yield ""
        yield f"## {package.capitalize()}"
        yield ""
        rows = [
            (f"[{rule.id}]({rule.id}.md)", rule.title, rule.level.value, rule.severity.value)
            for rule in rules
        ]
        yield table(("id", "rule", "level", "a breach"), rows)
    yield "## Not executable"
    yield ""
    yield "No program can check these."
    for id, text in guidance().items():
        yield ""
        yield f"### {text.partition(chr(10))[0]}" if text.startswith(id) else f"### {id}"
        yield ""
        yield text.partition("\n")[2].strip()
    yield ""
    yield "## Theorems"
    yield ""
    yield table(("id", "statement", "module"), theorems())
    yield "```{toctree}\n:hidden:"
    yield from RULES
    yield "```"


class Anchors(HTMLParser):
    """The links of a page, and what can be linked to in it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.names: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a link, or a name."""
        given = dict(attrs)
        if tag == "a" and given.get("href"):
            self.links.append(str(given["href"]))
        self.names |= {str(given[name]) for name in ("id", "name") if given.get(name)}


def broken_links(site: Path) -> list[str]:
    """The links between pages of a site that lead nowhere."""
    pages = {path: Anchors(path.read_text()) for path in site.rglob("*.html")}
    found = []
    for path, page in pages.items():
        for link in page.links:
            if "://" in link or link.startswith(("mailto:", "#")):
                continue
            name, _, anchor = link.partition("#")
            target = (path.parent / unquote(name)).resolve()
            known = pages.get(target)
            if not target.exists() or (anchor and known and unquote(anchor) not in known.names):
                found.append(f"{path.relative_to(site)}: {link}")
    return found


def main() -> int:
    """Build the site; 1 when something is wrong with it."""
    shutil.rmtree(SOURCE, ignore_errors=True)
    shutil.rmtree(SITE, ignore_errors=True)
    shutil.copytree(ROOT / "docs", SOURCE)
    (SOURCE / "rules").mkdir()
    for rule in RULES.values():
        (SOURCE / "rules" / f"{rule.id}.md").write_text(rule_page(rule))
    (SOURCE / "rules" / "index.md").write_text(rules_index())
    (SOURCE / "extra").mkdir()
    (SOURCE / "extra" / "gallery.html").write_text(gallery.made(implementations()))
    strict = ["-W", "-n", "--keep-going", "-q", "-j", "auto"]
    built = subprocess.run(
        [sys.executable, "-m", "sphinx", *strict, "-b", "html", str(SOURCE), str(SITE)], check=False
    )
    if built.returncode:
        return built.returncode
    for link in broken_links(SITE):
        print(f"a link leads nowhere: {link}", file=sys.stderr)
    pages = len(list(SITE.rglob("*.html")))
    print(f"{pages} pages in {SITE.relative_to(ROOT)}")
    return 1 if broken_links(SITE) else 0


if __name__ == "__main__":
    sys.exit(main())
