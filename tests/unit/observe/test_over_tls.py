"""Whether the servers that systemd-resolved queries over TLS only are tried on the port for that."""

from __future__ import annotations

import pytest
from msgspec import structs

from sddoctor.case.case import Place
from sddoctor.case.dns import DnsFacts, Server
from sddoctor.case.host import HostFacts, Lookup, LookupResult, Resolved, ResolvedLink
from sddoctor.case.seen import Seen
from sddoctor.observe.place import servers_over_tls
from tests import hosts

NAME, VPC = "dev-api.example.internal", Server("10.10.0.2")
FAILS, GETS = LookupResult(error="temporary failure"), LookupResult(("10.10.211.50",))


def place(protocols: tuple[str, ...], result: LookupResult, *, runs: bool = True) -> Place:
    links = (
        ResolvedLink("tun0", (VPC.address,), ("~example.internal",), False, ("DNS",), protocols),
        ResolvedLink("eth0", ("192.168.1.1",), (), True, ("DNS",), ("-DNSOverTLS",)),
    )
    host: HostFacts = hosts.linux(Server("127.0.0.53"), lookups=(Lookup(NAME, False, Seen(result, "test")),))
    host = structs.replace(host, resolved=Seen(Resolved("stub", links), "test")) if runs else host
    return Place("this host", Seen(host, "test"), DnsFacts(Seen((), "test")))


@pytest.mark.parametrize("protocols", [("+DNSOverTLS",), ("-LLMNR", "DNSOverTLS=yes")])
def test_where_tls_is_enforced_and_programs_get_nothing_the_servers_are_tried(protocols: tuple[str, ...]) -> None:
    assert servers_over_tls(NAME, place(protocols, FAILS)) == (VPC,)
    assert servers_over_tls(NAME, place(protocols, GETS)) == ()


@pytest.mark.parametrize("protocols", [("-DNSOverTLS",), ("DNSOverTLS=opportunistic",), ()])
def test_where_it_is_not_enforced_none_is(protocols: tuple[str, ...]) -> None:
    assert servers_over_tls(NAME, place(protocols, FAILS)) == ()


def test_without_systemd_resolved_none_is() -> None:
    assert servers_over_tls(NAME, place(("+DNSOverTLS",), FAILS, runs=False)) == ()
