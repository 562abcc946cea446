"""Origins that a pattern allows, and those that look like them."""

from collections.abc import Iterator

from spec.generate.origin_parts import origin_of
from spec.origin import DEFAULT_PORTS, LONGEST_LABEL, LONGEST_ORIGIN, OriginPattern, parse_pattern


def pattern_examples(entry: str) -> list[str]:
    """Origins that a pattern allows, the usual ones first; nothing for what is no pattern."""
    pattern = parse_pattern(entry)
    if pattern is None:
        return []
    hosts = [pattern.host]
    if pattern.below:
        hosts = [f"{front}.{pattern.host}" for front in ("app", "a.b", "xn--bcher-kva", "1", "a-b.c")]
        hosts.append(f"{'a' * LONGEST_LABEL}.{pattern.host}")
    ports = ["", "8080", "3000", "65535", "1", "0"] if pattern.port == "*" else [pattern.port]
    found = [origin_of(pattern.scheme, host, port) for port in ports[:2] for host in hosts[:2]]
    found += [origin_of(pattern.scheme, host, ports[0]) for host in hosts[2:]]
    found += [origin_of(pattern.scheme, hosts[0], port) for port in ports[2:]]
    return [*found, _of_length(pattern, LONGEST_ORIGIN)] if pattern.below else found


def _of_length(pattern: OriginPattern, length: int) -> str:
    """An origin that is allowed, but for its length: as many labels as there is room for."""
    port = "" if pattern.port == "*" else pattern.port
    room = length - len(origin_of(pattern.scheme, pattern.host, port))
    labels = "a." * (room // 2) if room % 2 == 0 else "aa." + "a." * (room // 2 - 1)
    return origin_of(pattern.scheme, labels + pattern.host, port)


def pattern_misses(entry: str, attacker: str = "evil.example") -> list[bytes]:
    """What looks like an origin that a pattern allows, each once; nothing for what is no pattern.

    A few of them are allowed, beside others that are just beyond: the longest label, the last port.
    """
    pattern = parse_pattern(entry)
    misses = _misses(pattern, attacker) if pattern is not None else ()
    return list(dict.fromkeys(value.encode() for value in misses))


def _misses(pattern: OriginPattern, attacker: str) -> Iterator[str]:
    """What a pattern that is read too kindly allows, and the boundaries of what it does allow."""
    scheme, _, host, port = pattern
    any_port = port == "*"
    written = "" if any_port else port
    front = "app." if pattern.below else ""
    example = origin_of(scheme, front + host, written)
    yield str(pattern)
    yield origin_of(scheme, host, written)  # the bare host of `*.`
    for glued in ("evil", "evil-", "-", "_", "x"):
        yield origin_of(scheme, glued + host, written)
    for name in (".", "..", "app..", ".app.", "*.", "*.app.", "app.*."):
        yield origin_of(scheme, name + host, written)
    for tail in (f".{attacker}", attacker, f"-{attacker}", ".", "..", "x", "*"):
        yield origin_of(scheme, front + host + tail, written)
        yield example + tail
    for other in ("http", "https", "ws", "wss", "ftp", "file", "evil", scheme.upper(), f"{scheme}s", "*"):
        yield origin_of(other, front + host, written)
    default = str(DEFAULT_PORTS.get(scheme, 80))
    ports = (
        default,
        "8080",
        "65535",
        "65536",
        "99999",
        "100000",
        "00",
        f"0{written or default}",
        "08080",
        "0",
    )
    for other in (*ports, "-1", "a", "*", "8080:8080", f"8080.{attacker}", f"8080@{attacker}", "%2A", " "):
        yield origin_of(scheme, front + host, other)
    yield f"{scheme}://{front}{host}:"
    yield origin_of(scheme, front + host, "")
    for label in (
        "App",
        "APP",
        "aPP",
        "a_b",
        "app-",
        "-app",
        "a!b",
        "a*b",
        "%61",
        "\u00e4",
        "xn--",
        "xn--abc-",
    ):
        yield origin_of(scheme, f"{label}.{host}", written)
    yield origin_of(scheme, front + host.upper(), written)
    yield origin_of(scheme, front + host.title(), written)
    for number in (LONGEST_LABEL, LONGEST_LABEL + 1):
        yield origin_of(scheme, f"{'a' * number}.{host}", written)
        yield origin_of(scheme, f"app.{'a' * number}.b.{host}", written)
    for length in (LONGEST_ORIGIN, LONGEST_ORIGIN + 1):
        yield _of_length(pattern, length)
    for address in ("127.0.0.1", "1.2.3.4", "[::1]", "2130706433", "0x7f.1"):
        yield origin_of(scheme, address, written)
        yield origin_of(scheme, f"{address}.{host}", written)
    for before in (
        "/",
        "?",
        "#",
        "@",
        "\\",
        ":",
        ":80.",
        "/.",
        "?.",
        "#.",
        "@app.",
        "\\.",
        ",",
        " ",
        "\n",
        "%2f.",
    ):
        yield origin_of(scheme, f"{attacker}{before}{host}", written)
    yield f"{example}/"
    yield f"{example}\n"
