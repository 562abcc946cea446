"""What real browsers did, in two files: the random cases, and what was seen of these and the systematic ones.

Cases that went alike share a line of `outcomes.jsonl`: what was seen, and the keys of the cases, for each
engine. A replay needs no browser.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, dataclass, fields
from pathlib import Path
from typing import Any

from spec.browser import Fetch
from spec.config import Config
from spec.http import Response
from tests.browsers import systematic
from tests.browsers.cases import Answers, Case
from tests.browsers.engines import ENGINES
from tests.browsers.seen import Got, Seen, Sent, disagreements

FOLDER = Path(__file__).parent
OUTCOMES, RANDOM = FOLDER / "outcomes.jsonl", FOLDER / "random.jsonl"

Record = Mapping[str, Seen]
"""What was seen, by the keys of cases."""


@dataclass(frozen=True)
class Browser:
    """An engine, its version, and what it did."""

    version: str
    seen: Record


def _short(thing: Any) -> dict[str, Any]:
    """The fields of a dataclass that are not their defaults."""
    return {
        field.name: value
        for field in fields(thing)
        if (value := getattr(thing, field.name)) != field.default or field.default is MISSING
    }


def _written(response: Response) -> list[Any]:
    lines = [b": ".join(line).decode("latin-1") for line in response.headers]
    return [response.status, *lines]


def _response(written: list[Any]) -> Response:
    status, *lines = written
    headers = tuple(tuple(line.encode("latin-1").split(b": ", 1)) for line in lines)
    found = Response(status, headers)
    length = int((found.lines("content-length") or [b"0"])[0])
    return Response(status, headers, (b"hello" * length)[:length])


def case_to_json(case: Case) -> dict[str, Any]:
    """A case in types that JSON has."""
    found: dict[str, Any] = {"theorem": case.theorem}
    if case.frame != "page":
        found["frame"] = case.frame
    found["fetches"] = [_short(fetch) for fetch in case.fetches]
    if case.answers:
        found["answers"] = {
            url: [_written(answers.preflight), _written(answers.response)]
            for url, answers in case.answers.items()
        }
    if case.config is not None:
        found["config"] = _short(case.config)
    if case.pause:
        found["pause"] = case.pause
    return found


def case_from_json(found: Mapping[str, Any]) -> Case:
    """The case that `case_to_json` has written."""
    fetches = tuple(
        Fetch(**{**each, "headers": tuple(map(tuple, each.get("headers", ())))}) for each in found["fetches"]
    )
    answers = {url: Answers(*map(_response, both)) for url, both in found.get("answers", {}).items()}
    config = Config.from_mapping(found["config"]) if "config" in found else None
    frame, pause = found.get("frame", "page"), found.get("pause", 0)
    return Case(found["theorem"], fetches, answers, frame, config, pause)


def key(case: Case) -> str:
    """A short name that changes with the case."""
    return hashlib.sha256(json.dumps(case_to_json(case), sort_keys=True).encode()).hexdigest()[:8]


def write_cases(cases: Iterable[Case], path: Path = RANDOM) -> None:
    """Write random cases."""
    path.write_text("".join(json.dumps(case_to_json(case)) + "\n" for case in cases))


def read_cases(path: Path = RANDOM) -> list[Case]:
    """The random cases that were tried."""
    return [case_from_json(json.loads(line)) for line in path.read_text().splitlines()]


def write(browsers: Mapping[str, Browser], path: Path = OUTCOMES) -> None:
    """Write what was seen, alike cases together, the most usual first."""
    by_seen: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for name, browser in browsers.items():
        for each, seen in browser.seen.items():
            by_seen[json.dumps(_seen_to_json(seen))][name].append(each)
    lines = [json.dumps({name: browser.version for name, browser in browsers.items()})]
    for text, keys in sorted(by_seen.items(), key=lambda item: (-max(map(len, item[1].values())), item[0])):
        joined = {name: " ".join(sorted(each)) for name, each in keys.items()}
        if len(joined) == len(browsers) and len(set(joined.values())) == 1:
            joined = {"all": next(iter(joined.values()))}
        lines.append(json.dumps({**json.loads(text), **joined}))
    path.write_text("\n".join(lines) + "\n")


def read(path: Path = OUTCOMES) -> dict[str, Browser]:
    """What was seen, by the names of the engines."""
    head, *rest = map(json.loads, path.read_text().splitlines())
    found: dict[str, dict[str, Seen]] = {name: {} for name in head}
    for line in rest:
        seen = _seen_from_json(line)
        for name, record in found.items():
            record |= dict.fromkeys(line.get("all", line.get(name, "")).split(), seen)
    return {name: Browser(version, found[name]) for name, version in head.items()}


def known_cases() -> dict[str, Case]:
    """The cases by their keys: the systematic ones, and the random ones that were tried."""
    return {key(case): case for case in (*systematic.cases(), *read_cases())}


def refresh(cases: Iterable[Case], browsers: Mapping[str, Browser], folder: Path = FOLDER) -> None:
    """Write down what these browsers did; what others did with the same cases stays.

    These agree with their models. Some of what they do is left to them, as whether they remember a preflight:
    where such a choice falls otherwise than in an earlier run of the same version, the earlier record stays.
    """
    path = folder / OUTCOMES.name
    keys = {key(case): case for case in cases}
    known = read(path) if path.exists() else {}
    kept = {
        name: Browser(browser.version, {each: seen for each, seen in browser.seen.items() if each in keys})
        for name, browser in known.items()
    }
    for name, browser in browsers.items():
        earlier = kept[name].seen if name in kept and kept[name].version == browser.version else {}
        still_right = {
            each: seen
            for each, seen in earlier.items()
            if each in browser.seen and not disagreements(keys[each], seen, ENGINES[name])
        }
        kept[name] = Browser(browser.version, {**browser.seen, **still_right})
    write(dict(sorted(kept.items())), path)
    drawn = {key(case) for case in systematic.cases()}
    write_cases((case for each, case in keys.items() if each not in drawn), folder / RANDOM.name)


def _seen_to_json(seen: Seen) -> dict[str, Any]:
    got = [sorted(each.readable_headers) if each.allowed else None for each in seen.got]
    return {"sent": [_short(each) for each in seen.sent], "got": got}


def _seen_from_json(found: Mapping[str, Any]) -> Seen:
    sent = tuple(Sent(**{**each, "headers": tuple(each.get("headers", ()))}) for each in found["sent"])
    got = tuple(Got(each is not None, frozenset(each or ())) for each in found["got"])
    return Seen(sent, got)
