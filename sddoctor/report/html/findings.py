"""A finding: what it is, its evidence, and its fixes with commands to copy."""

from __future__ import annotations

from collections.abc import Sequence

from sddoctor.causes.model import Evidence, Fix
from sddoctor.diagnosis.model import RankedFinding
from sddoctor.report import place_text
from sddoctor.report.fix_title import LEFT_OUT, fix_title
from sddoctor.report.html.labels import HOPS
from sddoctor.report.html.markup import Markup, block, join, lines, prose, tag
from sddoctor.report.html.tables import scrolling
from sddoctor.report.roles import UNSURE
from sddoctor.text.safe import is_safe_command, show


def render(finding: RankedFinding, heading: str, level: int, number: int | None = None) -> Markup:
    """Return the card of a finding below a heading of ``level``; ``number`` counts root causes where there are several."""
    label = f"{number}. {heading}" if number is not None else heading
    return tag(
        "section",
        lines(
            tag(f"h{level}", label),
            tag("p", *_chips(finding), class_="chips"),
            tag("p", prose(finding.detail)) if finding.detail else "",
            _evidence(finding.evidence, level + 1),
            *(_fix(fix, n, level + 1) for n, fix in enumerate(finding.fixes)),
            tag("p", "More: ", tag("code", f"sddoctor explain {finding.code}"), class_="more"),
        ),
        class_=f"finding {finding.severity}",
    )


def _chips(finding: RankedFinding) -> list[Markup]:
    chips = [tag("code", finding.code), tag("span", f"at {HOPS[finding.hop]}"), tag("span", finding.severity)]
    if finding.certainty in UNSURE:
        chips.append(tag("span", UNSURE[finding.certainty], class_="unsure"))
    if finding.wait_seconds is not None:
        chips.append(tag("span", f"passes by itself in about {finding.wait_seconds} s"))
    return chips


def _evidence(evidence: Sequence[Evidence], level: int) -> Markup | str:
    if not evidence:
        return ""
    expects = any(e.expected is not None for e in evidence)
    titles = ("Source", "About", "Seen", *(("Expected",) if expects else ()))
    rows = [
        tag(
            "tr",
            tag("td", e.source),
            tag("td", e.subject, f", at {place}" if (place := place_text.at(e)) else ""),
            tag("td", tag("strong", show(e.observed))),
            tag("td", "" if e.expected is None else show(e.expected)) if expects else "",
        )
        for e in evidence
    ]
    head = tag("thead", tag("tr", *(tag("th", t, scope="col") for t in titles)))
    table = tag("table", head, tag("tbody", lines(*rows)), class_="evidence")
    return join(tag(f"h{level}", "Evidence"), scrolling(table, "Evidence"))


def _fix(fix: Fix, number: int, level: int) -> Markup:
    titled = fix_title(fix, number)
    return tag(
        "div",
        lines(
            tag(f"h{level}", tag("span", f"{titled.label} ({fix.where})", class_="where"), f" {titled.title}"),
            _commands(fix.commands),
            copied(fix.config) if fix.config else "",
            *_file(fix),
            _pairs(fix),
        ),
        class_="fix",
    )


def _commands(commands: Sequence[str]) -> Markup | str:
    if not all(map(is_safe_command, commands)):
        return tag("p", LEFT_OUT)
    return copied("\n".join(commands)) if commands else ""


def _file(fix: Fix) -> list[Markup]:
    if not fix.file or fix.content is None or fix.commands:
        return []
    return [tag("p", "Content of ", tag("code", fix.file), ":"), copied(fix.content)]


def _pairs(fix: Fix) -> Markup | str:
    pairs = [(word, text) for word, text in (("Changes", fix.changes), ("Verify", fix.verified_by)) if text]
    return tag("dl", *(join(tag("dt", word), tag("dd", prose(text))) for word, text in pairs)) if pairs else ""


def copied(text: str) -> Markup:
    """Return text to paste, with a button that the script brings to life."""
    button = tag("button", "Copy", type="button", hidden=True)
    return tag("div", tag("pre", tag("code", block(text))), button, class_="paste")
