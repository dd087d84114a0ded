"""Observes everything about one name: AWS, DNS and this host at the same time, within one time budget."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from msgspec import structs

from sddoctor.bundle.secrets import without_secrets
from sddoctor.case.case import Asked, Case, Place
from sddoctor.case.dns import DnsFacts
from sddoctor.case.seen import NotAttempted, Seen
from sddoctor.observe.aws.collect import AwsObserver
from sddoctor.observe.aws.options import AwsOptions
from sddoctor.observe.aws.shared import Reads, begin_reads
from sddoctor.observe.budget import Budget
from sddoctor.observe.dns.network import Network, network_of_environment
from sddoctor.observe.host.cloud import runs_in_aws
from sddoctor.observe.host.observer import HostObserver
from sddoctor.observe.host.source import HostSource, RunningHost, open_root
from sddoctor.observe.look import Look
from sddoctor.observe.options import Observation, ObserveOptions
from sddoctor.observe.place import PlaceObserver
from sddoctor.resolution.dhcp import assigned_servers
from sddoctor.resolution.search import completed


def observe(name: str, asked: Asked, options: ObserveOptions) -> Observation:
    """Observe a name. What is not seen when the time is over becomes a gap; nothing raises for that.

    Raises ``HostRootError`` for an unreadable root.
    """
    budget = Budget(options.timeout)
    source = open_root(options.root) if options.root is not None else RunningHost(budget)
    look = Look(name, asked, options, source, network_of_environment(), budget, datetime.now(UTC))
    reads = begin_reads(options.region, options.profile, budget)
    case = _observe(look, reads)
    told: tuple[str, ...] = ()
    if (full := completed(case)) is not None:
        # What was read of AWS is not read again: both looks share their reads.
        case = _observe(replace(look, name=full), reads)
        told = (f"A search domain completes {name} to {full}: that name is judged.",)
    return Observation(case, reads.calls.timings(), (*told, *reads.warnings()))


def observe_one_of_many(
    asked: Asked, options: ObserveOptions, source: HostSource, network: Network, reads: Reads
) -> Case:
    """Observe a name, with what other names of the same account and region have read already.

    The time budget is that of DNS and of this host: AWS is asked for as long as it takes.
    """
    budget = Budget(options.timeout)
    return _observe(Look(asked.name, asked, options, source, network, budget, datetime.now(UTC)), reads)


def observe_by_records(asked: Asked, reads: Reads) -> Case:
    """Observe the AWS side of a name alone: neither a name server nor this host is asked."""
    at = datetime.now(UTC)
    aws = AwsObserver(asked.name, AwsOptions(client_vpc=asked.client_vpc), reads)
    why, needs = "only AWS was asked", "a look from a host that resolves the name (--asker host)"
    nobody = DnsFacts(NotAttempted("the answer of a name server", why, needs))
    place = Place("AWS", NotAttempted("a host", why, needs), nobody)
    case = Case(name=asked.name, asked=asked, at=at, aws=aws.facts(), places=(place,))
    return without_secrets(case, reads.clean)


def _observe(look: Look, reads: Reads) -> Case:
    """Begin everything at AWS, look from here meanwhile, and then at what the one leaves open about the other."""
    host = HostObserver(look.name, look.source, look.budget)
    aws = AwsObserver(look.name, _aws_options(look, host), reads)
    here = PlaceObserver(look, host, aws)
    place = here.place()
    facts = aws.facts()
    place = here.with_others(place, assigned_servers(facts.vpc))
    place = here.with_suspicions(place)
    place = here.with_delegation(place, facts.cloudmap.views)
    facts = aws.explain(facts, _answered(look.name, place))
    place = structs.replace(place, connections=here.connections(facts, place))
    case = Case(name=look.name, asked=look.asked, at=look.at, aws=facts, places=(place,))
    return without_secrets(case, reads.clean)


def _answered(name: str, place: Place) -> frozenset[str]:
    """Return every address that a VPC resolver gave for the name."""
    probes = [p for p in place.dns.probes if p.role == "vpc" and p.name == name and isinstance(p.outcome, Seen)]
    return frozenset(a for p in probes for a in p.outcome.value.addresses)


def _aws_options(look: Look, host: HostObserver) -> AwsOptions:
    asked = look.asked
    return AwsOptions(
        nameservers=asked.nameservers,
        client_vpc=asked.client_vpc,
        cluster=asked.cluster,
        service=asked.service,
        host_addresses=lambda: tuple(a.address for a in host.addresses().seen_or(())),
        host_facts=host.facts,
        host_is_aws=lambda: runs_in_aws(look.source),
    )
