"""The fault of a world that fails in another way: what the host's servers say of the name, or how programs fail, replaced.

The world named after a cause has that cause alone as its root, and keeps it. A fault of which only one failure fits is not
named with another: such a case measures nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from sddoctor.case.case import Case
from sddoctor.case.dns import Answer, Rr
from sddoctor.case.seen import NoAnswer
from sddoctor.causes.registry import CAUSES
from sddoctor.diagnosis.diagnose import diagnose
from sddoctor.diagnosis.model import Diagnosis
from sddoctor.lab import gallery
from tests.changed_cases import EMPTY, FOREIGN, SERVFAIL, Change, a, answers, denied_by, fails, gets, silent
from tests.mutants.cases import Measure
from tests.world_cases import observed

_HOPS = ("host", "network")
_LOST: tuple[NoAnswer, ...] = ("silence", "malformed")
_REFERRAL = Answer("NOERROR", authority=(Rr("", "NS", 518400, "a.root-servers.net."),))


def variations() -> Iterator[Measure]:
    """Yield the cases in which the world's cause is the only root, as it was before the change."""
    for code in (c.code for c in CAUSES if c.hop in _HOPS and c.code in gallery.names()):
        case = observed(code).case
        if gallery.find(code).expect.root_causes != (code,) or case.place.host.seen_or(None) is None:
            continue
        for how, change in _changes().items():
            measure = _of(f"{code}, {how}", code, change(case))
            if measure.holds(diagnose(measure.case)):
                yield measure


def _of(name: str, code: str, case: Case) -> Measure:
    def holds(said: Diagnosis) -> bool:
        return said.root_causes == (code,) and said.verdict == "broken" and not said.crashes and not said.unexplained

    return Measure(name, case, holds)


def _changes() -> dict[str, Change]:
    said = {
        "NXDOMAIN": denied_by(""),
        "NODATA": EMPTY,
        "SERVFAIL": SERVFAIL,
        "REFUSED": Answer("REFUSED"),
        "referral": _REFERRAL,
        "foreign": a(FOREIGN),
    }
    by_server = {f"servers say {how}": answers(answer, role="host") for how, answer in said.items()}
    lost = {f"servers: {how}": silent(role="host", kind=how) for how in _LOST}
    errors = ("not found", "temporary failure", "NXDOMAIN", "empty answer", "SERVFAIL", "REFUSED", "timeout")
    by_program = {f"programs say {error}": fails(error) for error in errors}
    return {**by_server, **lost, **by_program, "programs get a foreign address": gets(FOREIGN)}
