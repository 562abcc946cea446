"""Where the browsers leave the Fetch standard, as far as CORS shows it.

The defaults of `Engine` are the standard; every engine below names only what it does differently. What is
said of Chromium 156, Firefox 153 and WebKitGTK 2.50 was observed, but for the limits of Max-Age: those are
as reported, and were not measured.
"""

import re
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Engine:
    """What a browser engine does where the standard could be, or is, read differently."""

    name: str

    # `*` in Access-Control-Allow-Headers covers Authorization, without credentials (against C-PF-10).
    wildcard_covers_authorization: bool = False
    # A header that a script sets twice is joined with ", " before it is judged (against C-SAF-7) …
    joins_repeated_headers: bool = False
    # … or judged line by line, and then asked for as often as it is unsafe (against C-PF-4).
    repeats_unsafe_names: bool = False
    # All safelisted values together may have 1024 bytes (C-SAF-6).
    limits_total_length: bool = True
    # Bytes from 0x80 on in Accept need no preflight (C-SAF-2).
    safelists_high_bytes_in_accept: bool = True
    # Bytes in Content-Type that need a preflight besides those of the standard (C-SAF-4).
    further_unsafe_type_bytes: frozenset[int] = frozenset()
    # The ranges that need no preflight, and the largest number that they may hold (C-SAF-5).
    simple_range: re.Pattern[bytes] = re.compile(rb"bytes=([0-9]+)-([0-9]*)")
    largest_range_number: int | None = None
    # Further headers, written `name: value` with the name in lower case, that cause no preflight (against
    # C-SAF-7).
    further_safelisted_headers: re.Pattern[bytes] | None = None
    # Further names, in lower case, that a script cannot set (against C-HDR-1).
    further_forbidden_headers: frozenset[bytes] = frozenset()
    # A comma in quotes splits the list of methods in X-HTTP-Method, too (C-HDR-2).
    splits_inside_quotes: bool = False

    # An upload with a listener is preflighted even without a body, which GET and HEAD never have (C-PF-1).
    preflights_uploads_without_body: bool = True
    # Without Access-Control-Allow-Methods a preflight allows every method of an upload with a listener.
    unlisted_method_of_upload_is_allowed: bool = True

    # What an empty Location is: a relative URL as any other, none at all, or an invalid one (C-RED-7).
    empty_location: Literal["relative", "none", "invalid"] = "relative"
    # Preflights after a redirect still ask for the headers that it has dropped (against C-PF-4).
    asks_for_dropped_headers: bool = False
    # In mode "same-origin", when the page's own server has redirected to another one, the next redirect must
    # pass the CORS check with credentials, though it is sent none (against C-RED-2).
    checks_later_redirects_with_credentials: bool = False
    # A POST that a redirect makes a GET keeps its Origin on the page's own server (against C-ORG-1).
    redirects_keep_origin_header: bool = False
    # After a redirect that taints the origin, preflights still carry the real one, and the CORS check of
    # what the page's own server answers to them is left out (against C-ORG-3, C-PF-7).
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
    # A remembered preflight serves GET, HEAD and POST, listed or not (against C-CAC-6).
    remembers_safelisted_methods: bool = False
    # A remembered `*` serves other methods and headers (C-CAC-6).
    remembers_wildcards: bool = True
    # A `*` that came with credentials does so, too, for requests without them.
    remembers_credentialed_wildcards: bool = False
    # A preflight whose answer passes the CORS check is remembered although it refuses the request (against
    # C-CAC-1), and no failure makes the browser forget (against C-CAC-8).
    remembers_refusals: bool = False
    # What was remembered with credentials serves requests without them (C-CAC-5).
    credentialed_entries_serve_all: bool = True
    # An actual response that fails the CORS check clears what is remembered of its URL (C-CAC-8).
    cors_failure_clears_cache: bool = True


STANDARD = Engine("standard")

CHROMIUM = Engine(
    "chromium",
    wildcard_covers_authorization=True,
    joins_repeated_headers=True,
    largest_range_number=2**63 - 2,
    further_safelisted_headers=re.compile(
        rb"(?:device-memory|downlink|dpr): [0-9]+(?:\.[0-9]+)?|(?:rtt|viewport-width|width): [0-9]+"
        rb"|ect: (?:slow-2g|2g|3g|4g)|save-data: [Oo][Nn]"
    ),
    further_forbidden_headers=frozenset({b"user-agent"}),
    preflights_uploads_without_body=False,
    unlisted_method_of_upload_is_allowed=False,
    empty_location="none",
    max_age_limit=7200,
    negative_max_age=0,
    largest_max_age=2**63 - 1,
    remembers_safelisted_methods=True,
    cors_failure_clears_cache=False,
)

FIREFOX = Engine(
    "firefox",
    wildcard_covers_authorization=True,
    repeats_unsafe_names=True,
    limits_total_length=False,
    safelists_high_bytes_in_accept=False,
    further_unsafe_type_bytes=frozenset(b"," + bytes(range(0x80, 0x100))),
    largest_range_number=2**64 - 1,
    splits_inside_quotes=True,
    unlisted_method_of_upload_is_allowed=False,
    preflights_keep_origin=True,
    preflights_stick=True,
    negative_max_age=0,
    malformed_max_age=0,
    remembers_safelisted_methods=True,
    remembers_wildcards=False,
    credentialed_entries_serve_all=False,
)

WEBKIT = Engine(
    "webkit",
    wildcard_covers_authorization=True,
    joins_repeated_headers=True,
    simple_range=re.compile(
        rb"(?i:bytes)=[\x0b\x0c]*\+?([0-9]+)[\x0b\x0c]*-(?:[\x0b\x0c]*\+?([0-9]+)[\x0b\x0c]*)?"
    ),
    largest_range_number=2**64 - 1,
    splits_inside_quotes=True,
    unlisted_method_of_upload_is_allowed=False,
    empty_location="invalid",
    asks_for_dropped_headers=True,
    preflights_stick=True,
    checks_later_redirects_with_credentials=True,
    redirects_keep_origin_header=True,
    max_age_limit=600,
    negative_max_age=0,
    largest_max_age=2**63 - 1,
    remembers_safelisted_methods=True,
    remembers_credentialed_wildcards=True,
    remembers_refusals=True,
)
