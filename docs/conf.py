"""Sphinx: it is well kept, builds strictly (-W -n), and reads docstrings; MyST lets pages be Markdown."""

import re
from importlib.metadata import version as version_of

project = "verified-cors"
version = release = version_of("verified-cors")
extensions = ["myst_parser", "sphinx.ext.autodoc"]
html_theme = "furo"
html_title = "verified-cors"
html_extra_path = ["extra"]
myst_heading_anchors = 3
myst_enable_extensions = ["colon_fence"]
autodoc_typehints = "none"  # the signatures have them, with names of modules that say little
autodoc_preserve_defaults = True
suppress_warnings = [
    "myst.xref_missing"
]  # gallery.html is made outside; tests/tools/site.py checks every link
default_role = "literal"  # docstrings write `code` as Markdown does


def as_lists(app, what, name, obj, options, lines):
    """Docstrings name one thing a line, and indent what continues it: for Sphinx these are lists."""
    found = []
    for block in re.split(r"\n\s*\n", "\n".join(lines).strip()):
        if re.search(r"\n +\S", block):
            block = "\n".join("- " + " ".join(item.split()) for item in re.split(r"\n(?=\S)", block))
        found += [*block.split("\n"), ""]
    lines[:] = found


def setup(app):
    app.connect("autodoc-process-docstring", as_lists)
