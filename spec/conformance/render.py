"""A report for machines and for readers: JSON, JUnit, Markdown, and one page of HTML."""

import json
import re
from collections.abc import Iterator
from dataclasses import asdict
from importlib import resources
from importlib.metadata import version
from typing import Any
from xml.etree import ElementTree

from spec.extras import needed

try:
    import jinja2
except ModuleNotFoundError as problem:
    raise needed(problem) from None

from spec.conformance import exchange as reading
from spec.conformance.evidence import is_reachable
from spec.conformance.findings import findings, reach
from spec.conformance.report import Report
from spec.conformance.transports import NOTHING, Extra
from spec.http import Message
from spec.rules.record import Exchange, Rule, Violation

VERDICTS = ("fail", "inconclusive", "pass", "not applicable")


def described(
    report: Report,
    base: str = "",
    extra: Extra = NOTHING,
    *,
    strict: bool = False,
    expected: frozenset[str] = frozenset(),
) -> dict[str, Any]:
    """The report as plain data, as `report.schema.json` describes it; `base` is the URL of the server."""
    shown = {violation.rule.id: violation for violation in report.violations}
    failing = {violation.rule.id for violation in report.failures(strict=strict, expected=expected)}
    verdict = "inconclusive" if report.inconclusive else "conforms"
    return {
        "target": report.target,
        "verdict": "does not conform" if failing else verdict,
        "date": report.started.isoformat(timespec="seconds"),
        "version": version("verified-cors"),
        "counts": report.counts(strict=strict, expected=expected),
        "findings": [
            {
                "rule": finding.lead.rule.id,
                "follows": [violation.rule.id for violation in finding.follows],
                "fails": any(violation.rule.id in failing for violation in finding.violations),
                "reachable": is_reachable(finding.lead),
                "reach": reach(report, finding.lead),
            }
            for finding in findings(report)
        ],
        "configuration": None if report.policies else asdict(report.config),
        "policies": {prefix: asdict(config) for prefix, config in report.policies.items()},
        "profiles": list(report.profiles),
        "seed": report.seed,
        "requests": report.requests,
        "not_sent": report.skipped,
        "inconclusive": report.inconclusive or None,
        "trouble": report.trouble,
        "rules": [
            {
                "id": rule.id,
                "aliases": list(rule.aliases),
                "title": rule.title,
                "sentence": rule.sentence,
                "sources": list(rule.sources),
                "level": rule.level.value,
                "severity": rule.severity.value,
                "profile": rule.profile.value,
                "verdict": report.verdicts[rule.id],
                "fails": rule.id in failing,
                "reason": report.reasons.get(rule.id),
                "applied": report.applied[rule.id],
                "broken": report.broken[rule.id],
                "why": rule.why,
                "repair": rule.repair,
                "violation": _violation(shown[rule.id], base, extra) if rule.id in shown else None,
            }
            for rule in report.rules
        ],
    }


def _violation(violation: Violation, base: str, extra: Extra) -> dict[str, Any]:
    return {
        "configuration": asdict(violation.exchanges[0].config),
        "exchanges": [_exchange(exchange, violation.rule, base, extra) for exchange in violation.exchanges],
    }


def _exchange(exchange: Exchange, rule: Rule, base: str, extra: Extra) -> dict[str, Any]:
    request, response = exchange.request, exchange.response
    return {
        "request": {"method": request.method, "path": request.path, "headers": _headers(request)},
        "response": {
            "status": response.status,
            "headers": _headers(response),
            "body": reading.printable(response.body),
            "no_response": exchange.no_response or None,
        },
        "lines": [asdict(line) for line in reading.lines(exchange, rule)],
        "curl": reading.curl(request, base or "http://127.0.0.1:8000", extra),
    }


def _headers(message: Message) -> list[list[str]]:
    return [[name.decode("latin-1"), value.decode("latin-1")] for name, value in message.headers]


def to_json(data: dict[str, Any]) -> str:
    """For other programs."""
    return json.dumps(data, indent=2) + "\n"


def schema() -> dict[str, Any]:
    """The JSON Schema (draft-07) of a report as JSON."""
    text = resources.files("spec.conformance").joinpath("report.schema.json").read_bytes()
    found: dict[str, Any] = json.loads(text)
    return found


def to_junit(data: dict[str, Any]) -> str:
    """For continuous integration: a test case for each rule, failed where it fails the run."""
    suite = ElementTree.Element(
        "testsuite", name=f"CORS of {data['target']}", tests=str(len(data["rules"])), timestamp=data["date"]
    )
    counts = {"failures": 0, "skipped": 0, "errors": 0}
    kinds = ElementTree.SubElement(suite, "properties")
    for name, number in (*data["counts"].items(), ("findings", len(data["findings"]))):
        ElementTree.SubElement(kinds, "property", name=name, value=str(number))
    for rule in data["rules"]:
        case = ElementTree.SubElement(
            suite, "testcase", classname=f"cors.{rule['profile']}", name=f"{rule['id']}: {rule['sentence']}"
        )
        if rule["fails"]:
            counts["failures"] += 1
            failure = ElementTree.SubElement(case, "failure", message=rule["why"], type=rule["level"])
            failure.text = "\n\n".join(_told(one) for one in rule["violation"]["exchanges"])
        elif rule["verdict"] == "inconclusive":
            counts["errors"] += 1
            ElementTree.SubElement(case, "error", message=rule["reason"])
        elif rule["verdict"] != "pass":
            counts["skipped"] += 1
            ElementTree.SubElement(case, "skipped", message=rule["reason"] or "violated, fails no run")
    suite.attrib.update({name: str(count) for name, count in counts.items()})
    ElementTree.indent(suite)
    text: bytes = ElementTree.tostring(suite, encoding="utf-8", xml_declaration=True)
    return text.decode() + "\n"


def _told(exchange: dict[str, Any]) -> str:
    lines = [f"  {line['name']}: expected {line['expected'] or '-'}, got {line['actual'] or '-'}"
             for line in exchange["lines"] if not line["fits"]]  # fmt: skip
    return "\n".join([exchange["curl"], f"  {status_line(exchange['response'])}", *lines])


def status_line(response: dict[str, Any]) -> str:
    """The first line of a response, or why there is none."""
    if response["no_response"]:
        return f"no response: {response['no_response']}"
    return f"HTTP/1.1 {response['status']}"


def number_of(number: int, noun: str) -> str:
    """A number of things, such as `1 rule`."""
    return f"{number:,} {noun}{'s' * (number != 1)}"


def ended(data: dict[str, Any]) -> str:
    """How a run ended that did not send everything, or whose control failed."""
    return "is inconclusive" if data["verdict"] == "inconclusive" else "ended early"


def to_markdown(data: dict[str, Any]) -> str:
    """For an issue or a pull request."""
    return "\n".join(_markdown(data)) + "\n"


def _markdown(data: dict[str, Any]) -> Iterator[str]:
    yield f"# CORS of {plain(data['target'])}: {data['verdict']}"
    yield ""
    rules = f"{number_of(len(data['rules']), 'rule')} ({', '.join(data['profiles'])})"
    yield f"{number_of(len(data['findings']), 'finding')}; {rules}:"
    yield ", ".join(f"{number} {kind}" for kind, number in data["counts"].items() if number) + "."
    yield f"{data['requests']:,} requests, seed {data['seed']}."
    yield f"{data['date']}, verified-cors {data['version']}."
    if data["inconclusive"]:
        yield ""
        yield f"The run {ended(data)}: {code(data['inconclusive'])}"
    by_id = {rule["id"]: rule for rule in data["rules"]}
    for finding in data["findings"]:
        rule = by_id[finding["rule"]]
        yield ""
        apart = "" if finding["reachable"] else " (not reachable from a browser)"
        yield f"## {rule['id']} ({rule['level']}): {rule['title']}{apart}"
        yield ""
        links = " ".join(f"[Source]({source})" for source in rule["sources"])
        yield f"{rule['sentence']}. {rule['why']} {rule['repair']} {links}"
        yield ""
        yield plain(finding["reach"])
        for exchange in rule["violation"]["exchanges"]:
            yield ""
            fence = "`" * max(3, longest_run(exchange["curl"]) + 1)
            yield f"{fence}console"
            yield f"$ {exchange['curl']}"
            yield status_line(exchange["response"])
            yield fence
            yield ""
            yield "| header | expected | got |"
            yield "| --- | --- | --- |"
            for line in exchange["lines"]:
                got = code(line["actual"]).replace("|", "\\|") if line["actual"] else "-"
                cells = (plain(line["name"]), plain(line["expected"]) or "-", got)
                yield "| " + " | ".join(cells) + ("" if line["fits"] else " ✗") + " |"
        if finding["follows"]:
            yield ""
            others = ", ".join(f"{id} ({by_id[id]['title']})" for id in finding["follows"])
            yield f"The same responses also violate {others}."
    yield ""
    configurations = data["policies"] or {"": data["configuration"]}
    for prefix, configuration in configurations.items():
        of = f" of {code(prefix)}" if prefix else ""
        yield f"{'- ' if prefix else ''}Configuration{of}: {code(json.dumps(configuration))}"


def plain(text: str) -> str:
    """A text as Markdown that shows it as it is: https://spec.commonmark.org/0.31.2/#backslash-escapes"""
    return re.sub(r"([\\`*_\[\]<>#|~&])", r"\\\1", text)


def code(text: str) -> str:
    """A text as a code span, in which nothing is Markdown, nor a link or the name of a user."""
    fence = "`" * (longest_run(text) + 1)
    space = " " if text[:1] == "`" or text[-1:] == "`" else ""
    return f"{fence}{space}{text}{space}{fence}"


def longest_run(text: str) -> int:
    """The length of the longest run of backticks."""
    return max(map(len, re.findall("`+", text)), default=0)


def to_html(data: dict[str, Any]) -> str:
    """For people: one page that needs nothing else."""
    loader = jinja2.PackageLoader("spec.conformance", ".")
    environment = jinja2.Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True)
    return environment.get_template("report.html").render(
        data=data,
        rules={rule["id"]: rule for rule in data["rules"]},
        verdicts=VERDICTS,
        status_line=status_line,
        ended=ended(data),
    )
