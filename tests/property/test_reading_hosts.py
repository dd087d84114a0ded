"""Hosts that were given to us, with one command's output changed: never another cause that is certain, and what is lost is a gap.

What programs print decides how sure a diagnosis is; what they print in an unknown way must not.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from sddoctor.case.case import Case
from sddoctor.case.host import HostFacts
from sddoctor.case.seen import Fact, Seen
from sddoctor.diagnosis.diagnose import diagnose
from sddoctor.diagnosis.model import Diagnosis
from sddoctor.observe.budget import Budget
from sddoctor.observe.host.observer import HostObserver
from sddoctor.observe.host.source import HostSource, RootDir, open_root
from sddoctor.resolution.choose import choose
from sddoctor.resolution.surroundings import with_marks
from tests import near_cases
from tests.invariants import broken_in
from tests.property import mangled, readers
from tests.property.mangled import Mangled
from tests.repeats import one_in

#: Of each host so many changes are tried always; half of the others are slow, and every one where all are wanted.
_SOME, _SLOW = 6, 2
#: Of so many changes, one is judged again, and again as it is saved.
_REPEATED = 6


def changed_host(host: str, command: str, text: str) -> RootDir:
    """Return a host of which one command printed that text."""
    source = open_root(near_cases.root_of(host))
    run = source.run

    def other(command_line: tuple[str, ...]) -> Fact[str]:
        shown = " ".join(command_line)
        return Seen(text, shown) if shown == command else run(command_line)

    source.run = other  # type: ignore[method-assign]
    return source


def again(case: Case, source: HostSource) -> Case:
    """Return the case with the host read from there."""
    fact = case.place.host
    assert isinstance(fact, Seen)
    observer = HostObserver(case.name, source, Budget(60))
    was: HostFacts = fact.value
    routes = observer.routes(tuple(r.destination for r in was.routes))
    facts = structs.replace(observer.facts(), routes=routes, addresses=observer.addresses())
    facts = with_marks(facts)
    place = structs.replace(case.place, host=structs.replace(fact, value=facts))
    return structs.replace(case, places=(place, *case.places[1:]))


def commands(host: str) -> dict[str, str]:
    """Return what the commands of a host printed, by command line, as far as there is a reader of it."""
    root = near_cases.root_of(host)
    found = {}
    for path in sorted(Path(root, "commands").iterdir()):
        start = next((s for s in readers.READERS if path.name.startswith(s.replace(" ", "_").replace("/", "_"))), None)
        if start is not None:
            line = start + path.name[len(start) :].replace("_", " ")
            found[line.replace("ipconfig  all", "ipconfig /all")] = path.read_bytes().decode()
    return found


def certain(said: Diagnosis) -> set[str]:
    """Return the root causes that are said to be certain."""
    return {f.code for f in said.findings if f.role == "root-cause" and f.certainty == "certain"}


def changes(host: str) -> Iterator[tuple[str, Mangled]]:
    """Yield every change of what a command of the host printed, but those that only another host would print."""
    for command, text in commands(host).items():
        known = text.lower()
        reader = readers.reader_of(command)
        assert reader is not None
        read = reader.read(text)
        names = " ".join(readers.facts(read.value)).lower() if isinstance(read, Seen) else known
        for changed in mangled.ways(text, lambda word, names=names: word.lower() in names):  # type: ignore[misc]
            if changed.effect != "less":
                yield command, changed


def faults(host: str, most: int | None) -> list[str]:
    """Return what is wrong with the diagnoses of changes of a host: of ``most`` of them, or of those that are slow."""
    case = near_cases.case_of(host)
    before, asked = diagnose(case), _asked(case)
    tried = list(changes(host))
    if most is None:
        tried = one_in(_SLOW, tried)
    elif len(tried) > most:
        tried = random.Random(host).sample(tried, most)
    found = []
    for number, (command, changed) in enumerate(tried):
        now = again(case, changed_host(host, command, changed.text))
        said = diagnose(now)
        wrong = [f"{code} is certain" for code in sorted(certain(said) - certain(before))]
        wrong += [f"{before.verdict} becomes {said.verdict}"] if _contradict(before, said) else []
        wrong += [f"it is said to ask {_asked(now)}"] if _asked(now) not in (asked, None) else []
        broken = broken_in(now, said if number % _REPEATED else None)
        found += [f"{command}, {changed.kind} {changed.line.strip()!r}: {one}" for one in [*wrong, *broken]]
    return found


def _contradict(before: Diagnosis, said: Diagnosis) -> bool:
    return {before.verdict, said.verdict} in ({"healthy", "broken"}, {"healthy", "degraded"})


def _asked(case: Case) -> Any:
    """Return whom the host asks, ``None`` where that is not known."""
    choice = choose(case.name, case.place.host.value)
    return choice.value.servers if isinstance(choice, Seen) else None


@pytest.mark.parametrize("host", near_cases.names())
def test_the_host_is_the_same_when_nothing_is_changed(host: str) -> None:
    case = near_cases.case_of(host)
    assert again(case, open_root(near_cases.root_of(host))) == case


@pytest.mark.parametrize("host", near_cases.names())
def test_what_is_printed_in_another_way_proves_nothing(host: str) -> None:
    assert faults(host, _SOME) == []


@pytest.mark.slow
@pytest.mark.parametrize("host", near_cases.names())
def test_whatever_is_printed_in_another_way_proves_nothing(host: str) -> None:
    assert faults(host, None) == []
