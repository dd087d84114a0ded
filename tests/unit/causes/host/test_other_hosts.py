"""Causes of the host in the cases of others: what one is not blamed for, and which of its fixes are for this host."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from sddoctor.case.case import Case
from sddoctor.case.dns import Server
from sddoctor.case.forwarder import ForwarderConfig, ForwarderRule
from sddoctor.case.host import HostsEntry, HostsFile, NrptRule, Route, RouteTo
from sddoctor.case.seen import Seen
from sddoctor.causes.host.nrpt_fixes import by_rule
from sddoctor.causes.host.vpn_fixes import client_towards
from sddoctor.trail.trail import Trail
from tests.changed_cases import (
    ADDRESS,
    FOREIGN,
    UNSEEN,
    Change,
    answers,
    denied_by,
    gets,
    host,
    lists,
    said,
    silent,
)
from tests.recorded_worlds import recorded
from tests.world_cases import observed

ROUTER, RESOLVER, CLUSTER_DNS = "192.168.1.1", "10.10.0.2", "10.96.0.10"
VPC = "vpc-0a1b2c3d4e5f60718"
IN_HOSTS_FILE = HostsFile("/etc/hosts", (HostsEntry(1, FOREIGN, ("dev-api.example.internal",)),))
A_RULE = NrptRule((".example.internal",), (ROUTER,))


@pytest.mark.parametrize("change", [host(nrpt=(A_RULE,)), gets(ADDRESS)], ids=["a rule is in force", "it works"])
def test_a_windows_host_needs_no_rule_when(change: Change) -> None:
    case, _ = recorded("article from Windows")
    assert said("nrpt-rule-missing", case) is not None
    assert said("nrpt-rule-missing", case, change) is None


def test_a_windows_host_without_any_rule_lacks_a_rule_and_nothing_else() -> None:
    case, _ = recorded("article from Windows")
    assert said("nrpt-rule-missing", case, host(nrpt=())) is not None
    assert said("split-dns-missing", case, host(nrpt=())) is None


@pytest.mark.parametrize(
    "change", [host(platform="macos", resolver_files=()), gets(ADDRESS)], ids=["it is a Mac", "it works inside"]
)
def test_no_forwarder_of_a_container_is_at_fault_when(change: Change) -> None:
    case, _ = recorded("article from a container and its host")
    assert said("container-dns-forwarder", case) is not None
    assert said("container-dns-forwarder", case, change) is None


@pytest.mark.parametrize(
    ("code", "world"),
    [
        ("container-dns-forwarder", "nameserver-order"),
        ("nrpt-rule-missing", "name-not-fully-qualified"),
        ("rebind-protection", "namespace-not-found-renamed"),
        ("resolver-file-wrong-domain", "namespace-not-found-renamed"),
    ],
)
def test_it_is_known_not_to_hold_though_not_all_was_seen(code: str, world: str) -> None:
    assert said(code, world) is None


def test_an_entry_that_lists_the_right_server_second_is_out_of_order() -> None:
    """An entry for the domain is read as resolv.conf is: the first no is final."""

    def two(case: Case) -> Case:
        (file,) = case.place.host.value.resolver_files.value
        servers = (Server(ROUTER), Server(RESOLVER))
        file = replace(file, servers=servers, listed=servers, address_ports=(None, None))
        return host(scutil=UNSEEN, resolver_files=(file,))(case)

    changes = two, gets(), answers(denied_by(""), of=ROUTER)
    found = said("nameserver-order", "article", *changes)
    assert found is not None


def test_a_forwarder_of_this_host_that_sends_the_domain_elsewhere_is_an_entry() -> None:
    def dnsmasq(case: Case) -> Case:
        rule = ForwarderRule("/etc/dnsmasq.conf:3", "example.internal", (Server(ROUTER),))
        return host(forwarders=(ForwarderConfig("dnsmasq", "/etc/dnsmasq.conf", entries=(rule,)),))(case)

    found = said("resolver-file-wrong-nameserver", "nameserver-order", lists("127.0.0.1"), dnsmasq)
    assert found is not None
    assert ROUTER in found.summary


def test_a_pod_of_no_known_product_gets_the_fixes_of_any_cluster() -> None:
    found = said("cluster-dns-forwards-elsewhere", "cluster-dns-forwards-elsewhere")
    assert found is not None
    assert "lies below the cluster's own domain" not in found.detail
    assert [f.where for f in found.fixes] == ["container", "container"]
    assert not any("NodeLocal" in f.title for f in found.fixes)


def test_the_cluster_is_at_fault_also_where_the_vpc_resolver_does_not_answer_here() -> None:
    found = said("cluster-dns-forwards-elsewhere", "cluster-dns-forwards-elsewhere", silent(of=RESOLVER))
    assert found is not None
    assert not any(RESOLVER in e.source for e in found.evidence)


def test_a_container_is_not_compared_with_a_host_that_fails_too() -> None:
    case, _ = recorded("article from a container and its host")
    inside, outside = case.places
    failed = replace(case.seen_from(1), places=(outside,))
    (failed_outside,) = gets()(failed).places
    both = replace(case, places=(inside, failed_outside))
    assert said("container-dns-forwarder", both) is None


def test_a_rule_of_a_forwarder_whose_line_is_not_known_is_changed_by_hand() -> None:
    def dnsmasq(case: Case) -> Case:
        rule = ForwarderRule("the command line", "example.internal", (Server(ROUTER),))
        return host(forwarders=(ForwarderConfig("dnsmasq", "/etc/dnsmasq.conf", entries=(rule,)),))(case)

    found = said("resolver-file-wrong-nameserver", "nameserver-order", lists("127.0.0.1"), dnsmasq)
    assert found is not None
    assert not any("sed" in command for fix in found.fixes for command in fix.commands)


def test_a_right_rule_is_replaced_by_no_other() -> None:
    case, _ = recorded("article from Windows")
    right = host(nrpt=(NrptRule((".example.internal",), (RESOLVER,), in_force=True),))
    assert by_rule(Trail(right(case)), "example.internal", RESOLVER) == ()


def test_a_tunnel_whose_interface_is_not_known_is_of_no_client() -> None:
    case = observed("vpn-client-dns-policy").case
    by_other = host(routes=(RouteTo(RESOLVER, Seen(Route("tunnel"), "test")),))(case)
    assert client_towards(Trail(by_other), RESOLVER) is None
    by_default = host(routes=(RouteTo(RESOLVER, Seen(Route("default", "eth0"), "test")),))(case)
    assert client_towards(Trail(by_default), RESOLVER) is not None


def test_one_namespace_is_not_counted() -> None:
    found = said("split-dns-missing", "split-dns-missing")
    assert found is not None
    assert "namespaces are called" not in found.detail
    assert "container" not in found.detail


def test_fixes_are_for_this_host() -> None:
    found = said("rebind-protection", "rebind-protection")
    assert found is not None
    assert [f.where for f in found.fixes] == ["macos"]


def test_unbound_denies_no_reverse_name_of_an_address_out_of_its_ranges() -> None:
    found = said("reverse-lookup-generic", "reverse-lookup-generic-and-split-dns-missing")
    assert found is not None
    assert [f.title for f in found.fixes] == ["Ask who owns the address"]
