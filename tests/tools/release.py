"""`make release`: build the distributions of the version in pyproject.toml, check them, and tag the commit.

`make` has run the whole proof before. `.github/workflows/release.yml` publishes the tag once it is pushed.
"""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests import ROOT

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


def version_of(pyproject: str) -> str:
    """The version, which stands in pyproject.toml alone."""
    version: str = tomllib.loads(pyproject)["project"]["version"]
    return version


def problems(version: str, changelog: str, changes: str, tags: str) -> Iterator[str]:
    """Why this version cannot be released: what the changelog, `git status --short` and `git tag` say."""
    heading = re.search(rf"^## {re.escape(version)}\b(.*)$", changelog, re.MULTILINE)
    if heading is None:
        yield f"CHANGELOG.md has no heading for {version}: write ## {version} (YYYY-MM-DD)"
    elif not re.fullmatch(r" \(\d{4}-\d{2}-\d{2}\)", heading[1]):
        yield f"CHANGELOG.md says '{heading[0]}': write the date of the release, ## {version} (YYYY-MM-DD)"
    if changes:
        yield f"there are changes that are not committed:\n{changes.rstrip()}"
    if f"v{version}" in tags.split():
        yield f"v{version} is tagged already: raise the version in pyproject.toml"


def git(*arguments: str) -> str:
    """What git prints."""
    return subprocess.run(["git", *arguments], cwd=ROOT, check=True, capture_output=True, text=True).stdout


def build(folder: Path) -> list[Path]:
    """The source distribution and the wheel that is built from it, which PyPI would take as they are."""
    shutil.rmtree(folder, ignore_errors=True)
    subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT)], check=True
    )
    built = sorted(folder.iterdir())
    subprocess.run([sys.executable, "-m", "twine", "check", "--strict", *map(str, built)], check=True)
    return built


def main() -> int:
    """Build, check and tag; 1 and nothing done if there is a problem."""
    version = version_of((ROOT / "pyproject.toml").read_text())
    changelog = (ROOT / "CHANGELOG.md").read_text()
    if found := list(problems(version, changelog, git("status", "--short"), git("tag"))):
        print(*found, sep="\n", file=sys.stderr)
        return 1
    built = build(ROOT / "dist")
    git("tag", "--annotate", f"v{version}", "--message", f"Version {version}")
    print(*(path.relative_to(ROOT) for path in built), sep="\n")
    print(f"tagged v{version}; to publish it: git push origin v{version}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
