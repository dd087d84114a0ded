"""Health checks that can never pass although the program serves: the tool is missing, or localhost is IPv6."""

from __future__ import annotations

import shlex

from sddoctor.case.ecs import ContainerDefinition
from sddoctor.causes.ecs.check_fixes import deploy, fragment, run_in_container, wget_check
from sddoctor.causes.model import Evidence, Finding, Fix, cause
from sddoctor.formats import health_command
from sddoctor.formats.health_command import calls_localhost_by_wget
from sddoctor.formats.image_tools import missing_tool, variant
from sddoctor.trail.failing_checks import Failing, answering, failing_checks
from sddoctor.trail.trail import Trail

_REACHED = "the port that the check asks accepts connections at the task's address"


@cause(
    "health-check-tool-missing",
    hop="ecs",
    at=("tasks", "registry"),
    symptoms=("not-serving", "missing"),
    ceiling="likely",
    title="The health check needs a program the image does not have",
    explains=("health-check-failing",),
)
def health_check_tool_missing(trail: Trail) -> Finding | None:
    """The check fails, its tool is not in images of that kind, and the port that it uses accepts connections from outside.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/healthcheck.html
    """
    seen = failing_checks(trail)
    for failing in seen.failing if seen else ():
        if failing.definition is None or failing.check is None:
            continue
        lacking = missing_tool(failing.check.command, failing.definition.image)
        if lacking is not None and (place := answering(trail, failing)):
            return _tool_finding(trail, failing, failing.definition, lacking, place)
    return None


def _tool_finding(
    trail: Trail, failing: Failing, definition: ContainerDefinition, lacking: tuple[str, str], place: str
) -> Finding:
    tool, kind = lacking
    service = trail.ecs.main
    return Finding(
        summary=(
            f"The health check of container {definition.name} in {service.cluster_name}/{service.name} probably cannot "
            f"run: it needs {tool}, which {kind} images do not bring, so {trail.name} lacks tasks that do serve."
        ),
        detail=(
            f"The image is {definition.image}. That its name says {kind} is a strong hint and no proof: somebody may "
            f"have installed {tool}. Meanwhile {_REACHED}, so the program is there."
        ),
        evidence=_evidence(failing, definition, place),
        fixes=(*_tool_fixes(definition, tool, kind), *_confirm(failing, tool), *deploy(service)),
        addresses=_addresses(trail, failing),
    )


def _tool_fixes(definition: ContainerDefinition, tool: str, kind: str) -> tuple[Fix, ...]:
    ports = health_command.ports(definition.health_check.command) if definition.health_check else ()
    if kind == "Alpine":
        use = "Use the wget of busybox, which Alpine has"
        config = fragment(healthCheck=wget_check(ports[0] if ports else None))
    else:
        use = "Use what the image has: a command of the program itself, or a one-liner of its language"
        config = fragment(healthCheck={"command": ["CMD", "/app/<program>", "healthcheck"], "startPeriod": 60})
    fixes = [Fix(use, "terraform", config=config)]
    if kind != "distroless":
        line = f"RUN apk add --no-cache {tool}"
        if kind == "slim":
            package = {"nc": "netcat-openbsd"}.get(tool, tool)
            line = (
                f"RUN apt-get update && apt-get install -y --no-install-recommends {package} "
                "&& rm -rf /var/lib/apt/lists/*"
            )
        fixes.append(Fix(f"Install {tool} in the image", "container", config=line))
    return tuple(fixes)


def _confirm(failing: Failing, tool: str) -> tuple[Fix, ...]:
    """Return how to look for the tool in the container; none without a shell."""
    kind = variant(failing.definition.image) if failing.definition else None
    if kind is None or "sh" not in kind.has:
        return ()
    return (
        run_in_container(
            "Confirm it",
            failing.task,
            failing.container,
            f"sh -c 'command -v {tool}'",
            "Nothing: it only looks (ECS Exec must be on).",
        ),
    )


@cause(
    "health-check-localhost-ipv6",
    hop="ecs",
    at=("tasks", "registry"),
    symptoms=("not-serving", "missing"),
    ceiling="hint",
    title="The health check connects to localhost over IPv6",
    explains=("health-check-failing",),
)
def health_check_localhost_ipv6(trail: Trail) -> Finding | None:
    """The check fails, calls localhost by wget, and the port that it uses accepts connections from outside.

    https://github.com/dsgnr/portchecker.io/issues/362
    """
    seen = failing_checks(trail)
    for failing in seen.failing if seen else ():
        if failing.definition is None or failing.check is None:
            continue
        if not calls_localhost_by_wget(failing.check.command):
            continue
        if missing_tool(failing.check.command, failing.definition.image) is not None:
            continue
        if place := answering(trail, failing):
            return _localhost_finding(trail, failing, failing.definition, place)
    return None


def _localhost_finding(trail: Trail, failing: Failing, definition: ContainerDefinition, place: str) -> Finding:
    service = trail.ecs.main
    ports = health_command.ports(failing.check.command) if failing.check else ()
    kind = variant(definition.image)
    busybox = " The image's name says Alpine, whose wget does that." if kind and kind.kind == "Alpine" else ""
    parsed = health_command.parse(failing.check.command) if failing.check else None
    line = parsed.line.replace("localhost", "127.0.0.1") if parsed else ""
    start_period = max(60, failing.check.start_period if failing.check else 0)
    changed = {**wget_check(None, start_period=start_period), "command": ["CMD-SHELL", line]}
    return Finding(
        summary=(
            f"The health check of container {definition.name} in {service.cluster_name}/{service.name} may connect to ::1 "
            f"instead of 127.0.0.1: it calls wget with localhost, and {trail.name} lacks tasks that do serve."
        ),
        detail=(
            "In many images localhost means ::1 as well, and the wget of busybox tries only that; a server that "
            f"listens on 0.0.0.0 refuses there.{busybox} Meanwhile {_REACHED}. curl falls back to IPv4, so trying by "
            "hand with curl proves nothing."
        ),
        evidence=_evidence(failing, definition, place),
        fixes=(
            Fix("Write the address", "terraform", config=fragment(healthCheck=changed)),
            Fix(f"Let the program listen on [::]{f':{ports[0]}' if ports else ''} as well", "app"),
            run_in_container(
                "Confirm it: the same command with 127.0.0.1 succeeds",
                failing.task,
                failing.container,
                f"sh -c {shlex.quote(line)}",
                "Nothing: it runs the check once (ECS Exec must be on).",
            ),
            *deploy(service, failing.container.name, {"command": ["CMD-SHELL", line]}),
        ),
        addresses=_addresses(trail, failing),
    )


def _addresses(trail: Trail, failing: Failing) -> tuple[str, ...]:
    return tuple(
        a
        for t in trail.ecs.running
        if t.health == "UNHEALTHY" and t.task_definition == failing.task.task_definition
        for a in trail.promise.addresses_of(t)
    )


def _evidence(failing: Failing, definition: ContainerDefinition, place: str) -> tuple[Evidence, ...]:
    command = " ".join(failing.check.command) if failing.check else ""
    return (
        Evidence("ecs:DescribeTasks containers[].healthStatus", definition.name, failing.container.health, "HEALTHY"),
        Evidence("ecs:DescribeTaskDefinition healthCheck.command", definition.name, command),
        Evidence("ecs:DescribeTaskDefinition containerDefinitions[].image", definition.name, definition.image),
        Evidence("tcp connect", place, "accepted"),
    )
