"""The CORS check: whether a response is shared with an origin."""

from typing import NamedTuple

from spec.http import OWS, Response


class Check(NamedTuple):
    """Whether a check is passed, and the id of the rule that says so."""

    passed: bool
    rule: str


def get(response: Response, name: str) -> bytes | None:
    """The joined value of a header, blanks around every line stripped as the HTTP parser does (P-1, P-2)."""
    values = [value.strip(OWS) for value in response.lines(name)]
    return b", ".join(values) if values else None


def cors_check(origin: bytes, credentials: str, response: Response) -> Check:
    """https://fetch.spec.whatwg.org/#concept-cors-check"""
    allowed = get(response, "access-control-allow-origin")
    if allowed is None:
        return Check(False, "C-CHK-1")
    if credentials != "include" and allowed == b"*":
        return Check(True, "C-CHK-3")
    if allowed != origin:
        if allowed == b"*":
            return Check(False, "C-WLD-1")
        several = len(response.lines("access-control-allow-origin")) > 1
        return Check(False, "C-CHK-5" if several else "C-CHK-4")
    if credentials != "include":
        return Check(True, "C-CHK-7")
    return Check(get(response, "access-control-allow-credentials") == b"true", "C-CHK-6")
