"""What could be the reason for a break that no finding explains: the causes that fit, each with what would tell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from sddoctor.case.seen import NOT_NEEDED
from sddoctor.causes.run import Outcome
from sddoctor.diagnosis.explain import SURENESS, concerns
from sddoctor.diagnosis.model import Candidate
from sddoctor.diagnosis.precedence import Found
from sddoctor.stations.model import Break


def unexplained(breaks: Sequence[Break], found: Iterable[Found], proved: frozenset[str]) -> tuple[Break, ...]:
    """Return the breaks that no proved root cause explains; ``proved`` are the codes of those and of what follows from them."""
    explained = {number for f in found if f.code in proved for number in f.breaks}
    return tuple(b for number, b in enumerate(breaks) if number not in explained)


def candidates(
    outcomes: Sequence[Outcome], open_breaks: Sequence[Break], found: Iterable[Found]
) -> tuple[Candidate, ...]:
    """Return the causes that no fact contradicts for these breaks.

    First come those that fit, the surest first, then those that need a fact: before others what decides most of them.
    A cause that decided against itself is none, and so is one whose station or symptom is another.
    """
    sure = {f.code: SURENESS.index(f.certainty) for f in found}
    fitting = sorted(_fitting(outcomes, open_breaks), key=lambda c: sure.get(c.code, len(SURENESS)))
    undecided = list(_undecided(outcomes, open_breaks))
    decided_by = Counter(c.tell for c in undecided)
    places = {tell: place for place, tell in enumerate(decided_by)}
    return (*fitting, *sorted(undecided, key=lambda c: (-decided_by[c.tell], places[c.tell])))


def _fitting(outcomes: Sequence[Outcome], open_breaks: Sequence[Break]) -> Iterator[Candidate]:
    for outcome in outcomes:
        finding = outcome.finding
        if finding is not None and finding.would_tell and any(concerns(outcome.cause, b) for b in open_breaks):
            yield Candidate(outcome.cause.code, outcome.cause.title, finding.would_tell, fits=True)


def _undecided(outcomes: Sequence[Outcome], open_breaks: Sequence[Break]) -> Iterator[Candidate]:
    for outcome in outcomes:
        gap = outcome.gap
        if gap is None or gap == NOT_NEEDED.gap() or outcome.cause.kind not in ("fault", "transient"):
            continue
        if any(concerns(outcome.cause, b) for b in open_breaks):
            tell = f"{gap.needs}, which shows {gap.what}" if gap.needs else gap.what
            yield Candidate(outcome.cause.code, outcome.cause.title, tell, fits=False)
