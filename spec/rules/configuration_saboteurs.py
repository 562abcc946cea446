"""For each configuration rule a configuration that breaks it, and with it only what the rule declares.

What a rule declares is in its `same_as` and `implies`. Wrong kinds are wrong on purpose, hence `Any`.
"""

from typing import Any

from spec.config import Config

_SITE = "https://example.com"


def _config(**parameters: Any) -> Config:
    """Somebody is allowed, unless these parameters say otherwise."""
    return Config(**{"allow_origins": (_SITE,)} | parameters)


_DEFAULT_PORT = _config(allow_origins=("https://example.com:443",))
_WILDCARD_WITH_CREDENTIALS = _config(allow_origins=("*",), allow_credentials=True)
_WILDCARD_BESIDE_AN_ORIGIN = _config(allow_origins=("*", _SITE))
_NULL = _config(allow_origins=("null",))
_UPPER_CASE = _config(allow_origins=("https://Example.com",))
_HTTP_WITH_CREDENTIALS = _config(allow_origins=("http://example.com",), allow_credentials=True)
_STRING_FOR_A_LIST = _config(allow_headers="X-Requested-With")
_LOWER_CASE_METHOD = _config(allow_methods=("put",))
_BAD_RESPONSE_HEADER = _config(expose_headers=("X-A\r\nX-B",))
_EXPOSED_COOKIE = _config(expose_headers=("Set-Cookie",))
_NEGATIVE_AGE = _config(max_age=-1)
_ALL_METHODS_WITH_CREDENTIALS = _config(allow_origins=(_SITE,), allow_methods=("*",), allow_credentials=True)

SABOTEURS: dict[str, Config] = {
    "D-03": _DEFAULT_PORT,
    "D-08": _config(allow_origins=("*",)),
    "D-09": _config(allow_origins=(_SITE, 443)),
    "D-22": _WILDCARD_WITH_CREDENTIALS,
    "CFG-1": _UPPER_CASE,
    "CFG-2": _STRING_FOR_A_LIST,
    "CFG-3": _WILDCARD_BESIDE_AN_ORIGIN,
    "CFG-4": _WILDCARD_WITH_CREDENTIALS,
    "CFG-5": _config(allow_origin_regex=r"(null)?(https://example\.com)?"),
    "CFG-5a": _config(allow_origin_regex=r"https://example\.com:.*"),
    "CFG-6": _LOWER_CASE_METHOD,
    "CFG-7": _config(allow_headers=("X A",)),
    "CFG-7a": _config(allow_headers=("Cookie",)),
    "CFG-8": _BAD_RESPONSE_HEADER,
    "CFG-8a": _EXPOSED_COOKIE,
    "CFG-8b": _config(expose_headers=("Content-Length",)),
    "CFG-9": _NEGATIVE_AGE,
    "CFG-9a": _config(max_age=7201),
    "CFG-10": _ALL_METHODS_WITH_CREDENTIALS,
    "S-HTTP-15": _NEGATIVE_AGE,
    "SEC-1": _config(allow_origin_regex=r"https://[a-z.]+", allow_credentials=True),
    "SEC-4": _NULL,
    "SEC-5": _config(allow_origin_regex=r"https://[a-z]+\.example\.com"),
    "SEC-10": _HTTP_WITH_CREDENTIALS,
    "SEC-12": _config(allow_headers=("*",)),
    "A-CFG-1": _WILDCARD_WITH_CREDENTIALS,
    "A-CFG-2": _STRING_FOR_A_LIST,
    "A-CFG-3": _config(allow_methods=("GET", b"PUT")),
    "A-CFG-5": _UPPER_CASE,
    "A-CFG-6": _WILDCARD_BESIDE_AN_ORIGIN,
    "A-CFG-7": _NULL,
    "A-CFG-8": _HTTP_WITH_CREDENTIALS,
    "A-CFG-9": _config(allow_origin_regex="https://(example"),
    "A-CFG-10": _config(allow_origin_regex=r"https://[a-z.]+"),
    "A-CFG-11": _config(allow_origin_regex=r"https://a.b\.example\.com"),
    "A-CFG-12": _config(allow_methods=("TRACE",)),
    "A-CFG-13": _LOWER_CASE_METHOD,
    "A-CFG-14": _BAD_RESPONSE_HEADER,
    "A-CFG-15": _config(allow_headers=("Access-Control-Allow-Origin",)),
    "A-CFG-16": _EXPOSED_COOKIE,
    "A-CFG-17": _NEGATIVE_AGE,
    "A-CFG-18": _config(max_age=86401),
    "A-CFG-19": _config(allow_credentials=1),
    "A-CFG-20": _config(expose_headers=None),
    "A-CFG-21": _config(allow_origin_regex=""),
    "A-CFG-22": _config(allow_origins=("https://foo_bar.example",)),
    "A-CFG-23": _config(allow_headers=("*", "X-A")),
    "A-CFG-24": _config(allow_origin_regex=r"https://([a-z]+)+x\.example\.com"),
    "A-CFG-25": _config(allow_origin_regex=r"https://example\.com/"),
    "A-CFG-26": _config(allow_origin_regex="https://*.example.com"),
    "A-CFG-27": _config(allow_origins=()),
    "A-CFG-28": _config(allow_methods=("GET", "patch")),
}
