"""Which methods and headers need no preflight."""

import re
from dataclasses import replace

from spec.browser.engines import STANDARD, Engine
from spec.browser.fetch import Fetch
from spec.browser.methods_and_headers import HTTP_WHITESPACE, header_list, joined

SAFELISTED_METHODS = frozenset({"GET", "HEAD", "POST"})
# https://fetch.spec.whatwg.org/#cors-unsafe-request-header-byte
UNSAFE_BYTES = frozenset(set(range(0x20)) - {0x09} | set(b'"():<>?@[\\]{}') | {0x7F})
LANGUAGE_VALUE = re.compile(rb"[0-9A-Za-z *,\-.;=]*")
SIMPLE_TYPES = frozenset({b"application/x-www-form-urlencoded", b"multipart/form-data", b"text/plain"})


def is_simple_type(value: bytes) -> bool:
    """Whether the essence of this MIME type is one that a form could send, whatever its parameters are.

    Type and subtype must be tokens; the three are. https://mimesniff.spec.whatwg.org/#parse-a-mime-type
    """
    return value.split(b";")[0].strip(HTTP_WHITESPACE).lower() in SIMPLE_TYPES


def is_simple_range(value: bytes, engine: Engine = STANDARD) -> bool:
    """Whether this is one range with a start: https://fetch.spec.whatwg.org/#simple-range-header-value"""
    found = engine.simple_range.fullmatch(value)
    if found is None:
        return False
    numbers = [int(number) for number in found.groups() if number]
    is_too_large = engine.largest_range_number is not None and max(numbers) > engine.largest_range_number
    return numbers == sorted(numbers) and not is_too_large


def is_safelisted_header(name: bytes, value: bytes, engine: Engine = STANDARD) -> bool:
    """Whether this header alone causes no preflight, the name in lower case.

    https://fetch.spec.whatwg.org/#cors-safelisted-request-header
    """
    if len(value) > 128:
        return False
    if name == b"accept":
        if not engine.safelists_high_bytes_in_accept and not value.isascii():
            return False
        return not UNSAFE_BYTES.intersection(value)
    if name in (b"accept-language", b"content-language"):
        return LANGUAGE_VALUE.fullmatch(value) is not None
    if name == b"content-type":
        unsafe = UNSAFE_BYTES | engine.further_unsafe_type_bytes
        return not unsafe.intersection(value) and is_simple_type(value)
    if name == b"range":
        return is_simple_range(value, engine)
    further = engine.further_safelisted_headers
    return further is not None and further.fullmatch(name + b": " + value) is not None


def unsafe_header_names(fetch: Fetch, engine: Engine = STANDARD) -> list[bytes]:
    """The names that need a preflight: in lower case, each once, sorted.

    https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names
    """
    return sorted({*unsafe_lines(fetch, engine)})


def unsafe_lines(fetch: Fetch, engine: Engine) -> list[bytes]:
    """The name of every header that needs a preflight, as often as a script set it."""
    if engine.asks_for_dropped_headers:
        fetch = replace(fetch, headers=fetch.headers + fetch.dropped)
    headers = header_list(fetch, engine)
    if engine.joins_repeated_headers:
        headers = joined(headers)
    safelisted_size = sum(len(value) for name, value in headers if is_safelisted_header(name, value, engine))
    too_long = engine.limits_total_length and safelisted_size > 1024
    return [name for name, value in headers if too_long or not is_safelisted_header(name, value, engine)]
