"""Near misses of an origin with another scheme or port, spelled otherwise, or hidden in another URL."""

from collections.abc import Iterator

from spec.generate.origin_parts import Allowed, Form, origin_of
from spec.origin import DEFAULT_PORTS


def schemes(allowed: Allowed, others: tuple[Allowed, ...], attacker: str) -> Iterator[Form]:
    """Other schemes, none, and the separator written otherwise."""
    scheme, host, port = allowed
    for other in (
        "http",
        "https",
        "ws",
        "wss",
        "ftp",
        "evil",
        "chrome-extension",
        "file",
        "javascript",
        "data",
    ):
        yield origin_of(other, host, port)
    yield origin_of(scheme.upper(), host, port)
    yield origin_of(scheme.title(), host, port)
    yield origin_of(scheme + "s", host, port)
    yield origin_of("x" + scheme, host, port)
    yield origin_of("", host, port)
    rest = str(allowed).partition("://")[2]
    for start in (
        "//",
        "",
        scheme + ":",
        scheme + ":/",
        scheme + ":///",
        scheme + "//",
        "://",
    ):
        yield start + rest


def ports(allowed: Allowed, others: tuple[Allowed, ...], attacker: str) -> Iterator[Form]:
    """Other ports, none, and the port written otherwise."""
    scheme, host, port = allowed
    explicit = port or str(DEFAULT_PORTS.get(scheme, 80))
    for other in (
        "80",
        "443",
        "8080",
        "8443",
        "3000",
        "1",
        "0",
        "65535",
        "65536",
        "99999",
        "-1",
        "a",
        "*",
    ):
        yield origin_of(scheme, host, other)
    for other in (
        explicit,
        explicit + "1",
        explicit + "0",
        "0" + explicit,
        "1" + explicit,
        explicit[:-1],
    ):
        yield origin_of(scheme, host, other)
    yield origin_of(scheme, host, "")
    yield f"{scheme}://{host}:"
    yield f"{allowed}:"
    yield f"{scheme}://{host}:{explicit}.{attacker}"
    yield f"{scheme}://{host}:{explicit}:{explicit}"


def spellings(allowed: Allowed, others: tuple[Allowed, ...], attacker: str) -> Iterator[Form]:
    """Upper case, and what may stand behind an origin in a URL."""
    scheme, host, port = allowed
    for spelling in (
        host.upper(),
        host.title(),
        host[:1].upper() + host[1:],
        host[:-1] + host[-1:].upper(),
    ):
        yield origin_of(scheme, spelling, port)
    yield str(allowed).upper()
    yield origin_of(scheme, host + ".", port)
    for tail in (
        "/",
        "//",
        "/path",
        "/.",
        "?",
        "?q",
        "#",
        "#f",
        ";",
        "%00",
        "%20",
        "%23",
        "%0d%0a",
        "\\",
        "\\x",
    ):
        yield f"{allowed}{tail}"


def disguises(allowed: Allowed, others: tuple[Allowed, ...], attacker: str) -> Iterator[Form]:
    """The allowed origin as user, path, query or fragment of another, and the other way round."""
    scheme, host, port = allowed
    for user in (
        host,
        host + ":80",
        f"{host}:{port or 'x'}",
        str(allowed),
        "user:word",
    ):
        yield f"{scheme}://{user}@{attacker}"
    for user in ("user", attacker, "user:word", ""):
        yield f"{scheme}://{user}@{str(allowed).partition('://')[2]}"
    for where in ("/", "/.", "/x?", "?", "#", "/#", "\\", "\\@", "?x=", "/@"):
        yield f"{scheme}://{attacker}{where}{allowed}"
        yield f"{scheme}://{attacker}{where}{host}"
        yield f"{scheme}://{attacker}{where}.{host}"
