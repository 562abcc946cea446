"""What is wrong or risky in `allow_origins` and in `allow_origin_regex`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from impl import origin, pattern
from impl.errors import Correction, Problem
from impl.validation import automaton, correction, names, regex, repair
from impl.validation.suffixes import registrable_domain

if TYPE_CHECKING:
    from impl.config import Config

_TLS = (
    "Whoever can alter traffic on the way can put a script into a page served without TLS, and that script "
    "may then use the user's credentials."
)


def judge_origins(config: Config) -> Iterator[Problem]:
    """What is wrong or risky in `allow_origins`."""
    argument, value, credentials = "allow_origins", config.allow_origins, config.allow_credentials is True

    def meant(entry: object) -> repair.Meaning | None:
        return _meant(config, entry)

    yield from names.judge_list(argument, value, meant)
    wildcards = [index for index, entry in names.strings(value) if entry == "*"]
    if wildcards and credentials:
        yield Problem(
            argument,
            wildcards[0],
            "*",
            "A-CFG-1",
            "Browsers refuse a wildcard answer when a request has credentials; and answering every origin by "
            "its name would let any site act as the logged-in user.",
            "the origins that may use credentials, each by name, or no allow_credentials.",
        )
    if wildcards and len(wildcards) < len(value):
        reason = "This allows every origin, so the other entries change nothing."
        yield Problem(
            argument, wildcards[0], "*", "A-CFG-6", reason, "either '*' alone, or the others alone."
        )
    for index, entry in names.strings(value):
        if entry == "null":
            yield Problem(
                argument,
                index,
                entry,
                "A-CFG-7",
                "Any site can make a document whose origin is null (a sandboxed iframe), so this allows them "
                "all" + (", with the user's credentials." if credentials else "."),
                "leave it out, and serve the page that needs it from a real origin.",
            )
        elif entry != "*":
            yield from _judge_entry(config, index, entry)


def _judge_entry(config: Config, index: int, entry: str) -> Iterator[Problem]:
    argument = "allow_origins"
    parsed = pattern.parse(entry)
    finding = origin.judge(entry) if parsed is None else None
    if finding is not None and finding.rule == "A-CFG-5":
        if _is_split(config.allow_origins):
            yield _letter(config, index)
            return
        instead = names.instead(_meant(config, entry))
        yield Problem(argument, index, entry, *finding, instead)
        return
    if finding is not None:
        yield Problem(argument, index, entry, *finding)
    address = entry if parsed is None else f"{parsed.scheme}://{parsed.host}"
    if config.allow_credentials is True and entry.startswith("http://") and not origin.is_loopback(address):
        secure = f"https{entry[4:]}".removesuffix(":443")
        yield Problem(argument, index, entry, "A-CFG-8", _TLS, repr(secure))


def _is_split(value: tuple[Any, ...]) -> bool:
    """Whether a list is a string that was split into its letters: `list("https://example.com")`."""
    return len(value) > 1 and all(isinstance(each, str) and len(each) == 1 for each in value)


def _letter(config: Config, index: int) -> Problem:
    """What is wrong with a letter of such a list: the first is what all of them together mean."""
    value = config.allow_origins
    meaning = None if "*" in value else _meant(config, "".join(value))
    instead = names.instead(meaning) if index == 0 or meaning is None else Correction(())
    reason = "No browser can ever send this as its origin: a string was split into its letters."
    return Problem(
        "allow_origins", index, value[index], "A-CFG-5", reason, "one string for each origin.", instead
    )


def refuse_credentials(config: Config) -> bool:
    """Whether the list has an entry that is refused beside credentials."""
    return not {"*", "null"}.isdisjoint(entry for _, entry in names.strings(config.allow_origins))


def _meant(config: Config, entry: object) -> repair.Meaning | None:
    """What an entry means here. It is not left out where nobody would be left: that is never meant."""
    # A flag that is neither true nor false may be meant either way.
    meaning = repair.meaning(entry, credentials=correction.flag(config.allow_credentials) is not False)
    if meaning == repair.Meaning():
        text = getattr(config.allow_origin_regex, "pattern", config.allow_origin_regex)
        return meaning if text or _somebody_is_listed(config) else None
    return meaning


def _somebody_is_listed(config: Config) -> bool:
    return repair.meaning(config.allow_origins, credentials=False) != repair.Meaning()


def judge_regex(config: Config) -> Iterator[Problem]:
    """What is wrong or risky in `allow_origin_regex`."""
    argument, value = "allow_origin_regex", config.allow_origin_regex
    if value is None:
        return
    text: Any = value.pattern if isinstance(value, re.Pattern) else value
    if not isinstance(text, str):
        yield Problem(
            argument,
            None,
            value,
            "A-CFG-9",
            "This is neither a str nor a compiled regex of str.",
            r"a str such as r'https://[a-z]+\.example\.org'.",
            _moved(_regex_meant(config, value)),
        )
        return
    if regex.is_glob(text):
        yield Problem(
            argument,
            None,
            value,
            "A-CFG-26",
            "This is a glob, and a regex is expected: in a regex, * repeats what is before it.",
            "a pattern in allow_origins, such as https://*.example.com or http://localhost:*.",
            _moved(_meant(config, text)),
        )
        return
    if not text:
        reason = "An empty regex matches no origin."
        words = "leave it out, and list in allow_origins who may read responses."
        instead = Correction(None) if _somebody_is_listed(config) else None
        yield Problem(argument, None, value, "A-CFG-21", reason, words, instead)
        return
    try:
        judgement = regex.judge(regex.compiled(value))
    except regex.NOT_COMPILED as error:
        reason = f"This does not compile: {error}."
        words = "a regex as Python's re module has them."
        instead = _moved(_meant(config, text))
        yield Problem(argument, None, value, "A-CFG-9", reason, words, instead)
        return
    yield from _risky(config, judgement)


def _risky(config: Config, found: regex.Judgement) -> Iterator[Problem]:
    """What a regex that compiles matches, and should not."""
    argument, value = "allow_origin_regex", config.allow_origin_regex
    if found.plain_http is not None and config.allow_credentials is True:
        reason = f"This allows {found.plain_http} and others that are served without TLS. {_TLS}"
        yield Problem(argument, None, value, "A-CFG-8", reason, "https:// instead of http:// or https?://.")
    if found.unrelated is not None:
        site = registrable_domain(re.sub(r"^.*?://|:[0-9]+$", "", found.unrelated)) or ""
        suffix = site.partition(".")[2]
        if "." in suffix:
            why = f": {suffix} is a public suffix, and anybody can have a name below it."
        else:
            why = " of domains that it does not name."
        reason = f"This allows {found.unrelated} and others{why}"
        words = (
            r"a domain of your own, spelled out, with a dot before it: r'https://[a-z0-9-]+\.example\.org'."
        )
        yield Problem(argument, None, value, "A-CFG-10", reason, words)
    if found.bare_dot:
        reason = "A dot without a backslash stands for any character, so hosts that merely look alike pass."
        yield Problem(argument, None, value, "A-CFG-11", reason, r"\. where a dot is meant.")
    if found.slow is not None:
        reason = f"It takes very long to match {found.slow} and other origins like it."
        words = "one repetition, where several can match the same text: [a-z0-9.-]+ for any number of labels."
        yield Problem(argument, None, value, "A-CFG-24", reason, words)
    if found.dead is not None:
        what = f"The branch {found.dead}" if found.dead else "This"
        reason = f"{what} matches no origin that a browser sends: {_why_dead(value, found.dead)}."
        words = r"a regex of whole origins, such as r'https://[a-z0-9-]+\.example\.org'."
        yield Problem(argument, None, value, "A-CFG-25", reason, words)


def _why_dead(value: Any, branch: str) -> str:
    """Why a regex, or a branch of it, matches no origin, as a text shows that it does match."""
    compiled = regex.compiled(value)
    text = branch or automaton.sample(regex.parse(compiled))
    if compiled.flags & re.IGNORECASE:
        text = text.lower()
    _, separator, rest = text.rpartition("://")
    if "*" in text:
        return r"\* is the character *, which no origin has (a glob that was escaped?)"
    if text == "null":
        return "null is no origin for a regex"
    if re.match(r"(?:https?|wss?)(?::(?!//)|/)", text):
        return "the scheme and the host are separated by ://"
    if "/" in rest:
        return "nothing follows the host and the port, not even a slash"
    if re.fullmatch(r"(?!http:).*:443|(?!https:).*:80", text):
        return "browsers leave out the default port"
    if text != text.lower():
        return "origins are in lower case"
    if not separator and not branch:
        return "an origin starts with its scheme, as in https://"
    written = origin.canonical(text)
    if written not in (None, text):
        return f"browsers write {written}"
    whole = "scheme://host or scheme://host:port, in lower case, without a default port"
    return f"{whole}, and with nothing after it"


def _regex_meant(config: Config, value: object) -> repair.Meaning | None:
    """What a value means that is neither a str nor a regex of str."""
    meaning = _meant(config, value)
    return None if meaning == repair.Meaning() else meaning


def _moved(meaning: repair.Meaning | None) -> Correction | None:
    """The correction of a regex to what it means: entries belong in allow_origins."""
    return None if meaning is None else Correction(None, meaning.entries, meaning.regexes)
