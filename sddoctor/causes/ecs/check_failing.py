"""The container health check fails."""

from __future__ import annotations

import shlex

from sddoctor.case.ecs import ContainerDefinition, HealthCheck
from sddoctor.case.seen import UnseenFactError
from sddoctor.causes.ecs.check_fixes import run_in_container
from sddoctor.causes.model import Evidence, Finding, Fix, cause
from sddoctor.formats import health_command
from sddoctor.formats.health_command import calls_localhost_by_wget
from sddoctor.formats.image_tools import missing_tool
from sddoctor.resolution.endpoints import mapped_ports
from sddoctor.text.words import count, listed
from sddoctor.trail.failing_checks import Failing, FailingChecks, answering, failing_checks
from sddoctor.trail.trail import Trail, optional


@cause(
    "health-check-failing",
    hop="ecs",
    at=("tasks", "registry"),
    symptoms=("not-serving", "missing"),
    title="The container health check fails",
    explains=("all-instances-unhealthy",),
)
def health_check_failing(trail: Trail) -> Finding | None:
    """Tasks are UNHEALTHY, or tasks were stopped for their health check while too few serve.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/healthcheck.html
    """
    seen = failing_checks(trail)
    if seen is None:
        return None
    return Finding(
        summary=_summary(trail, seen),
        detail=_detail(trail, seen),
        evidence=evidence(trail, seen),
        fixes=_fixes(seen),
        addresses=unhealthy_addresses(trail, seen),
    )


def unhealthy_addresses(trail: Trail, seen: FailingChecks) -> tuple[str, ...]:
    """Return the addresses of the tasks whose check fails now."""
    return tuple(a for t in seen.unhealthy for a in trail.promise.addresses_of(t))


def _summary(trail: Trail, seen: FailingChecks) -> str:
    service = trail.ecs.main
    of = f" of container {listed(f.container.name for f in seen.failing)}" if seen.failing else ""
    where = listed(unhealthy_addresses(trail, seen), most=3)
    who = (
        f"{count(len(seen.unhealthy), 'task')}{f' ({where})' if where else ''} of" if seen.unhealthy else "the tasks of"
    )
    them = "it" if len(seen.unhealthy) == 1 else "them"
    start = f"The health check{of} fails in {who} {service.cluster_name}/{service.name}, so ECS calls {them} unhealthy"
    answered = optional(lambda: trail.client_answer.addresses)
    if answered is None:
        return f"{start}."
    addresses = unhealthy_addresses(trail, seen)
    if addresses and answered.issuperset(addresses):
        return f"{start} and replaces {them}, although {trail.name} still hands {them} out for now."
    return f"{start}, and {trail.name} does not hand {them} out."


def _detail(trail: Trail, seen: FailingChecks) -> str:
    text = (
        "ECS takes an unhealthy task out of Cloud Map and replaces it, over and over. The program itself may well "
        "work: ECS never shows what the check printed."
    )
    failing = next((f for f in seen.failing if f.check), None)
    if failing is None or failing.definition is None or failing.check is None:
        return text
    text += f" The check is `{' '.join(failing.check.command)}`."
    return text + "".join(f" {hint}" for hint in _hints(trail, failing, failing.definition, failing.check))


def _hints(trail: Trail, failing: Failing, definition: ContainerDefinition, check: HealthCheck) -> list[str]:
    """Return what the definition suggests about the reason; each text says that it is a hint."""
    hints = []
    checked, offered = health_command.ports(check.command), mapped_ports(definition)
    if checked and offered and not set(checked) & set(offered):
        hints.append(
            f"A hint: it connects to port {listed(map(str, checked))}, and the container offers {listed(map(str, offered))}."
        )
        return hints
    lacking = missing_tool(check.command, definition.image)
    reached = _reached(trail, failing)
    if reached is False:
        hints.append(
            "The port that it connects to refuses connections from outside the container too: look at the program."
        )
    elif lacking is not None and reached is None:
        hints.append(
            f"A hint: it needs {lacking[0]}, which {lacking[1]} images do not bring, and the image is "
            f"{definition.image}; nobody could see from here whether the program itself answers."
        )
    elif calls_localhost_by_wget(check.command) and reached is None:
        hints.append(
            "A hint: wget may take localhost for ::1 and try nothing else; 127.0.0.1 is safer. Nobody could see from "
            "here whether the program itself answers."
        )
    return hints


def _reached(trail: Trail, failing: Failing) -> bool | None:
    """Tell whether the port that the check uses accepts connections; ``None`` when that was not seen."""
    try:
        return answering(trail, failing) is not None
    except UnseenFactError:
        return None


def evidence(trail: Trail, seen: FailingChecks) -> tuple[Evidence, ...]:
    """Return what shows that a check fails, and which."""
    found = [Evidence("ecs:DescribeTasks tasks[].healthStatus", t.id, t.health, "HEALTHY") for t in seen.unhealthy[:3]]
    found += [
        Evidence("ecs:DescribeTasks containers[].healthStatus", f.container.name, f.container.health, "HEALTHY")
        for f in seen.failing
    ]
    found += [
        Evidence("ecs:DescribeTasks tasks[].stoppedReason", t.id, t.stopped_reason, "a running task")
        for t in seen.stopped[:2]
    ]
    found += [
        Evidence("ecs:DescribeServices services[].events[]", trail.ecs.main.name, e.message) for e in seen.events[:1]
    ]
    found += [
        Evidence("ecs:DescribeTaskDefinition healthCheck.command", f.container.name, " ".join(f.check.command))
        for f in seen.failing
        if f.check is not None
    ]
    return tuple(found)


def _fixes(seen: FailingChecks) -> tuple[Fix, ...]:
    repair = Fix(
        "Correct command, port or path of the check, then register the definition and deploy",
        "terraform",
        verified_by="containers[].healthStatus turns HEALTHY, and Cloud Map follows within two minutes.",
    )
    endpoint = Fix("Repair what the health endpoint reports", "app")
    failing = next((f for f in seen.failing if f.check is not None and f.task.runs), None)
    parsed = health_command.parse(failing.check.command) if failing and failing.check else None
    if failing is None or parsed is None:
        return (repair, endpoint)
    inner = f"sh -c {shlex.quote(parsed.line)}" if parsed.shell else parsed.line
    return (
        run_in_container(
            "Run the check where it runs, and see its output",
            failing.task,
            failing.container,
            inner,
            "Nothing: it runs the check once (ECS Exec must be on).",
        ),
        repair,
        endpoint,
    )
