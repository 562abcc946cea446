"""A policy is stated by a configuration of either package, or by some of its parameters."""

import re
from dataclasses import asdict
from typing import Any

import pytest

import impl
from impl.config import Config as ImplConfig
from spec import RULES, Config
from spec.conformance.stated import (
    PASSED_OVER,
    as_config,
    as_headers,
    is_header,
    is_of_the_run,
    mistakes,
    risks,
    unstated,
    written,
)
from tests.unit.spec.conformance.test_conformance import greeting

GIVEN: dict[str, Any] = {
    "allow_origins": ("https://a.example",), "allow_methods": ("PUT",), "allow_headers": ("X-A",),
    "allow_credentials": True, "allow_origin_regex": r"https://b\.example", "allow_private_network": True,
    "expose_headers": ("X-B",), "max_age": 5,
}  # fmt: skip


def test_a_configuration_of_either_package_is_taken() -> None:
    config = Config(**GIVEN)
    assert as_config(config) is config
    assert as_config(ImplConfig(**GIVEN)) == config
    assert as_config(impl.CORSMiddleware(greeting, **GIVEN).config) == config
    compiled = ImplConfig(**{**GIVEN, "allow_origin_regex": re.compile(r"https://b\.example")})
    assert as_config(compiled) == config
    assert asdict(as_config(ImplConfig())) == asdict(Config())


def test_what_is_no_configuration_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^config: ") as caught:
        as_config(["https://a.example"])  # type: ignore[arg-type]
    assert str(caught.value) == (
        "config: ['https://a.example'] has no allow_origins; give a spec.Config or an impl.Config, or "
        'parameters such as allow_origins=["https://app.example"]'
    )


@pytest.mark.parametrize(
    ("regex", "text"),
    [
        (None, None),
        ("a", "a"),
        (re.compile("a"), "a"),
        (re.compile("A", re.IGNORECASE), "(?i)A"),
        (re.compile("a", re.M | re.S | re.X | re.A | re.I), "(?imsxa)a"),
    ],
)
def test_a_compiled_regex_is_written_with_its_flags(regex: Any, text: str | None) -> None:
    assert written(regex) == text


def test_what_is_not_stated_is_not_judged_but_for_origins_and_credentials() -> None:
    assert unstated(()) == PASSED_OVER
    assert {
        "allow_methods", "allow_headers", "expose_headers", "max_age", "allow_private_network",
    } == PASSED_OVER  # fmt: skip
    assert unstated(("allow_origins", "max_age", "allow_headers")) == {
        "allow_methods", "expose_headers", "allow_private_network",
    }  # fmt: skip


def test_headers_are_given_by_name() -> None:
    assert as_headers({}) == ()
    assert as_headers({"A": " b c\t", "d": ""}) == ((b"A", b"b c"), (b"d", b""))
    assert as_headers({"A": " XbX\t", "c": "\x0bd\xa0"}) == ((b"A", b"XbX"), (b"c", b"\x0bd\xc2\xa0"))
    for name, value in (("a b", "c"), ("", "c"), ("a", "b\nc"), ("a", "\rb"), ("a", "\0")):
        assert not is_header(name, value)
        with pytest.raises(ValueError, match=r"^headers: ") as caught:
            as_headers({"x": "y", name: value})
        told = f"headers: {name!r}: {value!r} is no header; write for instance {{'X-A': 'b'}}"
        assert str(caught.value) == told


@pytest.mark.parametrize(
    "name",
    ["Origin", "access-control-request-Method", "Access-Control-Request-Headers", "Content-Length"],
)
def test_a_header_of_the_run_is_no_header_of_the_user(name: str) -> None:
    assert is_of_the_run(name)
    assert not is_of_the_run("Host") and not is_of_the_run("X-Origin") and not is_of_the_run("\udc80")
    with pytest.raises(ValueError, match=r"^headers: ") as caught:
        as_headers({name: "a"})
    assert str(caught.value) == f"headers: {name!r} is a header that the run itself sends; leave it out"


def test_a_configuration_is_judged_with_what_to_write_instead() -> None:
    wrong = Config(["https://a.example", "https://App.example/"], max_age="600")  # type: ignore[arg-type]
    assert mistakes(wrong) == [
        "allow_origins[1] is 'https://App.example/' (A-CFG-5). An origin has no path, query, fragment or "
        "slash at the end; hosts are in lower case. Write 'https://app.example'.",
        f"max_age is '600' (A-CFG-17). {RULES['A-CFG-17'].why} {RULES['A-CFG-17'].repair}",
    ]
    assert mistakes(Config(["https://a.example"])) == risks(Config(["https://a.example"])) == []
    [risk] = risks(Config(["null"]))
    assert risk.startswith("allow_origins[0] is 'null' (A-CFG-7). Any website can send requests with the ")
    assert risk.endswith(
        ". Remove `null`, serve the page from an https origin of its own, and list that origin."
    )
