"""What is allowed is allowed, and what is nearly allowed is not, often enough of every kind."""

from hypothesis import assume, given
from hypothesis import strategies as st

from spec.config import Config
from spec.generate.configurations import configs
from spec.generate.origin_lines import allowed_origins, is_regex_alive, near_miss_origins
from tests.helpers.thresholds import hit, thresholds
from tests.unit.spec.generate.judging import is_member
from tests.unit.spec.test_origin_patterns import is_meant


def test_the_membership_check_knows_the_traps() -> None:
    config = Config(
        allow_origins=("https://example.com", "https://*.a.example", "http://localhost:*"),
        allow_origin_regex=r"https://.*\.example\.org",
    )
    assert is_member(config, b"https://example.com")
    assert is_member(config, b"https://b.a.example") and is_member(config, b"http://localhost:1")
    for miss in (b"https://*.a.example", b"https://a.example", b"http://localhost:*", b"http://localhost:80"):
        assert not is_member(config, miss)
    assert is_member(config, b"https://a.example.org")
    for miss in (b"https://example.com\n", b"https://example.org", b"https://evil/.example.org", b"null"):
        assert not is_member(config, miss)
    assert not is_member(config, b"https://a.example.org\n")
    assert is_member(Config(allow_origins=("*",)), b"null")


@thresholds(regex=0.02, pattern=0.05, listed=0.2, origin_shaped=0.3)
@given(configs().flatmap(lambda config: st.tuples(st.just(config), st.data())))
def test_allowed_origins_are_allowed(case: tuple[Config, st.DataObject]) -> None:
    config, data = case
    assume(config.allow_origins or (config.allow_origin_regex and is_regex_alive(config)))
    origin = data.draw(allowed_origins(config))
    listed = origin in config.allow_origins
    by_pattern = any("*" in entry[1:] and is_meant(entry, origin.encode()) for entry in config.allow_origins)
    hit(
        regex=not listed and not by_pattern and "*" not in config.allow_origins,
        pattern=by_pattern and not listed,
        listed=listed,
        origin_shaped="://" in origin,
    )
    assert is_member(config, origin.encode())


def host_of(entry: str) -> bytes:
    """What is written of the host of a pattern."""
    return entry.partition("://")[2].removeprefix("*.").removesuffix(":*").removesuffix(":8443").encode()


@thresholds(one_line=0.3, like_an_entry=0.05, like_a_pattern=0.05)
@given(configs().flatmap(lambda config: st.tuples(st.just(config), near_miss_origins(config))))
def test_a_near_miss_is_never_allowed(case: tuple[Config, tuple[bytes, ...]]) -> None:
    config, lines = case
    value = b"".join(lines)
    hit(
        one_line=len(lines) == 1,
        like_an_entry=any(entry.encode() in value and entry != "*" for entry in config.allow_origins),
        like_a_pattern=any(
            host_of(entry) in value.lower() for entry in config.allow_origins if "*" in entry and entry != "*"
        ),
    )
    if "*" in config.allow_origins:
        assert lines == ()
    else:
        assert len(lines) != 1 or not is_member(config, lines[0])
