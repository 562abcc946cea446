"""Where a URL says that a server is, and what is asked there."""

import pytest

from spec.conformance.transports import Address


@pytest.mark.parametrize(
    ("url", "address", "origin"),
    [
        ("http://a.example", Address(False, "a.example", 80, "a.example"), "http://a.example"),
        ("https://a.example", Address(True, "a.example", 443, "a.example"), "https://a.example"),
        ("http://A.example:81/b/?c=1", Address(False, "a.example", 81, "A.example:81", "/b/", "c=1"),
         "http://A.example:81"),
        ("https://[::1]:81/b", Address(True, "::1", 81, "[::1]:81", "/b"), "https://[::1]:81"),
        ("http://b\xfccher.example:8", Address(False, "b\xfccher.example", 8, "xn--bcher-kva.example:8"),
         "http://xn--bcher-kva.example:8"),
        ("unix:/run/a.sock", Address(False, "localhost", 80, "localhost", socket_file="/run/a.sock"),
         "http://localhost"),
        ("unix:///run/a.sock", Address(False, "localhost", 80, "localhost", socket_file="/run/a.sock"),
         "http://localhost"),
    ],
)  # fmt: skip
def test_a_url_says_where(url: str, address: Address, origin: str) -> None:
    assert Address.parse(url) == address
    assert address.origin == origin


NO_URL = "url: {!r} is not an http or https URL; write for instance http://127.0.0.1:8000"
SECRET = (
    "url: the URL of a.example has a user name or a password. Leave them out, and write "
    "--header \"Authorization: Basic $(printf %s 'user:password' | base64)\""
)


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        *((url, NO_URL) for url in ("", "a", "ftp://a", "http://", "http:///a", "http://[a", "http://a:b")),
        ("http://\xfc..b", NO_URL),
        ("unix:", "url: {!r} names no file; write for instance unix:/run/app.sock"),
        ("http://u:p@a.example/", SECRET),
        ("http://u@a.example/", SECRET),
        (f"http://u:{'p' * 64}@a.example/", SECRET),
        ("http://a.example/b#c", "url: {!r} has a fragment, which is never sent; leave out #c"),
    ],
)
def test_what_would_not_be_sent_is_refused(url: str, problem: str) -> None:
    with pytest.raises(ValueError, match=r"^url: ") as caught:
        Address.parse(url)
    assert str(caught.value) == problem.format(url)


@pytest.mark.parametrize(
    ("url", "path", "target"),
    [
        ("http://a", "/", "/"),
        ("http://a/", "/", "/"),
        ("http://a/me", "/", "/me"),
        ("http://a/me/", "/", "/me/"),
        ("http://a/me", "/b", "/me/b"),
        ("http://a/me/", "/b", "/me/b"),
        ("http://a/X/", "/b", "/X/b"),
        ("http://a?c=1", "/", "/?c=1"),
        ("http://a/me?c=1", "/?d=2", "/me?c=1&d=2"),
        ("http://a/me?c=1", "/b?d=2", "/me/b?c=1&d=2"),
        ("http://a/me", "/?d=2", "/me?d=2"),
        ("http://a", '/a b"\xfc%20%2f%zz%', "/a%20b%22%C3%BC%20%2f%25zz%25"),
        ("http://a", "/#?\u20ac=[1]", "/%23?%E2%82%AC=%5B1%5D"),
        ("http://a", "/~!$&'()*+,;=:@-._", "/~!$&'()*+,;=:@-._"),
        ("unix:/a", "/b", "/b"),
    ],
)
def test_a_path_is_below_that_of_the_url_and_percent_encoded(url: str, path: str, target: str) -> None:
    assert Address.parse(url).target(path) == target
