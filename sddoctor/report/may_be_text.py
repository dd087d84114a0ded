"""What it may be, and what to run next, as text."""

from __future__ import annotations

from sddoctor.diagnosis.model import NextStep
from sddoctor.report.break_words import Possible
from sddoctor.report.sections import MayBe
from sddoctor.report.style import Block, Style
from sddoctor.text.safe import clean, is_safe_command
from sddoctor.text.words import listed

_PASTE = "    "
_MOST = 4


def render(section: MayBe, style: Style) -> list[Block]:
    """Return the causes that may be the reason, and the commands that show more; commands are never broken."""
    possible = [line for one in section.possible for line in _possible(one, style)]
    steps = [line for step in section.steps for line in _step(step, style)]
    return [_titled(section.title, possible, style), _titled(section.steps_title, steps, style)]


def _titled(title: str, lines: list[str], style: Style) -> Block:
    return [*(style.paint(text, "strong") for text in style.wrap(clean(title))), *lines] if lines else []


def _possible(one: Possible, style: Style) -> list[str]:
    if one.fits:
        lines = style.wrap("; ".join(f"{clean(title)} ({code})" for code, title in one.causes), "  - ")
        if one.is_command and is_safe_command(one.tell):
            return [*lines, f"{_PASTE}To tell:", f"{_PASTE}  {one.tell}"]
        return [*lines, *style.wrap(f"To tell: {clean(one.tell)}", _PASTE)]
    codes = [code for code, _ in one.causes]
    shown = listed(codes, most=len(codes) if style.verbose else _MOST + 1)
    return style.wrap(f"Not decided: {shown}. It takes {clean(one.tell)}.", "  - ")


def _step(step: NextStep, style: Style) -> list[str]:
    shown = step.commands if all(map(is_safe_command, step.commands)) else ()
    return [*style.wrap(clean(step.title), "  "), *(_PASTE + command for command in shown)]
