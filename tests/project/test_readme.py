"""README, CONTRIBUTING and the pages of docs do what they say.

- Each ```python block runs as it stands, in a folder of its own; one that begins with `# continues` runs
  after the block before it.
- Each command of a ```console block (`$ verified-cors …`, `$ make …`) is known. Below
  `verified-cors` stands what it prints, or nothing; `…` alone on a line is any number of lines, `…` within a
  line any text. A file that a command or a program reads is a block whose first line is `# name.toml`.
"""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from spec import RULES
from tests import ROOT
from tests.browsers.outcomes import known_cases
from tests.theorems.divergences import DIVERGENCES
from tests.theorems.exhaust import APPLIED

PAGES = {
    str(path.relative_to(ROOT)): path.read_text()
    for path in (*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md")))
}


def blocks(text: str) -> list[tuple[str, str]]:
    """The fenced blocks of a text: language, content."""
    return re.findall(r"^```(\w+)[^\n]*\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def programs(text: str) -> list[str]:
    """The Python programs of a text, continued ones with what they continue."""
    found: list[str] = []
    for language, content in blocks(text):
        if language == "python":
            found.append(found[-1] + content if content.startswith("# continues") else content)
    return found


def sessions(text: str) -> list[tuple[str, str]]:
    """The commands of a text, each with the output that is shown for it."""
    found = []
    for language, content in blocks(text):
        if language == "console":
            for part in re.split(r"^\$ ", content, flags=re.MULTILINE)[1:]:
                command, _, output = re.sub(r"\\\n\s*", "", part).partition("\n")
                found.append((command, output))
    return found


def files(text: str) -> dict[str, str]:
    """The files that a text shows: blocks whose first line is a comment with their name."""
    named = ((re.match(r"# (\S+\.(?:toml|json|py))\n", content), content) for _, content in blocks(text))
    return {match[1]: content for match, content in named if match}


def is_as_shown(output: str, shown: str) -> bool:
    """Whether an output is what a document shows, `…` standing for what it leaves out."""
    pattern = "".join(
        r"(?:[^\n]*\n)*?"
        if line.strip() == "…"
        else r"[^\n]*".join(map(re.escape, line.split("…"))) + r"[ ]*\n"
        for line in shown.rstrip("\n").splitlines()
    )
    lines = "".join(line.rstrip() + "\n" for line in output.splitlines())
    return re.fullmatch(pattern, lines) is not None


def written(page: str, folder: Path) -> None:
    """Write the files that a page shows."""
    for name, content in files(PAGES[page]).items():
        (folder / name).write_text(content)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("page", "program"), [(page, program) for page, text in PAGES.items() for program in programs(text)]
)
def test_a_program_of_a_document_runs(page: str, program: str, tmp_path: Path) -> None:
    written(page, tmp_path)
    command = [sys.executable, "-W", "error::DeprecationWarning:__main__", "-c", program]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert ran.returncode == 0, ran.stderr


@pytest.mark.slow
@pytest.mark.parametrize(
    ("page", "command", "shown"),
    [(page, *session) for page, text in PAGES.items() for session in sessions(text)],
)
def test_a_command_of_a_document_is_known_and_prints_what_is_shown(
    page: str, command: str, shown: str, tmp_path: Path
) -> None:
    if command.startswith("make"):
        assert {word for word in command.split()[1:] if "=" not in word} <= targets()
    elif command.startswith("verified-cors"):
        written(page, tmp_path)
        script = ROOT / "spec/launch/verified_cors.py"
        line = command.replace("verified-cors", f"'{sys.executable}' '{script}'", 1)
        ran = subprocess.run(
            line, shell=True, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
        )
        assert ran.returncode in (0, 1), ran.stderr
        assert not shown.strip() or is_as_shown(ran.stdout, shown), ran.stdout
    elif command.startswith(".venv/bin/python -m tests."):
        asked = [sys.executable, "-m", command.split()[2], "--help"]
        ran = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, timeout=60, check=True)
        assert all(option in ran.stdout for option in command.split() if option.startswith("--"))
    else:
        assert command.startswith(("pip install", "git clone", "cd "))


def targets() -> set[str]:
    """The targets of the Makefile."""
    return set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(), re.MULTILINE))


@pytest.mark.slow
def test_the_documented_test_fails_for_the_mistake_and_for_nothing_when_it_is_mended(tmp_path: Path) -> None:
    written("docs/checking.md", tmp_path)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_shop.py"]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert ran.returncode == 1
    assert "SEC-2 (SECURITY): " in ran.stdout
    shop = tmp_path / "shop.py"
    shop.write_text(
        shop.read_text().replace(
            'origin.startswith("https://app.example")', 'origin == "https://app.example"'
        )
    )
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert ran.returncode == 0, ran.stdout


@pytest.mark.parametrize("page", ["README.md", "docs/checking.md", "docs/troubleshooting.md"])
def test_a_page_shows_commands(page: str) -> None:
    assert sessions(PAGES[page])


def test_what_the_readme_prints_is_what_it_shows(tmp_path: Path) -> None:
    [program] = [each for each in programs(PAGES["README.md"]) if "print(error)" in each]
    [shown] = [content for language, content in blocks(PAGES["README.md"]) if language == "text"]
    ran = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert ran.stdout == shown


def test_the_readme_is_short_and_its_links_are_absolute() -> None:
    assert len(PAGES["README.md"].split()) <= 1_200
    links = re.findall(r"\]\(([^)]+)\)", PAGES["README.md"])
    assert links and all(link.startswith("https://") for link in links)


def mutants() -> int:
    """How many mutants the ledger counts."""
    ledger = (ROOT / "tests/tools/mutants/ledger.txt").read_text().splitlines()
    return sum(int(line.split()[2]) for line in ledger if not line.startswith("#"))


@pytest.mark.parametrize(
    ("phrase", "counted"),
    [
        (r"over ([\d,]+) rules as programs", lambda: len(RULES)),
        (r"and ([\d,]+) at each request", lambda: len(DIVERGENCES)),
        (r"small scope of ([\d,]+) exchanges", lambda: max(json.loads(APPLIED.read_text()).values())),
        (r"([\d,]+) cases in Chromium, Firefox and WebKit", lambda: len(known_cases())),
        (r"([\d,]+) mutants", mutants),
    ],
)
def test_a_number_of_the_readme_is_what_is_counted(phrase: str, counted: Callable[[], int]) -> None:
    [number] = re.findall(phrase, " ".join(PAGES["README.md"].split()))
    stated, count = int(number.replace(",", "")), counted()
    if stated < 100:
        assert count == stated
    else:  # rounded; what is called "over" so much may be a tenth more
        assert stated * 0.97 <= count <= stated * 1.1, f"write another number than {number} into README.md"


@pytest.mark.parametrize("page", PAGES)
def test_every_make_target_of_a_document_exists(page: str) -> None:
    assert set(re.findall(r"`make (\w+)", PAGES[page])) <= targets()


def test_every_make_target_is_in_the_list_of_the_contributors_document() -> None:
    listed = re.findall(r"^\| (`make.*?) \|", PAGES["CONTRIBUTING.md"], re.MULTILINE)
    assert set(re.findall(r"`make (\w+)", " ".join(listed))) == targets() - {"help"}


SAMPLE = """
```python
a = 1
```
```python
# continues
assert a == 1
```
```toml
# cors.toml
max_age = 1
```
```console
$ verified-cors rules \\
    'D-*'
D-01  one … three
…
last
$ make demo
```
"""


def test_the_blocks_of_a_sample_are_read() -> None:
    assert programs(SAMPLE) == ["a = 1\n", "a = 1\n# continues\nassert a == 1\n"]
    assert files(SAMPLE) == {"cors.toml": "# cors.toml\nmax_age = 1\n"}
    assert sessions(SAMPLE) == [
        ("verified-cors rules 'D-*'", "D-01  one … three\n…\nlast\n"),
        ("make demo", ""),
    ]


@pytest.mark.parametrize(
    ("output", "verdict"),
    [
        ("D-01  one two three\nlast\n", True),
        ("D-01  one two three  \nmore\nand more\nlast\n", True),
        ("D-01  one two four\nlast\n", False),
        ("D-01  one two three\nmore\n", False),
        ("D-01  one two three\nlast\nmore\n", False),
    ],
)
def test_an_output_is_compared_with_what_is_shown(output: str, verdict: bool) -> None:
    assert is_as_shown(output, "D-01  one … three\n…\nlast\n") is verdict
