"""Which servers are Amazon's on the link: two addresses, and no range."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec import structs

from sddoctor.case.case import Case
from sddoctor.case.dns import Answer, Server
from sddoctor.case.host import HostsFile, Lookup, LookupResult, Route, RouteTo
from sddoctor.diagnosis.diagnose import diagnose
from sddoctor.trail.host_answers import is_amazons
from tests.cases import NAME
from tests.places_of_products import facts_of
from tests.resolver_cases import ADDRESS, NXDOMAIN, SERVER, addresses, case, probe, seen

CODE = "link-local-resolver-outside-vpc"
AMAZONS = ("169.254.169.253", "fd00:ec2::253", "fd00:ec2:0:0::253", "FD00:EC2::253")
OTHERS = {
    "169.254.169.254": "the metadata server of Google, and of Amazon",
    "fd00:ec2::254": "the metadata service of Amazon",
    "169.254.169.123": "the clock of Amazon",
    "169.254.170.2": "the credentials of a task",
    "169.254.20.10": "NodeLocal DNSCache",
    "169.254.25.10": "NodeLocal DNSCache of kubespray",
    "169.254.1.1": "pasta",
    "169.254.169.250": "next to it",
    "169.254.0.2": "the link",
    "fe80::1": "a router",
    "168.63.129.16": "Azure",
    "10.0.0.2": "base plus two of another network",
    "fd00:ec2::2": "the range alone",
}


def _asking(tmp_path: Path, server: str, answer: Answer | None) -> Case:
    facts = facts_of(tmp_path, {"etc/resolv.conf": f"nameserver {server}\n"}, "eth0 192.168.178.9/24")
    look = Lookup(NAME, final_dot=False, outcome=seen(LookupResult(error="not found")))
    routes = (RouteTo(SERVER.address, seen(Route("tunnel", "tun0"))),)
    host = structs.replace(facts, hosts=seen(HostsFile("/etc/hosts")), lookups=(look,), routes=routes)
    conf = host.resolv_conf.value
    own = structs.replace(probe(answer, server=Server(conf.effective[0])), role="host")
    it = case(probe(addresses(ADDRESS)), own, how="zone")
    asked = structs.replace(it.asked, client_vpc=None)
    return structs.replace(it, asked=asked, places=(structs.replace(it.place, host=seen(host)),))


@pytest.mark.parametrize("server", AMAZONS)
def test_amazons_own_outside_of_a_vpc(tmp_path: Path, server: str) -> None:
    report = diagnose(_asking(tmp_path, server, None))
    assert list(report.root_causes) == [CODE], report.headline


@pytest.mark.parametrize(
    "answer", [None, NXDOMAIN, Answer("SERVFAIL"), Answer("NOERROR")], ids=["silent", "denies", "fails", "empty"]
)
@pytest.mark.parametrize("server", OTHERS)
def test_others_are_none_whatever_they_say(tmp_path: Path, server: str, answer: Answer | None) -> None:
    assert not is_amazons(Server(server))
    report = diagnose(_asking(tmp_path, server, answer))
    assert CODE not in {f.code for f in report.findings}
    assert report.verdict == "broken"


@pytest.mark.parametrize("server", OTHERS)
def test_of_others_a_denial_is_a_missing_entry(tmp_path: Path, server: str) -> None:
    report = diagnose(_asking(tmp_path, server, NXDOMAIN))
    assert list(report.root_causes) == ["split-dns-missing"], report.headline
