"""Locations and where they lead, as the URL standard has it."""

import pytest

from spec.browser.location import Target, location_url

AWAY, FAR = "https://server.example", "https://far.example"


@pytest.mark.parametrize(
    ("location", "origin", "path"),
    [
        # With a scheme and a host
        (FAR + "/x", FAR, "/x"),
        (FAR, FAR, "/"),
        (FAR + "?q", FAR, "/?q"),
        (FAR + "//x", FAR, "//x"),
        (FAR + "/../x", FAR, "/x"),
        ("HTTPS://FAR.example:443/x", FAR, "/x"),
        ("http://far.example:443/", "http://far.example:443", "/"),
        ("http://[::1]:8080/", "http://[::1]:8080", "/"),
        ("http://127.1/", "http://127.0.0.1", "/"),
        (FAR + "/?a@b/c", FAR, "/?a@b/c"),
        (FAR + "?a@b/c", FAR, "/?a@b/c"),
        (FAR + "/a@b", FAR, "/a@b"),
        (FAR + "/ ", FAR, "/"),
        # With too many slashes, or too few
        ("//far.example/a/../b?c#d", FAR, "/b?c"),
        ("///far.example/x", FAR, "/x"),
        ("//XAR.example/x", "https://xar.example", "/x"),
        ("https:///far.example/x", FAR, "/x"),
        ("http:far.example/x", "http://far.example", "/x"),
        ("http:////far.example/x", "http://far.example", "/x"),
        ("http:\\\\far.example\\x?\\", "http://far.example", "/x?\\"),
        ("/\\far.example\\x?\\?\\", FAR, "/x?\\?\\"),
        # A scheme of the base alone, which counts for nothing
        ("https:far.example", AWAY, "/dir/far.example"),
        ("https:/far.example", AWAY, "/far.example"),
        ("HTTPS:/far.example", AWAY, "/far.example"),
        ("https:a:b", AWAY, "/dir/a:b"),
        ("https:", AWAY, "/dir/file?a/b?c"),
        # What only looks like a scheme
        ("!/x", AWAY, "/dir/!/x"),
        ("/http:x", AWAY, "/http:x"),
        ("/x?http://far.example/", AWAY, "/x?http://far.example/"),
        ("a/b:c", AWAY, "/dir/a/b:c"),
        ("1http://far.example/", AWAY, "/dir/1http://far.example/"),
        # NearMiss
        ("x", AWAY, "/dir/x"),
        ("x//", AWAY, "/dir/x//"),
        ("../x", AWAY, "/x"),
        ("?q", AWAY, "/dir/file?q"),
        ("?", AWAY, "/dir/file?"),
        ("/x?", AWAY, "/x?"),
        ("/x?y?z", AWAY, "/x?y?z"),
        ("?q#f", AWAY, "/dir/file?q"),
        ("#f", AWAY, "/dir/file?a/b?c"),
        ("/x#f#g", AWAY, "/x"),
        ("", AWAY, "/dir/file?a/b?c"),
        # Dots
        ("/a/b/c/../d", AWAY, "/a/b/d"),
        ("/a/./b", AWAY, "/a/b"),
        ("/a/b/..", AWAY, "/a/"),
        ("/a/b/.", AWAY, "/a/b/"),
        ("/..", AWAY, "/"),
        ("/../a", AWAY, "/a"),
        ("/a//../b", AWAY, "/a/b"),
        ("/a/%2e%2E/b", AWAY, "/b"),
        ("/a/.%2e/b/%2E", AWAY, "/b/"),
        ("/a/.../.b/c%2e/d..", AWAY, "/a/.../.b/c%2e/d.."),
        ("/a/b?../c", AWAY, "/a/b?../c"),
        # Characters
        ("\x00\x1f /x\x01 ", AWAY, "/x"),
        (" \t/x\t ", AWAY, "/x"),
        ("/a\rb\nc\td", AWAY, "/abcd"),
        ("/!\x7f~?!\x7f~", AWAY, "/!%7F~?!%7F~"),
        ("/x y\xe9?x y\xe9", AWAY, "/x%20y%C3%A9?x%20y%C3%A9"),
        ("/%/!$&'()*+,;=:@[]|_.-~^`{}<>\"", AWAY, "/%/!$&'()*+,;=:@[]|_.-~%5E%60%7B%7D%3C%3E%22"),
        ("/?%/?!$&'()*+,;=:@[]|_.-~^`{}<>\"", AWAY, "/?%/?!$&%27()*+,;=:@[]|_.-~^`{}%3C%3E%22"),
    ],
)
def test_where_a_location_leads(location: str, origin: str, path: str) -> None:
    found = location_url(AWAY, "/dir/file?a/b?c", location.encode("latin-1"))
    assert found == Target(origin, path, False)


def test_a_base_may_be_of_either_scheme() -> None:
    assert location_url("http://server.example:8080", "/", b"//far.example/") == (
        "http://far.example",
        "/",
        False,
    )
    assert location_url("http://server.example", "/", b"https:far.example") == (FAR, "/", False)
    assert location_url("http://server.example:8080", "/", b"http:x") == (
        "http://server.example:8080",
        "/x",
        False,
    )


@pytest.mark.parametrize(
    ("user_info", "has_credentials"),
    [
        ("", False), ("@", False), (":@", False), ("user@", True), ("user:@", True), (":password@", True),
        ("user:password@", True), ("::@", True), ("@@", True), ("a@b@", True), ("a b@", True),
    ],
)  # fmt: skip
def test_user_names_and_passwords_are_noticed(user_info: str, has_credentials: bool) -> None:
    location = f"https://{user_info}far.example/x".encode()
    assert location_url(AWAY, "/", location) == Target(FAR, "/x", has_credentials)


@pytest.mark.parametrize(
    "location",
    [
        "ftp://far.example/", "data:,x", "javascript:1", "mailto:x", "a+b-c.1:x", "https://", "//", "http:",
        "http:/", "https://?", "https://@/", "https://far.example@/", "https://far.example:65536/",
        "https://far.example:x/", "https:// far/", "https://a b/", "https://far.example /x",
        "https://far.example\xa0", "https://far.example\x0b/", "https://user@ far.example/",
    ],
)  # fmt: skip
def test_locations_that_lead_nowhere(location: str) -> None:
    assert location_url(AWAY, "/", location.encode("latin-1")) is None
