"""The names that a name stands for, each step with what came of it."""

from __future__ import annotations

from collections.abc import Iterator

from sddoctor.case.dns import Answer
from sddoctor.case.route53 import AliasStep
from sddoctor.diagnosis.model import AliasLink, HopStatus
from sddoctor.text.words import in_order, listed
from sddoctor.trail.trail import Trail, optional


def chain(trail: Trail) -> tuple[AliasLink, ...]:
    """Return the steps, by the records where they were seen, else by the answers."""
    steps = trail.case.aws.alias or tuple(_by_answers(trail))
    links = [AliasLink(s.name, s.target, s.kind, s.zone_id, "ok", "the record was seen") for s in steps[:-1]]
    if steps:
        last = steps[-1]
        status, summary = _end(trail, last.target)
        links.append(AliasLink(last.name, last.target, last.kind, last.zone_id, status, summary))
    return tuple(links)


def _by_answers(trail: Trail) -> Iterator[AliasStep]:
    answers = [trail.answers.vpc_server] if optional(lambda: trail.answers.vpc_server) else []
    probes = [p for p in trail.answers.probes if p.name == trail.name and p.type in ("A", "AAAA") and p.plain]
    probes.sort(key=lambda p: p.server not in answers)
    for probe in probes:
        answer = probe.outcome.seen_or(None)
        if answer is not None and any(r.type == "CNAME" for r in answer.answers):
            yield from _steps(trail.name, answer)
            return


def _steps(name: str, answer: Answer) -> Iterator[AliasStep]:
    targets = {r.owner: r.data.rstrip(".").lower() for r in answer.answers if r.type == "CNAME"}
    at = name
    while at in targets:
        target = targets.pop(at)
        yield AliasStep(at, target)
        at = target


def _end(trail: Trail, target: str) -> tuple[HopStatus, str]:
    """Return whether the last name resolves in the VPC: by a query for it, else by the answer for the name itself."""
    own = [
        a
        for p in trail.answers.probes
        if p.role == "vpc"
        and p.name == target
        and p.type in ("A", "AAAA")
        and (a := p.outcome.seen_or(None)) is not None
    ]
    addresses = frozenset(x for a in own for x in a.addresses) | (
        optional(lambda: trail.answers.vpc_addresses) or frozenset()
    )
    if addresses:
        return "ok", listed(in_order(addresses), most=4)
    answer = own[0] if own else optional(lambda: trail.answers.vpc("A"))
    if answer is None:
        return "unknown", "not seen"
    return "failed", answer.rcode if answer.rcode != "NOERROR" else "no address"
