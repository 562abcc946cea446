"""The systematic cases: every class of value of every header that CORS knows, alone and in pairs."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import combinations, product
from typing import Any, Literal

from spec.browser import Fetch
from tests.browsers import deviations
from tests.browsers.cases import (
    ACAC,
    ACAH,
    ACAM,
    ACAO,
    ACEH,
    AWAY,
    FAR,
    FOLDER,
    HOME,
    MAX_AGE,
    Answers,
    Case,
    Frame,
    Theorem,
    answer,
    frame_of,
    single,
)

MODES: tuple[Literal["omit", "same-origin", "include"], ...] = ("omit", "same-origin", "include")

# The classes of the values of what answers are built from. The first of each lets all pass.
PREFLIGHT: dict[str, tuple[Any, ...]] = {
    ACAO: (HOME, None, "*", "null", AWAY, HOME + "/", "HTTP" + HOME[4:], HOME + "1", HOME + "\x0b", "",
           f" {HOME}\t", f"{HOME}, {HOME}", (HOME, HOME), ("*", "*"), ("*", HOME), "* ", f"{HOME},"),
    ACAC: ("true", None, "True", "false", "", ("true", "true"), " true ", "true,", "1"),
    ACAM: ("PUT, X", None, "", "put", "*", "PUT", "X", ("X", "PUT"), ("PUT", "a b"), "PUT;q=1", ",",
           " , PUT ,,\tX", '"PUT"', "PUT X", "*, X", "PUT\x0b"),
    ACAH: ("x-a, authorization", None, "", "X-A,AUTHORIZATION", "*", "x-a", "*, authorization",
           ("authorization", "x-a"), ("x-a", "x b"), "x-a;q=1, authorization", ",", "authorization", '"x-a"',
           "x-a authorization", "x-a\x0b"),
    "status": (200, 201, 204, 206, 226, 299, 300, 301, 302, 304, 307, 400, 401, 403, 404, 405, 500, 503),
}  # fmt: skip
RESPONSE: dict[str, tuple[Any, ...]] = {
    ACAO: PREFLIGHT[ACAO],
    ACAC: PREFLIGHT[ACAC],
    ACEH: (None, "", "x-count", "X-Count, x-other", "*", "*, x-count", ("x-count", "x-other"), ("x-count",
    "x@"),
           "set-cookie, set-cookie2", "x-count;", '"*"', " , x-count", "x-count x-other", "x-absent"),
    "status": (200, 201, 203, 204, 205, 206, 226, 299, 300, 304, 306, 400, 401, 403, 404, 405, 410, 451,
    500, 503),
}  # fmt: skip

MORE: dict[str, Any] = {
    "content_type": "text/plain", "cache_control": "no-store", "expires": "0", "pragma": "x",
    "last_modified": "x",
    "content_language": "en", "x_count": "1", "x_other": "2", "set_cookie": "a=1; Path=/~/",
    "set_cookie2": "b=1",
    "etag": '"x"', "vary": "Origin",
}  # fmt: skip

ASKING = (
    Fetch(HOME, AWAY, "PUT", path=FOLDER),
    Fetch(HOME, AWAY, "X", path=FOLDER),
    Fetch(HOME, AWAY, "GET", (("X-A", "1"),), path=FOLDER),
    Fetch(HOME, AWAY, "put", (("Authorization", "k"), ("x-a", "1")), path=FOLDER),
)


def one_and_two(classes: dict[str, tuple[Any, ...]]) -> Iterator[dict[str, Any]]:
    """The first values; all others, one at a time; then any two of them together."""
    usual = {name: values[0] for name, values in classes.items()}
    yield usual
    for name, values in classes.items():
        yield from (usual | {name: value} for value in values[1:])
    for (one, firsts), (other, seconds) in combinations(classes.items(), 2):
        yield from (usual | {one: a, other: b} for a, b in product(firsts[1:], seconds[1:]))


def preflights() -> Iterator[Case]:
    """What a preflight is answered. The fetches take turns; one value at a time is tried with each."""
    good = answer(**{ACAO: HOME, ACAC: "true"})
    alone = 1 + sum(len(values) - 1 for values in PREFLIGHT.values())
    for index, chosen in enumerate(one_and_two(PREFLIGHT)):
        found = answer(**chosen)
        tried = (
            product(ASKING, MODES[1:]) if index < alone else [(ASKING[index % 4], MODES[1 + index // 4 % 2])]
        )
        for fetch, mode in tried:
            yield single(replace(fetch, credentials=mode), found, good)


def responses() -> Iterator[Case]:
    """What an actual request is answered. The modes take turns; one value at a time is tried with each."""
    alone = 1 + sum(len(values) - 1 for values in RESPONSE.values())
    for index, chosen in enumerate(one_and_two(RESPONSE)):
        found = answer(**MORE | chosen)
        for mode in MODES if index < alone else (MODES[index % 3],):
            yield single(Fetch(HOME, AWAY, credentials=mode, path=FOLDER), answer(), found)
    for mode in MODES:
        yield single(Fetch(HOME, HOME, credentials=mode, path=FOLDER), answer(), answer(**MORE))


TELLING = [chr(byte) for byte in b"\x01\t\x0b\x1f !\"#$%&'()*+,-./09:;<=>?@AZ[\\]^_`az{|}~\x7f\x80\xff"]
SCRIPT_HEADERS: tuple[tuple[str, str], ...] = (
    *(("Accept", f"a{byte}b") for byte in TELLING),
    *(("Accept-Language", f"e{byte}n") for byte in TELLING),
    *(("Content-Language", f"e{byte}n") for byte in TELLING),
    *(("Content-Type", f"text/plain;{byte}a") for byte in TELLING),
    *(("Content-Type", f"text/pl{byte}ain") for byte in TELLING),
    *(("Range", f"bytes=1{byte}-5") for byte in TELLING),
    *((f"x{byte}a", "1") for byte in TELLING),
    *((name, "1" * length) for name in ("Accept", "ACCEPT-LANGUAGE", "X-A") for length in (0, 127, 128, 129)),
    *(("Content-Type", "text/plain;" + "a" * length) for length in (116, 117, 118)),
    *(("Range", f"bytes=0-{'9' * length}") for length in (119, 120, 121)),
    *(("Content-Type", value) for value in (
        "", "text/plain", "TEXT/Plain", " text/plain ", "text/plain ; charset=utf-8", "text/ plain", "/",
        "text/",
        "/plain", "text", "text/plain, text/plain", "multipart/form-data; boundary=x", "application/json",
        "application/x-www-form-urlencoded", 'text/plain;charset="utf-8', "text/html", "text/plain\x0b",
        "application/csp-report", "text/xml", "image/png", "text/plain;", ";text/plain",
    )),
    *(("Range", value) for value in (
        "bytes=0-", "bytes=0-0", "bytes=-5", "bytes=5-4", "bytes=5-5", "bytes=05-5", "bytes=-", "bytes=",
        "bytes",
        "Bytes=0-", "bytes=0-1,2-3", "bytes = 0-1", "bytes=0 -1", "bytes=0- 1", "items=0-1", "bytes=a-", "",
        "bytes=0-1-2", "bytes=00000000000000000000000000-", "bytes=0-00000000000000000000000000",
        "bytes=\x0b1-5", "bytes=1-\x0b5", "bytes=1-5\x0b", "\x0bbytes=1-5", "bytes\x0b=1-5",
        "bytes=1\x0b\x0b-5", "bytes=1-\x0b", "bytes=\x0b-5", "bytes=+1-5", "bytes=1-+5", "bytes=\x0c1-5",
        "BYTES=1-5",
        *(f"bytes={first}-{last}" for number in (2**31, 2**32, 2**53, 2**63, 2**64)
          for first, last in ((number - 1, ""), (number, ""), (0, number - 1), (0, number))),
    )),
    *((name, value) for name in ("DPR", "Save-Data", "Viewport-Width", "Width", "Downlink", "RTT", "ECT",
                                 "Device-Memory")
      for value in ("1", "1.5", "0", "-1", "+1", "1e3", " 1", "1 ", "1,2", "inf", "on", "ON", "off", "4g",
                    "3G", "", "2g", "3g", "slow-2g", "5g", "1.", ".5", "1.5.2", "0" * 30, "9" * 20)),
    *((name, "x") for name in (
        "Accept-Charset", "Accept-Encoding", "Access-Control-Request-Headers",
        "access-control-request-method",
        "Connection", "Content-Length", "Cookie", "Cookie2", "Date", "DNT", "Expect", "Host", "Keep-Alive",
        "Origin", "Referer", "Set-Cookie", "TE", "Trailer", "Transfer-Encoding", "Upgrade", "Via", "Proxy-X",
        "Sec-X", "proxy", "sec", "Secure", "User-Agent", "X-Cookie", "DPR", "Save-Data", "Viewport-Width",
        "Width",
        "Downlink", "Authorization", "Access-Control-Request-Private-Network", "Accept", "Accept-Language",
        "Content-Language", "Priority", "If-None-Match", "Cache-Control", "Pragma", "ECT", "RTT", "Sec-CH-UA",
        "X-Requested-With", "*", "Last-Event-ID", "Service-Worker", "Access-Control-Allow-Origin", "Vary",
    )),
    *((name, value) for name in ("X-HTTP-Method", "x-http-method-override", "X-Method-Override", "X-Method")
      for value in ("GET", "TRACE", "trace", "GET, TRACK", "GET,connect ,", "TRACES", '"a,TRACE', '"TRACE"',
                    '"a,TRACE,b"', '"a,TRACE"', '"a\\",TRACE', 'a"b,TRACE')),
)  # fmt: skip
REPEATED: tuple[Any, ...] = (
    (("Accept", "a" * 64), ("accept", "b" * 63)),
    (("Accept", "a" * 100), ("accept", "b" * 100)),
    (("Range", "bytes=0-1"), ("Range", "bytes=2-3")),
    (("X-A", "1"), ("x-a", "2"), ("Accept", ":")),
    (("X-B", "1"), ("x-a", "2"), ("X-b", "3"), ("a", "4")),
    (("Content-Type", "text/plain"), ("Content-Type", "text/plain")),
    (("Accept-Language", "a"), ("Accept-Language", "")),
    *((*((("Accept", "a" * 128),) * 7), ("Content-Language", "b" * 64), ("Accept-Language", "c" * length))
      for length in (63, 64, 65)),
    # Without repeating any it takes the hints of Chromium to exceed 1024 bytes.
    *((("Accept", "a" * 128), ("Accept-Language", "b" * 128), ("Content-Language", "c" * 128),
       ("Content-Type", "text/plain;" + "d" * 117), ("DPR", "1" * 128), ("Width", "1" * 128),
       ("Downlink", "1" * 128), ("Viewport-Width", "1" * length), ("Save-Data", "on"))
      for length in (125, 126, 127)),
)  # fmt: skip
METHODS = (
    "GET", "get", "HEAD", "head", "POST", "Post", "PUT", "put", "DELETE", "delete", "OPTIONS", "options",
    "PATCH",
    "patch", "QUERY", "CONNECT", "trace", "Track", "", "a b", "*", "UNLINK", "!#$%&'*+-.^_`|~",
)  # fmt: skip


def requests() -> Iterator[Case]:
    """What is asked for: every header that a script may set or not, every method; all answers are open."""
    for headers in (*((header,) for header in SCRIPT_HEADERS), *REPEATED):
        yield open_to(Fetch(HOME, AWAY, "GET", headers, path=FOLDER))
    # Two at a time: one of each kind that is judged, safelisted or not.
    kinds = [("Accept", "a"), ("Accept", "("), ("Content-Type", "text/plain"), ("Content-Type", "a/b"),
             ("Range", "bytes=0-"), ("Range", "bytes=-1"), ("Authorization", "k"), ("X-A", "1"), ("Cookie",
             "a=b"),
             ("Content-Language", "de"), ("Accept-Language", "_")]  # fmt: skip
    for one, other in combinations(kinds, 2):
        yield open_to(Fetch(HOME, AWAY, "POST", (other, one), path=FOLDER))
    for url, method, mode in product((AWAY, HOME), METHODS, MODES[1:]):
        yield open_to(Fetch(HOME, url, method, credentials=mode, path=FOLDER))


def opaque_pages() -> Iterator[Case]:
    """Documents whose origin is opaque: sandboxed frames and `data:` URLs."""
    frames: tuple[Frame, ...] = ("sandbox", "data")
    for frame, mode, value, url in product(frames, MODES, ("*", "null", HOME, None), (HOME, AWAY)):
        found = answer(**MORE | {ACAO: value, ACAC: "true"})
        fetch = Fetch("null", url, credentials=mode, path=FOLDER)
        yield replace(single(fetch, answer(), found, "opaque"), frame=frame)
    for frame, url, method, mode in product(frames, (AWAY, HOME), ("GET", "POST", "PUT", "patch"), MODES[1:]):
        yield replace(open_to(Fetch("null", url, method, (), mode, path=FOLDER), "opaque"), frame=frame)


def flags() -> Iterator[Case]:
    """Uploads with a listener, and bodies that are streams: they are preflighted whatever the method is."""
    for method, mode in product(METHODS[:13:2], MODES[1:]):
        for headers in ((), (("X-A", "1"),)):
            yield open_to(
                Fetch(HOME, AWAY, method, headers, mode, upload_listener=True, path=FOLDER), "flags"
            )
        for methods in (None, "", "PUT", "*"):
            refused = answer(**{ACAO: HOME, ACAC: "true", ACAM: methods})
            fetch = Fetch(HOME, AWAY, method, (), mode, upload_listener=True, path=FOLDER)
            yield single(fetch, refused, refused, "flags")


def streams() -> Iterator[Case]:
    """Bodies that are streams. The preflights are refused: what follows would need HTTP/2."""
    for method, headers, mode in product(("POST", "PUT"), ((), (("X-A", "1"),)), MODES[1:]):
        fetch = Fetch(HOME, AWAY, method, headers, mode, stream_body=True, path=FOLDER)
        yield single(fetch, answer(status=403, **{ACAO: HOME, ACAC: "true"}), answer(), "flags")
    yield single(
        Fetch(HOME, AWAY, "GET", stream_body=True, path=FOLDER), answer(status=403), answer(), "flags"
    )


def memory() -> Iterator[Case]:
    """Fetches of one URL, one after another: what an answer listed may save the next one its preflight."""
    put = Fetch(HOME, AWAY, "PUT", path=FOLDER)
    wanted = (
        put,
        replace(put, credentials="include"),
        replace(put, page_origin="null"),
        replace(put, method="X"),
        replace(put, method="GET", headers=(("X-A", "1"),)),
        replace(put, headers=(("Authorization", "k"),)),
        replace(put, method="POST", upload_listener=True),
    )
    ages = (None, "0", "600", "-1", "abc", "600, 600", ("600", "600"), "9" * 20)
    listed = (("PUT, X", "x-a, authorization"), ("*", "*"), ("*, PUT", "*, authorization"))
    for fetch, age, (methods, names) in product(wanted[:1] + wanted[4:], ages, listed):
        found = {ACAO: "*", ACAM: methods, ACAH: names, MAX_AGE: age, "cache_control": "no-store"}
        yield single(fetch, answer(**found), answer(**found), "memory", times=2)
    head = replace(put, method="HEAD", upload_listener=True)
    for first, second, (methods, names) in product(wanted, (*wanted, head), (*listed, (None, None))):
        found = {ACAM: methods, ACAH: names, MAX_AGE: "600", "cache_control": "no-store", ACAC: "true"}
        if first.page_origin == second.page_origin:
            answers = answer(**found, **{ACAO: first.page_origin})
            yield replace(single(first, answers, answers, "memory"), fetches=(first, second))
    # A fetch that fails may take what is remembered with it; one that is refused by a status does not.
    for status, value in product((200, 404), (HOME, None)):
        passed = answer(**{ACAO: HOME, ACAM: "PUT", MAX_AGE: "600", "cache_control": "no-store"})
        yield single(
            put, passed, answer(status=status, cache_control="no-store", **{ACAO: value}), "memory", times=2
        )


LARGE = (2**31 - 1, 2**31, 2**32 - 1, 2**32, 2**63 - 1, 2**63, 2**64 - 1, 2**64)


def expiry() -> Iterator[Case]:
    """The same fetch again, after a pause in which what was remembered may have gone."""
    for age, (url, mode) in product(
        (None, "1", "5", "600", "abc", "-1", *map(str, LARGE), "9" * 20), ((AWAY, MODES[0]), (FAR, MODES[2]))
    ):
        found = {ACAO: HOME, ACAC: "true", ACAM: "PUT", MAX_AGE: age, "cache_control": "no-store"}
        fetch = Fetch(HOME, url, "PUT", (), mode, path=FOLDER)
        yield replace(single(fetch, answer(**found), answer(**found), "memory", times=2), pause=6)


def credentials() -> Iterator[Case]:
    """Whether the cookie of a page goes with a request, and whether that of a response is stored."""
    for url, method, mode, value in product((AWAY, HOME), ("GET", "PUT"), MODES, (HOME, "*", None)):
        fetch = Fetch(HOME, url, method, (("Authorization", "k"),), mode, path=FOLDER)
        lists = {ACAC: "true", ACAM: "PUT", ACAH: "authorization", "cache_control": "no-store"}
        preflight = answer(**lists | {ACAO: HOME, "set_cookie": "p=1; Path=/~/"})
        response = answer(**lists | {ACAO: value, "set_cookie": "s=1; Path=/~/"})
        probe = Fetch(HOME, url, "GET", (), "include", path=FOLDER)
        yield replace(single(fetch, preflight, response, "credentials"), fetches=(fetch, probe))


def open_to(fetch: Fetch, theorem: Theorem = "single", times: int = 1) -> Case:
    """This fetch, and an answer that allows it."""
    names = ", ".join(dict.fromkeys(name for name, _ in fetch.headers if name.replace("-", "").isalnum()))
    names = names.encode("ascii", "ignore").decode()
    method = fetch.method.upper() + ", " + fetch.method
    preflight = answer(status=204, **{ACAO: fetch.page_origin, ACAC: "true", ACAM: method, ACAH: names})
    return single(fetch, preflight, answer(**{ACAO: fetch.page_origin, ACAC: "true"}), theorem, times)


def redirects() -> Iterator[Case]:
    """Chains of up to three hops, each to any of the servers."""
    kinds = (
        Fetch(HOME, AWAY), Fetch(HOME, HOME), Fetch("null", AWAY),
        Fetch(HOME, AWAY, "POST", (("Content-Type", "text/plain"), ("Content-Language", "en"))),
        Fetch(HOME, AWAY, "PUT", (("Authorization", "k"), ("X-A", "1")), "include"),
        Fetch(HOME, HOME, "POST", (("Authorization", "k"), ("X-A", "1"))),
        Fetch(HOME, AWAY, "GET", (("Authorization", "k"),)),
        Fetch(HOME, AWAY, "POST", upload_listener=True), Fetch(HOME, HOME, "PUT", upload_listener=True),
        Fetch(HOME, AWAY, "GET", upload_listener=True), Fetch(HOME, AWAY, "PUT"), Fetch(HOME, HOME, "PUT"),
        Fetch(HOME, AWAY, "POST", (("Content-Type", "a/b"), ("Content-Language", "_"))),
        Fetch(HOME, HOME, "POST", (("Content-Type", "a/b"),)),
    )  # fmt: skip
    for fetch, status, target, last in product(
        kinds, (301, 302, 303, 307, 308), (HOME, AWAY, FAR), ("*", "own")
    ):
        yield chain(fetch, [(status, target)], last)
    # What the last server does not list: Authorization, which it is not sent; methods; anything.
    for fetch, target, (methods, names) in product(
        kinds, (HOME, AWAY, FAR), (("GET, POST, PUT", "x-a"), ("X", "x-a, authorization"), (None, None))
    ):
        yield chain(fetch, [(307, target)], "own", {ACAM: methods, ACAH: names})
    for fetch, first, second, last in product(
        kinds[:2], (HOME, AWAY, FAR), (HOME, AWAY, FAR), ("*", "own", "null")
    ):
        yield chain(fetch, [(302, first), (307, second)], last)
    for second, mode, value in product((HOME, AWAY, FAR), MODES, (None, "true")):
        own = {ACAO: HOME, ACAC: value}
        fetch = replace(kinds[1], credentials=mode)
        yield chain(fetch, [(302, AWAY), (307, second)], "*", between=own)
    for location in ("//user@127.0.0.1:7402/~/1", "//:@127.0.0.1:7402/~/1", "//@127.0.0.1:7402/~/1",
                     "http://user:pw@127.0.0.1:7403/~/1", "data:,x", "ftp://127.0.0.1/", "1", "", "#x",
                     "?q", "0", " ", ".", "1 ", "http://", "//"):  # fmt: skip
        for fetch in (kinds[0], kinds[1]):
            yield chain(fetch, [(302, location)], "*")


def chain(
    fetch: Fetch,
    hops: list[tuple[int, str]],
    last: str,
    lines: Mapping[str, Any] | None = None,
    between: Mapping[str, Any] | None = None,
) -> Case:
    """A fetch of `~/0` that is led to `~/1` and on.

    `last` is the origin that the last server allows, or `own`; `lines` are what it answers besides, and
    `between` what the second one does.
    """
    fetch = replace(fetch, path=FOLDER + "0")
    url, answers = fetch.url_origin, {}
    lists = {ACAM: "GET, POST, PUT", ACAH: "authorization, content-language, content-type, x-a", ACAC: "true"}
    for index, (status, target) in enumerate(hops):
        away = (
            target if not target.startswith("http://127") or "@" in target else f"{target}{FOLDER}{index + 1}"
        )
        own: dict[str, Any] = {
            ACAO: fetch.page_origin if index == 0 else ("null" if fetch.credentials == "include" else "*")
        }
        own |= between if between and index == 1 else {}
        answers[f"{url}{FOLDER}{index}"] = Answers(
            answer(**lists | own), answer(status=status, **lists | own, location=away)
        )
        url = target if target.startswith("http://127") and "@" not in target else AWAY
    own = {ACAO: fetch.page_origin if last == "own" else last}
    for origin in {url, AWAY, FAR}:
        answers.setdefault(
            f"{origin}{FOLDER}{len(hops)}",
            Answers(answer(**{**lists, **own, **(lines or {})}), answer(**lists | own)),
        )
    return Case("redirects", (fetch,), answers, frame_of(fetch.page_origin))


def known() -> Iterator[Case]:
    """Those by which the known deviations are told."""
    yield from (deviation.case for deviation in deviations.DEVIATIONS if deviation.case is not None)


def cases() -> Iterator[Case]:
    """All of them."""
    for family in (
        known,
        requests,
        preflights,
        responses,
        opaque_pages,
        flags,
        streams,
        redirects,
        memory,
        expiry,
        credentials,
    ):
        yield from family()
