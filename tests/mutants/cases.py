"""What mutants are measured by: a diagnosis that must be made, with what is wrong with another one.

Worlds of the package and recorded ones say it wholly. Cases that were given to us, or written as they are, say it in terms.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from msgspec import Struct

from sddoctor.case.case import Case
from sddoctor.diagnosis.diagnose import diagnose
from sddoctor.diagnosis.model import Diagnosis
from sddoctor.lab import gallery
from sddoctor.lab.world import Expect
from tests import aws_cases, blind_worlds, host_cases, near_cases, vpn_hosts, windows_hosts
from tests.case_terms import Terms, complaints
from tests.recorded_worlds import NAMES, recorded
from tests.world_cases import all_cases, observed_in


class Measure(Struct):
    """A case, and whether a diagnosis of it is the one that must be made."""

    name: str
    case: Case
    holds: Callable[[Diagnosis], bool]


def measures() -> list[Measure]:
    """Return all of them. Raises if a world is not as expected to begin with; a case that is not yet so measures nothing."""
    worlds = [_by_expectation(n, case, gallery.find(n).expect) for n, case in all_cases().items()]
    worlds += [_by_expectation(n, *recorded(n)) for n in NAMES]
    wrong = [m.name for m in worlds if not m.holds(diagnose(m.case))]
    assert not wrong, f"not as expected without any change: {wrong}"
    return [*worlds, *(m for m in _given() if m.holds(diagnose(m.case)))]


def _given() -> Iterator[Measure]:
    for name, world in blind_worlds.worlds().items():
        yield _by_expectation(name, observed_in(name, world).case, world.expect)
    for module in (aws_cases, host_cases):
        for name in module.names():
            kept = module.kept_as(name)
            yield _by_terms(kept, observed_in(kept, module.world_of(name)).case, module.terms_of(name))
    for name in near_cases.names():
        yield _by_terms(f"near {name}", near_cases.case_of(name), near_cases.terms_of(name))
    for name in windows_hosts.names():
        yield _by_terms(f"windows {name}", windows_hosts.case_of(name), windows_hosts.terms_of(name))
    for name in vpn_hosts.names():
        wanted = vpn_hosts.host_of(name).expect
        terms = Terms(first_root_cause_one_of=wanted.cause, says=wanted.says, says_not=wanted.says_not)
        yield _by_terms(f"vpn {name}", vpn_hosts.case_of(name), terms)


def _by_expectation(name: str, case: Case, expect: Expect) -> Measure:
    return Measure(name, case, lambda said: as_expected(said, expect))


def _by_terms(name: str, case: Case, terms: Terms) -> Measure:
    return Measure(name, case, lambda said: not said.crashes and not complaints(terms, said))


def as_expected(said: Diagnosis, expect: Expect) -> bool:
    """Tell whether a diagnosis is what the world expects: verdict, root causes in their order, all findings, breaks."""
    return (
        said.verdict == expect.verdict
        and said.root_causes == expect.root_causes
        and {f.code for f in said.findings} == {*expect.root_causes, *expect.also}
        and (expect.breaks is None or tuple(f"{b.at} {b.symptom}" for b in said.breaks) == expect.breaks)
        and not said.crashes
    )
