"""Causes of the host that are named in a world, and not when one fact of it is another."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from sddoctor.case.case import Case
from sddoctor.case.dns import Probe, Server
from sddoctor.case.ecs import Task
from sddoctor.case.host import HostsEntry, HostsFile, NrptRule, NssSource
from sddoctor.case.seen import Seen
from sddoctor.case.vpn_client import PolicyRoute
from sddoctor.formats.host.addresses import is_loopback
from tests.changed_cases import (
    ABSENT,
    ADDRESS,
    EMPTY,
    FOREIGN,
    SERVFAIL,
    Change,
    a,
    answers,
    asked,
    called,
    denied_by,
    fails,
    gets,
    host,
    lists,
    more_probes,
    said,
    silent,
    tasks,
    without_probes,
)

ROUTER, RESOLVER, CLUSTER_DNS = "192.168.1.1", "10.10.0.2", "10.96.0.10"
VPC = "vpc-0a1b2c3d4e5f60718"
IN_HOSTS_FILE = HostsFile("/etc/hosts", (HostsEntry(1, FOREIGN, ("dev-api.example.internal",)),))
A_RULE = NrptRule((".example.internal",), (ROUTER,))


def _gets_the_wildcard_with_the_dot_too(case: Case) -> Case:
    plain = next(x for x in case.place.host.value.lookups if not x.final_dot)
    return gets(*plain.outcome.value.addresses)(case)


def once(type_: str, server: str) -> Change:
    """The server was queried for that type a single time."""

    def is_meant(probe: Probe) -> bool:
        return (probe.type, probe.server.address) == (type_, server)

    def change(case: Case) -> Case:
        first = next(p for p in case.place.dns.probes if is_meant(p) and p.plain)
        return more_probes(lambda _: (first,))(without_probes(is_meant)(case))

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

    def public(case: Case) -> tuple[Probe, ...]:
        one = next(p for p in case.place.dns.probes if p.server.address == server and p.plain)
        return (replace(one, name="example.com", type="A", role="other", outcome=Seen(SERVFAIL, "test")),)

    others = without_probes(lambda p: p.server.address == server and p.role == "other")
    return lambda case: more_probes(public)(others(case))


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
        (silent(of=CLUSTER_DNS),),
    ),
    "the line that is dropped names no right server": (
        "resolver-conf-malformed",
        "resolver-conf-malformed-beside-others",
        (drops("nameserver 192.168.1.9 # old"),),
    ),
    "a program fails otherwise than by a denial": ("os-cache-stale", "os-cache-stale", (fails("temporary failure"),)),
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
