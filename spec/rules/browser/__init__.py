"""What binds browsers: what the Fetch standard requires, judged on what a browser did."""

from spec.rules.browser import (
    checks,
    credentials,
    exposure,
    lists,
    memory,
    methods_and_headers,
    origin_header,
    preflight_requests,
    preflight_responses,
    redirected_requests,
    redirects,
    remembered_wildcards,
    safelists,
)

CHAPTERS = (
    methods_and_headers,
    safelists,
    origin_header,
    preflight_requests,
    preflight_responses,
    lists,
    checks,
    credentials,
    exposure,
    redirects,
    redirected_requests,
    memory,
    remembered_wildcards,
)
