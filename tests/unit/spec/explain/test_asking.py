"""A fetch before servers: what is sent, how often, and what is not sent."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from spec.browser import CHROMIUM, FIREFOX, STANDARD, WEBKIT, Fetch
from spec.explain.asking import Answer, Asking, Everywhere, Story, completed, site
from spec.explain.story import Silence
from spec.http import Request, Response
from tests.unit.spec.browser.fetching import AWAY, FAR, GET, HOME, KEY, PUT, lines, says

SHARED = says("acao: * | acam: * | acah: *")
ADDED = "user-agent: verified-cors"
METADATA = "sec-fetch-dest: empty | sec-fetch-mode: cors | sec-fetch-site: cross-site"


class World:
    """Servers by origin, with what was sent to them and how often a way was made."""

    def __init__(self, **servers: Callable[[Request], Answer]) -> None:
        self.servers = servers
        self.connected: list[str] = []
        self.sent: list[tuple[str, Request]] = []

    def connect(self, origin: str) -> Callable[[Request], Answer]:
        self.connected.append(origin)
        server = self.servers[origin.partition("://")[2].partition(".")[0]]

        def serve(request: Request) -> Answer:
            self.sent.append((origin, request))
            return server(request)

        return serve


def sends(answer: Answer) -> Callable[[Request], Answer]:
    return lambda request: answer


def leads(location: str) -> Callable[[Request], Answer]:
    return sends(says(f"acao: * | location: {location}", 302))


def test_a_simple_request_is_sent_once_as_a_browser_sends_it() -> None:
    world = World(server=sends(SHARED))
    story = Asking(world.connect).story(GET, STANDARD)
    request = Request("GET", lines(f"origin: {HOME} | accept: */* | {ADDED} | {METADATA}"))
    assert world.sent == [(AWAY, request)]
    assert story == Story(STANDARD, story.hops)
    assert [(hop.request, hop.preflight_request, hop.response) for hop in story.hops] == [
        (request, None, SHARED)
    ]
    assert story.verdict == "allowed"


def test_a_preflight_is_sent_first_and_nothing_when_it_fails() -> None:
    world = World(server=sends(says("")))
    story = Asking(world.connect, sends_unsafe=True).story(PUT, STANDARD)
    preflight = Request(
        "OPTIONS",
        lines(f"accept: */* | access-control-request-method: PUT | origin: {HOME} | {ADDED} | {METADATA}"),
    )
    assert world.sent == [(AWAY, preflight)]
    assert story.hops[0].preflight_request == preflight
    assert story.verdict == "blocked"


def test_an_unsafe_request_is_sent_only_if_that_is_wanted() -> None:
    world = World(server=sends(SHARED))
    story = Asking(world.connect).story(PUT, STANDARD)
    assert [request.method for _, request in world.sent] == ["OPTIONS"]
    reason = "PUT may change something: pass --unsafe to send it."
    assert (story.silence, story.verdict) == (Silence(reason, is_sent=False), "unknown")
    assert story.hops[0].request is not None and story.hops[0].response is None
    story = Asking(world.connect, sends_unsafe=True).story(PUT, STANDARD)
    assert [request.method for _, request in world.sent] == ["OPTIONS", "OPTIONS", "PUT"]
    assert (story.silence, story.verdict) == (None, "allowed")


@pytest.mark.parametrize(
    ("method", "sent"),
    [
        ("GET", 1),
        ("HEAD", 1),
        ("OPTIONS", 2),
        ("POST", 0),
        ("PUT", 1),
        ("DELETE", 1),
        ("get", 1),
        ("gEt2", 1),
    ],
)
def test_three_methods_are_safe(method: str, sent: int) -> None:
    world = World(server=sends(SHARED))
    Asking(world.connect).story(replace(GET, method=method), STANDARD)
    assert len(world.sent) == sent


def test_no_answer_is_why_nothing_is_known() -> None:
    silence = Silence("Nothing listens.")
    for fetch in (GET, PUT):
        story = Asking(World(server=sends(silence)).connect).story(fetch, STANDARD)
        assert (story.silence, story.verdict) == (silence, "unknown")
        assert len(story.hops) == 1


def test_engines_that_send_the_same_share_an_answer() -> None:
    world = World(server=sends(SHARED))
    asking = Asking(world.connect, sends_unsafe=True)
    stories = [asking.story(PUT, engine) for engine in (STANDARD, CHROMIUM, FIREFOX, WEBKIT)]
    assert [request.method for _, request in world.sent] == ["OPTIONS", "PUT"]
    assert world.connected == [AWAY]
    assert [story.engine for story in stories] == [STANDARD, CHROMIUM, FIREFOX, WEBKIT]
    assert {story.verdict for story in stories} == {"allowed"}


def test_what_an_engine_sends_otherwise_is_sent_too() -> None:
    world = World(server=sends(SHARED))
    asking = Asking(world.connect)
    fetch = replace(GET, headers=(("DPR", "1"),))
    for engine in (STANDARD, CHROMIUM):
        asking.story(fetch, engine)
    assert [request.method for _, request in world.sent] == ["OPTIONS", "GET"]
    fetch = replace(KEY, headers=(*KEY.headers, ("User-Agent", "a")))
    for engine in (FIREFOX, CHROMIUM):
        asking.story(fetch, engine)
    asked = [request.lines("access-control-request-headers") for _, request in world.sent[2:]]
    assert asked == [[b"authorization,user-agent"], [], [b"authorization"], []]


def test_each_origin_that_a_redirect_leads_to_has_a_way_of_its_own() -> None:
    world = World(server=leads(f"{FAR}/x"), far=sends(SHARED))
    story = Asking(world.connect).story(GET, STANDARD)
    assert world.connected == [AWAY, FAR]
    assert [(origin, request.path) for origin, request in world.sent] == [(AWAY, "/"), (FAR, "/x")]
    assert [hop.request for hop in story.hops] == [request for _, request in world.sent]
    assert world.sent[1][1].lines("origin") == [b"null"]


def test_the_same_request_to_another_origin_is_another_one() -> None:
    world = World(server=leads(f"{FAR}/x"), far=leads("https://third.example/x"), third=sends(SHARED))
    story = Asking(world.connect).story(GET, STANDARD)
    assert (len(story.hops), story.verdict) == (3, "allowed")
    assert [origin for origin, _ in world.sent] == [AWAY, FAR, "https://third.example"]
    assert world.sent[1][1] == world.sent[2][1]


def test_a_loop_is_asked_each_time_and_ends() -> None:
    occurrences = []

    class Counting(Asking):
        def answer(self, origin: str, request: Request, occurrence: int) -> Answer:
            occurrences.append(occurrence)
            return super().answer(origin, request, occurrence)

    world = World(server=leads("/"))
    story = Counting(world.connect).story(GET, STANDARD)
    assert occurrences == list(range(1, 22))
    assert (len(world.sent), len(story.hops), story.verdict) == (21, 21, "blocked")
    assert story.hops[-1].outcome.reason == "C-RED-7"


def test_a_server_may_respond_otherwise_the_second_time() -> None:
    answers = [says("acao: * | location: /", 302), SHARED]
    world = World(server=lambda _: answers.pop(0))
    asking = Asking(world.connect)
    for engine in (STANDARD, CHROMIUM):
        assert asking.story(GET, engine).verdict == "allowed"
    assert len(world.sent) == 2


def test_redirects_count_for_the_distance_to_the_page() -> None:
    world = World(a=leads("https://far.example/"), far=leads("https://a.page.example/2"))
    page: Fetch = Fetch("https://b.page.example", "https://a.page.example")

    def serve(request: Request) -> Answer:
        return SHARED if request.path == "/2" else says("acao: * | location: https://far.example/", 302)

    world.servers["a"] = serve
    story = Asking(world.connect).story(page, STANDARD)
    sites = [request.lines("sec-fetch-site") for _, request in world.sent]
    assert sites == [[b"same-site"], [b"cross-site"], [b"cross-site"]]
    assert [hop.request for hop in story.hops] == [request for _, request in world.sent]
    assert world.connected == ["https://a.page.example", "https://far.example"]


def test_a_cookie_goes_to_its_server_with_credentials_and_on_no_preflight() -> None:
    def cookies(fetch: Fetch, **servers: Callable[[Request], Answer]) -> list[list[bytes]]:
        world = World(**servers)
        asking = Asking(world.connect, sends_unsafe=True, cookie="a=1")
        asking.story(fetch, STANDARD)
        return [request.lines("cookie") for _, request in world.sent]

    good = says(f"acao: {HOME} | acac: true | acam: PUT")
    assert cookies(replace(PUT, credentials="include"), server=sends(good)) == [[], [b"a=1"]]
    assert cookies(PUT, server=sends(good)) == [[], []]
    away = sends(says(f"acao: {HOME} | acac: true | location: {FAR}", 302))
    assert cookies(replace(GET, credentials="include"), server=away, far=sends(good)) == [[b"a=1"], []]


def test_without_a_cookie_none_is_sent() -> None:
    world = World(server=sends(SHARED))
    Asking(world.connect).story(replace(GET, credentials="include"), STANDARD)
    assert [request.lines("cookie") for _, request in world.sent] == [[]]


def test_the_servers_of_all_origins_are_made_when_they_are_asked_for_and_none_is_listed() -> None:
    servers = Everywhere(lambda origin: lambda request: Response(200, ((b"a", origin.encode()),)))
    assert servers[FAR](Request("GET", ())) == Response(200, ((b"a", FAR.encode()),))
    assert (list(servers), len(servers)) == ([], 0)


# What browsers add


@pytest.mark.parametrize(
    ("method", "given", "added"),
    [
        ("GET", "", f"accept: */* | {ADDED}"),
        ("GET", "accept: a", ADDED),
        ("GET", "User-Agent: a | Accept: b", ""),
        ("POST", "accept: a", f"{ADDED} | content-length: 0"),
        ("PUT", "accept: a", f"{ADDED} | content-length: 0"),
        ("DELETE", "accept: a", ADDED),
    ],
)
def test_what_is_not_set_is_added(method: str, given: str, added: str) -> None:
    request = Request(method, lines(given), "/a")
    found = completed(request, HOME, ("http://server.example",))
    assert found == Request(method, (*lines(given), *lines(added)), "/a")


@pytest.mark.parametrize(
    ("origin", "is_sent"),
    [
        ("https://a.example", True),
        ("http://a.example", False),
        ("http://localhost:8000", True),
        ("http://127.0.0.1", True),
    ],
)
def test_metadata_go_to_trustworthy_urls_alone(origin: str, is_sent: bool) -> None:
    found = completed(Request("GET", ()), HOME, (origin,))
    assert (found.headers[2:] == lines(METADATA)) == is_sent
    assert (len(found.headers) == 2) != is_sent


def test_a_cookie_is_latin_1_as_far_as_it_can_be() -> None:
    found = completed(Request("GET", ()), HOME, ("http://a.example",), "a=\xe9\u20ac")
    assert found.headers[2:] == ((b"cookie", b"a=\xe9?"),)


@pytest.mark.parametrize(
    ("page", "origins", "expected"),
    [
        (HOME, (HOME,), b"same-origin"),
        (HOME, (HOME, HOME), b"same-origin"),
        (HOME, (HOME, AWAY), b"cross-site"),
        ("https://a.shop.example", ("https://shop.example:8443", "https://b.c.shop.example"), b"same-site"),
        ("https://a.shop.example", ("https://shop.example", AWAY), b"cross-site"),
        ("http://a.shop.example", ("https://shop.example",), b"cross-site"),
        ("https://a.github.io", ("https://b.github.io",), b"cross-site"),
        ("https://github.io", ("https://github.io:8443",), b"same-site"),
        ("https://github.io", ("https://co.uk",), b"cross-site"),
        ("http://127.0.0.1:1", ("http://127.0.0.1:2",), b"same-site"),
        ("http://127.0.0.1", ("http://10.1.0.1",), b"cross-site"),
        ("https://a1.shop.example", ("https://shop.example",), b"same-site"),
        ("http://[::ffff:1.2.3.4]", ("http://[::ffff:2.2.3.4]",), b"cross-site"),
        ("http://[::1]:1", ("http://[::1]:2",), b"same-site"),
        ("http://[::1]", ("http://[::2]",), b"cross-site"),
        ("null", ("null",), b"same-origin"),
        ("null", (HOME,), b"cross-site"),
        ("null", ("about:blank",), b"cross-site"),
    ],
)
def test_a_site_is_a_scheme_and_a_registrable_domain(
    page: str, origins: tuple[str, ...], expected: bytes
) -> None:
    assert site(page, origins) == expected
