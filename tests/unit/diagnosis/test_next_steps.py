"""What to run next about a break that no proved cause explains: commands for its two sides, on the platform that was seen."""

from __future__ import annotations

import shlex

import pytest

from sddoctor.diagnosis.diagnose import diagnose
from tests.blind_worlds import kept_as, world_of
from tests.world_cases import observed_in

NAME = "dev-api.example.internal"
RECORDS = (
    "aws route53 list-resource-record-sets --hosted-zone-id Z0EXAMPLEINTERNAL01 --start-record-name NAME --max-items 10 "
    "--query 'ResourceRecordSets[].[Name,Type,TTL,SetIdentifier,ResourceRecords[].Value]'"
)
RESOLVE = "Resolve-DnsName -Name dev-api.example.internal"


@pytest.mark.parametrize(
    ("world", "expected"),
    [
        ("vpc-servfail", (RECORDS.replace("NAME", NAME), f"dig @10.10.0.2 {NAME} A")),
        (
            "vpc-servfail-srv",
            (RECORDS.replace("NAME", "_http._tcp.example.internal"), "dig @10.10.0.2 _http._tcp.example.internal SRV"),
        ),
        ("servers-servfail-endpoint", (f"dig @10.10.0.2 {NAME} A", f"dig @10.10.8.10 {NAME} A")),
        ("stub-missing", (f"dig @10.10.0.2 {NAME} A", f"dig @127.0.0.53 {NAME} A")),
        ("program-missing", (f"dig @10.10.0.2 {NAME} A", f"dscacheutil -q host -a name {NAME}")),
        ("program-foreign-added", (f"dig @127.0.0.53 {NAME} A", f"getent ahosts {NAME}")),
        ("program-missing-windows", (f"{RESOLVE} -Type A -Server 10.10.0.2 -DnsOnly", RESOLVE)),
    ],
)
def test_both_sides_of_the_break_are_shown(world: str, expected: tuple[str, ...]) -> None:
    (step,) = diagnose(observed_in(kept_as(world), world_of(world)).case).next_steps
    assert [shlex.split(c) for c in step.commands] == [shlex.split(c) for c in expected]
