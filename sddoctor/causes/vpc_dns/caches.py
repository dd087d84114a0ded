"""The VPC resolver has an old answer in its cache: a negative one, or the address of a task that is gone."""

from __future__ import annotations

from ipaddress import ip_address

from sddoctor.case.dns import Answer
from sddoctor.case.ecs import Task
from sddoctor.causes.commands import dig, may_overlap, overlap
from sddoctor.causes.model import Evidence, Finding, Fix, cause
from sddoctor.causes.route53.evidence import answer_evidence, record_evidence
from sddoctor.causes.route53.ttl_fixes import lower_negative_ttl, lower_record_ttl
from sddoctor.stations.model import DENIED
from sddoctor.text.words import age, count, in_order, listed
from sddoctor.trail.denials import vpc_denier
from sddoctor.trail.thresholds import PROPAGATION_GRACE, REGISTRATION_GRACE
from sddoctor.trail.trail import Trail, optional
from sddoctor.trail.ttls import Countdown, countdown, denial_ttl, negative_ttl
from sddoctor.trail.zone_answers import has_record


@cause(
    "negative-answer-cached",
    hop="vpc-dns",
    at=("vpc-answer",),
    symptoms=DENIED,
    kind="transient",
    severity="warning",
    title="NXDOMAIN is remembered although the record is back",
)
def negative_answer_cached(trail: Trail) -> Finding | None:
    """The zone has the record, and the resolver returns a negative answer with the zone's SOA, whose TTL counts down.

    A denial from a cache may come without its SOA: then it fits, if the zone is consulted and a task is young enough.
    https://www.rfc-editor.org/rfc/rfc2308
    """
    if not _is_back(trail):
        return None
    answer = trail.answers.vpc("A")
    if not answer.denied or _has_other_type(trail):
        return None
    full, youngest = negative_ttl(trail), _youngest(trail)
    seen = countdown(trail.answers, "A", denial_ttl(trail.zone.name)) if answer.soa is not None else None
    if seen is None:
        if answer.soa is not None or vpc_denier(trail) != "zone" or not _is_young(youngest, full):
            return None
    elif not seen.falls and (full is None or seen.last >= full):
        return None
    wait = max(1, seen.last if seen is not None else full or 1)
    return Finding(
        summary=f"The VPC resolver still remembers that {trail.name} did not exist: wait {wait} s, then ask again.",
        detail=(
            "Somebody asked while the name had no record, and the resolver keeps that denial for the negative TTL"
            + (f" ({full} s)" if full is not None else "")
            + ". The record is back, so it passes by itself. Clearing the cache of this host does not help."
        ),
        evidence=(
            *record_evidence(trail),
            *answer_evidence(trail),
            *((_ttl_evidence(trail, seen, "SOA", full),) if seen is not None else ()),
            *_registration(trail, youngest),
        ),
        fixes=(Fix(f"Wait {wait} s, then ask again", "aws"), *lower_negative_ttl(trail), *_overlap(trail)),
        would_tell=None
        if seen is not None and seen.falls and _is_fresh(youngest, full)
        else f"sleep {wait}; {dig(trail.answers.vpc_server, trail.name, 'A')}",
        wait_seconds=wait,
    )


def _is_back(trail: Trail) -> bool:
    """Tell whether the zone has a record of an instance that is not unhealthy (or of none that Cloud Map knows)."""
    if trail.owner.is_of_records:
        return has_record(trail)
    records = trail.cloudmap.records
    able = {i.id for i in trail.cloudmap.instances if trail.cloudmap.health(i.id) != "UNHEALTHY"}
    return bool(able) and any(r.set_identifier is None or r.set_identifier in able for r in records)


def _has_other_type(trail: Trail) -> bool:
    """Tell whether the name exists with another type, so that an empty answer is no news of the past."""
    for rdtype in ("SRV", "AAAA"):
        answer = optional(lambda t=rdtype: trail.answers.vpc(t))  # type: ignore[misc]
        if answer is not None and answer.answers:
            return True
    return False


def _youngest(trail: Trail) -> float | None:
    ages = [trail.ecs.age(t.started_at) for t in optional(lambda: trail.ecs.running) or ()]
    return min((a for a in ages if a is not None), default=None)


def _is_fresh(youngest: float | None, full: int | None) -> bool:
    """Tell whether the youngest registration can be younger than the negative answer; one that waits for health is later."""
    return youngest is None or full is None or youngest < full + PROPAGATION_GRACE


def _is_young(youngest: float | None, full: int | None) -> bool:
    """Tell whether the youngest registration is seen to be younger than a negative answer may be."""
    return youngest is not None and full is not None and youngest < full + PROPAGATION_GRACE


def _registration(trail: Trail, youngest: float | None) -> tuple[Evidence, ...]:
    if youngest is None:
        return ()
    main = optional(lambda: trail.ecs.main)
    subject = f"youngest task of {main.name}" if main else "youngest task"
    return (Evidence("ecs:DescribeTasks tasks[].startedAt", subject, f"{age(youngest)} ago"),)


def _ttl_evidence(trail: Trail, seen: Countdown, what: str, full: int | None) -> Evidence:
    observed = f"{seen.first} s, then {seen.last} s" if seen.falls else f"{seen.last} s left"
    expected = f"{full} s in a fresh one" if full is not None else None
    return Evidence(f"dns @{trail.answers.vpc_server} A", f"TTL of the {what} in the answer", observed, expected)


def _overlap(trail: Trail) -> tuple[Fix, ...]:
    main = optional(lambda: trail.ecs.main)
    if main is None or not may_overlap(main):
        return ()
    return (
        Fix(
            "So that there is no gap, overlap old and new tasks",
            "aws",
            commands=(overlap(main),),
            changes=f"Later deployments of {main.name} start new tasks before they stop old ones.",
        ),
    )


@cause(
    "stale-answer-cached",
    hop="vpc-dns",
    at=("vpc-answer",),
    symptoms=("foreign",),
    kind="transient",
    severity="warning",
    title="A cached answer still has the address of a task that is gone",
    # The deployment is the context of what is seen while it runs.
    explains=("deployment-in-progress",),
)
def stale_answer_cached(trail: Trail) -> Finding | None:
    """An answered address has neither instance nor record, the TTL runs down, and its task stopped within one TTL.

    https://docs.aws.amazon.com/cloud-map/latest/api/API_DnsRecord.html
    """
    answered = trail.answers.vpc_addresses
    stale = answered - {a for i in trail.cloudmap.instances for a in i.addresses}
    stale -= {v for r in trail.cloudmap.view.records.value for v in r.values}
    if not stale:
        return None
    gone = {a: t for a, t in _ended(trail).items() if a in stale}
    rdtype = "A" if any(ip_address(a).version == 4 for a in gone) else "AAAA"
    full = next((r.ttl for r in trail.cloudmap.service.records if r.type == rdtype), None)
    seen = countdown(trail.answers, rdtype, lambda answer: _ttl_of(answer, stale))
    if not gone or seen is None or full is None or not (seen.falls or seen.last < full):
        return None
    gone = {a: t for a, t in gone.items() if (trail.ecs.age(t.stopped_at) or 0) < full + REGISTRATION_GRACE}
    if not gone:
        return None
    wait, addresses = max(1, seen.last), in_order(gone)
    one = len(addresses) == 1
    return Finding(
        summary=(
            f"The VPC resolver still remembers {listed(addresses)}, {'the address' if one else 'the addresses'} of "
            f"{count(len(gone), 'task')} that {'has' if one else 'have'} stopped: wait {wait} s, then ask again."
        ),
        detail=(
            f"The record is gone, and the resolver keeps its last answer for the record's TTL ({full} s). ECS does not wait "
            "for that before it stops a task, so some clients get a dead address after each deployment or scale-in."
        ),
        evidence=(
            *answer_evidence(trail, None),
            _ttl_evidence(trail, seen, "record", full),
            Evidence("servicediscovery:ListInstances", listed(addresses), "no instance", None),
            *record_evidence(trail),
            *(
                Evidence(
                    "ecs:DescribeTasks tasks[].stoppedAt", f"{t.id} ({a})", f"{age(trail.ecs.age(t.stopped_at))} ago"
                )
                for a, t in list(gone.items())[:4]
            ),
        ),
        fixes=(
            Fix(f"Wait {wait} s, then ask again", "aws"),
            lower_record_ttl(trail),
            Fix("Keep serving for the TTL and a margin after SIGTERM, and let clients retry", "app"),
        ),
        addresses=addresses,
        wait_seconds=wait,
    )


def _ended(trail: Trail) -> dict[str, Task]:
    """Return the tasks that have stopped by address, without those whose address a running task has again."""
    running = {a for t in trail.ecs.running for a in t.addresses}
    return {a: t for t in trail.ecs.stopped for a in t.addresses if t.stopped_at is not None and a not in running}


def _ttl_of(answer: Answer, addresses: frozenset[str]) -> int | None:
    return min((r.ttl for r in answer.answers if r.data in addresses), default=None)
