"""Observes everything about one name: AWS, DNS and this host at the same time, within one time budget.

The walk is :func:`_observe`.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from msgspec import structs

from sddoctor.bundle.secrets import without_secrets
from sddoctor.case.case import Asked, Case, Place
from sddoctor.case.dns import DnsFacts
from sddoctor.case.name import fold_name
from sddoctor.case.route53 import AliasStep
from sddoctor.case.seen import NotAttempted, Seen
from sddoctor.case.surroundings import OF_AWS
from sddoctor.observe.aws.observer import AwsObserver
from sddoctor.observe.aws.options import AwsOptions
from sddoctor.observe.aws.shared import Reads, begin_reads
from sddoctor.observe.budget import Budget
from sddoctor.observe.context import Context
from sddoctor.observe.dns.network import Network, network_of_environment
from sddoctor.observe.host.observer import HostObserver
from sddoctor.observe.host.source import HostSource, RunningHost, open_root
from sddoctor.observe.options import Observation, ObserveOptions
from sddoctor.observe.place import PlaceObserver
from sddoctor.resolution.dhcp import assigned_servers
from sddoctor.resolution.search import completed


def observe(name: str, asked: Asked, options: ObserveOptions) -> Observation:
    """Observe a name. What was not seen when the budget ends becomes a gap.

    Raises ``HostRootError`` for an unreadable root.
    """
    budget = Budget(options.timeout)
    source = open_root(options.root) if options.root is not None else RunningHost(budget)
    context = Context(name, asked, options, source, network_of_environment(), budget, datetime.now(UTC))
    reads = begin_reads(options.region, options.profile, budget)
    case = _observe(context, reads)
    notes: tuple[str, ...] = ()
    if (full := completed(case)) is not None:
        # The reads are shared, so the second observation makes no call of the first again.
        case = _observe(replace(context, name=full), reads)
        notes = (f"A search domain completes {name} to {full}: that name is judged.",)
    return Observation(case, reads.calls.timings(), (*notes, *reads.warnings()))


def observe_in_scan(asked: Asked, options: ObserveOptions, source: HostSource, network: Network, reads: Reads) -> Case:
    """Observe one of many names of an account and region, which share ``reads``.

    The time budget covers DNS and this host only; calls to AWS take as long as they take.
    """
    budget = Budget(options.timeout)
    return _observe(Context(asked.name, asked, options, source, network, budget, datetime.now(UTC)), reads)


def observe_by_records(asked: Asked, reads: Reads) -> Case:
    """Observe only the AWS side of a name: no name server is queried, and nothing is read of this host."""
    at = datetime.now(UTC)
    aws = AwsObserver(asked.name, AwsOptions(client_vpc=asked.client_vpc), reads)
    why, needs = "only AWS was asked", "a look from a host that resolves the name (--asker host)"
    no_dns = DnsFacts(NotAttempted("the answer of a name server", why, needs))
    place = Place("AWS", NotAttempted("a host", why, needs), no_dns)
    case = Case(name=asked.name, asked=asked, at=at, aws=aws.facts(), places=(place,))
    return without_secrets(case, reads.clean)


def _observe(context: Context, reads: Reads) -> Case:
    """Begin every read of AWS, observe this place meanwhile, then follow up what the facts of one say about the other."""
    host = HostObserver(context.name, context.source, context.budget)
    aws = AwsObserver(context.name, _aws_options(context, host), reads)
    observer = PlaceObserver(context, host, aws)
    place = observer.place()
    facts = aws.facts(_aliases(context.name, place))
    if facts.alias and not facts.cloudmap.views:
        place = observer.with_target(place, facts.alias[-1].target)
    place = observer.with_servers(place, assigned_servers(facts.vpc))
    place = observer.with_follow_up(place, facts.cloudmap.views)
    place = observer.with_delegation(place, facts.cloudmap.views)
    facts = aws.explain(facts, _vpc_answers(context.name, place), _program_answers(place))
    place = structs.replace(place, connections=observer.connections(facts, place))
    case = Case(name=context.name, asked=context.asked, at=context.at, aws=facts, places=(place,))
    return without_secrets(case, reads.clean)


def _program_answers(place: Place) -> frozenset[str]:
    host = place.host.seen_or(None)
    results = (k.outcome.seen_or(None) for k in host.lookups) if host is not None else ()
    return frozenset(a for result in results if result is not None for a in result.addresses)


def _aliases(name: str, place: Place) -> tuple[AliasStep, ...]:
    """Return the CNAMEs that the first answer with any shows, from the name on."""
    for probe in place.dns.probes:
        answer = probe.outcome.seen_or(None) if probe.name == name else None
        targets = (
            {r.owner: fold_name(r.data) for r in answer.answers if r.type == "CNAME"} if answer is not None else {}
        )
        steps, at = [], name
        while at in targets:
            steps.append(AliasStep(at, targets.pop(at)))
            at = steps[-1].target
        if steps:
            return tuple(steps)
    return ()


def _vpc_answers(name: str, place: Place) -> frozenset[str]:
    """Return every address that a VPC resolver returned for the name."""
    probes = [p for p in place.dns.probes if p.role == "vpc" and p.name == name and isinstance(p.outcome, Seen)]
    return frozenset(a for p in probes for a in p.outcome.value.addresses)


def _aws_options(context: Context, host: HostObserver) -> AwsOptions:
    asked = context.asked
    return AwsOptions(
        nameservers=asked.nameservers,
        client_vpc=asked.client_vpc,
        cluster=asked.cluster,
        service=asked.service,
        host_addresses=lambda: tuple(a.address for a in host.addresses().seen_or(())),
        host_facts=host.facts,
        host_is_aws=lambda: any(m.of in OF_AWS for m in host.marks()),
    )
