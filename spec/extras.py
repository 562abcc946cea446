"""What is said when a package is missing that one of the extras installs."""

EXTRAS = {
    "hypothesis": "strategies",
    **dict.fromkeys(("click", "rich", "jsonschema", "tomli", "h11", "jinja2"), "check"),
}
"""The extra that installs a package."""


def needed(problem: ModuleNotFoundError) -> ModuleNotFoundError:
    """The error with the command that mends it; unchanged when what is missing belongs to no extra."""
    package = str(problem.name).partition(".")[0]
    if package not in EXTRAS:
        return problem
    extra = EXTRAS[package]
    text = (
        f"{package} is not installed; the extra '{extra}' installs it: pip install 'verified-cors[{extra}]'"
    )
    return ModuleNotFoundError(text, name=problem.name)
