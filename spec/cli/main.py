"""The commands, together."""

import sys
from importlib import import_module

from spec.extras import needed


def told(problem: ModuleNotFoundError) -> int:
    """Say which extra installs what is missing; the exit code for it."""
    print(f"verified-cors: {needed(problem)}", file=sys.stderr)
    return 2


try:
    import click
except ModuleNotFoundError as problem:
    raise SystemExit(told(problem)) from None

COMMANDS = ("check", "explain", "rules")
"""Each has a module of its name here."""


class Commands(click.Group):
    """Imports a command when it is asked for: what `check` needs takes longer than `rules` altogether."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Their names, in the order of the help."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of this name, or None."""
        if cmd_name not in COMMANDS:
            return None
        try:
            command: click.Command = getattr(import_module(f"spec.cli.{cmd_name}"), f"{cmd_name}_command")
        except ModuleNotFoundError as problem:
            raise SystemExit(told(problem)) from None
        return command


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="verified-cors", message="verified-cors %(version)s")
def main() -> None:
    """An executable specification of CORS: its rules, and a checker for servers that implement it."""
