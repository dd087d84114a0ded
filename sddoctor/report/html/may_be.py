"""What it may be, and what to run next, with commands to copy."""

from __future__ import annotations

from sddoctor.diagnosis.model import NextStep
from sddoctor.report.break_words import Possible
from sddoctor.report.html.findings import copied
from sddoctor.report.html.frame import section
from sddoctor.report.html.markup import Markup, lines, tag
from sddoctor.report.sections import MayBe
from sddoctor.text.safe import is_safe_command


def render(part: MayBe, level: int) -> Markup:
    """Return both sections; one without content is left out."""
    possible = tag("ul", lines(*map(_possible, part.possible))) if part.possible else ""
    steps = [section(part.steps_title, level, *map(_step, part.steps))] if part.steps else []
    return lines(section(part.title, level, possible) if possible else "", *steps)


def _possible(one: Possible) -> Markup:
    causes = "; ".join(f"{title} ({code})" for code, title in one.causes)
    return tag("li", causes, tag("br"), "To tell: " if one.fits else "Not decided. It takes ", tag("code", one.tell))


def _step(step: NextStep) -> Markup:
    shown = step.commands if all(map(is_safe_command, step.commands)) else ()
    return tag("div", tag("p", step.title), copied("\n".join(shown)) if shown else "")
