"""The command that each break names: it shows what comes out of the station."""

from __future__ import annotations

import shlex

import pytest

from sddoctor.diagnosis.diagnose import diagnose
from tests.blind_worlds import kept_as, world_of
from tests.world_cases import observed_in

NAME = "dev-api.example.internal"


@pytest.mark.parametrize(
    ("world", "command"),
    [
        ("tasks-missing-all", "aws ecs describe-services --cluster dev --services dev-api-service "
         "--query 'services[].[deployments,events[:10]]'"),
        ("registry-missing", "aws servicediscovery list-instances --service-id srv-devapi0000000001"),
        ("records-missing", "aws route53 list-resource-record-sets --hosted-zone-id Z0EXAMPLEINTERNAL01 "
         f"--query \"ResourceRecordSets[?Name=='{NAME}.']\""),
        ("vpc-servfail", f"dig @10.10.0.2 {NAME} A"),
        ("vpc-servfail-srv", "dig @10.10.0.2 _http._tcp.example.internal SRV"),
        ("path-silence", f"dig @10.10.0.2 {NAME} A +tcp"),
        ("servers-refused", f"dig @10.10.9.53 {NAME} A"),
        ("stub-servfail", f"dig @127.0.0.53 {NAME} A"),
        ("program-nxdomain", f"getent ahosts {NAME}"),
        ("program-foreign", f"dscacheutil -q host -a name {NAME}"),
        ("program-nxdomain-windows", f"Resolve-DnsName {NAME}"),
    ],
)  # fmt: skip
def test_it_shows_what_comes_out_there(world: str, command: str) -> None:
    diagnosis = diagnose(observed_in(kept_as(world), world_of(world)).case)
    assert [shlex.split(b.tell) for b in diagnosis.breaks] == [shlex.split(command)]
