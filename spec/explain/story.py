"""The steps of a fetch: what browser and server do, one after the other, and the rules that say so."""

from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

from spec.browser import STANDARD, Engine, Fetch, Hop, preflight_request
from spec.browser.checks import cors_check
from spec.browser.methods_and_headers import header_list, normalize_method, throws
from spec.browser.origins import is_tainted, preflight_origin
from spec.browser.safelists import SAFELISTED_METHODS, is_safelisted_header, unsafe_header_names
from spec.config import Config
from spec.http import Headers, Request, Response, lines
from spec.policy import header_is_allowed, method_is_allowed, origin_is_allowed
from spec.rules import RULES

# The rule that judges the values of a header; one that is not here takes a preflight whatever its value is.
SAFELIST = {
    b"accept": "C-SAF-2",
    b"accept-language": "C-SAF-3",
    b"content-language": "C-SAF-3",
    b"content-type": "C-SAF-4",
    b"range": "C-SAF-5",
}


class Step(NamedTuple):
    """One step of a story: what happens, why, and the message that is sent."""

    headline: str
    reasons: list[str]
    message: Request | Response | None


class Silence(NamedTuple):
    """Why a request has no response: a sentence, and whether the request was sent at all."""

    reason: str
    is_sent: bool = True


def steps(done: Hop, silence: Silence | None = None, *, is_modelled: bool = False) -> Iterable[Step]:
    """The steps of a hop, in order.

    `silence`: why its last request has no response, if it has none; `is_modelled`: the server is our model,
    of which it is known that it does not call the application for a preflight.
    """
    if throws(done.fetch):
        yield Step("The browser sends nothing: fetch() throws a TypeError", [], None)
        return
    tainted = origin_notes(done)
    if done.preflight_request is not None:
        keeps_origin = done.engine.preflights_keep_origin
        reasons = reasons_for_preflight(done) + ([] if keeps_origin else tainted)
        yield Step("The browser sends a preflight first", reasons, done.preflight_request)
        if done.preflight_response is None:
            yield no_response(silence)
        else:
            without = " without calling the application" if is_modelled else ""
            yield Step(f"The server responds{without}", [], done.preflight_response)
    if done.request is None:
        yield Step("The browser does not send the request", [], None)
        return
    dropped = dropped_headers(done)
    simple = (
        []
        if done.preflight_request
        else ["It needs no preflight: method and headers are safelisted (C-PF-1)."]
    )
    sends = "sends" if silence is None or silence.is_sent else "would send"
    yield Step(f"The browser {sends} the request", simple + tainted + dropped, done.request)
    yield no_response(silence) if done.response is None else Step("The server responds", [], done.response)


def no_response(silence: Silence | None) -> Step:
    """That nothing came, and why."""
    if silence is None:
        return Step("There is no response", [], None)
    return Step("There is no response" if silence.is_sent else "It is not sent here", [silence.reason], None)


def origin_notes(done: Hop) -> list[str]:
    """Why Origin is not that of the page."""
    if not is_tainted(done.fetch) or done.fetch.page_origin == "null":
        return []
    return [f"Its Origin is null: {RULES['C-ORG-3'].sentence} (C-ORG-3)."]


def reasons_for_preflight(done: Hop) -> list[str]:
    """Why this fetch is preflighted: its method, or its headers one by one."""
    fetch, engine, reasons = done.fetch, done.engine, []
    method = normalize_method(fetch.method)
    if method not in SAFELISTED_METHODS:
        reasons.append(f"The method {method} is not one of GET, HEAD and POST (C-MTH-4).")
    headers = header_list(fetch)
    for name in unsafe_header_names(fetch, engine):
        rule_id = why_unsafe(headers, name, engine)
        reasons.append(f"{name.decode()}: {RULES[rule_id].sentence} ({rule_id}).")
    return reasons


def why_unsafe(headers: Headers, name: bytes, engine: Engine) -> str:
    """The rule by which a header takes a preflight."""
    values = lines(headers, name.decode())
    if engine.joins_repeated_headers:
        values = [b", ".join(values)]
    if name not in SAFELIST:
        return "C-SAF-7"
    if any(len(value) > 128 for value in values):
        return "C-SAF-1"
    harmless = all(is_safelisted_header(name, value, engine) for value in values)
    return "C-SAF-6" if harmless else SAFELIST[name]


def dropped_headers(done: Hop) -> list[str]:
    """What the script set and the browser leaves out."""
    sent = {name for name, _ in header_list(done.fetch, done.engine)}
    dropped = [name for name, _ in done.fetch.headers if name.lower().encode() not in sent]
    return [f"It leaves out {name}: a script cannot set this (C-HDR-1)." for name in dropped]


def deciding_rules(done: Hop) -> list[str]:
    """The rule that decides, and the one that this one rests on where a preflight is not shared."""
    reason, preflight = done.outcome.reason, done.preflight_response
    if reason != "C-PF-7" or preflight is None:
        return [reason]
    origin = preflight_origin(done.fetch, done.engine)
    return [reason, cors_check(origin, done.fetch.credentials, preflight).rule]


def permitting(config: Config, fetch: Fetch, engine: Engine = STANDARD) -> Config:
    """The configuration with what it lacks to allow this fetch. It may be one that is refused."""
    if fetch.credentials == "include":
        # Neither the wildcard nor `null` may stand beside credentials.
        named = tuple(origin for origin in config.allow_origins if origin not in ("*", "null"))
        config = replace(config, allow_credentials=True, allow_origins=named)
    if not origin_is_allowed(config, fetch.page_origin.encode()):
        config = replace(config, allow_origins=(*config.allow_origins, fetch.page_origin))
    asked = preflight_request(fetch, engine)
    if asked is None:
        return config
    method = normalize_method(fetch.method)
    if not method_is_allowed(config, method.encode()):
        config = replace(config, allow_methods=(*config.allow_methods, method))
    names = unsafe_header_names(fetch, engine)
    missing = tuple(name.decode() for name in names if not header_is_allowed(config, name))
    return replace(config, allow_headers=(*config.allow_headers, *missing))
