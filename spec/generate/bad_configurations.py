"""A Hypothesis strategy for configurations that cannot be constructed."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from spec.config import Config
from spec.generate.configurations import configs
from spec.generate.drawing import pick, picks, st

_BAD_ORIGINS = (
    "https://EXAMPLE.com",
    "HTTPS://example.com",
    "https://example.com/",
    "https://example.com/path",
    "https://example.com?",
    "https://example.com#",
    "https://user@example.com",
    "https://example.com:443",
    "http://example.com:80",
    "http://example.com:",
    "http://example.com:0080",
    "http://example.com:08080",
    "http://example.com:65536",
    "http://127.1",
    "http://0x7f.1",
    "http://256.1.1.1",
    "http://[0:0:0:0:0:0:0:1]",
    "http://[2001:DB8::1]",
    "http://[::ffff:127.0.0.1]",
    "http://[fe80::1%25eth0]",
    "http://::1",
    "https://b\u00fccher.example",
    "http://%65xample.com",
    "example.com",
    "//example.com",
    "*.example.com",
    "https://*.com",
    "https://*.co.uk",
    "https://*.github.io",
    "https://*.internal",
    "https://pr-*.example.com",
    "https://a.*.example.com",
    "https://*.*.example.com",
    "*://example.com",
    "https://*",
    "https://*:*",
    "https://*.1.2.3.4",
    "https://*.[::1]",
    "https://*.EXAMPLE.com",
    "https://*.example.com:443",
    "https://*.example.com:65536",
    "https://*.example.com/",
    "https://*.example.com.",
    "https://*.foo_bar.example",
    "https://*.xn--.example",
    "http://127.1:*",
    "http://localhost:*/",
    "http://localhost:80*",
    "ws://example.com",
    "wss://example.com",
    "wss://*.example.com",
    "ftp://example.com",
    "https://",
    "https:",
    "",
    "Null",
    "NULL",
    " null",
    " https://example.com",
    "https://example.com ",
    "https://example.com\n",
    "https://example.com, https://example.org",
    "https://example.com\u00a0",
    "capacitor://localhost/",
)

_NO_TOKENS = (
    "",
    " ",
    "X Token",
    "X-Token\n",
    "X-Token\r\nX-Injected: 1",
    "X:",
    "X,Y",
    "\u00e9",
    "X-Token\u00a0",
    '"X"',
)

_NO_LISTS = (None, 1, True, "https://example.com", b"https://example.com", "GET", "*", "")

_NO_STRINGS = (b"https://example.com", None, 1, ("GET",))

# For each parameter, what spoils it: values of a list are put among good ones.
_BAD_ELEMENTS: Mapping[str, tuple[object, ...]] = {
    "allow_origins": (*_BAD_ORIGINS, *_NO_STRINGS),
    "allow_methods": (
        *_NO_TOKENS,
        *_NO_STRINGS,
        "CONNECT",
        "trace",
        "Track",
        "get",
        "Post",
        "oPTIONS",
        "delete",
    ),
    "allow_headers": (*_NO_TOKENS, *_NO_STRINGS),
    "expose_headers": (*_NO_TOKENS, *_NO_STRINGS),
}
_BAD_VALUES: Mapping[str, tuple[object, ...]] = {
    "allow_origins": _NO_LISTS,
    "allow_methods": _NO_LISTS,
    "allow_headers": _NO_LISTS,
    "expose_headers": _NO_LISTS,
    "allow_credentials": (1, 0, None, "true", "false", "", 1.0),
    "allow_private_network": (1, 0, None, "true", "false"),
    "allow_origin_regex": (
        *("", "(", "[a-z", b"https://.*", 1, True, ("https://.*",)),
        *("*.example.com", "https://*.example.com", "http://localhost:*", "https?://*.example.com", "*"),
    ),
    "max_age": (-1, True, False, None, "600", 600.0, -(10**20)),
}


_CONFIG_STRATEGY = configs()


@st.composite
def bad_configs(draw: st.DrawFn) -> Config:
    """Configurations that cannot be constructed, each close to one that can.

    They break at least one configuration rule of level MUST, in one place or several. Parameters may hold
    values of any type.
    """
    config = draw(_CONFIG_STRATEGY)
    if pick(draw, (False, False, False, True)):
        entry = pick(draw, ("*", "null"))
        entries = config.allow_origins
        return replace(
            config,
            allow_credentials=True,
            allow_origins=(*entries, entry) if pick(draw, (False, True)) else (entry, *entries),
        )
    changes: dict[str, Any] = {}
    for parameter in picks(draw, (*_BAD_ELEMENTS, *_BAD_VALUES), 3, 1):
        given = changes.get(parameter, getattr(config, parameter))
        if parameter in _BAD_ELEMENTS and isinstance(given, tuple) and pick(draw, (True, True, False)):
            at = pick(draw, range(len(given) + 1))
            changes[parameter] = (*given[:at], pick(draw, _BAD_ELEMENTS[parameter]), *given[at:])
        else:
            changes[parameter] = pick(draw, _BAD_VALUES[parameter])
    return replace(config, **changes)
