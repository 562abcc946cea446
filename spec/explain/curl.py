"""Reading a command that was copied from developer tools ("Copy as cURL") or written by hand."""

import argparse
import base64
import re
import shlex
from typing import NamedTuple, NoReturn

from spec.explain.script_headers import Pairs, is_added, script_headers
from spec.http import is_token

BASH_QUOTED = re.compile(r"\$'((?:[^'\\]|\\.)*)'", re.DOTALL)
"""A string with escapes in bash, which both browsers write where there is a quote in it."""


class Command(NamedTuple):
    """What a script would have to do to send what this command sends.

    origin: the page's, as the command has it, or None; cookie: what it sends as cookies, or empty
    added: the headers of the command that are left out, because browsers add them by themselves
    notes: what else is left out
    """

    url: str
    method: str
    headers: Pairs
    origin: str | None
    cookie: str
    added: tuple[str, ...]
    notes: list[str]


def read(text: str) -> Command:
    """Read a command. Raises ValueError for what is no command of curl, and for unknown options."""
    words = _words(text)
    if not words or words[0].rpartition("/")[2].removesuffix(".exe") != "curl":
        raise ValueError("this does not begin with curl. Copy one from the network tab: Copy as cURL")
    given = _parser().parse_intermixed_args(words[1:])
    urls = [*given.urls, *given.url]
    if len(urls) != 1:
        raise ValueError(f"it has {len(urls)} URLs, and not one")
    headers = [header for line in given.header for header in _headers(line)]
    names = [name.lower() for name, _ in headers]
    if given.user is not None and "authorization" not in names:
        headers.append(("Authorization", "Basic " + base64.b64encode(given.user.encode()).decode()))
    if given.user_agent is not None:
        headers.append(("User-Agent", given.user_agent))
    if given.referer is not None:
        headers.append(("Referer", given.referer))
    body = [*given.data, *given.json, *given.form]
    if given.json:
        headers += [
            (name, "application/json") for name in ("Content-Type", "Accept") if name.lower() not in names
        ]
    elif given.form and "content-type" not in names:
        headers.append(("Content-Type", "multipart/form-data"))
    elif given.data and "content-type" not in names:
        headers.append(("Content-Type", "application/x-www-form-urlencoded"))
    method = given.request or ("HEAD" if given.head else "POST" if body else "GET")
    cookies = [value for name, value in headers if name.lower() == "cookie"] + given.cookie
    origins = [value for name, value in headers if name.lower() == "origin"]
    notes = ["Its body is left out: a server is sent none."] if body else []
    if given.insecure:
        notes.append("--insecure is left out: browsers check certificates.")
    return Command(
        url=urls[0],
        method=method,
        headers=script_headers(headers),
        origin=origins[0] if origins else None,
        cookie="; ".join(cookies),
        added=tuple(name for name, value in headers if is_added(name, value)),
        notes=notes,
    )


def _words(text: str) -> list[str]:
    """The words of a command, in the writing of bash, or of Windows where a ^ is before every quote."""
    if re.search(r'\^"', text):
        text = re.sub(r"\^(.)", r"\1", text, flags=re.DOTALL)
    text = re.sub(r"\\\r?\n", " ", text)
    text = BASH_QUOTED.sub(lambda found: shlex.quote(_unescaped(found[1])), text)
    try:
        return shlex.split(text)
    except ValueError as problem:
        raise ValueError(f"its quotes are not as a shell wants them: {problem}") from None


def _unescaped(text: str) -> str:
    """A string of bash with its escapes as they are meant."""
    simple = {"n": "\n", "r": "\r", "t": "\t"}

    def meant(found: re.Match[str]) -> str:
        code, letter = found[1] or found[2], found[3]
        return chr(int(code, 16)) if code else simple.get(letter, letter)

    return re.sub(r"\\(?:u([0-9A-Fa-f]{1,4})|x([0-9A-Fa-f]{1,2})|(.))", meant, text)


def _headers(line: str) -> list[tuple[str, str]]:
    """A header. curl sends none for `Name:`, and one with an empty value for `Name;`."""
    name, colon, value = line.partition(":")
    if not colon and line.endswith(";"):
        name, value = line.removesuffix(";"), " "
    if not is_token(name.encode(errors="replace")):
        raise ValueError(f"{line!r} is not a header")
    return [(name, value.strip(" \t"))] if value else []


class _Parser(argparse.ArgumentParser):
    """Raises ValueError instead of ending the program."""

    def error(self, message: str) -> NoReturn:
        raise ValueError(message)


def _parser() -> _Parser:
    """The options of curl that browsers copy, and those that people add and that change nothing here."""
    parser = _Parser(add_help=False, allow_abbrev=False)
    parser.add_argument("urls", nargs="*")
    for flags in (
        ("--url",), ("-H", "--header"), ("-b", "--cookie"), ("--json",), ("-F", "--form", "--form-string"),
        ("-d", "--data", "--data-raw", "--data-binary", "--data-ascii", "--data-urlencode"),
    ):  # fmt: skip
        parser.add_argument(*flags, action="append", default=[])
    for flags in (("-X", "--request"), ("-u", "--user"), ("-A", "--user-agent"), ("-e", "--referer")):
        parser.add_argument(*flags)
    for flags in (("-I", "--head"), ("-k", "--insecure")):
        parser.add_argument(*flags, action="store_true")
    for flag in (
        "--compressed", "-s", "--silent", "-S", "--show-error", "-i", "--include", "-v", "--verbose", "-L",
        "--location", "-g", "--globoff", "-f", "--fail", "-N", "--no-buffer", "--http1.1", "--http2",
        "--http3",
    ):  # fmt: skip
        parser.add_argument(flag, action="store_true")
    for flag in ("-o", "--output", "-m", "--max-time", "--connect-timeout"):
        parser.add_argument(flag)
    return parser
