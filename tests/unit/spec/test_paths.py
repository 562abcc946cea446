"""Which policy a path has: the longest prefix of what every application reads alike."""

import pytest

from spec.config import Config
from spec.paths import certain_segments, is_prefix, is_read_alike, policy_of, segments_of

ROOT, PUBLIC, ADMIN = (Config((f"https://{name}.example",)) for name in ("root", "public", "admin"))
POLICIES = {"/": ROOT, "/public": PUBLIC, "/public/admin": ADMIN}


@pytest.mark.parametrize(
    ("path", "policy"),
    [
        ("/", ROOT),
        ("", ROOT),
        ("/items?x=/public", ROOT),
        ("/public", PUBLIC),
        ("/%70ublic/", PUBLIC),
        ("/publications", ROOT),
        ("/public/admin/x", ADMIN),
        ("/public/x//admin", PUBLIC),
        ("/public/x/a%2Fb", PUBLIC),
        ("/public/admin/%2E", ADMIN),
        ("/public/../admin", None),
        ("/public/admin/..", None),
        ("/public%2F..%2Fadmin", None),
        ("/public/%252e%252e/admin", None),
        ("/public/..%5Cadmin", None),
        ("/public/..%255Cadmin", None),
        ("/public/x/..%5Cadmin", None),
        ("/public/x/y%2F..", None),
        ("/public/x/y%2Fz", PUBLIC),
        ("/public//admin", None),
        ("//public", None),
        ("/public%5Cadmin", None),
        ("public", None),
        ("*", None),
    ],
)
def test_the_longest_prefix_decides_unless_a_longer_one_could_follow(
    path: str, policy: Config | None
) -> None:
    assert policy_of(POLICIES, path) == policy
    assert policy_of({"/": ROOT}, path) == ROOT
    assert policy_of({}, path) is None


def test_without_a_policy_for_all_some_paths_have_none() -> None:
    policies = {"/public": PUBLIC}
    assert [policy_of(policies, path) for path in ("/public/x", "/", "/items")] == [PUBLIC, None, None]


@pytest.mark.parametrize(
    ("path", "segments", "all_of_them"),
    [
        ("/", (), True),
        ("", (), True),
        ("/a/b/", ("a", "b"), True),
        ("/a//b", ("a",), False),
        ("/a//", ("a",), False),
        ("//", (), False),
        ("/a/./b", ("a",), False),
        ("/a/b%2Fc/d", ("a",), False),
        ("/a/b%25", ("a",), False),
        ("/a/b/..", (), False),
        ("/a/b..", ("a", "b.."), True),
        ("/%C3%A4?/..", ("ä",), True),
        ("a/b", (), False),
    ],
)
def test_a_path_is_certain_up_to_the_first_segment_that_is_read_differently(
    path: str, segments: tuple[str, ...], all_of_them: bool
) -> None:
    assert certain_segments(path) == (segments, all_of_them)


def test_a_segment_is_read_alike_if_it_is_one_decoded_name() -> None:
    assert all(map(is_read_alike, ("a", "...", ".a", "a b", "ä", "a;b", "A?", "X")))
    assert not any(map(is_read_alike, ("", ".", "..", "a/b", "a\\b", "a%b")))


def test_the_segments_of_a_prefix() -> None:
    assert [segments_of(prefix) for prefix in ("/", "/a", "/a/b")] == [(), ("a",), ("a", "b")]


@pytest.mark.parametrize("prefix", ["/", "/a", "/a/b", "/.well-known", "/...", "/a b", "/ä", "/a;b", "/XA"])
def test_a_prefix_that_paths_can_have(prefix: str) -> None:
    assert is_prefix(prefix)


@pytest.mark.parametrize(
    "prefix",
    [
        "",
        "a",
        "/a/",
        "//",
        "//a",
        "/a//b",
        "/.",
        "/a/..",
        "/a%20b",
        "/a?",
        "/a#",
        "/a\\b",
        "/*",
        "/{a",
        "/a}",
        "/a ",
        "/a/b\n",
        " /a",
    ],
)
def test_a_prefix_that_no_path_has(prefix: str) -> None:
    assert not is_prefix(prefix)
