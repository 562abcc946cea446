"""The tables of public suffixes are those of the installed list, and both readers agree with its package."""

import subprocess
import sys
import time

import publicsuffixlist
import pytest

from impl.validation import suffixes as impl_suffixes
from spec import suffixes as spec_suffixes
from tests import ROOT
from tests.tools.public_suffixes import LICENCES, TABLES, licence, rules, source, stale, table

TEXT = """
// VERSION: 2026-01-01_00-00-00_UTC
// ===BEGIN ICANN DOMAINS===
com

uk
co.uk
// a comment
*.ck
!www.ck
香港
公司.香港
"""


def test_a_table_has_a_line_for_each_name_below_which_there_are_suffixes() -> None:
    lines = [line for line in table(TEXT).splitlines() if not line.startswith("#")]
    assert lines == [". com uk xn--j6w193g", "ck !www *", "uk co", "xn--j6w193g xn--55qx5d"]
    assert "version 2026-01-01_00-00-00_UTC" in table(TEXT).splitlines()[0]


def test_the_tables_are_those_of_the_installed_list_with_its_licence() -> None:
    assert stale(table(source()), TABLES) == []
    assert stale(licence(), LICENCES) == []
    assert "Mozilla Public License, version 2.0" in licence()
    assert sum(file.stat().st_size for file in TABLES) < 200_000


@pytest.mark.slow
@pytest.mark.mutation
def test_both_readers_say_of_every_rule_and_its_neighbours_what_the_package_says() -> None:
    reference = publicsuffixlist.PublicSuffixList(accept_encoded_idn=True)
    names = [rule.removeprefix("!").replace("*", "any") for rule in rules(source())]
    hosts = [f"{before}{name}" for name in names for before in ("", "a.", "b.a.", "c.b.a.", "x")]
    assert len(hosts) > 50_000
    for host in hosts:
        expected = reference.privatesuffix(host)
        assert impl_suffixes.registrable_domain(host) == expected, host
        assert spec_suffixes.registrable_domain(host) == expected, host


def test_the_table_is_read_when_it_is_needed_and_not_before() -> None:
    script = (
        "import impl, spec, spec.policy\n"
        "from impl.validation import suffixes as one\nfrom spec import suffixes as two\n"
        "impl.CORSMiddleware(None, allow_origins=['https://a.example'])\n"
        "print(one.rules.cache_info().currsize, two._tree.cache_info().currsize)"
    )
    ran = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["0", "0"]


@pytest.mark.mutation_skip
def test_reading_the_table_is_quick() -> None:
    def seconds() -> float:
        impl_suffixes.rules.cache_clear()
        started = time.perf_counter()
        impl_suffixes.rules()
        return time.perf_counter() - started

    assert min(seconds() for _ in range(5)) < 0.02
