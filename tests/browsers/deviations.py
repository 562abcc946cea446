"""Where browsers leave the standard, each with the smallest case that shows it.

Every field of `spec.browser.Engine` is here; the README has them as a table, and every run tries the cases.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from itertools import groupby
from typing import Any

from spec.browser import CHROMIUM, FIREFOX, STANDARD, WEBKIT, Engine, Fetch, Hop
from spec.http import Headers
from tests.browsers.cases import (
    ACAC,
    ACAH,
    ACAM,
    ACAO,
    AWAY,
    FAR,
    FOLDER,
    GUARDED,
    HOME,
    MAX_AGE,
    Answers,
    Case,
    Theorem,
    answer,
    predicted,
)

SPELLED = {CHROMIUM: "Chromium", FIREFOX: "Firefox", WEBKIT: "WebKit"}
NAMES = {AWAY: "away", FAR: "far", HOME: "own", GUARDED: "guarded"}
"""What the servers are called in a reproduction."""


@dataclass(frozen=True)
class Deviation:
    """A field of `Engine`, what it says, and a case that shows it; None where a run cannot wait so long."""

    field: str
    says: str
    case: Case | None

    @property
    def engines(self) -> tuple[Engine, ...]:
        """Those that deviate so."""
        usual = getattr(STANDARD, self.field)
        return tuple(engine for engine in SPELLED if getattr(engine, self.field) != usual)

    @property
    def standard(self) -> Engine:
        """What the first of them would be without this deviation."""
        return replace(self.engines[0], **{self.field: getattr(STANDARD, self.field)})


def asks(theorem: Theorem, fetches: tuple[Fetch, ...], lines: Mapping[str, Any], pause: int = 0) -> Case:
    """Fetches of one URL, every request answered with these header lines."""
    found = answer(**{ACAO: HOME, **lines, "cache_control": "no-store"})
    answers = {AWAY + FOLDER: Answers(found, found)}
    return Case(theorem, tuple(replace(fetch, path=FOLDER) for fetch in fetches), answers, pause=pause)


def two(first: Fetch, second: Fetch, lines: Mapping[str, Any], pause: int = 0) -> Case:
    """Two fetches of one URL, of which the first one may be remembered."""
    return asks("memory", (first, second), lines, pause)


def led(fetch: Fetch, *hops: tuple[str, dict[str, Any]]) -> Case:
    """A fetch that is led from server to server; all requests to one are answered with these header lines."""
    answers = {}
    for index, (origin, lines) in enumerate(hops):
        further = [f"{following}{FOLDER}{index + 1}" for following, _ in hops[index + 1 :]]
        if "location" not in lines and further:
            lines = {**lines, "location": further[0]}
        found = {ACAO: "*", **lines, "cache_control": "no-store"}
        is_redirect = "location" in found
        status = found.pop("status", 303) if is_redirect else 200
        location = found.pop("location", None)
        answers[f"{origin}{FOLDER}{index}"] = Answers(
            answer(**found), answer(status=status, location=location, **found)
        )
    return Case("redirects", (replace(fetch, path=FOLDER + "0"),), answers)


GET = Fetch(HOME, AWAY)
PUT = replace(GET, method="PUT")
PATCH = replace(GET, method="PATCH")
UPLOAD = replace(GET, method="POST", upload_listener=True)
KEY = replace(GET, headers=(("Authorization", "k"),))
WITH = replace(PUT, credentials="include")


def setting(*headers: tuple[str, str]) -> Case:
    """A GET with these headers, whose preflight, if there is one, allows none."""
    return asks("single", (replace(GET, headers=headers),), {})


DEVIATIONS = (
    Deviation("further_safelisted_headers",
              "Client hints with valid values need no preflight",
              setting(("DPR", "2"))),
    Deviation("further_forbidden_headers",
              "Scripts cannot set `User-Agent`; it is dropped",
              setting(("User-Agent", "x"))),
    Deviation("safelists_high_bytes_in_accept",
              "Bytes from 0x80 on in `Accept` need a preflight",
              setting(("Accept", "\xe9"))),
    Deviation("further_unsafe_type_bytes",
              "Commas, and bytes from 0x80 on, in `Content-Type` need a preflight",
              setting(("Content-Type", "text/plain;a,b"))),
    Deviation("simple_range",
              "`Range` is read loosely: the unit in any case, `+`, VT and FF before and after numbers",
              setting(("Range", "Bytes=0-"))),
    Deviation("largest_range_number",
              "Numbers in `Range` of more than 64 bits (Chromium: from 2^63 - 1 on) need a preflight",
              setting(("Range", f"bytes={2**64}-"))),
    Deviation("splits_inside_quotes",
              "Commas in quotes split the list of methods in `X-HTTP-Method` and its like",
              setting(("X-HTTP-Method", '"a,TRACE,b"'))),
    Deviation("joins_repeated_headers",
              "A header that is set twice is judged as one, its values joined",
              setting(("Range", "bytes=0-1"), ("Range", "bytes=2-3"))),
    Deviation("repeats_unsafe_names",
              "A header that is set twice is asked for twice",
              setting(("X-A", "1"), ("X-A", "2"))),
    Deviation("limits_total_length",
              "Safelisted values of more than 1024 bytes together need no preflight",
              setting(*((("Accept", "a" * 128),) * 9))),
    Deviation("preflights_uploads_without_body",
              "An upload with a listener and no body needs no preflight",
              asks("flags", (replace(UPLOAD, method="GET"),), {"status": 403})),
    Deviation("unlisted_method_of_upload_is_allowed",
              "Without a list of methods a preflight does not allow the method of an upload with a listener",
              asks("flags", (replace(UPLOAD, method="PUT"),), {})),
    Deviation("wildcard_covers_authorization",
              "`*` in the allowed headers covers `Authorization`",
              asks("single", (KEY,), {ACAH: "*"})),
    Deviation("empty_location",
              "An empty `Location` is no redirect (Chromium) or an error (WebKit), not a relative URL",
              led(GET, (AWAY, {"location": ""}))),
    Deviation("preflights_stick",
              "What follows a preflighted request is preflighted, too, even when it is simple",
              led(PUT, (AWAY, {ACAM: "PUT"}), (AWAY, {}))),
    Deviation("preflights_keep_origin",
              "When redirects have made the origin `null`, preflights name the page's, and its server's pass",
              led(PUT, (AWAY, {ACAM: "PUT", "status": 307}), (FAR, {ACAM: "PUT"}))),
    Deviation("asks_for_dropped_headers",
              "Preflights ask for the headers that a redirect has dropped, too",
              led(KEY, (AWAY, {ACAH: "authorization"}), (FAR, {}))),
    Deviation("redirects_keep_origin_header",
              "A POST that becomes a GET keeps its Origin at the page's own server",
              led(Fetch(HOME, HOME, "POST"), (HOME, {}), (HOME, {}))),
    Deviation("checks_later_redirects_with_credentials",
              "After a redirect from the page's own server, the next is checked as if with credentials",
              led(Fetch(HOME, HOME), (HOME, {}), (AWAY, {}), (AWAY, {}))),
    Deviation("max_age_limit",
              "A preflight is remembered for 2 hours (Chromium) or 10 minutes (WebKit) at most, as reported",
              None),
    Deviation("negative_max_age",
              "A negative Max-Age is 0 seconds, not 5",
              two(PUT, PUT, {ACAM: "PUT", MAX_AGE: "-1"})),
    Deviation("malformed_max_age",
              "A Max-Age that is no number is 0 seconds, not 5",
              two(PUT, PUT, {ACAM: "PUT", MAX_AGE: "abc"})),
    Deviation("largest_max_age",
              "A Max-Age of more than 63 bits is 5 seconds, not the longest time",
              two(PUT, PUT, {ACAM: "PUT", MAX_AGE: "9" * 20}, pause=6)),
    Deviation("remembers_safelisted_methods",
              "A remembered preflight serves GET, HEAD and POST, listed or not",
              two(PUT, UPLOAD, {ACAM: "PUT"})),
    Deviation("remembers_wildcards",
              "A remembered `*` serves no other request",
              two(PUT, PATCH, {ACAM: "*"})),
    Deviation("credentialed_entries_serve_all",
              "What was remembered with credentials does not serve requests without them",
              two(WITH, PUT, {ACAC: "true", ACAM: "PUT"})),
    Deviation("remembers_credentialed_wildcards",
              "A `*` that came with credentials is remembered, and serves requests without them",
              two(replace(WITH, method="POST", headers=(("X-A", "1"),)), PUT,
                  {ACAC: "true", ACAM: "*", ACAH: "x-a"})),
    Deviation("remembers_refusals",
              "A preflight that refused one request is remembered for others, whatever fails later",
              two(PUT, PATCH, {ACAM: "PATCH"})),
    Deviation("cors_failure_clears_cache",
              "A response that fails the CORS check makes the browser forget nothing",
              Case("memory", (replace(PUT, path=FOLDER),) * 2, {AWAY + FOLDER: Answers(
                  answer(**{ACAO: HOME, ACAM: "PUT"}), answer(cache_control="no-store"))})),
)  # fmt: skip


def reproduction(case: Case) -> str:
    """A case in a few lines: what a script does, and what the servers answer besides allowing its origin."""
    found = [f"`{_script(fetch)}`" for fetch in case.fetches]
    if case.pause:
        found.insert(1, f"{case.pause} seconds later")
    for url, answers in case.answers.items():
        origin, _, number = url.partition(FOLDER)
        lines = _shown(answers.response.headers) or _shown(answers.preflight.headers)
        if answers.response.status != 200:
            lines.insert(0, f"{answers.response.status}")
        if not answers.response.lines("access-control-allow-origin"):
            lines.append("allows the origin to preflights alone")
        if lines:
            found.append(f"{NAMES[origin]}{'/' + number if number else ''}: {', '.join(lines)}")
    if case.config is not None:
        found.append(f"guarded: `{case.config}`")
    return "; ".join(found)


def _shown(headers: Headers) -> list[str]:
    kept = ("access-control", "location")
    lines = [(name.decode(), _named(value.decode())) for name, value in headers]
    return [
        f"`{name.title()}: {value}`"
        for name, value in sorted(lines)
        if name.startswith(kept) and not name.endswith("origin")
    ]


def _script(fetch: Fetch) -> str:
    options = [f"method: {_quoted(fetch.method)}"] if fetch.method != "GET" else []
    if fetch.headers:
        pairs = [f"[{_quoted(name)}, {_quoted(value)}]" for name, value in fetch.headers]
        repeated = len(pairs) > 2 and len(set(pairs)) == 1
        listed = f"Array({len(pairs)}).fill({pairs[0]})" if repeated else f"[{', '.join(pairs)}]"
        options.append(f"headers: {listed}")
    if fetch.credentials != "same-origin":
        options.append(f"credentials: {_quoted(fetch.credentials)}")
    call = "upload" if fetch.upload_listener else "fetch"
    return f"{call}({NAMES[fetch.url_origin]}{', {' + ', '.join(options) + '}' if options else ''})"


def _quoted(text: str) -> str:
    repeated = re.fullmatch(r"(.)\1{15,}", text)
    if repeated:
        return f'"{repeated[1]}".repeat({len(text)})'
    return f"'{text}'" if '"' in text else f'"{text}"'


def _named(value: str) -> str:
    for origin, name in NAMES.items():
        value = value.replace(origin, name)
    return value.replace(FOLDER, "/")


def effect(case: Case, engine: Engine) -> str:
    """What an engine sends in this case, and whether the script may read the answers."""
    return "; ".join(_effect(hops) for hops in predicted(case, engine))


def _effect(hops: list[Hop]) -> str:
    found: list[str] = []
    for hop in hops:
        for kind, request in (("preflight", hop.preflight_request), ("", hop.request)):
            if request is None:
                continue
            asked = request.lines("access-control-request-headers")
            named = f" for {asked[0].decode()}" if asked else ""
            # Where a redirect has led there it is of interest whom the request names.
            whom = [_named(line.decode()) for line in request.lines("origin") if hop.fetch.redirected_from]
            found.append((kind or request.method) + named + (f" from {whom[0]}" if whom else ""))
    counted = [each if number == 1 else f"{number} × {each}" for each, number in _runs(found)]
    return ", ".join([*counted, "read" if hops[-1].outcome.allowed else "blocked"])


def _runs(found: list[str]) -> Iterator[tuple[str, int]]:
    for each, same in groupby(found):
        yield each, len([*same])


def rows() -> Iterator[tuple[str, ...]]:
    """The rows of a table: what happens, where, a reproduction, its effect in the standard and there."""
    for deviation in DEVIATIONS:
        names = ", ".join(SPELLED[engine] for engine in deviation.engines)
        shown = ("takes too long", "", "")
        if deviation.case is not None:
            shown = (
                reproduction(deviation.case),
                effect(deviation.case, STANDARD),
                effect(deviation.case, deviation.engines[0]),
            )
        yield deviation.says, names, *shown


def is_complete() -> bool:
    """Whether every way in which an engine can deviate is told here, once."""
    told = [deviation.field for deviation in DEVIATIONS]
    return sorted(told) == sorted(field.name for field in fields(Engine) if field.name != "name")
