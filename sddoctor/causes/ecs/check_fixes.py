"""Fixes that several causes of this hop share: fragments of a container definition, and how to deploy one."""

from __future__ import annotations

import json

from sddoctor.case.ecs import Container, EcsService, Task
from sddoctor.causes.commands import deployer, update
from sddoctor.causes.model import Fix
from sddoctor.text.shell import aws, command

Json = str | int | bool | list[str] | list[dict[str, str]] | dict[str, "Json"]


def fragment(**keys: Json) -> str:
    """Return keys of a container definition as a fragment of JSON, without the braces around them."""
    lines = json.dumps(keys, indent=2, ensure_ascii=True).split("\n")[1:-1]
    return "\n".join(line[2:] for line in lines)


def wget_check(port: int | None, *, start_period: int = 60) -> dict[str, Json]:
    """Return a check by wget that calls the container itself by its IPv4 loopback address.

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


def deploy(service: EcsService, container: str = "", check: dict[str, Json] | None = None) -> tuple[Fix, ...]:
    """Return how to deploy a changed task definition: with the keys of a container's check that change, as one paste.

    Where what to change is not known, the first fix writes the definition to a file and the second one deploys that.
    """
    family = service.task_definition.rsplit("/", 1)[-1].split(":")[0] or service.name
    file = f"{family}.json"
    write = _write(service, file, container, check)
    registered = aws("ecs", "register-task-definition", cli_input_json=f"file://{file}")
    by = deployer(service)
    register = (registered,) if by else (registered, update(service, task_definition=family))
    known = check is not None
    deployed = Fix(
        "Change it in the task definition and deploy that"
        if known
        else "Register the changed definition and deploy it",
        "aws",
        commands=(write, *register) if known else register,
        changes=(
            f"Adds a revision of {family} from the file {file}{', which it writes here,' if known else ''} and "
            + (
                f"nothing else: {by} deploys {service.name}."
                if by
                else f"replaces the tasks of {service.name} by tasks of that revision."
            )
        ),
        verified_by="containers[].healthStatus turns HEALTHY, and Cloud Map follows within two minutes.",
    )
    if known:
        return (deployed,)
    changes = f"Nothing in AWS: it writes {file} here."
    return (Fix("Write the task definition to a file, and change it there", "aws", (write,), changes), deployed)


def _write(service: EcsService, file: str, container: str, check: dict[str, Json] | None) -> str:
    """Return the command that writes the definition, as it can be registered, to a file; its check may be changed in it."""
    read = aws(
        "ecs",
        "describe-task-definition",
        task_definition=service.task_definition.rsplit("/", 1)[-1],
        query="taskDefinition",
        output="json",
    )
    if check is None:
        edit = command("python3", "-c", f"{_LOAD}; {_dump(1)}", *_ANSWERED_ONLY)
    else:
        keys = json.dumps(check, separators=(",", ":"))
        edit = command("python3", "-c", f"{_LOAD}; {_CHANGE}; {_dump(3)}", container, keys, *_ANSWERED_ONLY)
    return f"{read} | {edit} > {command(file)}"


#: What DescribeTaskDefinition answers and RegisterTaskDefinition does not take.
#: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_TaskDefinition.html
_ANSWERED_ONLY = (
    "taskDefinitionArn",
    "revision",
    "status",
    "requiresAttributes",
    "compatibilities",
    "registeredAt",
    "registeredBy",
    "deregisteredAt",
)
_LOAD = "import json, sys; d, a = json.load(sys.stdin), sys.argv"
_CHANGE = (
    'c = next(c for c in d["containerDefinitions"] if c["name"] == a[1]); '
    'c["healthCheck"] = {**c.get("healthCheck", {}), **json.loads(a[2])}'
)


def _dump(first: int) -> str:
    """Return what prints the definition without the keys that the arguments from ``first`` on name."""
    return f"print(json.dumps({{k: v for k, v in d.items() if k not in a[{first}:]}}, indent=2))"


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
