"""Runs commands in this process, for their tests."""

from click.testing import CliRunner, Result

from spec.cli.main import main


def run(*arguments: str, columns: int = 80) -> Result:
    """Run the command line, and hold it to the width of the terminal."""
    result = CliRunner().invoke(main, arguments, env={"COLUMNS": str(columns)})
    assert result.exit_code in (0, 1, 2, 3), result.exception
    return result


def coloured(*arguments: str) -> str:
    """What a terminal with colours is sent."""
    environment = {"COLUMNS": "80", "FORCE_COLOR": "1", "TERM": "xterm", "NO_COLOR": None}
    return CliRunner().invoke(main, arguments, env=environment, color=True).stdout


def words(text: str) -> str:
    """A text without its line breaks, so that a sentence is found wherever it was broken."""
    return " ".join(text.split())
