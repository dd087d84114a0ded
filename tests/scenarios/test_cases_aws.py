"""Situations of the AWS side that were given to us, and others of the same kinds, judged from what a check observes."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from sddoctor.diagnosis.diagnose import diagnose
from sddoctor.diagnosis.model import Diagnosis
from sddoctor.lab.runner import Lab
from sddoctor.lab.world import World
from tests import aws_cases
from tests.case_terms import Terms, complaints, expected_to_fail
from tests.in_process import command
from tests.world_cases import observed_in

#: Cases that need a parser or a cause that does not exist, and why. All others are judged.
LOCATED = {
    "ds-over-an-unsigned-zone": "the parent's DS record is not asked for",
    "lame-delegation": "the servers that a parent names are not asked",
}
_DEAD = "an address of the VPC's own range that no interface has leaves the verdict inconclusive"
_FILTER = "without an answer of the VPC resolver nothing shows that a router removes private addresses"
#: Cases about which something else is said today than what must be said. What is said rightly again must leave this list.
NOT_YET: dict[str, str] = {
    "alias-to-a-name-that-a-rule-forwards": "the rule that the end of an alias is forwarded by is not named",
    "all-multivalue-records-are-unhealthy": _DEAD,
    "at-zero-with-a-dead-address-answered": "that ECS is to run no task is no finding beside a stale instance",
    "chain-cut-by-a-router": _FILTER,
    "database-name-behind-a-router-that-filters": _FILTER,
    "interfaces-denied-and-the-record-is-dead": "an address that could not be looked up counts as one that serves",
    "misspelled-name-falls-into-a-catch-all": _DEAD,
    "other-vpc-that-has-the-zone-elsewhere": "the verdict is inconclusive, not broken",
    "private-address-in-a-public-zone-and-a-filter": _FILTER,
    "record-was-changed-and-the-resolver-remembers": "a remembered answer of a record by hand is not known as one",
    "two-faults-zone-elsewhere-and-no-host-names": "a second fault of the VPC is not told beside a missing association",
    "two-record-types-by-hand-and-one-is-dead": _DEAD,
    "weighted-by-hand-with-a-dead-one": _DEAD,
}


def diagnosis_of(name: str) -> Diagnosis:
    """Return what is said about a case."""
    return diagnose(observed_in(aws_cases.kept_as(name), aws_cases.world_of(name)).case)


def said_wrong(name: str) -> list[str]:
    """Return what is wrong with what is said about a case."""
    terms, located = aws_cases.terms_of(name), name in LOCATED
    found = complaints(terms, diagnosis_of(name), located=located)
    return [*found, *_of_other_commands(terms, aws_cases.world_of(name))]


def _of_other_commands(terms: Terms, world: World) -> Iterator[str]:
    if terms.watch is None and terms.scan is None:
        return
    with Lab(world) as lab:
        host = ("--root", str(lab.root))
        if terms.watch is not None:
            done = command("watch", world.name, *host, "--interval", "0.2", "--for", "0.5", env=lab.process_env())
            if done.returncode != terms.watch:
                yield f"a watch ends with {done.returncode}, not {terms.watch}: {done.stdout.splitlines()[-1]}"
        if terms.scan is not None:
            done = command("scan", *host, "-o", "jsonl", *terms.scan_args, env=lab.process_env())
            rows = {r["name"]: r["verdict"] for r in map(json.loads, done.stdout.splitlines())}
            if rows.get(world.name) != terms.scan:
                yield f"a scan says {rows.get(world.name)}, not {terms.scan}"


@pytest.mark.parametrize("name", expected_to_fail(aws_cases.names(), NOT_YET))
def test_case(name: str) -> None:
    assert said_wrong(name) == []


def test_tables_name_cases() -> None:
    assert {*LOCATED, *NOT_YET} <= {*aws_cases.names()}
