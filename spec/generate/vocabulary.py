"""What requests and configurations are made of: pools of origins, methods and headers, and odd bytes.

Simple values come first in every pool, so that failures shrink to them.
"""

from collections.abc import Mapping

from spec.http import Headers

Lines = tuple[bytes, ...]

# What `str.strip` removes and HTTP does not, and what ends a line for a parser or for `$`.
BLANKS = (
    b"\x0b",
    b"\x0c",
    b"\x1c",
    b"\x1d",
    b"\x1e",
    b"\x1f",
    b"\x85",
    b"\xa0",
    b"\xc2\xa0",
    b"\xe2\x80\x83",
)
LINE_ENDS = (b"\n", b"\r", b"\r\n", b"\n\n")

# Request headers that must not matter, to servers with authentication either: what scripts and browsers send
# beside Origin, and response headers that a client may send.
IRRELEVANT_HEADERS: Headers = (
    (b"x-requested-with", b"XMLHttpRequest"),
    (b"accept-language", b"en"),
    (b"referer", b"https://evil.example/"),
    (b"vary", b"*"),
    (b"access-control-allow-origin", b"*"),
    (b"access-control-allow-credentials", b"true"),
    (b"access-control-allow-methods", b"*"),
    (b"access-control-allow-headers", b"*"),
    (b"access-control-allow-private-network", b"true"),
    (b"access-control-expose-headers", b"*"),
    (b"access-control-max-age", b"86400"),
)

# Origins that are one change away from one another: the pool from which entries and their twins come.
ORIGINS = (
    "https://example.com",
    "http://example.com",
    "https://example.com:8443",
    "https://app.example.com",
    "https://a.b.example.com",
    "https://example.org",
    "https://a.example.org",
    "http://localhost",
    "http://localhost:8080",
    "http://localhost:3000",
    "http://127.0.0.1:3000",
    "http://[::1]:8080",
    "https://xn--bcher-kva.example",
    "capacitor://localhost",
    "chrome-extension://aapbdbdomjkkjkaonfhkkikfgjllcleb",
)

# They work, and are risky: the grammar refuses the host, or the port is useless.
UNUSUAL_ORIGINS = (
    "http://foo_bar.example",
    "https://example.com.",
    "http://localhost:0",
    "file://",
    "app://.",
)

# Entries that are patterns.
ORIGIN_PATTERNS = (
    "https://*.example.com",
    "http://localhost:*",
    "https://*.b.example:8443",
    "http://*.localhost:*",
    "https://*.xn--bcher-kva.example",
    "capacitor://localhost:*",
    "https://*.a.example.org:*",
    "http://127.0.0.1:*",
    "http://[::1]:*",
    "https://example.com:*",
)

# Regexes, each with origins that it allows. All of them compile; some are careless, and some allow nothing or
# take long, though not on what is sent here.
PATTERNS: Mapping[str, tuple[str, ...]] = {
    r"https://.*\.example\.org": ("https://a.example.org", "https://a.b.example.org"),
    r"https?://(app|api)\.example\.com": ("https://app.example.com", "http://api.example.com"),
    r"http://localhost:\d+": ("http://localhost:8080", "http://localhost:3000"),
    r"https://[a-z0-9-]+\.example\.com(:\d+)?": ("https://app.example.com", "https://x-1.example.com:8443"),
    r"https://example\.com|https://example\.org": ("https://example.com", "https://example.org"),
    r"^https://example\.com$": ("https://example.com",),
    r"https://app.example.com": ("https://app.example.com", "https://appxexample.com"),
    r"https://.+": ("https://example.com", "https://evil.example"),
    r".*": ("https://example.com", "http://evil.example", "capacitor://localhost"),
    r"(?s).*example.*": ("https://example.com", "https://example.evil"),
    r"(?i)https://app\.example\.com": ("https://app.example.com", "https://APP.example.com"),
    r"null|https://example\.com": ("https://example.com",),
    r"https://(?:[a-z]+\.)*example\.com": ("https://example.com", "https://a.b.example.com"),
    r"https://example\.com\s*": ("https://example.com",),
    r"(?:https://example\.com|)": ("https://example.com",),
    r"https://.*example\.com": ("https://app.example.com", "https://evilexample.com"),
    r"https?://localhost.*": ("http://localhost:8080", "http://localhost.evil.example"),
    r"https://.*\.co\.uk": ("https://example.co.uk", "https://evil.co.uk"),
    r"https://.*\.github\.io": ("https://example.github.io", "https://evil.github.io"),
    r"https://(app|api)\.(example|sample)\.(com|org)": ("https://app.example.com", "https://api.sample.org"),
    r"https://[a-z0-9-]+\.example\.com": ("https://app.example.com", "https://x-1.example.com"),
    r"http://localhost:[0-9]+": ("http://localhost:8080", "http://localhost:3000"),
    r"http://[a-z]+\.localhost(:\d+)?": ("http://app.localhost", "http://app.localhost:8080"),
    r"http://192\.168\.\d+\.\d+(:\d+)?": ("http://192.168.0.1", "http://192.168.1.2:3000"),
    r"https://app\.example\.com/": (),
    r"app\.example\.com": (),
    r"https://app\.example\.com|api\.example\.com": ("https://app.example.com",),
    r"https://(z+)+\.example\.com": ("https://z.example.com", "https://zz.example.com"),
}

METHODS = (
    "GET",
    "POST",
    "PUT",
    "DELETE",
    "PATCH",
    "HEAD",
    "OPTIONS",
    "QUERY",
    "PURGE",
    "patch",
    "M-SEARCH",
    "X",
)
ODD_METHODS = ("Patch", "purge", "GET|POST", "ALL", "!#$%&'*+-.^_`|~", "GETT", "ET")

REQUEST_HEADERS = (
    "X-Token",
    "x-token",
    "X-TOKEN",
    "X-Requested-With",
    "Authorization",
    "Content-Type",
    "content-type",
    "Accept",
    "Range",
    "X",
    "!#$%&'*+-.^_`|~",
)
RISKY_REQUEST_HEADERS = ("Cookie", "Sec-Fetch-Mode", "Access-Control-Allow-Origin")
RESPONSE_HEADERS = ("X-Total", "x-total", "ETag", "Content-Type", "Link", "Set-Cookie", "*")

# What authentication reads: it must not matter to CORS, and a wrong one matters to everything else.
CREDENTIALS_HEADERS: Headers = ((b"cookie", b"session=1"), (b"authorization", b"Bearer 1"))

MAX_AGES = (600, 0, 1, 5, 7200, 86400, 86401, 2**31, 10**20)
