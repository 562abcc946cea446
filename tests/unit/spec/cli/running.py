"""Runs commands in this process, for their tests."""

from pathlib import Path

from click.testing import CliRunner, Result

from spec.cli.main import main

CONFIG = """\
allow_origins = ["https://app.example", "http://localhost:8080"]
allow_methods = ["GET", "PUT", "PATCH"]
allow_headers = ["X-Token"]
allow_credentials = true
expose_headers = ["X-Total"]
"""
"""A configuration that may be written into a file."""


def run(*arguments: str, columns: int = 80) -> Result:
    """Run the command line, and hold it to the width of the terminal."""
    result = CliRunner().invoke(main, arguments, env={"COLUMNS": str(columns)})
    assert result.exit_code in (0, 1, 2, 3), result.exception
    return result


def explain(path: Path, *arguments: str, columns: int = 80) -> Result:
    """Ask about a fetch before a configuration; without other arguments a GET from an allowed page."""
    given = " ".join(arguments)
    origin = () if "--origin" in given else ("--origin", "https://app.example")
    method = () if "--method" in given else ("--method", "GET")
    return run("explain", "--config", str(path), *origin, *method, *arguments, columns=columns)


def coloured(*arguments: str) -> str:
    """What a terminal with colours is sent."""
    environment = {"COLUMNS": "80", "FORCE_COLOR": "1", "TERM": "xterm", "NO_COLOR": None}
    return CliRunner().invoke(main, arguments, env=environment, color=True).stdout


def words(text: str) -> str:
    """A text without its line breaks, so that a sentence is found wherever it was broken."""
    return " ".join(text.split())
