"""Reading a copied command."""

import pytest

from spec.explain.curl import Command, read

URL = "https://api.example/items?a=1&b=2"
BODY = "Its body is left out: a server is sent none."
FORM = ("Content-Type", "application/x-www-form-urlencoded")
PLAIN = Command(URL, "GET", (), None, "", (), [])

CHROMIUM = r"""curl 'https://api.example/items?a=1&b=2' \
  -X 'PUT' \
  -H 'accept: */*' \
  -H 'accept-language: en-US,en;q=0.9' \
  -H 'authorization: Bearer a' \
  -H 'content-type: application/json' \
  -b 'a=1; b=2' \
  -H 'origin: https://app.example' \
  -H 'sec-fetch-mode: cors' \
  -H 'x-quote: it'\''s' \
  --data-raw $'{"a":"it\'s \u0021"}' \
  --compressed"""

WINDOWS = r"""curl ^"https://api.example/items?a=1^&b=2^" ^
  -H ^"accept: */*^" ^
  -H ^"x-quote: ^\^"a^\^"^" ^
  --data-raw ^"^{^\^"a^\^":1^}^"
""".replace("\n", "\r\n")

FIREFOX = r"""curl 'https://api.example/items?a=1&b=2' --compressed -X POST -H 'Accept: application/json'
 -H 'Origin: https://app.example' -H 'Cookie: c=3'
 --data-raw $'------b\r\nContent-Disposition: form-data; name="a"\r\n'"""


def test_what_chromium_copies_for_bash_is_read() -> None:
    assert read(CHROMIUM) == Command(
        URL,
        "PUT",
        (("authorization", "Bearer a"), ("content-type", "application/json"), ("x-quote", "it's")),
        "https://app.example",
        "a=1; b=2",
        ("accept", "accept-language", "origin", "sec-fetch-mode"),
        [BODY],
    )


def test_what_chromium_copies_for_windows_is_read() -> None:
    headers = (("x-quote", '"a"'), FORM)
    expected = PLAIN._replace(method="POST", headers=headers, added=("accept",), notes=[BODY])
    assert read(WINDOWS) == read(WINDOWS.replace("\r\n", "\n")) == expected


def test_what_firefox_copies_is_read() -> None:
    assert read(FIREFOX.replace("\n", " ")) == Command(
        URL,
        "POST",
        (("Accept", "application/json"), FORM),
        "https://app.example",
        "c=3",
        ("Origin", "Cookie"),
        [BODY],
    )


@pytest.mark.parametrize(
    ("options", "changes"),
    [
        ("", {}),
        (
            "--compressed -s --silent -S --show-error -i --include -v --verbose -L --location -g --globoff -f"
            " --fail -N --no-buffer --http1.1 --http2 --http3 -o a --output a -m 1 --max-time 1"
            " --connect-timeout 1",
            {},
        ),
        ("-sSLv --http2 -o /dev/null -m 3", {}),
        ("-I", {"method": "HEAD"}),
        ("--head -X PURGE", {"method": "PURGE"}),
        ("-Xpurge", {"method": "purge"}),
        ("-d a", {"method": "POST", "headers": (FORM,), "notes": [BODY]}),
        (
            "--data-urlencode a --data-ascii c --data-binary b",
            {"method": "POST", "headers": (FORM,), "notes": [BODY]},
        ),
        ("-d a -X PUT", {"method": "PUT", "headers": (FORM,), "notes": [BODY]}),
        (
            "-d a -H 'Content-type: text/plain'",
            {"method": "POST", "headers": (("Content-type", "text/plain"),), "notes": [BODY]},
        ),
        (
            "--form-string a=b",
            {"method": "POST", "headers": (("Content-Type", "multipart/form-data"),), "notes": [BODY]},
        ),
        (
            "-F a=b",
            {"method": "POST", "headers": (("Content-Type", "multipart/form-data"),), "notes": [BODY]},
        ),
        (
            "--form a=b -H 'content-type: a/b'",
            {"method": "POST", "headers": (("content-type", "a/b"),), "notes": [BODY]},
        ),
        (
            "--json 1",
            {
                "method": "POST",
                "headers": (("Content-Type", "application/json"), ("Accept", "application/json")),
                "notes": [BODY],
            },
        ),
        (
            "--json 1 -H 'accept: a/b'",
            {
                "method": "POST",
                "headers": (("accept", "a/b"), ("Content-Type", "application/json")),
                "notes": [BODY],
            },
        ),
        ("-u a:b", {"headers": (("Authorization", "Basic YTpi"),)}),
        ("-u a:b -H 'authorization: c'", {"headers": (("authorization", "c"),)}),
        ("-A agent -e https://app.example/", {"added": ("User-Agent", "Referer")}),
        ("-b a=1 --cookie b=2 -H 'Cookie: c=3'", {"cookie": "c=3; a=1; b=2", "added": ("Cookie",)}),
        ("-k", {"notes": ["--insecure is left out: browsers check certificates."]}),
        (
            "-H 'X-Empty;' -H 'X-None:' -H X-Nothing -H 'X-A:\t1 ' -H 'X-B: 1;' -H 'X-C: \xa0X'",
            {"headers": (("X-Empty", ""), ("X-A", "1"), ("X-B", "1;"), ("X-C", "\xa0X"))},
        ),
        ("-H 'Origin: null' -H 'origin: b'", {"origin": "null", "added": ("Origin", "origin")}),
    ],
)
def test_an_option_means_what_it_means_to_curl(options: str, changes: dict[str, object]) -> None:
    expected = Command(**{**PLAIN._asdict(), **changes})
    assert read(f"curl '{URL}' {options}") == expected
    assert read(f"/usr/bin/curl {options} --url '{URL}'") == expected
    assert read(f"curl.exe {options} '{URL}'") == expected


@pytest.mark.parametrize(
    ("escaped", "meant"),
    [
        (r"a\nb", "a\nb"), (r"a\tb", "a\tb"), (r"\x4A\x5", "J\x05"), (r"\u004A\u4b", "JK"),
        (r"\\ \' \"", "\\ ' \""), (r"a\rb", "a\rb"), ("a\nb", "a\nb"),
    ],
)  # fmt: skip
def test_escapes_of_bash_are_read(escaped: str, meant: str) -> None:
    (_, value), *_ = read(f"curl a -H $'X-A: {escaped}' -H 'X-B: 1'").headers
    assert value == meant


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "this does not begin with curl. Copy one from the network tab: Copy as cURL"),
        ("wget a", "this does not begin with curl. Copy one from the network tab: Copy as cURL"),
        ("curl", "it has 0 URLs, and not one"),
        ("curl a b --url c", "it has 3 URLs, and not one"),
        ("curl 'a", "its quotes are not as a shell wants them: No closing quotation"),
        ("curl --frob a", "unrecognized arguments: --frob"),
        ("curl a --insec", "unrecognized arguments: --insec"),
        ("curl a --help", "unrecognized arguments: --help"),
        ("curl a -X", "argument -X/--request: expected one argument"),
        ("curl a -H 'b c: d'", "'b c: d' is not a header"),
        ("curl a -H @file", "'@file' is not a header"),
        ("curl a -H '\u20ac: d'", "'\u20ac: d' is not a header"),
        ("curl a -H '\ud800: d'", "'\\ud800: d' is not a header"),
        ("curl a -H ''", "'' is not a header"),
    ],
)
def test_what_is_no_command_of_curl_is_refused(text: str, problem: str) -> None:
    with pytest.raises(ValueError, match=r"^") as refused:
        read(text)
    assert str(refused.value) == problem
