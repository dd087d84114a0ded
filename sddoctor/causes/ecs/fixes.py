"""Fixes that several causes of this hop share: fragments of a container definition, and how to deploy one."""

from __future__ import annotations

import json

from sddoctor.case.ecs import Container, EcsService, Task
from sddoctor.causes.model import Fix
from sddoctor.causes.shell import aws

Json = str | int | bool | list[str] | list[dict[str, str]] | dict[str, "Json"]


def fragment(**keys: Json) -> str:
    """Return keys of a container definition as a fragment of JSON, without the braces around them."""
    lines = json.dumps(keys, indent=2, ensure_ascii=True).split("\n")[1:-1]
    return "\n".join(line[2:] for line in lines)


def wget_check(port: int | None, *, start_period: int = 60) -> dict[str, Json]:
    """Return a check by wget that asks the container itself by its IPv4 address.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html
    """
    command = f"wget -q -O /dev/null http://127.0.0.1:{port or '<port>'}/health || exit 1"
    return {
        "command": ["CMD-SHELL", command],
        "interval": 30,
        "timeout": 5,
        "retries": 3,
        "startPeriod": start_period,
    }


def deploy(service: EcsService) -> Fix:
    """Return the fix that registers a changed task definition and deploys it."""
    family = service.task_definition.rsplit("/", 1)[-1].split(":")[0] or service.name
    return Fix(
        "Register the changed task definition and deploy it",
        "aws",
        commands=(
            aws("ecs", "register-task-definition", cli_input_json=f"file://{family}.json"),
            aws("ecs", "update-service", cluster=service.cluster_name, service=service.name, task_definition=family),
        ),
        changes=(
            f"Adds a revision of {family} from the file {family}.json, and replaces the tasks of {service.name} by "
            "tasks of that revision."
        ),
        verified_by="containers[].healthStatus turns HEALTHY, and Cloud Map follows within two minutes.",
    )


def run_in_container(title: str, task: Task, container: Container, inner: str, changes: str) -> Fix:
    """Return the fix that runs a command in the container and shows what it prints."""
    return Fix(
        title,
        "aws",
        commands=(
            aws(
                "ecs",
                "execute-command",
                "--interactive",
                cluster=task.cluster_name,
                task=task.id,
                container=container.name,
                command=inner,
            ),
        ),
        changes=changes,
    )
