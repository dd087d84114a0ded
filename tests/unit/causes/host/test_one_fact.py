"""Causes of the host that are named in a world, and not when one fact of it is another."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from msgspec.structs import replace

from sddoctor.case.case import Case
from sddoctor.case.dns import Probe, Server, unanswered
from sddoctor.case.ecs import Task
from sddoctor.case.forwarder import ForwarderConfig, ForwarderRule
from sddoctor.case.host import HostsEntry, HostsFile, LookupResult, NrptRule, NssSource, Route, RouteTo
from sddoctor.case.seen import Seen
from sddoctor.case.vpn_client import PolicyRoute
from sddoctor.causes.host.nrpt_fixes import by_rule
from sddoctor.causes.host.vpn_fixes import client_towards
from sddoctor.formats.host.addresses import is_loopback
from sddoctor.trail.trail import Trail
from tests.changed_cases import (
    ABSENT,
    ADDRESS,
    EMPTY,
    FOREIGN,
    SERVFAIL,
    UNSEEN,
    Change,
    a,
    answers,
    asked,
    called,
    denied_by,
    gets,
    host,
    said,
    tasks,
)
from tests.recorded_worlds import recorded
from tests.world_cases import observed

ROUTER, RESOLVER, CLUSTER_DNS = "192.168.1.1", "10.10.0.2", "10.96.0.10"
VPC = "vpc-0a1b2c3d4e5f60718"
IN_HOSTS_FILE = HostsFile("/etc/hosts", (HostsEntry(1, FOREIGN, ("dev-api.example.internal",)),))
A_RULE = NrptRule((".example.internal",), (ROUTER,))


def lists(*servers: str) -> Change:
    """resolv.conf names these servers."""

    def change(case: Case) -> Case:
        conf = replace(case.place.host.value.resolv_conf.value, listed=servers, effective=servers)
        return host(resolv_conf=conf)(case)

    return change


def _gets_the_wildcard_with_the_dot_too(case: Case) -> Case:
    plain = next(x for x in case.place.host.value.lookups if not x.final_dot)
    return gets(*plain.outcome.value.addresses)(case)


def once(type_: str, server: str) -> Change:
    """The server was queried for that type a single time."""

    def change(case: Case) -> Case:
        probes = [p for p in case.place.dns.probes if (p.type, p.server.address) != (type_, server)]
        (first, *_) = (p for p in case.place.dns.probes if (p.type, p.server.address) == (type_, server) and p.plain)
        dns = replace(case.place.dns, probes=(*probes, first))
        return replace(case, places=(replace(case.place, dns=dns), *case.places[1:]))

    return change


def without_probes(wanted: Callable[[Probe], bool]) -> Change:
    """What is wanted was not queried."""

    def change(case: Case) -> Case:
        dns = replace(case.place.dns, probes=tuple(p for p in case.place.dns.probes if not wanted(p)))
        return replace(case, places=(replace(case.place, dns=dns), *case.places[1:]))

    return change


def failing(error: str) -> Change:
    """Programs fail in these words."""

    def change(case: Case) -> Case:
        result = Seen(LookupResult((), error), "test")
        return host(lookups=tuple(replace(x, outcome=result) for x in case.place.host.value.lookups))(case)

    return change


def has_route(route: PolicyRoute) -> Change:
    """The policy that the VPN client shows has one route besides."""

    def change(case: Case) -> Case:
        (fact,) = case.place.host.value.vpn_policies
        policy = replace(fact.value, routes=(route, *fact.value.routes))
        return host(vpn_policies=(Seen(policy, fact.source),))(case)

    return change


def resolves_nothing(server: str) -> Change:
    """The server has no address for any name, a public one included."""

    def change(case: Case) -> Case:
        asked_of = [p for p in case.place.dns.probes if p.server.address == server and p.plain]
        public = replace(asked_of[0], name="example.com", type="A", role="other", outcome=Seen(SERVFAIL, "test"))
        dns = replace(case.place.dns, probes=(*case.place.dns.probes, public))
        return without_probes(lambda p: p.server.address == server and p.role == "other" and p.name != "example.com")(
            replace(case, places=(replace(case.place, dns=dns), *case.places[1:]))
        )

    return change


def silent(address: str) -> Change:
    """The server does not answer for the name."""

    def changed(probe: Probe, case: Case) -> Probe:
        if (probe.name, probe.server.address) != (case.name, address):
            return probe
        return replace(probe, outcome=unanswered("an answer", probe.server, "no answer", "silence"))

    def change(case: Case) -> Case:
        dns = replace(case.place.dns, probes=tuple(changed(p, case) for p in case.place.dns.probes))
        return replace(case, places=(replace(case.place, dns=dns), *case.places[1:]))

    return change


def drops(line: str) -> Change:
    """This is the line of resolv.conf that is dropped."""

    def change(case: Case) -> Case:
        conf = case.place.host.value.resolv_conf.value
        return host(resolv_conf=replace(conf, ignored=tuple(replace(x, text=line) for x in conf.ignored)))(case)

    return change


def stopped_long_ago(task: Task) -> Task:
    return replace(task, stopped_at=task.started_at)


NOT_NAMED: dict[str, tuple[str, str, tuple[Change, ...]]] = {
    "programs get the addresses although a line is dropped": (
        "resolver-conf-malformed",
        "resolver-conf-malformed-beside-others",
        (gets(ADDRESS),),
    ),
    "the server of the dropped line stands in another one": (
        "resolver-conf-malformed",
        "resolver-conf-malformed-beside-others",
        (lists(ROUTER, RESOLVER),),
    ),
    "the server that is left knows the zone": (
        "resolver-conf-malformed",
        "resolver-conf-malformed-beside-others",
        (answers(denied_by("example.internal"), of=ROUTER),),
    ),
    "programs get the addresses although the file is not listed": (
        "entry-not-in-force",
        "entry-not-in-force-file-not-listed",
        (gets(ADDRESS),),
    ),
    "the file that is not listed is not there": (
        "entry-not-in-force",
        "entry-not-in-force-file-not-listed",
        (host(resolver_files=()),),
    ),
    "no server is asked": ("os-cache-stale", "os-cache-stale", (host(scutil=(), resolver_files=()),)),
    "validation keeps nothing from programs": ("dnssec-rejects-zone", "dnssec-rejects-zone", (gets(ADDRESS),)),
    "an empty answer is no failed validation": (
        "dnssec-rejects-zone",
        "dnssec-rejects-zone",
        (answers(EMPTY, of=ROUTER, plain=True),),
    ),
    "programs do not get the pinned address": ("hosts-file-override", "hosts-file-override", (gets(ADDRESS),)),
    "the hosts file is no source": (
        "hosts-file-override",
        "hosts-file-override-linux",
        (host(nss=(NssSource("dns"), NssSource("myhostname"))),),
    ),
    ".local has a cause of its own": ("nss-stops-before-dns", "nss-stops-before-dns", (called("dev-api.local"),)),
    "the server after it denies the name as well": (
        "nss-stops-before-dns",
        "nss-stops-before-dns",
        (answers(denied_by(""), of=RESOLVER, type_="A"),),
    ),
    "there is no server after it": ("nss-stops-before-dns", "nss-stops-before-dns", (lists(),)),
    "nobody asked the server after it": ("nss-stops-before-dns", "nss-stops-before-dns", (lists(FOREIGN),)),
    "the filter keeps nothing from programs": ("rebind-protection", "rebind-protection", (gets(ADDRESS),)),
    "macOS does not ask by resolv.conf": (
        "resolver-conf-malformed",
        "resolver-conf-malformed",
        (host(platform="macos", scutil=ABSENT, resolver_files=()),),
    ),
    "a failure leads to the next server": ("nameserver-order", "nameserver-order", (answers(SERVFAIL, of=ROUTER),)),
    "programs need no fourth server": ("nameserver-beyond-third", "nameserver-beyond-third", (gets(ADDRESS),)),
    "one of the first three knows the name": (
        "nameserver-beyond-third",
        "nameserver-beyond-third",
        (gets(FOREIGN), answers(a(ADDRESS), role="host")),
    ),
    "the hosts file has the name": (
        "search-domain-wildcard",
        "search-domain-wildcard",
        (host(hosts=IN_HOSTS_FILE),),
    ),
    "no program was asked": ("search-domain-wildcard", "search-domain-wildcard", (host(lookups=()),)),
    "the final dot makes no difference": (
        "search-domain-wildcard",
        "search-domain-wildcard",
        (_gets_the_wildcard_with_the_dot_too,),
    ),
    "the host's own server knows the name": (
        "split-dns-missing",
        "split-dns-missing",
        (answers(a(ADDRESS), of=ROUTER),),
    ),
    "the host's own server speaks for the zone": (
        "split-dns-missing",
        "split-dns-missing",
        (answers(denied_by("example.internal"), of=ROUTER),),
    ),
    "programs get it by the other server": (
        "resolver-file-wrong-nameserver",
        "resolver-file-wrong-nameserver",
        (gets(ADDRESS),),
    ),
    "inside the VPC no forwarder is at fault": ("aaaa-nxdomain", "aaaa-nxdomain", (asked(client_vpc=VPC),)),
    "the VPC resolver denies AAAA as well": (
        "aaaa-nxdomain",
        "aaaa-nxdomain",
        (answers(denied_by("example.internal"), role="vpc", type_="AAAA"),),
    ),
    "one answer to AAAA may be of a moment": ("aaaa-nxdomain", "aaaa-nxdomain", (once("AAAA", ROUTER),)),
    "the cluster's DNS denies it as the zone does": (
        "cluster-dns-forwards-elsewhere",
        "cluster-dns-forwards-elsewhere",
        (answers(denied_by("example.internal"), of=CLUSTER_DNS),),
    ),
    "the cluster's DNS may fail for every name": (
        "cluster-dns-forwards-elsewhere",
        "cluster-dns-forwards-elsewhere",
        (answers(SERVFAIL, of=CLUSTER_DNS), without_probes(lambda p: p.name.startswith("kubernetes."))),
    ),
    "the forwarder knows the zone": (
        "forwarder-file-not-included",
        "forwarder-file-not-included",
        (answers(denied_by("example.internal"), of="127.0.0.1"),),
    ),
    "the server of the entry has no address either": (
        "encrypted-dns-takes-over",
        "encrypted-dns-takes-over",
        (answers(EMPTY, of=RESOLVER),),
    ),
    "a program gets the addresses": ("no-working-resolver", "no-working-resolver", (gets(ADDRESS),)),
    "the name fails everywhere, and nobody listened": (
        "no-working-resolver",
        "no-working-resolver-empty-file",
        (answers(denied_by(""), role="vpc"), without_probes(lambda p: is_loopback(p.server.address))),
    ),
    "the copy says what the zone says": (
        "zone-copied-elsewhere",
        "zone-copied-elsewhere",
        (answers(a(ADDRESS, "10.10.212.150"), of="192.168.1.53"),),
    ),
    "the VPN client's forwarder denies it as the zone does": (
        "vpn-client-dns-policy",
        "vpn-client-dns-policy",
        (answers(denied_by("example.internal"), of="100.100.100.100"),),
    ),
    "the VPN client's forwarder is asked, and it works": (
        "vpn-client-dns-policy",
        "vpn-client-dns-policy",
        (gets(ADDRESS),),
    ),
    "the VPN client's forwarder resolves no name at all": (
        "vpn-client-dns-policy",
        "vpn-client-dns-policy",
        (resolves_nothing("100.100.100.100"),),
    ),
    "the VPN client's policy is right, and available": (
        "vpn-client-dns-policy",
        "vpn-client-dns-policy",
        (has_route(PolicyRoute("example.internal", (Server(RESOLVER),))),),
    ),
    "the cluster's DNS is silent": (
        "cluster-dns-forwards-elsewhere",
        "cluster-dns-forwards-elsewhere",
        (silent(CLUSTER_DNS),),
    ),
    "the line that is dropped names no right server": (
        "resolver-conf-malformed",
        "resolver-conf-malformed-beside-others",
        (drops("nameserver 192.168.1.9 # old"),),
    ),
    "a program fails otherwise than by a denial": ("os-cache-stale", "os-cache-stale", (failing("temporary failure"),)),
    "the task stopped before the cache could have its address": (
        "os-cache-stale",
        "os-cache-stale",
        (tasks(stopped_long_ago, part="stopped"),),
    ),
}


@pytest.mark.parametrize("why", NOT_NAMED)
def test_it_is_not_named_when(why: str) -> None:
    code, world, changes = NOT_NAMED[why]
    assert said(code, world) is not None
    assert said(code, world, *changes) is None


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
    found = said("cluster-dns-forwards-elsewhere", "cluster-dns-forwards-elsewhere", silent(RESOLVER))
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
