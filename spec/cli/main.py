"""The commands, together."""

import sys

from spec.extras import needed

try:
    import click

    from spec.cli.check import check_command
    from spec.cli.explain import explain_command
    from spec.cli.rules import rules_command
except ModuleNotFoundError as problem:
    print(f"verified-cors: {needed(problem)}", file=sys.stderr)
    raise SystemExit(2) from None


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="verified-cors", message="verified-cors %(version)s")
def main() -> None:
    """An executable specification of CORS: its rules, and a checker for servers that implement it."""


main.add_command(rules_command)
main.add_command(explain_command)
main.add_command(check_command)
