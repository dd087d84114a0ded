"""What a person reads of what a check observed: 80 columns, without colour. ``UPDATE_GOLDEN=1`` writes them anew."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from msgspec import structs

from sddoctor.bundle import codec
from sddoctor.case.case import Case
from sddoctor.case.dns import Answer, Probe, Rr
from sddoctor.cli.sharing import redacted
from tests.in_process import command
from tests.world_cases import observed

GOLDEN = Path(__file__).parents[1] / "golden" / "check"
READ = (
    "article",
    "vpn-down",
    "split-dns-missing",
    "resolver-file-wrong-nameserver",
    "hosts-file-override",
    "rebind-protection",
    "service-scaled-to-zero",
    "tasks-not-starting",
    "health-check-failing",
    "stale-instance",
    "health-propagating",
    "service-not-attached",
    "srv-only",
    "zone-not-associated",
    "namespace-not-found",
    "service-not-found",
    "api-only",
    "inconclusive-cloudmap-denied",
    "deployment-in-progress-gap",
    "service-scaled-to-zero-and-split-dns-missing",
    "stale-answer-cached",
)


@pytest.mark.parametrize("name", READ)
def test_the_text_reads_as_it_was_reviewed(name: str, tmp_path: Path) -> None:
    saved = tmp_path / "case.json"
    saved.write_bytes(codec.encode(redacted(_in_one_second(observed(name).case))))
    text = _stable(command("check", "--from", str(saved), env={}).stdout)
    assert text.startswith(("HEALTHY", "DEGRADED", "BROKEN", "INCONCLUSIVE"))
    path = GOLDEN / f"{name}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", READ)
def test_the_text_fits_80_columns_but_for_what_is_pasted(name: str) -> None:
    lines = (GOLDEN / f"{name}.txt").read_text(encoding="utf-8").split("\n")
    long = [line for line in lines if len(line) > 80 and not line.startswith("    ")]
    assert long == []


def _in_one_second(case: Case) -> Case:
    """Return the case as if no TTL had run down between two queries of it: that is said, and happens when a second ends."""
    first: dict[tuple[str, str, str], int] = {}

    def at_first(record: Rr, probe: Probe) -> Rr:
        key = probe.server.address, record.owner, record.type
        return structs.replace(record, ttl=first.setdefault(key, record.ttl))

    def changed(probe: Probe) -> Probe:
        def answer(given: Answer) -> Answer:
            return structs.replace(given, answers=tuple(at_first(r, probe) for r in given.answers))

        return structs.replace(probe, outcome=probe.outcome.map(answer))

    dns = structs.replace(case.place.dns, probes=tuple(map(changed, case.place.dns.probes)))
    return structs.replace(case, places=(structs.replace(case.place, dns=dns), *case.places[1:]))


def _stable(text: str) -> str:
    """Take out what passes while a world is observed: ages, countdowns, and how long a server was waited for."""
    text = re.sub(r"\band \d+ more\b", "and N more", text)  # grows with every new cause
    text = re.sub(r"\b\d+\.\d+ s\b", "0.N s", text)
    return re.sub(r"\b\d+ s\b", "N s", text)
