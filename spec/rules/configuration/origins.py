"""What `allow_origins` may hold, and what is risky in it."""

from spec.config import Config
from spec.origin import DEFAULT_PORTS, Kind, judge_entry, parts
from spec.rules.configuration.examples import SITE, example
from spec.rules.configuration.facts import (
    credentials_are_on,
    entries_of,
    null_origin,
    plain_http_with_credentials,
    wildcard_beside_others,
    wildcard_with_credentials,
)
from spec.rules.record import Level, Place, Profile, Rule, Severity, Subject
from spec.rules.sources import CHEAT_SHEETS, MDN, PARAMETERS, URL, fetch, page

RULES: list[Rule] = []


def origins_that_no_browser_sends(config: Config) -> list[Place]:
    return [place for place, entry in entries_of(config) if judge_entry(entry).kind is Kind.NEVER]


def reason_against(value: str) -> str:
    return judge_entry(value).reason


def canonical_origin(value: str) -> str | None:
    meant = judge_entry(value).canonical
    return None if meant is None else repr(meant)


RULES.append(
    Rule(
        id="A-CFG-5",
        aliases=("CFG-1",),
        title="Allowed origins are ones browsers send",
        sentence=(
            "Every entry of `allow_origins` is `*`, `null`, an origin exactly as browsers send it, or "
            "a valid pattern of such origins"
        ),
        sources=(URL + "#host-serializing",),
        level=Level.MUST,
        severity=Severity.KEEPS_OUT,
        profile=Profile.DOCUMENTED,
        subject=Subject.CONFIGURATION,
        finds=origins_that_no_browser_sends,
        middleware="raises",
        details=reason_against,
        suggests=canonical_origin,
        why=(
            "An entry in another form, for example with a path, a slash at the end or upper case, "
            "never matches, so the pages it was meant for cannot read responses."
        ),
        repair=(
            "Write the origin as the `Origin` header shows it, such as `https://example.com`, or a "
            "pattern such as `https://*.example.com`."
        ),
        counterexample=example(allow_origins=("https://Example.com",)),
    )
)


RULES.append(
    Rule(
        id="A-CFG-1",
        aliases=("D-22", "CFG-4"),
        title="No wildcard origin with credentials",
        sentence="When `allow_credentials` is on, `allow_origins` does not contain `*`",
        sources=(PARAMETERS,),
        level=Level.MUST,
        severity=Severity.LETS_IN,
        profile=Profile.DOCUMENTED,
        subject=Subject.CONFIGURATION,
        applies=credentials_are_on,
        finds=wildcard_with_credentials,
        middleware="raises",
        why=(
            "Browsers block `*` on requests with credentials. Middleware that echoes the origin "
            "instead lets every website read the data of signed-in users."
        ),
        repair=("List the trusted origins in `allow_origins`, or turn `allow_credentials` off."),
        implies=("D-08", "SEC-1", "SEC-12"),
        counterexample=example(allow_origins=("*",), allow_credentials=True),
    )
)


def wildcard_beside_origins(config: Config) -> list[Place]:
    return wildcard_beside_others(config, "allow_origins")


RULES.append(
    Rule(
        id="A-CFG-6",
        aliases=("CFG-3",),
        title="Wildcard origin is the only entry",
        sentence="When `allow_origins` contains `*`, it contains no other entry",
        sources=(page("#wildcards"),),
        level=Level.SHOULD,
        severity=Severity.LETS_IN,
        profile=Profile.DOCUMENTED,
        subject=Subject.CONFIGURATION,
        finds=wildcard_beside_origins,
        middleware="warns",
        why=(
            "The `*` already allows every origin, so the other entries have no effect. The list looks "
            "restrictive, but pages of every website can read responses."
        ),
        repair=("Write `*` alone to allow every origin, or remove `*` and keep the listed origins."),
        implies=("D-08", "SEC-12"),
        counterexample=example(allow_origins=("*", SITE)),
    )
)


RULES.append(
    Rule(
        id="A-CFG-7",
        aliases=("SEC-4",),
        title="Origin `null` is not allowed",
        sentence=("`allow_origins` does not contain `null`, an origin that any website can obtain"),
        sources=(MDN + "Access-Control-Allow-Origin#null",),
        level=Level.SECURITY,
        severity=Severity.LETS_IN,
        profile=Profile.SECURITY,
        subject=Subject.CONFIGURATION,
        finds=null_origin,
        middleware="warns, raises with credentials",
        why=(
            "Any website can send requests with the origin `null`, for example from a sandboxed "
            "iframe, and its scripts can then read the responses."
        ),
        repair=("Remove `null`, serve the page from an https origin of its own, and list that origin."),
        implies=("CFG-10",),
        counterexample=example(allow_origins=("null",)),
    )
)


RULES.append(
    Rule(
        id="A-CFG-8",
        aliases=("SEC-10",),
        title="No plain http with credentials",
        sentence=(
            "With credentials, no listed origin, pattern or regex allows plain `http://`, except for "
            "loopback such as `localhost`"
        ),
        sources=(CHEAT_SHEETS + "HTML5_Security_Cheat_Sheet.html",),
        level=Level.SHOULD,
        severity=Severity.LETS_IN,
        profile=Profile.SECURITY,
        subject=Subject.CONFIGURATION,
        applies=credentials_are_on,
        finds=plain_http_with_credentials,
        middleware="warns",
        why=(
            "Someone on the network can change a page that is loaded over plain http. That page can "
            "then read responses to requests with the user's credentials."
        ),
        repair=(
            "Write `https://` in entries, patterns and the regex (not `https?://`), or turn "
            "`allow_credentials` off."
        ),
        implies=("CFG-10",),
        counterexample=example(allow_origins=("http://example.com",), allow_credentials=True),
    )
)


def unusual_origins(config: Config) -> list[Place]:
    return [place for place, entry in entries_of(config) if judge_entry(entry).kind is Kind.UNUSUAL]


RULES.append(
    Rule(
        id="A-CFG-22",
        title="Allowed origins are usual ones",
        sentence=(
            "Allowed origins fit the grammar of origins (no `file://`, no `_` in the host) and do not "
            "use port 0"
        ),
        sources=(fetch("#origin-header"),),
        level=Level.SHOULD,
        severity=Severity.KEEPS_OUT,
        profile=Profile.IMPLEMENTATION,
        subject=Subject.CONFIGURATION,
        finds=unusual_origins,
        middleware="warns",
        why=(
            "Browsers may differ in whether they send such an origin, and no server can be reached on "
            "port 0. Often the entry is a typing error."
        ),
        repair=(
            "Write the origin that the `Origin` header of the page shows, or keep this one if it is "
            "exactly that."
        ),
        counterexample=example(allow_origins=("https://foo_bar.example",)),
    )
)


def nobody(config: Config) -> list[Place]:
    """An empty list of origins, and no regular expression."""
    is_empty = config.allow_origins == ()
    return [Place("allow_origins")] if is_empty and config.allow_origin_regex is None else []


RULES.append(
    Rule(
        id="A-CFG-27",
        title="At least one origin is configured",
        sentence="`allow_origins` has at least one entry, or `allow_origin_regex` is given",
        sources=(PARAMETERS,),
        level=Level.SHOULD,
        severity=Severity.KEEPS_OUT,
        profile=Profile.IMPLEMENTATION,
        subject=Subject.CONFIGURATION,
        finds=nobody,
        middleware="warns",
        why=(
            "No page of another origin can read responses. Often the list comes from an environment "
            "variable that was not set."
        ),
        repair=("List the origins whose pages may read responses, or keep the list empty if none may."),
        counterexample=example(allow_origins=()),
    )
)


def origins_with_a_default_port(config: Config) -> list[Place]:
    written = [(place, parts(entry)) for place, entry in entries_of(config)]
    return [
        place
        for place, origin in written
        if origin is not None and origin.port is not None and origin.port == DEFAULT_PORTS.get(origin.scheme)
    ]


RULES.append(
    Rule(
        id="D-03",
        title="Default ports are not written",
        sentence=(
            "Allowed origins do not spell out the default port of their scheme, such as `:80` for "
            "http or `:443` for https"
        ),
        sources=(page("#steps"),),
        level=Level.MUST,
        severity=Severity.KEEPS_OUT,
        profile=Profile.DOCUMENTED,
        subject=Subject.CONFIGURATION,
        finds=origins_with_a_default_port,
        why=(
            "Browsers leave the default port out of the `Origin` header, so an entry that contains it "
            "never matches and its pages cannot read responses."
        ),
        repair=("Leave the default port out: `https://example.com`, not `https://example.com:443`."),
        implies=("A-CFG-5",),
        counterexample=example(allow_origins=("https://example.com:443",)),
    )
)
