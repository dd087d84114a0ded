"""A scan as Markdown for tickets, and as JUnit XML for CI systems."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from sddoctor.report.markdown import code, escape
from sddoctor.report.scan.rows import Row, has_owners, summary, worst_first
from sddoctor.text.safe import clean


def markdown(rows: Sequence[Row], api_only: int) -> str:
    """Return a table, the worst first."""
    owners = has_owners(rows)
    lines = [
        "# Service-discovery names",
        "",
        escape(summary(rows, api_only)),
        "",
        "| verdict | name | owner | where | why |" if owners else "| verdict | name | where | why |",
        "|---|---|---|---|---|" if owners else "|---|---|---|---|",
    ]
    for row in worst_first(rows):
        causes = ", ".join(code(c) for c in row.root_causes)
        why = f"{escape(row.headline)} {causes}".strip() if row.verdict != "healthy" else ""
        owner = f" {escape(row.owner)} |" if owners else ""
        lines.append(f"| {row.verdict} | {_cell(row.name)} |{owner} {escape(row.place)} | {why} |")
    return "\n".join(lines) + "\n"


def junit(rows: Sequence[Row]) -> str:
    """Return one test case for each name: a problem is a failure, something decisive that was not seen an error."""
    counts = {
        "tests": str(len(rows)),
        "failures": str(sum(r.problem for r in rows)),
        "errors": str(sum(r.undecided for r in rows)),
    }
    root = Element("testsuites", counts)
    suite = SubElement(root, "testsuite", {"name": "sddoctor scan", **counts, "skipped": "0"})
    for row in worst_first(rows):
        place = ".".join(clean(p) for p in ("sddoctor.scan", row.account, row.region) if p)
        case = SubElement(suite, "testcase", {"classname": place, "name": clean(row.name), "time": "0"})
        if row.problem or row.undecided:
            result = SubElement(case, "failure" if row.problem else "error")
            result.set("type", row.root_causes[0] if row.root_causes else row.verdict)
            result.set("message", clean(row.headline))
            result.text = clean(f"{row.headline} {', '.join(row.root_causes) or row.needs}")
    indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _cell(text: str) -> str:
    return code(text).replace("|", "\\|")
