"""What began, ended and will end, and when: seconds from the observation."""

from __future__ import annotations

from datetime import datetime

from sddoctor.case.dns import Answer
from sddoctor.case.ecs import Deployment, EcsService, Task
from sddoctor.case.seen import Seen
from sddoctor.diagnosis.detail_model import Span, Tone
from sddoctor.trail.trail import Trail, optional

_MOST = 12
_HEALTH: dict[str, Tone] = {"HEALTHY": "good", "UNHEALTHY": "bad"}


def timeline(trail: Trail) -> tuple[Span, ...]:
    """Return deployments, tasks, registrations and cached answers; of each kind the newest few."""
    return (*_newest(_deployments(trail)), *_newest(_tasks(trail)), *_newest(_operations(trail)), *_answers(trail))


def _newest(spans: list[Span]) -> list[Span]:
    return sorted(spans, key=lambda s: (s.begin, s.label))[-_MOST:]


def _since(trail: Trail, when: datetime | None) -> float | None:
    return None if when is None else (when - trail.case.at).total_seconds()


def _deployments(trail: Trail) -> list[Span]:
    services = optional(lambda: trail.ecs.attached) or ()
    return [span for s in services for d in s.deployments if (span := _deployment(trail, s, d)) is not None]


def _deployment(trail: Trail, service: EcsService, deployment: Deployment) -> Span | None:
    begin = _since(trail, deployment.created_at)
    if begin is None:
        return None
    state = deployment.rollout_state or deployment.status
    tones: dict[str, Tone] = {"COMPLETED": "good", "FAILED": "bad", "IN_PROGRESS": "warn"}
    going = deployment.rollout_state == "IN_PROGRESS"
    definition = deployment.task_definition.rsplit("/", 1)[-1]
    note = f"{state}, {deployment.running} of {deployment.desired} running"
    label = f"{service.name}: {definition or deployment.id}"
    return Span("Deployments", label, begin, None if going else begin, tones.get(state, "dim"), note)


def _tasks(trail: Trail) -> list[Span]:
    tasks = {t.arn: t for t in optional(lambda: trail.ecs.stopped) or ()}
    tasks |= {t.arn: t for t in optional(lambda: trail.ecs.tasks) or ()}
    tasks |= {r.task.value.arn: r.task.value for r in trail.ecs.facts.registered if isinstance(r.task, Seen)}
    return [span for t in tasks.values() if (span := _task(trail, t)) is not None]


def _task(trail: Trail, task: Task) -> Span | None:
    begin = _since(trail, task.started_at or task.created_at)
    if begin is None:
        return None
    end = _since(trail, task.stopped_at)
    label = f"{task.id[:8]} {', '.join(task.addresses)}".strip()
    if task.last_status == "STOPPED":
        return Span("Tasks", label, begin, begin if end is None else end, "dim", task.stopped_reason or "STOPPED")
    if not task.runs:
        return Span("Tasks", label, begin, None, "warn", f"{task.last_status}, wanted {task.desired_status}")
    return Span("Tasks", label, begin, None, _HEALTH.get(task.health, "dim"), f"RUNNING, {task.health}")


def _operations(trail: Trail) -> list[Span]:
    """Return what Cloud Map did to the instances, where that was read."""
    operations = optional(lambda: trail.cloudmap.view.operations.value) or ()
    tones: dict[str, Tone] = {"SUCCESS": "good", "FAIL": "bad"}
    return [
        Span("Registrations", label, begin, begin, tones.get(o.status, "warn"), o.error_message or o.status)
        for o in operations
        if (begin := _since(trail, o.created_at)) is not None
        and (label := f"{o.type.lower().replace('_', ' ')} {(o.instance_id or '')[:8]}".strip())
    ]


def _answers(trail: Trail) -> list[Span]:
    """Return how long each server caches its last answer about the name, and since when, if that is known."""
    last: dict[tuple[str, str], tuple[str, Answer]] = {}
    for probe in trail.answers.probes:
        asked_for_comparison = probe.role == "other" or probe.dnssec
        if probe.name == trail.name and isinstance(probe.outcome, Seen) and not asked_for_comparison:
            last[str(probe.server), probe.type] = (f"{probe.server} {probe.type}", probe.outcome.value)
    wanted = trail.rdtype
    full = {r.type: r.ttl for r in optional(lambda: trail.cloudmap.records) or () if r.ttl is not None}
    answering = {server for (server, _), (_, answer) in last.items() if answer.answers}
    spans = []
    for (server, kind), (label, answer) in last.items():
        if not answer.answers and (server in answering or kind != wanted):
            continue  # that a name has no record of another type is no news
        if answer.answers:
            left = min(r.ttl for r in answer.answers)
            span = _kept("Answers kept", label, left, full.get(kind, left), "good", f"TTL {left} s left")
        elif answer.denied and answer.soa is not None:
            left = answer.soa.ttl
            note = f"{'empty answer' if answer.rcode == 'NOERROR' else answer.rcode}, kept for {left} s at most"
            span = _kept("Denials kept", label, left, left, "warn", note)
        else:
            continue
        spans.append(span)
    return spans


def _kept(lane: str, label: str, left: int, full: int, tone: Tone, note: str) -> Span:
    return Span(lane, label, float(min(0, left - full)), float(left), tone, note)
