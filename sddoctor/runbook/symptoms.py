"""What to do by symptom. The runbooks for any name and for one name share these texts; only the values differ.

Each cause that is named has a page, with the sources of what the text says.
"""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from sddoctor.runbook import commands as c
from sddoctor.runbook.blocks import Blocks
from sddoctor.runbook.known import Known
from sddoctor.runbook.values import Command, command


class Symptom(Struct, frozen=True):
    """A symptom: the file of its runbook, its title, how it looks, and what to do."""

    slug: str
    title: str
    looks: str
    write: Callable[[Blocks, Known], None]


def nxdomain(blocks: Blocks, k: Known) -> None:
    """A server returns NXDOMAIN: find out which one, then why."""
    blocks.add("1. Ask the VPC's resolver itself, and look at `status` and at the zone of the SOA.")
    blocks.run(c.dig(k, "+noall", "+comments", "+authority", "+time=3", "+tries=1"))
    blocks.add(
        f"- `NOERROR` with an answer: the name exists, and this host asks somebody else. Go to {blocks.section(WORKS_THERE, 'works-there-not-here')}.\n"
        f"- `NXDOMAIN`, and the SOA is that of {k.namespace.shown()}: the zone is right and has no record. Go on with 2.\n"
        "- `NXDOMAIN` with another SOA, of the root for instance: the resolver does not see the zone. Go on with 3.\n"
        f"- no reply: go to {blocks.section(TIMEOUT, 'timeout')}."
    )
    blocks.add("2. Find out why there is no record: no instance, an unhealthy one, or one that Route 53 lost.")
    blocks.run(c.services(k), c.instances(k), c.health(k), c.ecs_service(k), c.events(k), c.records(k))
    blocks.outcomes(
        (
            ("the service is not in the list, or its name is spelled otherwise", "service-not-found"),
            ("the same namespace exists twice", "namespace-duplicate"),
            ("no instance, and `desiredCount` is 0", "service-scaled-to-zero"),
            ("no instance, and `runningCount` is 0", "tasks-not-starting tasks-stuck-before-running"),
            (
                "no instance, and `serviceRegistries` is empty or names another service",
                "service-not-attached registry-arn-mismatch",
            ),
            ("tasks run, and are not registered", "instance-missing registration-failed"),
            ("all instances are `UNHEALTHY`", "all-instances-unhealthy health-check-failing"),
            ("healthy instances, and no record", "record-missing hosted-zone-missing"),
            ("all of it is right", "negative-answer-cached"),
        )
    )
    blocks.add("Operations that failed say why a task was not registered (`aws servicediscovery get-operation`).")
    blocks.run(c.failed_operations(k))
    blocks.add("3. Find out why the VPC does not see the zone.")
    find_why_unseen(blocks, k)


def find_why_unseen(blocks: Blocks, k: Known, *rules: Command) -> None:
    """Add the commands that show why a VPC does not see a zone, with those of ``rules`` behind the list of all rules."""
    blocks.run(
        c.zone(k), c.zones_of_vpc(k), c.attribute(k, "enableDnsSupport"), c.attribute(k, "enableDnsHostnames"), c.rules(k),
        *rules, c.firewall(k),
    )  # fmt: skip
    blocks.outcomes(
        (
            (f"{k.vpc_id.shown()} is not among the zone's VPCs", "zone-not-associated"),
            ("another zone with a longer or the same name is there", "zone-shadowed"),
            ("an attribute is false", "dns-support-off dns-hostnames-off"),
            ("a rule forwards the domain", "resolver-rule-overrides"),
            ("a firewall rule blocks it", "dns-firewall-blocks"),
        )
    )


def no_answer(blocks: Blocks, k: Known) -> None:
    """The name exists and has no address of the family that is queried."""
    blocks.add("1. Ask the VPC's resolver for every kind of record that the service may have.")
    blocks.run(
        *(c.dig(k, "+noall", "+comments", "+answer", "+time=3", "+tries=1", family=t) for t in ("A", "AAAA", "SRV"))
    )
    blocks.add("2. Compare with what the service publishes, and with the health of its instances.")
    blocks.run(c.service(k), c.instances(k), c.health(k))
    blocks.outcomes(
        (
            ("it publishes SRV and clients ask for A", "srv-only"),
            ("it publishes one address family and clients have the other", "address-family-mismatch"),
            ("its type is `HTTP`, so it has no DNS at all", "api-only service-connect-only"),
            ("all instances are `UNHEALTHY`", "all-instances-unhealthy"),
        )
    )
    blocks.add(
        "3. If the resolver has the answer and a program on this host gets none, something takes it away on the way."
    )
    blocks.run(c.dig_here(k, "+noall", "+comments", "+answer", "+time=3", "+tries=1"), c.firewall(k))
    blocks.outcomes(
        (
            ("a home router or a local forwarder drops private addresses", "rebind-protection"),
            ("a firewall rule answers `NODATA`", "dns-firewall-blocks"),
            ("the answer is too large for the way", "large-answers-lost tcp-53-blocked"),
        )
    )


def timeout(blocks: Blocks, k: Known) -> None:
    """There is no reply: nearly always because of the route to the resolver."""
    blocks.add("1. Ask the VPC's resolver by UDP and by TCP.")
    blocks.run(
        c.dig(k, "+noall", "+comments", "+answer", "+time=2", "+tries=1"),
        c.dig(k, "+tcp", "+noall", "+comments", "+answer", "+time=2", "+tries=1"),
    )
    blocks.outcomes(
        (
            ("neither answers", "no-route-to-resolver vpc-resolver-not-for-outsiders inbound-endpoint-blocked"),
            ("only TCP answers", "udp-53-blocked dns-intercepted"),
            ("only UDP answers", "tcp-53-blocked"),
            ("one question in a few is lost", "resolver-drops-queries"),
        )
    )
    blocks.add("2. Look by which interface questions to the resolver leave: it must be the tunnel's. On macOS:")
    blocks.run(command("route", "-n", "get", k.resolver))
    blocks.add("On Linux:")
    blocks.run(command("ip", "route", "get", k.resolver))
    blocks.outcomes(
        (
            ("the default route, or none (the VPN is down, or does not route the VPC)", "no-route-to-resolver"),
            ("a local network, whose range overlaps the VPC's", "cidr-overlap"),
        )
    )
    blocks.add("3. Look whether there is an inbound endpoint, and whether its security groups let UDP and TCP 53 in.")
    blocks.run(c.endpoints(k))
    blocks.outcomes((("its security groups do not let this network in", "inbound-endpoint-blocked"),))
    blocks.add(
        "4. If the name resolves and only connections time out, it is no matter of DNS: look at security groups and routes "
        "to the addresses that are answered."
    )
    blocks.run(c.check(k, "-v"))


def stale_address(blocks: Blocks, k: Known) -> None:
    """The answer has an address that no running task has."""
    blocks.add(
        "1. Ask whose the address is (put the one in question in its place; a whole log line may be piped in as well)."
    )
    blocks.run(c.owner(k))
    blocks.add("2. Look who still says so: Cloud Map, Route 53, or only a cache.")
    blocks.run(
        c.instances(k),
        c.tasks(k, "RUNNING"),
        c.tasks(k, "STOPPED"),
        c.records(k),
        c.dig(k, "+noall", "+answer", "+time=3", "+tries=1"),
    )
    blocks.outcomes(
        (
            ("Cloud Map has an instance whose task is gone", "stale-instance"),
            ("Cloud Map has it for a running task that has another address", "instance-address-mismatch"),
            ("somebody registered it by hand", "unmanaged-instance"),
            ("only Route 53 has it", "record-orphaned"),
            ("neither has it, and the resolver's TTL counts down (wait for it)", "stale-answer-cached ttl-long"),
            ("the task is being stopped, or its host drains", "stopping-task-still-answered agent-disconnected"),
            ("the resolver is right, and this host is not", "os-cache-stale hosts-file-override client-runtime"),
        )
    )
    blocks.add("3. Empty the caches of this host, then ask again. On macOS:")
    blocks.run(command("sudo", "dscacheutil", "-flushcache"), command("sudo", "killall", "-HUP", "mDNSResponder"))
    blocks.add("On Linux with systemd-resolved:")
    blocks.run(command("resolvectl", "flush-caches"))


def works_there(blocks: Blocks, k: Known) -> None:
    """Two places get two answers: compare the servers that they query."""
    blocks.add("1. See which servers this host asks for the name, and by which setting.")
    blocks.run(command("sddoctor", "resolver", "show", k.name))
    blocks.add("2. Compare what a program gets with what `dig` gets. On macOS `dig` does not read `/etc/resolver`:")
    blocks.run(command("dscacheutil", "-q", "host", "-a", "name", k.name), command("scutil", "--dns"))
    blocks.add("On Linux:")
    blocks.run(
        command("getent", "ahosts", k.name), command("resolvectl", "query", k.name), command("resolvectl", "status")
    )
    blocks.outcomes(
        (
            ("a program resolves it, and `dig` does not", "dig-bypasses-split-dns"),
            (
                "nothing sends the domain to the VPC's resolver",
                "split-dns-missing nrpt-rule-missing client-vpn-without-dns",
            ),
            (
                "a file of `/etc/resolver` is there, and does not act",
                "resolver-file-malformed resolver-file-shadowed resolver-file-wrong-domain",
            ),
            ("the resolver of another VPC is asked", "resolver-of-another-vpc resolver-file-wrong-nameserver"),
            ("another server is asked first", "nameserver-order nameserver-beyond-third interface-metric-decides"),
            ("only containers fail", "container-dns-forwarder"),
            ("`SERVFAIL` here alone", "dnssec-rejects-zone nrpt-requires-dnssec"),
            ("an empty answer here alone", "rebind-protection"),
        )
    )
    blocks.add("3. Compare two VPCs: the zone must be with both.")
    blocks.run(c.zone(k), c.check(k, "--client-vpc", k.vpc_id))
    blocks.outcomes(((f"{k.vpc_id.shown()} or the client's VPC is missing", "zone-not-associated"),))
    blocks.add("4. Look from both places, and let both be judged together; the first file is where it fails.")
    blocks.run(c.check(k, "--save", "here.json"))
    blocks.add("After the same with `there.json` in the other place:")
    blocks.run(command("sddoctor", "check", "--from", "here.json", "--from", "there.json"))


TIMEOUT = "Timeout"
WORKS_THERE = "Works there, but not here"

SYMPTOMS = (
    Symptom(
        "nxdomain",
        "NXDOMAIN",
        "`dig` says `status: NXDOMAIN`; programs say *unknown host*, *Name or service not known*",
        nxdomain,
    ),
    Symptom(
        "no-answer",
        "No answer",
        "`dig` says `NOERROR` and `ANSWER: 0`; programs say *no address associated with hostname*",
        no_answer,
    ),
    Symptom(
        "timeout",
        TIMEOUT,
        "`dig` says *no servers could be reached*; programs wait, then say *temporary failure in name resolution*",
        timeout,
    ),
    Symptom(
        "stale-address",
        "A stale address",
        "the name resolves, and connections to one of its addresses fail",
        stale_address,
    ),
    Symptom(
        "works-there-not-here",
        WORKS_THERE,
        "the same name resolves on one host, in one VPC or in one program, and not in another",
        works_there,
    ),
)
