"""Where the browsers leave the Fetch standard, as far as CORS shows it.

The defaults of `Engine` are the standard; every engine below names only what it does differently. What is
said of Chromium 156, Firefox 153 and WebKitGTK 2.50 was observed, but for the limits of Max-Age: those are
as reported, and were not measured.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Engine:
    """What a browser engine does where the standard could be, or is, read differently."""

    name: str

    # `*` in Access-Control-Allow-Headers covers Authorization, without credentials (against C-PF-10).
    wildcard_covers_authorization: bool = False
    # A header that a script sets twice is joined with ", " before it is judged (against C-SAF-7).
    joins_repeated_headers: bool = False
    # All safelisted values together may have 1024 bytes (C-SAF-6).
    limits_total_length: bool = True
    # Bytes from 0x80 on in Accept need no preflight (C-SAF-2).
    safelists_high_bytes_in_accept: bool = True
    # Further names, in lower case, that cause no preflight (against C-SAF-7).
    further_safelisted_headers: frozenset[bytes] = frozenset()
    # Further names, in lower case, that a script cannot set (against C-HDR-1).
    further_forbidden_headers: frozenset[bytes] = frozenset()

    # After a redirect that taints the origin, preflights still carry the real one (against C-ORG-3).
    preflights_keep_origin: bool = False
    # A hop that follows a preflighted one is preflighted, even when it has become simple (against C-RED-3).
    preflights_stick: bool = False

    # Seconds that a preflight is remembered at most. The standard leaves the limit to the browser; its
    # stand-in takes the longest of the three.
    max_age_limit: int = 86400
    # Seconds for a Max-Age that is negative, or that is no number at all (C-CAC-4).
    negative_max_age: int = 5
    malformed_max_age: int = 5
    # The largest Max-Age that is still read as a number; above it, it counts as malformed. None: no such.
    largest_max_age: int | None = None
    # A remembered `*` serves other methods and headers (C-CAC-6).
    remembers_wildcards: bool = True
    # What was remembered with credentials serves requests without them (C-CAC-5).
    credentialed_entries_serve_all: bool = True
    # An actual response that fails the CORS check clears what is remembered of its URL (C-CAC-8).
    cors_failure_clears_cache: bool = True


STANDARD = Engine("standard")

CHROMIUM = Engine(
    "chromium",
    wildcard_covers_authorization=True,
    joins_repeated_headers=True,
    further_safelisted_headers=frozenset({b"dpr", b"save-data", b"viewport-width", b"width", b"downlink"}),
    further_forbidden_headers=frozenset({b"user-agent"}),
    max_age_limit=7200,
    negative_max_age=0,
    largest_max_age=2**63 - 1,
    cors_failure_clears_cache=False,
)

FIREFOX = Engine(
    "firefox",
    wildcard_covers_authorization=True,
    limits_total_length=False,
    safelists_high_bytes_in_accept=False,
    preflights_keep_origin=True,
    preflights_stick=True,
    negative_max_age=0,
    malformed_max_age=0,
    remembers_wildcards=False,
    credentialed_entries_serve_all=False,
)

WEBKIT = Engine("webkit", wildcard_covers_authorization=True, max_age_limit=600)
