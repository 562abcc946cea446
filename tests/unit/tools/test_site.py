"""The pages of the rules say all that the records say, and a link that leads nowhere is found."""

from pathlib import Path

import pytest

from spec.rules import RULES, guidance
from spec.rules.record import Rule, Subject
from tests.tools.site import broken_links, counterexample, rule_page, rules_index


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.id)
def test_a_page_says_all_that_is_known_of_its_rule(rule: Rule) -> None:
    page = rule_page(rule)
    assert page.startswith(f"# {rule.id}: {rule.title}\n")
    for part in (rule.sentence, rule.why, rule.repair, *rule.aliases, *rule.sources, *rule.needs, rule.path):
        assert part in page
    assert ("## Counterexample" in page) is bool(rule.counterexample)
    assert ("## Browsers" in page) is (rule.subject is Subject.FETCH)
    assert all(f"[{id}]({RULES[id].id}.md)" in page for id in rule.implies)


def test_a_counterexample_is_shown_as_messages() -> None:
    shown = counterexample(RULES["SEC-2"])
    assert shown.startswith("configured: allow_origins = ('https://a.example',)\n")
    assert "\n\nGET /\norigin: " in shown
    assert "\n\n200\naccess-control-allow-origin: " in counterexample(RULES["SEC-2"])


def test_the_index_lists_every_rule_and_what_cannot_be_executed() -> None:
    index = rules_index()
    assert all(f"[{id}]({id}.md)" in index for id in RULES)
    assert all(f"### {id}" in index for id in guidance())


def test_links_that_lead_nowhere_are_found(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(
        '<h1 id="top"></h1><a href="b.html#c">right</a><a href="b.html#d">wrong</a><a href="#top">own</a>'
        '<a href="nowhere.html">wrong</a><a href="https://example.com/">elsewhere</a>'
    )
    (tmp_path / "b.html").write_text('<p id="c">')
    assert broken_links(tmp_path) == ["a.html: b.html#d", "a.html: nowhere.html"]
