"""What browsers' developer tools export: HTTP Archives (HAR), entry by entry.

The format: http://www.softwareishard.com/blog/har-12-spec/. What Chromium 156 and Firefox 153 write was read
off their exports. Both give a request that was never sent the status 0, and Chromium without its Origin.
"""

from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any, NamedTuple

from spec.browser import CHROMIUM, FIREFOX, STANDARD, WEBKIT, Engine, Fetch
from spec.browser.location import Target, location_url
from spec.browser.methods_and_headers import throws
from spec.http import Headers, Response

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


@dataclass(frozen=True)
class Entry:
    """One request of an export, and its response.

    number: its place in the file, from 0; time: seconds since 1970, 0 where the export has none that can be
    read; page: the origin of the page, as the export says it elsewhere than in the request, or None;
    response: None where the export has none; error: what went wrong, as the browser calls it, or empty.
    """

    number: int
    time: float
    method: str
    origin: str
    path: str
    headers: tuple[tuple[str, str], ...]
    has_cookies: bool
    kind: str
    page: str | None
    response: Response | None
    error: str

    def values(self, name: str) -> list[str]:
        """The values of a request header, its name in lower case."""
        return [value for field, value in self.headers if field.lower() == name]

    def value(self, name: str) -> str | None:
        """The first of them, or None."""
        return next(iter(self.values(name)), None)

    @property
    def is_preflight(self) -> bool:
        """Whether the browser has sent this by itself, to ask for permission."""
        return self.method == "OPTIONS" and bool(self.values("access-control-request-method"))

    @property
    def is_cors(self) -> bool:
        """Whether a script, or what fetches as scripts do, has sent this."""
        mode = self.value("sec-fetch-mode")
        if mode is not None:
            return mode == "cors"
        return self.kind in ("fetch", "xhr") or bool(self.values("origin"))


class Export(NamedTuple):
    """What a file has: its entries in the order of time, what of it cannot be read, and the engine."""

    entries: list[Entry]
    problems: list[str]
    engine: Engine


def read(data: object) -> Export:
    """The entries of an export, which is what JSON gives. Raises ValueError for what is no export at all."""
    log = data.get("log") if isinstance(data, dict) else None
    if not isinstance(log, dict) or not isinstance(listed := log.get("entries"), list):
        raise ValueError("this is not a HAR file: it has no log.entries. Export one from the network tab")
    pages = _pages(log.get("pages"))
    entries, problems = [], []
    for number, found in enumerate(listed):
        try:
            entry = _entry(number, found, pages)
        except ValueError as problem:
            problems.append(f"log.entries[{number}]: {problem}")
        else:
            if entry is not None:
                entries.append(entry)
    return Export(sorted(entries, key=lambda entry: entry.time), problems, _engine(log))


def _engine(log: dict[str, Any]) -> Engine:
    """The engine of the browser that has written this; the standard if it is not known."""
    told = [log.get(part) for part in ("browser", "creator")]
    names = [str(part.get("name")).lower() for part in told if isinstance(part, dict)]
    for name in names:
        if "firefox" in name:
            return FIREFOX
        if "webkit" in name or "safari" in name:
            return WEBKIT
        if name == "webinspector" or "chrom" in name or "edge" in name:
            return CHROMIUM
    return STANDARD


def _pages(listed: object) -> dict[str, str]:
    """The origins of pages by id: both browsers write the URL of a page as its title."""
    found = {}
    for page in listed if isinstance(listed, list) else ():
        if isinstance(page, dict) and isinstance(page.get("id"), str):
            origin = origin_of(str(page.get("title")))
            if origin is not None:
                found[page["id"]] = origin
    return found


def origin_of(url: str) -> str | None:
    """The origin of an http(s) URL; None for anything else."""
    target = whole_url(url)
    return None if target is None else target.origin


def whole_url(url: str) -> Target | None:
    """What an http(s) URL with its scheme means to a browser; None for anything else."""
    return location_url("", "/", url.encode(errors="replace"))


def _entry(number: int, found: object, pages: dict[str, str]) -> Entry | None:
    """An entry; None for one that is not over http(s). Raises ValueError for one that cannot be read."""
    if not isinstance(found, dict):
        raise ValueError("this is not an object")
    request, response = found.get("request"), found.get("response")
    if not isinstance(request, dict):
        raise ValueError("there is no request")
    method, url = request.get("method"), request.get("url")
    if not isinstance(method, str) or not isinstance(url, str):
        raise ValueError("the request has no method, or no url")
    target = whole_url(url)
    if target is None:
        return None
    headers = _headers(request.get("headers"), "request.headers")
    if throws(Fetch(target.origin, target.origin, headers=headers)):
        raise ValueError("request.headers has something that no header can be")
    cookies = request.get("cookies")
    names = {name.lower() for name, _ in headers}
    error = response.get("_error") if isinstance(response, dict) else None
    reference = found.get("pageref")
    return Entry(
        number,
        _time(found.get("startedDateTime")),
        method,
        target.origin,
        target.path,
        headers,
        "cookie" in names or bool(cookies),
        str(found.get("_resourceType", "")),
        pages.get(reference) if isinstance(reference, str) else None,
        _response(response),
        error if isinstance(error, str) else "",
    )


def _response(found: object) -> Response | None:
    """A response; None for status 0, which stands for none. Raises ValueError for one that cannot be read."""
    if not isinstance(found, dict):
        raise ValueError("there is no response")
    status = found.get("status")
    if not isinstance(status, int) or isinstance(status, bool):
        raise ValueError(f"response.status is {status!r}, and not a number")
    if status <= 0:
        return None
    lines: Headers = tuple(
        (name.encode("latin-1", "replace"), value.encode("latin-1", "replace"))
        for name, value in _headers(found.get("headers"), "response.headers")
    )
    return Response(status, lines)


def _headers(listed: object, where: str) -> tuple[tuple[str, str], ...]:
    """Field lines; a value of several lines is several of them. Raises ValueError for what is no list."""
    if not isinstance(listed, list):
        raise ValueError(f"{where} is not a list")
    found = []
    for header in listed:
        name, value = (header.get("name"), header.get("value")) if isinstance(header, dict) else (None, None)
        if not isinstance(name, str) or not isinstance(value, str):
            raise ValueError(f"{where} has something that is not a name and a value")
        if not name.startswith(":"):  # HTTP/2 has its request line there
            found += [(name, line) for line in value.split("\n")]
    return tuple(found)


def _time(text: object) -> float:
    """When an entry has begun."""
    try:
        moment = datetime.fromisoformat(str(text).removesuffix("Z"))
    except ValueError:
        return 0.0
    return (moment.replace(tzinfo=moment.tzinfo or timezone.utc) - EPOCH).total_seconds()
