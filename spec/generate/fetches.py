"""A Hypothesis strategy for what scripts do to a server."""

from typing import Literal

from spec.browser import Fetch
from spec.config import Config
from spec.generate.drawing import pick, picks, st
from spec.generate.origin_lines import known_allowed
from spec.generate.vocabulary import METHODS, ORIGINS
from spec.policy import allowed_headers, allowed_methods

_SAFELISTED_HEADERS: tuple[tuple[str, str], ...] = (
    ("Accept", "application/json"),
    ("Content-Type", "text/plain;charset=UTF-8"),
    ("Range", "bytes=0-5"),
)

_SCRIPT_HEADERS: tuple[tuple[str, str], ...] = (
    *_SAFELISTED_HEADERS,
    ("Accept", "a(b"),
    ("Accept", "a" * 129),
    ("Accept-Language", "en"),
    ("Accept-Language", "e_n"),
    ("Content-Language", "de, en"),
    ("Content-Type", "application/json"),
    ("content-type", "application/x-www-form-urlencoded"),
    ("Content-Type", "text/plain, application/json"),
    ("Range", "bytes=-5"),
    ("Authorization", "Bearer 1"),
    ("Cookie", "session=1"),
    ("Sec-Fetch-Mode", "cors"),
    ("X-Unlisted", "1"),
    ("*", "1"),
)


@st.composite
def fetches(draw: st.DrawFn, config: Config) -> Fetch:
    """What scripts do to a server with this configuration: pages that it allows and near misses, simple and
    preflighted, with every credentials mode. All go to another origin, and none throws.
    """
    known = known_allowed(config)
    is_allowed = pick(draw, (True, True, False))
    page = pick(draw, known if known and is_allowed else (*ORIGINS, "null"))
    listed = tuple((name, "1") for name in allowed_headers(config) if name != "*")
    methods = allowed_methods(config) or ("PUT",)
    if pick(draw, (True, False, False)):
        method, headers = pick(draw, ("GET", "POST", "HEAD")), picks(draw, _SAFELISTED_HEADERS, 2)
    else:
        method = pick(draw, pick(draw, (methods, methods, METHODS, ("GET", "put", "patch", "get"))))
        headers = picks(draw, pick(draw, (listed, _SCRIPT_HEADERS)), 3)
    return Fetch(
        page_origin=page,
        url_origin="https://api.example",
        method=method,
        headers=headers,
        credentials=pick(draw, _CREDENTIALS),
        upload_listener=pick(draw, (False, False, False, False, True)),
        path=pick(draw, ("/", "/items/1")),
    )


_CREDENTIALS: tuple[Literal["omit", "same-origin", "include"], ...] = (
    "same-origin",
    "omit",
    "include",
    "include",
)
