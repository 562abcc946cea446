"""What a patched module does, other modules and tables see, too."""

from __future__ import annotations

from types import ModuleType

import click

from tests.tools.mutants.hot_patch import hot_patch

SOURCE = """
import click

@click.command(help="Greet.")
def greet():
    print("hello")
"""


def test_a_group_of_commands_that_another_module_has_gets_the_patched_command() -> None:
    module = ModuleType("spec.greeting")
    module.__file__ = "greeting.py"
    exec(SOURCE, vars(module))
    group = click.Group(commands={"greet": module.greet})
    changed = SOURCE.replace("Greet.", "Part.")
    hot_patch(module, changed, changed.partition("\n\n")[2])
    assert group.commands["greet"].help == "Part."
