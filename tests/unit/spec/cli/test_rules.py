"""`verified-cors rules`: the table, and all that is known of one rule, at 80 columns."""

import re
from typing import Any, cast

import pytest

from spec import RULES
from spec.rules import guidance
from spec.rules.judge import describe
from tests.unit.spec.cli.running import coloured, run, words


def test_all_rules_are_listed() -> None:
    result = run("rules")
    assert result.exit_code == 0
    words_first = [line.split()[0] for line in result.stdout.splitlines() if line.strip()]
    firsts = [word for word in words_first if word in RULES or word in guidance()]
    every = [id for rule in RULES.values() for id in rule.ids]
    assert firsts == [*every, *guidance()]
    number = len(RULES) + len(guidance())
    assert f"{number} of {number} rules" in result.stdout


def test_rules_are_listed_with_what_matters_most() -> None:
    told = [line.rstrip() for line in run("rules", "D-2[29]", columns=70).stdout.splitlines()]
    assert told == [
        "",
        "  id        level   severity   profile      title",
        " " + "─" * 68,
        "  A-CFG-1   MUST    lets in    documented   No wildcard origin with",
        "  D-22                                      credentials",
        "  CFG-4",
        "  D-29                                      FastAPI's and",
        "                                            Starlette's middleware",
        "                                            are one class (not",
        "                                            executable)",
        "",
        f"2 of {len(RULES) + len(guidance())} rules",
        "D-*: what the documentation page says",
        "CFG-*: what a configuration must be",
        "A-*: what this implementation decides: A-ORG, A-PF, A-ACT its",
        "    responses, A-PATH which policy a path has, A-CFG its configuration",
    ]


@pytest.mark.parametrize("id", ["s-hTTp-1", "S-PF-6"])
def test_of_one_rule_all_that_is_known_is_told(id: str) -> None:
    rule = RULES["S-PF-6"]
    told = words(run("rules", id, columns=1000).stdout)
    assert told == " ".join(
        [
            f"S-PF-6: {rule.title} also S-HTTP-1 {rule.sentence}.",
            "binds MUST, a breach lets in what should be kept out; profile protocol",
            f"why {rule.why} repair {rule.repair} needs allow_methods, preflights",
            f"its counterexample also breaks D-11, A-PF-6 sources {rule.sources[0]}",
            "counterexample configured: allow_origins = ('https://a.example',)",
            "configured: allow_methods = ('GET', 'PUT') configured: allow_headers = ('X-Token',)",
            "configured: expose_headers = ('X-Count',)",
            " ".join(describe(each) for each in cast(Any, rule.counterexample)),
        ]
    )


WHOLE = """\
A-CFG-17: Maximum age is a non-negative integer
also CFG-9, S-HTTP-15
  `max_age` is an integer number of seconds, 0 or more, and not a bool, a float
  or a string.

binds
  MUST, a breach makes caches go wrong; profile protocol

why
  Browsers can ignore an `Access-Control-Max-Age` that is not plain digits. They
  then keep preflight results for only 5 seconds or not at all.

repair
  Write whole seconds as an integer, such as `600`, or `0` to turn the preflight
  cache off.

middleware
  raises at construction

sources
  https://fetch.spec.whatwg.org/#http-access-control-max-age
  https://www.rfc-editor.org/rfc/rfc9111#section-1.2.2

counterexample
  allow_origins = ('https://example.com',)
  max_age = -1
"""


def test_what_is_told_of_a_rule_is_this() -> None:
    assert run("rules", "CFG-9", columns=80).stdout == WHOLE


def test_other_kinds_of_rules_are_told_as_well() -> None:
    assert "middleware warns, raises with credentials at construction" in words(
        run("rules", "A-CFG-7").stdout
    )
    assert "profile protocol; no check judges by it why" in words(run("rules", "S-VARY-3").stdout)
    assert "; advice: a violation never fails a check why" in words(run("rules", "SEC-5").stdout)
    told = words(run("rules", "A-CFG-11").stdout)
    assert told.endswith(r"allow_origin_regex = 'https://a.b\\.example\\.com'")
    told = words(run("rules", "C-PF-6", columns=1000).stdout)
    assert re.search(r"counterexample OPTIONS / \[.*\] -> 400 \[.*\] PUT / \[.*\] -> 200 \[.*\]$", told)


GUIDANCE = """\
C-CRD-3: The credentials mode is invisible
  A server sees credentials, not the credentials mode: a request with mode
  `include` and no cookie looks like any other.

not executable
  It says what a server cannot know.

sources
  https://fetch.spec.whatwg.org/#cors-protocol-and-credentials
"""


def test_what_is_told_of_guidance_is_this() -> None:
    assert run("rules", "C-CRD-3", columns=80).stdout == GUIDANCE


@pytest.mark.parametrize("id", guidance())
def test_guidance_is_told_whole_with_its_links_apart(id: str) -> None:
    told = run("rules", id, columns=1000).stdout
    assert len(told.splitlines()) == 8
    kept = re.sub(
        r"\[Source\]\((.*?)\)\.", r"sources \1", guidance()[id].replace("executable:", "executable")
    )
    assert sorted(told.lower().split()) == sorted(kept.lower().split())


def test_a_glob_selects_rules_in_any_letter_case() -> None:
    assert run("rules", "c-pf-1?").stdout == run("rules", "C-PF-1?").stdout
    assert "6 of" in run("rules", "C-PF-1?").stdout
    assert run("rules", "cfg-5A").stdout == run("rules", "CFG-5a").stdout


def test_a_glob_that_matches_nothing_is_an_error() -> None:
    result = run("rules", "\x1b")
    assert result.exit_code == 2
    assert words(result.output) == (
        r"Error: no rule has an id like '\x1b'. There are: D-*, S-*, SEC-*, X-*, P-*, C-*, CFG-*, A-*"
    )
    assert result.stdout == ""


@pytest.mark.slow
@pytest.mark.mutation
@pytest.mark.parametrize("columns", [60, 80, 200])
def test_the_table_of_rules_fits_and_nothing_is_cut(columns: int) -> None:
    lines = run("rules", columns=columns).stdout.splitlines()
    assert max(map(len, lines)) <= columns
    assert {id for rule in RULES.values() for id in rule.ids} <= {
        word for line in lines for word in line.split()
    }
    start = lines[1].index("title")
    titles = "".join(line[start:].replace(" ", "") for line in lines)
    assert all(rule.title.replace(" ", "") in titles for rule in RULES.values())


def test_a_terminal_shows_headings_in_bold() -> None:
    table = coloured("rules", "D-2[29]")
    assert all(f"\x1b[1m{name}" in table for name in ("id", "level", "severity", "profile", "title"))
    assert "\x1b" not in "".join(table.splitlines()[2:])
    assert "\x1b[1mS-PF-5: " in coloured("rules", "S-PF-5")


def test_help_says_that_a_glob_may_be_left_out() -> None:
    assert "Usage: main rules [OPTIONS] [GLOB]" in run("rules", "-h").stdout
