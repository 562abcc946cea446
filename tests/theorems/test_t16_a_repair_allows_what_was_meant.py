"""T-16 repairs: a corrected configuration constructs, allows what the wrong one meant, and nobody else.

A *slip* spoils one argument of a configuration in a way whose meaning is known, because the configuration was
there first. What the messages offer, read from their text, is the corrected configuration.
"""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import impl
from impl import CORSConfigError, CORSConfigWarning, CORSMiddleware
from impl.validation.review import review
from spec import strategies
from spec.config import Config
from tests.helpers.offers import as_offered
from tests.helpers.thresholds import hit, thresholds
from tests.theorems.serving import answering_app

# An entry as somebody writes it who means it; None where this cannot happen, or could mean something else.
EntrySlip = Callable[[str], object]
# The value of an argument, likewise.
ValueSlip = Callable[[Config], object]


class Url:
    """An object of a library that is a URL, and no string."""

    def __init__(self, url: str) -> None:
        self.url = url

    def __str__(self) -> str:
        return f"{self.url}/"


def on_web(slip: EntrySlip) -> EntrySlip:
    """The slip for entries of http and https alone."""
    return lambda entry: slip(entry) if entry.startswith("http") else None


def on_port(slip: EntrySlip) -> EntrySlip:
    """The slip for entries that have a port."""
    return lambda entry: slip(entry) if re.search(r":[0-9]+$", entry) else None


def on_no_port(slip: EntrySlip) -> EntrySlip:
    """The slip for entries of http and https that have none."""
    return on_web(lambda entry: None if re.search(r":[0-9]+$", entry) else slip(entry))


def on_domain(slip: EntrySlip) -> EntrySlip:
    """The slip for entries of http and https whose host has dots, and is no address."""
    return on_web(lambda entry: slip(entry) if re.search(r"[a-z]\.[a-z]+(:[0-9]+)?$", entry) else None)


def is_evident(entry: str) -> bool:
    """Whether the scheme goes without saying: https for a domain, http for the machine itself."""
    if re.fullmatch(r"http://(localhost|127\.0\.0\.1|\[::1\])(:[0-9]+)?", entry):
        return True
    return re.fullmatch(r"https://[a-z0-9.-]+\.(com|org|example|test)(:[0-9]+)?", entry) is not None


def without_scheme(before: str) -> EntrySlip:
    """The slip of leaving out a scheme that goes without saying."""
    return lambda entry: before + entry.partition("://")[2] if is_evident(entry) else None


ENTRY_SLIPS: dict[str, EntrySlip] = {
    "upper case": on_web(str.upper),
    "title case": on_domain(str.title),
    "a slash at the end": on_web("{}/".format),
    "a path": on_web("{}/a/b.html".format),
    "a query": on_web("{}?next=https://evil.example".format),
    "a fragment": on_web("{}#https://evil.example".format),
    "a user": on_web(lambda entry: entry.replace("://", "://user:secret@")),
    "the default port": on_no_port(lambda entry: entry + (":443" if entry[4] == "s" else ":80")),
    "a colon without a port": on_no_port("{}:".format),
    "zeros before the port": on_port(lambda entry: re.sub(r":(?=[0-9]+$)", ":00", entry)),
    "no scheme": without_scheme(""),
    "no scheme, but slashes": without_scheme("//"),
    "the scheme twice": on_web(lambda entry: entry.partition("://")[0] + "://" + entry),
    "one slash": on_web(lambda entry: entry.replace("://", ":/")),
    "three slashes": on_web(lambda entry: entry.replace("://", ":///")),
    "no colon": on_web(lambda entry: entry.replace("://", "//")),
    "backslashes": on_web(lambda entry: entry.replace("://", ":\\\\")),
    "a scheme of sockets": on_web(lambda entry: entry.replace("http", "ws", 1)),
    "blanks around it": " {}\t".format,
    "a line end": "{}\r\n".format,
    "a mark of the byte order": "\ufeff{}".format,
    "quotes": '"{}"'.format,
    "other quotes": " \u2018{}\u2019".format,
    "angles": on_web("<{}>".format),
    "a comma and a blank": "{}, ".format,
    "a semicolon and a line end": "{};\n".format,
    "full-width dots": on_domain(lambda entry: entry.replace(".", "\uff0e")),
    "a letter in percent": on_domain(lambda entry: re.sub("://a", "://%61", entry).replace("e", "%65")),
    "escaped dots": on_domain(lambda entry: entry.replace(".", r"\.")),
    "anchors": on_domain(lambda entry: f"^{entry.replace('.', chr(92) + '.')}$"),
    "a compiled regex": on_domain(lambda entry: re.compile(re.escape(entry))),
    "bytes": lambda entry: entry.encode(),
    "an object": on_web(Url),
    "a result of urllib": on_web(urlsplit),
    "a list in the list": lambda entry: [entry],
    "a JSON list in a string": on_web(lambda entry: json.dumps([entry])),
    "a Python list in a string": on_web(lambda entry: repr([entry])),
    "a header": on_web("Origin: {}".format),
    "a variable": on_web("ALLOWED_ORIGINS={}".format),
}  # fmt: skip


def listed(change: Callable[[tuple[str, ...]], object]) -> ValueSlip:
    """The slip for a list of origins that has any."""
    return lambda config: change(config.allow_origins) if config.allow_origins else None


def named(parameter: str, change: Callable[[tuple[str, ...]], object]) -> ValueSlip:
    """The slip for a list of plain names that has any; of methods, in upper case.

    `ALL` and `ANY` are not plain: in a text they may stand for everything.
    """

    def spoil(config: Config) -> object:
        names: tuple[str, ...] = getattr(config, parameter)
        plain = r"(?!(?i:ALL|ANY)$)" + (r"[A-Z-]+" if parameter == "allow_methods" else r"[A-Za-z-]+")
        return change(names) if names and all(re.fullmatch(plain, name) for name in names) else None

    return spoil


def lower_case(names: tuple[str, ...]) -> object:
    """Methods as nobody can send them."""
    return tuple(map(str.lower, names)) if {*names} <= {"GET", "POST", "PUT", "DELETE"} else None


def flag(parameter: str, change: Callable[[bool], object]) -> ValueSlip:
    """The slip for a bool."""
    return lambda config: change(getattr(config, parameter))


def age(change: Callable[[int], object]) -> ValueSlip:
    """The slip for a number of seconds that is not too large."""
    return lambda config: change(config.max_age) if config.max_age < 10**9 else None


LISTS = ("allow_methods", "allow_headers", "expose_headers")
FLAGS = ("allow_credentials", "allow_private_network")
LIST_SLIPS: dict[str, Callable[[tuple[str, ...]], object]] = {
    "commas": ", ".join,
    "semicolons": ";".join,
    "JSON": json.dumps,
    "bytes": lambda names: ",".join(names).encode(),
    "each in bytes": lambda names: tuple(name.encode() for name in names),
    "a list in the list": lambda names: ([*names],),
    "one string of several": lambda names: (", ".join([*names, ""]),),
    "a line end": lambda names: (*names[:-1], f"{names[-1]}\n"),
    "an empty one": lambda names: ("", *names),
    "None beside them": lambda names: (*names, None),
}
VALUE_SLIPS: dict[tuple[str, str], ValueSlip] = {
    **{("allow_origins", name): listed(change) for name, change in LIST_SLIPS.items()},
    **{(each, name): named(each, change) for each in LISTS for name, change in LIST_SLIPS.items()},
    ("allow_methods", "lower case"): named("allow_methods", lower_case),
    ("allow_methods", "a forbidden one"): lambda config: (*config.allow_methods, "TRACE"),
    ("allow_headers", "colons"): named("allow_headers", lambda names: tuple(f"{name}:" for name in names)),
    **{(each, "text"): flag(each, str) for each in FLAGS},
    **{(each, "a number"): flag(each, int) for each in FLAGS},
    **{(each, "a word"): flag(each, lambda value: "yes" if value else "off") for each in FLAGS},
    ("max_age", "text"): age(str),
    ("max_age", "a float"): age(float),
    ("max_age", "a duration"): age(lambda seconds: timedelta(seconds=seconds)),
}

# Patterns, and texts that mean them, as entries and as a regex.
PATTERNS: tuple[tuple[str, str], ...] = (
    ("https://*.example.com", "*.example.com"),
    ("https://*.example.com", ".example.com"),
    ("https://*.example.com", "https://*.example.com/"),
    ("https://*.example.com", "https://*.EXAMPLE.com:443"),
    ("https://*.example.com", "https://.*.example.com"),
    ("https://*.example.com", r"^https://.*\.example\.com$"),
    ("https://*.example.org:8443", "https://**.example.org:8443/*"),
    ("http://localhost:*", "localhost:*"),
    ("http://localhost:*", "http://localhost:*/"),
)
GLOBS = (
    ("https://*.example.com", "https://*.example.com"),
    ("https://*.example.org:8443", "https://*.example.org:8443"),
    ("http://localhost:*", "http://localhost:*"),
    ("https://*.example.com", "*.example.com"),
)
# Regexes that recommend themselves, and texts that mean them.
LABELS = (
    (r"https://pr-[a-z0-9-]+\.example\.com", "https://pr-*.example.com"),
    (r"https://a\.[a-z0-9-]+\.example\.org", "https://a.*.example.org"),
    (r"https://(app|api)\.example\.com", r"https://(app|api)\.example\.com"),
)

EVIL = "https://evil.example"

Case = tuple[Config, Config, tuple[str, ...]]


@st.composite
def slips(draw: st.DrawFn) -> Case:
    """A configuration that is meant, the same with slips in it, and their names."""
    meant = draw(strategies.configs())
    names: list[str] = []
    changes: dict[str, Any] = {}
    kind = draw(st.sampled_from(("entry", "entry", "entry", "entry", "pattern", "glob", "labels", "other")))
    plain = [entry for entry in meant.allow_origins if "*" not in entry and entry != "null"]
    if kind == "entry" and plain:
        entry = draw(st.sampled_from(plain))
        able = {name: slip(entry) for name, slip in ENTRY_SLIPS.items()}
        name = draw(st.sampled_from([name for name, bad in able.items() if bad is not None]))
        names.append(name)
        changes["allow_origins"] = tuple(
            able[name] if each == entry else each for each in meant.allow_origins
        )
    elif kind == "pattern":
        pattern, text = draw(st.sampled_from(PATTERNS))
        names.append("a pattern")
        changes["allow_origins"] = (*meant.allow_origins, text)
        meant = replace(meant, allow_origins=(*meant.allow_origins, pattern))
    elif kind == "glob":
        pattern, text = draw(st.sampled_from(GLOBS))
        names.append("a glob")
        changes["allow_origin_regex"] = text
        meant = replace(meant, allow_origins=(*meant.allow_origins, pattern), allow_origin_regex=None)
    elif kind == "labels":
        regex, text = draw(st.sampled_from(LABELS))
        names.append("a star in a label")
        changes["allow_origins"] = (*meant.allow_origins, text)
        meant = replace(meant, allow_origin_regex=regex)
        changes["allow_origin_regex"] = None
    more = st.lists(st.sampled_from(list(VALUE_SLIPS)), min_size=0 if names else 1, max_size=2)
    for parameter, name in draw(more):
        value = VALUE_SLIPS[parameter, name](meant)
        if parameter not in changes and value is not None and value != (None,):
            changes[parameter] = value
            names.append(f"{parameter}: {name}")
    assume(names)
    return meant, replace(meant, **changes), tuple(names)


def error_of(config: Config) -> CORSConfigError:
    """The error of a configuration that is wrong."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", CORSConfigWarning)
        with pytest.raises(CORSConfigError) as raised:
            CORSMiddleware(answering_app, **vars(config))
    return raised.value


def constructed(config: Config | impl.Config) -> CORSMiddleware:
    """The middleware of a configuration that has no problem."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", CORSConfigWarning)
        return CORSMiddleware(answering_app, **vars(config))


def text(lines: tuple[bytes, ...]) -> str:
    """A single Origin line as the middleware reads it."""
    return lines[0].decode("latin-1") if len(lines) == 1 else ""


@pytest.mark.slow
@thresholds(entry=0.3, moved=0.1, several=0.2, allowed=0.3, refused=0.3)
@given(st.data())
def test_a_corrected_configuration_allows_what_was_meant_and_nobody_else(data: st.DataObject) -> None:
    meant, wrong, names = data.draw(slips())
    error = error_of(wrong)
    assert {problem.argument for problem in error.problems} <= {
        name for name, value in vars(wrong).items() if value is not getattr(meant, name)
    }
    assert error.corrected is not None, (names, str(error))
    assert as_offered(impl.Config(**vars(wrong)), error) == error.corrected
    for name in (*LISTS, "allow_credentials", "allow_private_network", "max_age"):
        value = getattr(meant, name)
        kept = tuple(dict.fromkeys(value)) if isinstance(value, tuple) else value
        assert getattr(error.corrected, name) in (value, kept)
    ideal, corrected = constructed(meant), constructed(error.corrected)
    near = [text(data.draw(strategies.near_miss_origins(meant))) for _ in range(3)]
    entries = [entry for entry in meant.allow_origins if "*" not in entry]
    samples = ("https://app.example.com", "https://pr-1.example.com", "http://localhost:3000", EVIL)
    found = {origin: ideal.is_allowed_origin(origin) for origin in (*near, *entries, *samples)}
    assert {origin: corrected.is_allowed_origin(origin) for origin in found} == found
    hit(
        entry=not {*names}.isdisjoint(ENTRY_SLIPS),
        moved=error.corrected.allow_origin_regex != wrong.allow_origin_regex,
        several=len(names) > 1,
        allowed=any(found.values()),
        refused=not all(found.values()),
    )


@pytest.mark.parametrize("name", ENTRY_SLIPS)
def test_every_slip_is_corrected_wherever_it_can_happen(name: str) -> None:
    tried = 0
    for entry in strategies.ORIGINS:
        bad = ENTRY_SLIPS[name](entry)
        if bad is not None:
            error = error_of(Config(allow_origins=(bad,)))  # type: ignore[arg-type]  # that is what is wrong
            assert error.corrected is not None, (entry, bad, str(error))
            assert error.corrected.allow_origins == (entry,)
            tried += 1
    assert tried


@thresholds(corrected=0.2, uncertain=0.1)
@given(strategies.bad_configs())
def test_a_corrected_configuration_constructs_and_opens_nothing(wrong: Config) -> None:
    assume(review(impl.Config(**vars(wrong)))[0])
    error = error_of(wrong)
    hit(corrected=error.corrected is not None, uncertain=error.corrected is None)
    assert as_offered(impl.Config(**vars(wrong)), error) == error.corrected
    assert (error.corrected is None) == any(problem.correction is None for problem in error.problems)
    if error.corrected is None:
        return
    corrected = constructed(error.corrected)
    if error.corrected.allow_credentials or "*" not in str(wrong.allow_origins):
        regex = wrong.allow_origin_regex
        text = regex.decode() if isinstance(regex, bytes) else regex
        # As a glob, `*` means everybody.
        if text in (None, "*.example.com") or (text != "*" and not re.fullmatch(text, EVIL)):
            assert not corrected.is_allowed_origin(EVIL)
