"""Who owns each address, as Markdown."""

from __future__ import annotations

from sddoctor.report.markdown import code, escape
from sddoctor.report.whois_text import rows
from sddoctor.whois.model import Whois


def render(whois: Whois) -> str:
    """Return the document: one chapter for each address."""
    lines: list[str] = []
    for answer in whois.answers:
        lines += [f"## {answer.status.upper()}: {code(answer.address)}", "", escape(answer.summary), ""]
        if found := list(rows(answer, whois.at)):
            lines += [f"- {label + ': ' if label else ''}{escape(text)}" for label, text in found] + [""]
    if whois.gaps:
        lines += ["### Not seen", "", *(f"- {gap.text(escape)}" for gap in whois.gaps), ""]
    return "\n".join(lines)
