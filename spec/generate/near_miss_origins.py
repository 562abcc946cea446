"""The near misses of what a configuration allows: what an attacker, or a careless client, sends instead.

Near misses are made from the allowed origin, because faulty comparisons (prefix, suffix, substring, unescaped
dot, case folding, stripping) let through only values that look like it. Nothing here says what the answer
must be: a near miss of one entry may be allowed by another entry, by a pattern or by a regex.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from spec.generate import near_miss_hosts, near_miss_spellings
from spec.generate.near_miss_patterns import pattern_examples, pattern_misses
from spec.generate.origin_parts import Family, Form, parsed
from spec.generate.vocabulary import BLANKS, LINE_ENDS, Lines


@dataclass(frozen=True)
class NearMiss:
    """A near miss of an allowed origin: the family that it is of, and the Origin lines that are sent.

    No line at all is a near miss too (a request without Origin).
    """

    family: str
    lines: Lines

    @property
    def travels(self) -> bool:
        """Whether an HTTP parser hands these lines to a server as they are.

        It does not when they hold CR, LF or NUL, nor when space or tab is around them:
        https://www.rfc-editor.org/rfc/rfc9110#section-5.5
        """
        return all(line == line.strip(b" \t") and not re.search(rb"[\r\n\0]", line) for line in self.lines)


def _nothings(allowed: str) -> Iterator[Form]:
    yield from ("null", "*", "", (), "Null", "NULL", "undefined", "about:blank")
    yield from (
        f" {allowed}",
        f"{allowed} ",
        f"\t{allowed}",
        f"{allowed}\t",
        f" {allowed} ",
    )


def _several(allowed: str, other: str) -> Iterator[Form]:
    for one, two in ((allowed, other), (other, allowed), (allowed, allowed)):
        yield from (
            f"{one}, {two}",
            f"{one},{two}",
            f"{one} {two}",
            f"{one};{two}",
            f"{one}|{two}",
        )
        yield (one.encode(), two.encode())
    yield from (
        (allowed.encode(), b""),
        (b"", allowed.encode()),
        f"{allowed},",
        f",{allowed}",
    )


def _bytes(allowed: bytes) -> Iterator[Form]:
    for blank in BLANKS + LINE_ENDS + (b"\0",):
        yield allowed + blank
        yield blank + allowed
    for end in LINE_ENDS:
        yield allowed + end + b"x-injected: 1"
        yield b"https://x" + end + allowed
    yield from (
        b"\xef\xbb\xbf" + allowed,
        allowed + b"\xe9",
        allowed + b"\xff",
        allowed[:-1] + b"\0" + allowed[-1:],
    )
    yield from (allowed + b"a" * 8192, allowed + b"." + b"a." * 4096 + b"a")
    scheme, separator, host = allowed.partition(b"://")
    yield scheme + separator + b"a." * 4096 + host


# The families that need a scheme and a host to change.
_OF_ORIGINS: Mapping[str, Family] = {
    "unlisted origins": near_miss_hosts.unlisted,
    "glued domains": near_miss_hosts.glued,
    "neighbouring domains": near_miss_hosts.neighbours,
    "dots as letters": near_miss_hosts.dots,
    "schemes": near_miss_spellings.schemes,
    "ports": near_miss_spellings.ports,
    "spellings and tails": near_miss_spellings.spellings,
    "disguises": near_miss_spellings.disguises,
    "special characters": near_miss_hosts.characters,
    "loopback and private hosts": near_miss_hosts.private,
    "shared hosting": near_miss_hosts.shared,
    "international names": near_miss_hosts.international,
    "mixtures of allowed origins": near_miss_hosts.mixtures,
}

# And that of patterns alone, which are near misses of what they allow as well.
OF_PATTERNS = "near misses of a pattern"

# All families but that one.
FAMILIES: tuple[str, ...] = (
    "nothing and everything",
    *_OF_ORIGINS,
    "several values",
    "bytes",
)


def near_misses(origin: str, others: Iterable[str] = (), attacker: str = "evil.example") -> list[NearMiss]:
    """Every near miss of an allowed origin, in a fixed order, each once.

    Those of a pattern are the near misses of the pattern, and the near misses of the first of its examples.
    `others` are the other allowed origins: parts of them are mixed in, they themselves are left out, like the
    origin itself. `attacker` is a domain that is not allowed. Of an entry that is no origin (`null`), those
    near misses that need no scheme and host. The families are those of `FAMILIES`, each with a near miss that
    has been let through by some server: https://owasp.org/www-project-web-security-testing-guide/
    """
    forms: dict[str, Iterable[Form]] = {}
    if misses := pattern_misses(origin, attacker):
        forms[OF_PATTERNS] = misses
        origin = pattern_examples(origin)[0]
    others = [example for other in others for example in (pattern_examples(other)[:1] or [other])]
    allowed = (origin, *others)
    forms["nothing and everything"] = _nothings(origin)
    parts = parsed(origin)
    if parts:
        other_parts = tuple(found for found in map(parsed, allowed[1:]) if found)
        forms.update((name, family(parts, other_parts, attacker)) for name, family in _OF_ORIGINS.items())
    forms["several values"] = [
        form for other in (f"https://{attacker}", *allowed[1:]) for form in _several(origin, other)
    ]
    forms["bytes"] = _bytes(origin.encode())
    seen: set[Lines] = {(entry.encode(),) for entry in allowed}
    found = []
    for family, members in forms.items():
        for member in members:
            lines = _lines(member)
            if lines not in seen:
                seen.add(lines)
                found.append(NearMiss(family, lines))
    return found


def _lines(form: Form) -> Lines:
    if isinstance(form, tuple):
        return form
    return (form.encode() if isinstance(form, str) else form,)


def sequences(origin: str, refused: str = "https://evil.example") -> list[list[Lines]]:
    """Orders of requests in which the verdict on each must be what it would be alone.

    Each is a list of the Origin lines of one request after the other: the same origin again and again, and an
    allowed one before, between and after refused ones.
    """
    yes, no = (origin.encode(),), (refused.encode(),)
    return [
        [yes] * 5,
        [no] * 5,
        [no, yes],
        [yes, no],
        [yes, no, yes, no, yes],
        [no, yes, (), yes, no, no],
    ]


def usual_near_misses(origin: str) -> list[bytes]:
    """What a comparison that is a little too kind takes for this origin: each by one common mistake.

    Those of a pattern are all its near misses, of which a few are allowed.
    """
    if misses := pattern_misses(origin):
        return misses
    scheme, _, rest = origin.partition("://")
    has_port = re.fullmatch(r".*:[0-9]+", rest) is not None
    host = rest.rpartition(":")[0] if has_port else rest
    swapped = {"http": "https", "https": "http"}.get(scheme, "https")
    found = (
        f"{scheme}://{rest.upper()}",
        f"{scheme.upper()}://{rest}",
        f"{origin}/",
        f"{scheme}://{host}" if has_port else f"{origin}:443",
        f"{origin}.evil.example",
        f"{scheme}://{host}.evil.example",
        f"{scheme}://evil{rest}",
        f"{scheme}://evil.{rest}",
        f"{swapped}://{rest}",
        f"{origin}, https://evil.example",
        f"https://evil.example/{rest}",
        f"{scheme}://{rest.replace('.', 'x', 1)}",
        f"{origin}1",
        "null",
        "https://evil.example",
    )
    return [value.encode() for value in dict.fromkeys(found) if value != origin]
