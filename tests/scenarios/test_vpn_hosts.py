"""Hosts with VPN clients: which client is recognised, what is blamed, and that no server which was not asked has said anything."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from msgspec import structs

from sddoctor.case.host import OTHER_PLATFORM
from sddoctor.case.vpn_client import VpnMark
from sddoctor.diagnosis.diagnose import diagnose
from sddoctor.diagnosis.model import Diagnosis
from sddoctor.resolution.vpn_clients import vpn_clients
from tests import vpn_hosts
from tests.case_terms import shown

#: What would be said of a server that was asked and was silent, or does not have the zone.
_SAID = re.compile(r"^dns @(?!10\.64\.0\.2\b|172\.20\.0\.2\b).*(no answer|NXDOMAIN|no record|silent)", re.IGNORECASE)


def complaints(name: str) -> list[str]:
    """Return what is wrong with what is said about a host."""
    return [*_of_clients(name), *_of_diagnosis(name, diagnose(vpn_hosts.case_of(name)))]


def _of_clients(name: str) -> Iterator[str]:
    expected, facts = vpn_hosts.host_of(name).expect, vpn_hosts.case_of(name).place.host.value
    found = vpn_clients(facts)
    for wanted, clients in (
        (expected.clients, [c.name for c in found if c.is_connected]),
        (expected.others, [c.name for c in found if not c.is_connected]),
    ):
        if sorted(wanted) != sorted(clients):
            yield f"the clients are {clients}, not {list(wanted)}"


def _of_diagnosis(name: str, diagnosis: Diagnosis) -> Iterator[str]:
    expected = vpn_hosts.host_of(name).expect
    first = diagnosis.root_causes[0] if diagnosis.root_causes else None
    if first not in expected.cause:
        yield f"the first root cause is {first}"
    roots = [f for f in diagnosis.findings if f.role == "root-cause"]
    for finding in diagnosis.findings:
        if finding.role == "root-cause" and finding.certainty == "certain" and not expected.certain:
            yield f"{finding.code} is certain"
        for evidence in finding.evidence:
            if _SAID.search(f"{evidence.source}: {evidence.observed}"):
                yield f"{finding.code} has the evidence {evidence.source}: {evidence.observed}"
    said = shown(diagnosis)
    fixes = " ".join(
        f"{x.title} {' '.join(map(str, x.commands))} {x.changes} {x.config or ''} {x.verified_by or ''}"
        for f in roots
        for x in f.fixes
    )
    for patterns, text, is_wanted in (
        (expected.says, said, True),
        (expected.says_not, said, False),
        (expected.fix, fixes, True),
        (expected.fix_not, fixes, False),
    ):
        for pattern in patterns:
            if bool(re.search(pattern, text, re.IGNORECASE)) != is_wanted:
                yield f"{pattern!r} is {'not ' if is_wanted else ''}in {text}"


@pytest.mark.parametrize("name", vpn_hosts.names())
def test_host(name: str) -> None:
    assert complaints(name) == []


#: What an interface of a tunnel may be called in a fix.
_TUNNEL = re.compile(r"\b(?:u?tun|tap|wg|wt|ppp|ipsec|gpd|cscotun|zcctun|sdwan|tailscale|feth)[0-9]+\b")


@pytest.mark.parametrize("name", vpn_hosts.names())
def test_fixes_name_only_what_was_seen_on_the_host(name: str) -> None:
    case = vpn_hosts.case_of(name)
    facts = case.place.host.value
    there = {a.interface for a in facts.addresses.seen_or(())}
    for finding in diagnose(case).findings:
        for fix in finding.fixes:
            text = " ".join((fix.title, *map(str, fix.commands), fix.changes, fix.config or "", fix.verified_by or ""))
            assert set(_TUNNEL.findall(text)) <= there, text
            assert "resolvectl" not in text or facts.resolved.seen_or(None) is not None, text


@pytest.mark.parametrize("name", vpn_hosts.names())
def test_with_less_to_see_no_other_client_is_named(name: str) -> None:
    facts = vpn_hosts.case_of(name).place.host.value
    named = {(c.product, c.interface) for c in vpn_clients(facts)}
    products = {product for product, _ in named}
    for lacking in (
        {"vpn_marks": ()},
        {"vpn_marks": tuple(m for m in facts.vpn_marks if m.interface is not None)},
        {"addresses": OTHER_PLATFORM},
        {"routes": ()},
        {"scutil": OTHER_PLATFORM, "resolved": OTHER_PLATFORM, "resolv_conf": OTHER_PLATFORM, "nrpt": OTHER_PLATFORM},
    ):
        for client in vpn_clients(structs.replace(facts, **lacking)):
            assert client.product is None or client.product in products, (lacking, client.name)


@pytest.mark.parametrize("name", vpn_hosts.names())
def test_another_client_that_only_runs_changes_no_name_of_a_product(name: str) -> None:
    """It may leave a tunnel unnamed that was given to the only client; it never takes one from a client that is connected."""
    facts = vpn_hosts.case_of(name).place.host.value
    before = {c.interface: c for c in vpn_clients(facts) if c.is_connected and c.interface}
    runs = VpnMark("Example VPN", "ps -axo comm", "exampled runs")
    after = vpn_clients(structs.replace(facts, vpn_marks=(*facts.vpn_marks, runs)))
    for client in after:
        if client.is_connected and client.interface in before and client.product is not None:
            was = before[client.interface].product
            assert client.product == was or (was is None and client.product == "Example VPN"), client.name
