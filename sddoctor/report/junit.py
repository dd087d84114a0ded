"""The report for CI systems: JUnit XML, one test case for each name."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from sddoctor.diagnosis.model import Diagnosis, PlaceReport
from sddoctor.report import text
from sddoctor.report.outcome import FailOn, is_problem, is_undecided
from sddoctor.report.style import Style
from sddoctor.text.safe import clean


def render(diagnoses: Sequence[Diagnosis], fail_on: FailOn = "error") -> str:
    """Return the XML: a problem is a failure; where something decisive was not seen, it is an error."""
    failures = sum(is_problem(d, fail_on) for d in diagnoses)
    errors = sum(is_undecided(d, fail_on) for d in diagnoses)
    counts = {"tests": str(len(diagnoses)), "failures": str(failures), "errors": str(errors)}
    root = Element("testsuites", counts)
    at = {"timestamp": f"{diagnoses[0].at:%Y-%m-%dT%H:%M:%S}"} if diagnoses else {}
    suite = SubElement(root, "testsuite", {"name": "sddoctor check", **counts, "skipped": "0", **at})
    for diagnosis in diagnoses:
        _test_case(suite, diagnosis, fail_on)
    indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _test_case(suite: Element, diagnosis: Diagnosis, fail_on: FailOn) -> None:
    case = SubElement(suite, "testcase", {"classname": "sddoctor.check", "name": clean(diagnosis.name), "time": "0"})
    tag = "failure" if is_problem(diagnosis, fail_on) else "error" if is_undecided(diagnosis, fail_on) else "system-out"
    result = SubElement(case, tag)
    if tag != "system-out":
        kind, message = _why(diagnosis)
        result.set("type", kind)
        result.set("message", clean(message))
    result.text = text.render([diagnosis], Style(width=100))


def _why(diagnosis: Diagnosis) -> tuple[str, str]:
    """Return the code and the sentence of the failure: of a healthy name those of the finding that warns.

    Where the first of several places is healthy, they are of one that is not.
    """
    reports: tuple[Diagnosis | PlaceReport, ...] = (diagnosis, *diagnosis.places)
    failing = [p for p in reports if p.verdict in ("broken", "degraded")]
    if not failing and diagnosis.verdict == "healthy":
        warned = next((f for f in diagnosis.findings if f.severity != "info"), None)
        if warned is not None:
            return warned.code, warned.summary
    worst = (failing or reports)[0]
    return (worst.root_causes[0] if worst.root_causes else worst.verdict), diagnosis.headline
