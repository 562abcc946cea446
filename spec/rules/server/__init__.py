"""What binds servers."""

from spec.rules.server import (
    comparison,
    credentials,
    field_lines,
    head_and_304,
    headers,
    http,
    interception,
    methods,
    origins,
    preflights,
    private_network,
    requested_headers,
    responses,
    syntax,
    vary,
)

CHAPTERS = (
    origins,
    comparison,
    credentials,
    preflights,
    interception,
    methods,
    headers,
    requested_headers,
    responses,
    vary,
    head_and_304,
    syntax,
    field_lines,
    http,
    private_network,
)
