"""Near misses of an origin with another host: one that looks like it, or one that is often trusted."""

from collections.abc import Iterator

from spec.generate.origin_parts import Allowed, Form, origin_of

SPECIAL_CHARACTERS = (*"_-\"{}^!~`;|&'()*,$=+", "%60")
CONTROLS = tuple(chr(code) for code in (*range(0x20), 0x7F))

SHARED_HOSTS = (
    "github.io",
    "pages.dev",
    "vercel.app",
    "netlify.app",
    "herokuapp.com",
    "web.app",
    "s3.amazonaws.com",
)

LOOPBACKS = (
    "localhost",
    "app.localhost",
    "127.0.0.1",
    "127.1",
    "127.0.1",
    "0.0.0.0",
    "0",
    "[::1]",
    "[::]",
    "[::ffff:7f00:1]",
    "[::ffff:127.0.0.1]",
    "2130706433",
    "0x7f000001",
    "0x7f.0.0.1",
    "0177.0.0.1",
    "017700000001",
    "10.0.0.1",
    "192.168.0.1",
    "169.254.169.254",
)

# Letters that look like, or fold to, an ASCII letter. The last two become `k` and `s` under case folding.
HOMOGLYPHS = {
    "a": "\u0430",
    "e": "\u0435",
    "o": "\u043e",
    "c": "\u0441",
    "p": "\u0440",
    "k": "\u212a",
    "s": "\u017f",
}
DOTS = ("\u3002", "\uff0e", "\uff61", "\u2024")


def unlisted(allowed: Allowed, others: tuple[Allowed, ...], attacker: str) -> Iterator[Form]:
    """The attacker's own origin."""
    yield origin_of("https", attacker, "")
    yield origin_of("http", attacker, "")
    yield origin_of(allowed.scheme, attacker, allowed.port)


def glued(allowed: Allowed, others: tuple[Allowed, ...], attacker: str) -> Iterator[Form]:
    """The host with more before or after it, so that it begins, ends or is held in another."""
    scheme, host, port = allowed
    for suffixed in (
        host + "." + attacker,
        host + attacker,
        host + "-" + attacker,
        host + "x",
    ):
        yield origin_of(scheme, suffixed, port)
        yield origin_of(scheme, suffixed, "")
    yield f"{allowed}.{attacker}"
    yield f"{allowed}{attacker}"
    for prefix in ("evil", "not", "x", "evil-", attacker, attacker + "-"):
        yield origin_of(scheme, prefix + host, port)


def neighbours(allowed: Allowed, others: tuple[Allowed, ...], attacker: str) -> Iterator[Form]:
    """The domains below, above and beside the host, and the host with a character less."""
    scheme, host, port = allowed
    labels = host.split(".")
    # Without the public suffix list, the registrable domain is taken to be the last two labels.
    hosts = [
        "sub." + host,
        "www." + host,
        "a.b.c.d." + host,
        ".".join(labels[1:]),
        ".".join(labels[-2:]),
    ]
    hosts += [
        labels[-1],
        "evil." + ".".join(labels[1:]),
        host[1:],
        host[:-1],
        "." + host,
        "",
    ]
    for neighbour in hosts:
        yield origin_of(scheme, neighbour, port)
    yield str(allowed)[:-1]
    yield str(allowed)[1:]


def dots(allowed: Allowed, others: tuple[Allowed, ...], attacker: str) -> Iterator[Form]:
    """Another character, or none, where the host has a dot."""
    scheme, host, port = allowed
    for at in (index for index, character in enumerate(host) if character == "."):
        for instead in ("x", "-", "", ".."):
            yield origin_of(scheme, host[:at] + instead + host[at + 1 :], port)
    yield origin_of(scheme, host.replace(".", "x"), port)


def characters(allowed: Allowed, others: tuple[Allowed, ...], attacker: str) -> Iterator[Form]:
    """A special or control character between the host and the attacker's."""
    scheme, host, port = allowed
    for character in SPECIAL_CHARACTERS + CONTROLS:
        yield origin_of(scheme, f"{host}{character}.{attacker}", port)
        yield origin_of(scheme, f"{host}.{character}.{attacker}", port)
        yield origin_of(scheme, f"{attacker}{character}.{host}", port)
        yield origin_of(scheme, f"{attacker}{character}{host}", port)


def private(allowed: Allowed, others: tuple[Allowed, ...], attacker: str) -> Iterator[Form]:
    """Hosts of this machine and of private networks, and names that begin like them."""
    for host in (
        *LOOPBACKS,
        "localhost." + attacker,
        "localhost" + attacker,
        "127.0.0.1." + attacker,
    ):
        for scheme in dict.fromkeys((allowed.scheme, "http")):
            yield origin_of(scheme, host, allowed.port)
            yield origin_of(scheme, host, "")


def shared(allowed: Allowed, others: tuple[Allowed, ...], attacker: str) -> Iterator[Form]:
    """Hosts below domains where anyone can have one."""
    for host in SHARED_HOSTS:
        yield origin_of(allowed.scheme, f"{attacker.partition('.')[0]}.{host}", allowed.port)
        yield origin_of(allowed.scheme, f"{allowed.host.partition('.')[0]}.{host}", allowed.port)
        yield origin_of(allowed.scheme, f"{allowed.host.replace('.', '-')}.{host}", allowed.port)


def international(allowed: Allowed, others: tuple[Allowed, ...], attacker: str) -> Iterator[Form]:
    """The host in other scripts: as its reader sees it, with letters and dots that look alike."""
    scheme, host, port = allowed
    unicode_labels = [_unicode_label(label) for label in host.split(".")]
    yield origin_of(scheme, ".".join(unicode_labels), port)
    yield origin_of(scheme, ".".join(unicode_labels), port).encode("latin-1", "replace")
    for letter, twin in HOMOGLYPHS.items():
        if letter in host:
            yield origin_of(scheme, host.replace(letter, twin, 1), port)
            yield origin_of(
                scheme,
                ".".join(map(_ascii_label, host.replace(letter, twin, 1).split("."))),
                port,
            )
    for dot in DOTS:
        yield origin_of(scheme, host.replace(".", dot), port)
        yield origin_of(scheme, host + dot + attacker, port)
    yield origin_of(scheme, "b\u00fccher." + host, port)
    yield origin_of(scheme, "xn--bcher-kva." + host, port)
    yield origin_of(scheme, "".join(_full_width(character) for character in host), port)


def _unicode_label(label: str) -> str:
    """A punycode label as its reader sees it; any other label as it is."""
    if not label.startswith("xn--"):
        return label
    try:
        return label[4:].encode("ascii").decode("punycode")
    except UnicodeError:
        return label


def _ascii_label(label: str) -> str:
    return label if label.isascii() else "xn--" + label.encode("punycode").decode("ascii")


def _full_width(character: str) -> str:
    return chr(ord(character) + 0xFEE0) if "!" <= character <= "~" else character


def mixtures(allowed: Allowed, others: tuple[Allowed, ...], attacker: str) -> Iterator[Form]:
    """The scheme of one allowed origin with the host or port of another, and hosts put together."""
    for other in others:
        for scheme in (allowed.scheme, other.scheme):
            for host in (allowed.host, other.host):
                for port in (allowed.port, other.port):
                    yield origin_of(scheme, host, port)
        for host in (allowed.host + other.host, other.host + allowed.host):
            yield origin_of(allowed.scheme, host, allowed.port)
        for host in (f"{allowed.host}.{other.host}", f"{other.host}.{allowed.host}"):
            yield origin_of(allowed.scheme, host, allowed.port)
        yield f"{allowed}{other}"
