"""The table of a scan, for people."""

from __future__ import annotations

from collections.abc import Sequence
from shlex import join

from sddoctor.report.scan.rows import Row, has_owners, summary, worst_first
from sddoctor.report.style import VERDICT_TONES, Style
from sddoctor.text.safe import clean, is_safe_command


def render(some: Sequence[Row], rows: Sequence[Row], api_only: int, style: Style) -> str:
    """Return one line for each of ``some``, the worst first, and a sentence about all ``rows`` below."""
    from tabulate import tabulate

    shown = worst_first(some)
    places = {r.place for r in shown}
    owners = has_owners(rows)
    where, owner = ["WHERE"] if len(places) > 1 else [], ["OWNER"] if owners else []
    head = ["VERDICT", "NAME", *owner, *where, "WHY"]
    lines = []
    for row in shown:
        owner = [clean(row.owner)] if owners else []
        where = [clean(row.place)] if len(places) > 1 else []
        lines.append([row.verdict, clean(row.name), *owner, *where, _why(row)])
    text = ""
    if lines:
        plain = tabulate(lines, head, tablefmt="plain", disable_numparse=True).split("\n")
        painted = [plain[0]]
        for row, line in zip(shown, plain[1:], strict=True):
            word = row.verdict
            painted.append(style.paint(word, VERDICT_TONES[word]) + line[len(word) :])
        text = "\n".join(line.rstrip() for line in painted) + "\n\n"
    below = style.wrap(summary(rows, api_only))
    to_check = (r for r in shown if r.verdict in ("broken", "degraded") and not r.name.startswith("*"))
    unhealthy = next(to_check, None)
    command = _check(unhealthy, elsewhere=len(places) > 1) if unhealthy is not None else ""
    if command and is_safe_command(command) and "\n" not in command:
        below.append(f"What to do: {command}")
    return text + "\n".join(below) + "\n"


def _check(row: Row, *, elsewhere: bool) -> str:
    """Return the command that diagnoses a name, with the options for its account and region."""
    options = [("--profile", row.profile), ("--region", row.region if elsewhere else "")]
    words = ["sddoctor", "check", row.name, *(word for pair in options if pair[1] for word in pair)]
    return join(words)


def _why(row: Row) -> str:
    """Return the causes, else where it breaks, or why it could not be decided."""
    if row.root_causes:
        return ", ".join(row.root_causes)
    if row.verdict == "inconclusive" and row.unseen:
        return clean(row.unseen)
    return "" if row.verdict == "healthy" else f"breaks at {clean(row.breaks_at)}" if row.breaks_at else "see the check"
