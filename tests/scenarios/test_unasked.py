"""A server that was not asked has said nothing: every world as ``--root`` sees it, where only the VPC resolvers are asked.

Neither evidence nor a sentence of a cause on the hops ``network`` and ``host`` says what such a server answers, and nothing that
rests on it is certain.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from msgspec import structs

from sddoctor.case.case import Case
from sddoctor.case.seen import Seen
from sddoctor.diagnosis.diagnose import diagnose
from sddoctor.diagnosis.model import RankedFinding
from sddoctor.lab import gallery
from sddoctor.trail.trail import Trail
from tests import near_cases, vpn_hosts, world_cases

_EVIDENCE = re.compile(r"no answer|NXDOMAIN|no record|SERVFAIL|REFUSED|silent", re.IGNORECASE)
#: What would be said of one: that it has the zone not, denies the name, fails or is silent.
_SENTENCE = re.compile(
    r"(?:does|do) not know (?:it|the name)|and (?:they|it) den(?:y|ies)|which (?:denies|fails|is silent)|returns? NXDOMAIN|"
    r"where nothing answers",
    re.IGNORECASE,
)
#: Causes that are what a server of the host says, or lacks: none of them is certain of one that was not asked.
_OF_SERVERS = frozenset(
    {
        "split-dns-missing", "resolver-file-wrong-nameserver", "nrpt-rule-missing", "nameserver-order", "nameserver-beyond-third",
        "vpn-client-dns-policy", "client-vpn-without-dns", "cluster-dns-forwards-elsewhere", "company-dns-no-forwarder",
        "container-dns-forwarder", "interface-metric-decides", "zone-copied-elsewhere", "no-working-resolver", "resolver-of-another-vpc",
        "aaaa-nxdomain", "os-cache-stale", "dns-intercepted", "encrypted-dns-takes-over",
    }
)  # fmt: skip


def as_root_sees_it(case: Case) -> Case | None:
    """Return the case without what only a look at the host itself shows; ``None`` where it has no host, or no VPC resolver."""
    place = case.places[0]
    resolvers = {r.server for r in place.dns.resolvers.seen_or(())}
    kept = tuple(p for p in place.dns.probes if p.server in resolvers)
    if not kept or not isinstance(place.host, Seen) or case.asked.client_vpc is not None:
        return None
    host = structs.replace(place.host, value=structs.replace(place.host.value, root="/there"))
    seen = structs.replace(place, host=host, dns=structs.replace(place.dns, probes=kept))
    return structs.replace(case, places=(seen, *case.places[1:]))


def complaints(case: Case) -> list[str]:
    """Return what is said of servers that were not asked."""
    trail = Trail(case)
    asked = {str(p.server.address) for p in trail.answers.probes}
    found = (f for f in diagnose(case).findings if f.hop in ("network", "host"))
    return [c for finding in found for c in _of_finding(trail, finding, asked)]


def _of_finding(trail: Trail, finding: RankedFinding, asked: set[str]) -> Iterator[str]:
    for evidence in finding.evidence:
        server = re.match(r"dns @([0-9A-Fa-f.:]+)", evidence.source)
        unasked = server is not None and not any(server[1].startswith(a) for a in asked)
        if unasked and _EVIDENCE.search(str(evidence.observed)):
            yield f"{finding.code}: {evidence.source}: {evidence.observed}"
    choice = trail.host.decided.seen_or(None)
    if choice is not None and not choice.servers and choice.stub is None:
        return  # there is no server that could be asked
    if choice is None or any(s.address in asked for s in (*choice.servers, *([choice.stub] if choice.stub else []))):
        return
    for text in (finding.summary, finding.detail):
        if said := _SENTENCE.search(text):
            yield f"{finding.code} says {said[0]!r}"
    if finding.code in _OF_SERVERS and finding.role == "root-cause" and finding.certainty == "certain":
        yield f"{finding.code} is certain"


@pytest.mark.parametrize("name", gallery.names())
def test_world(name: str) -> None:
    case = as_root_sees_it(world_cases.observed(name).case)
    assert case is None or complaints(case) == []


@pytest.mark.parametrize("name", near_cases.names())
def test_near_case(name: str) -> None:
    assert complaints(near_cases.case_of(name)) == []


@pytest.mark.parametrize("name", vpn_hosts.names())
def test_vpn_host(name: str) -> None:
    assert complaints(vpn_hosts.case_of(name)) == []


def test_a_silent_server_would_be_noticed() -> None:
    case = world_cases.observed("resolver-file-wrong-nameserver").case
    assert complaints(case) == []  # it was asked
    code = next(f.code for f in diagnose(case).findings if f.role == "root-cause")
    trail = Trail(case)
    finding = next(f for f in diagnose(case).findings if f.code == code)
    asked = {r.server.address for r in trail.answers.resolvers}
    assert any(c.startswith(f"{code}: dns @") for c in _of_finding(trail, finding, asked))
