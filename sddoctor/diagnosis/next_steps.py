"""What to run next where no cause is proved: the commands that show both sides of each break, or what decides."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sddoctor.case.seen import Gap
from sddoctor.diagnosis import show_commands
from sddoctor.diagnosis.model import NextStep, Verdict
from sddoctor.diagnosis.verdict import Comparison
from sddoctor.stations.model import NAME_OF, Break
from sddoctor.text.shell import command
from sddoctor.trail.trail import Trail

_ACTION = re.compile(r"[a-z0-9-]+:[A-Z][A-Za-z0-9]+")
#: The breaks behind the first few follow from those often enough.
_MOST = 3


def next_steps(
    trail: Trail, verdict: Verdict, comparison: Comparison, still_open: tuple[Break, ...]
) -> tuple[NextStep, ...]:
    """Return what to run next: what decides an inconclusive name first, then the two sides of each unexplained break."""
    if verdict == "healthy":
        return ()
    steps: dict[tuple[str, ...], NextStep] = {}
    for step in _steps(trail, verdict, comparison, still_open):
        steps.setdefault(step.commands or (step.title,), step)
    return tuple(steps.values())


def _steps(trail: Trail, verdict: Verdict, comparison: Comparison, still_open: tuple[Break, ...]) -> Iterator[NextStep]:
    if verdict == "inconclusive":
        yield _decide(trail, comparison.gap)
    for one in still_open[:_MOST]:
        yield _compare(trail, one)


def _decide(trail: Trail, gap: Gap | None) -> NextStep:
    """Return how to see what decides, and the check that is then to be made again."""
    again = command("sddoctor", "check", trail.name)
    needs = gap.needs if gap is not None else ""
    if gap is not None and (actions := _ACTION.findall(needs)):
        who = trail.case.aws.identity.seen_or(None)
        to = f" to {who.arn}" if who is not None else ""
        return NextStep(f"Allow {' and '.join(actions)}{to}, which shows {gap.what}; then check again.", (again,))
    if gap is not None and needs:
        return NextStep(f"What decides is {gap.what}. To see it: {needs}. Then check again.", (again,))
    return NextStep("See every query and its answer.", (f"{again} -v",))


def _compare(trail: Trail, one: Break) -> NextStep:
    """Return the commands for the last station that was right, and for the one that was not."""
    after = "vpc-answer" if one.after == "path" else one.after
    before = show_commands.commands(trail, after, one) if after is not None else ()
    here = tuple(c for c in show_commands.commands(trail, one.at, one) if c not in before)
    where = _where(trail, (*before, *here))
    if after is not None and before and here:
        title = f"Compare {NAME_OF[after]} with {NAME_OF[one.at]}: the fault lies between them.{where}"
    elif before or here:
        title = f"Look at {NAME_OF[after if after is not None and not here else one.at]}.{where}"
    else:
        return NextStep("See every query and its answer.", (command("sddoctor", "check", trail.name, "-v"),), one.at)
    return NextStep(title, (*before, *here), one.at)


def _where(trail: Trail, commands: tuple[str, ...]) -> str:
    """Say where queries are to be sent, if that is not here."""
    if not trail.client_is_in_vpc or not any("dig " in c or "Resolve-DnsName" in c for c in commands):
        return ""
    return f" The query is to be sent in {trail.case.asked.client_vpc}, where the client is."
