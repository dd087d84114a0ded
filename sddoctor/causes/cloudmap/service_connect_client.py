"""The client was deployed before the Service Connect endpoint existed."""

from __future__ import annotations

from datetime import datetime

from sddoctor.case.ecs import EcsService
from sddoctor.causes.commands import new_tasks
from sddoctor.causes.model import Evidence, Finding, cause
from sddoctor.text.shell import aws
from sddoctor.text.words import age
from sddoctor.trail.service_connect import Endpoint, client, deployed_at, endpoint, has_other_names, is_member
from sddoctor.trail.trail import Trail, optional


@cause(
    "service-connect-client-too-old",
    hop="cloudmap",
    at=("registry", "records"),
    symptoms=("missing",),
    title="The client was deployed before the Service Connect endpoint existed",
    # That the name is in no DNS is why only a task that knows the endpoint can resolve it.
    explains=("service-connect-only",),
)
def service_connect_client_too_old(trail: Trail) -> Finding | None:
    """The named client is a member of the endpoint's namespace, and its last deployment is older than the endpoint.

    The list of names is made by a deployment: existing tasks, and tasks that replace them, keep it.
    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-connect-concepts-deploy.html
    """
    found = endpoint(trail)
    service = client(trail, found) if found is not None else None
    if found is None or service is None or not is_member(trail, service, found):
        return None
    answered = optional(lambda: trail.answers.vpc_addresses)
    if answered:
        return None
    deployed = deployed_at(service)
    if deployed is None:
        return None
    if found.created_at is not None:
        return _finding(trail, found, service, found.created_at, None) if deployed < found.created_at else None
    since = deployed_at(found.service)
    if since is None or deployed >= since:
        return None
    # The endpoint may be older than the deployment that has it now; a task's hosts file shows what it knows.
    tell = None if has_other_names(trail) else _hosts_file(service)
    return _finding(trail, found, service, since, tell)


def _hosts_file(service: EcsService) -> str:
    look = {"cluster": service.cluster_name, "task": "<task-id>", "command": "cat /etc/hosts"}
    return aws("ecs", "execute-command", "--interactive", **look)


def _finding(trail: Trail, found: Endpoint, service: EcsService, since: datetime, tell: str | None) -> Finding:
    client_name = f"{service.cluster_name}/{service.name}"
    deployed, existed = trail.ecs.age(deployed_at(service)), trail.ecs.age(since)
    endpoint_of = f"{found.service.cluster_name}/{found.service.name}"
    source = (
        "servicediscovery:ListServices Services[].CreateDate"
        if found.created_at is not None
        else "ecs:DescribeServices deployments[].createdAt"
    )
    return Finding(
        summary=(
            f"{client_name} was deployed {age(deployed)} ago, before the Service Connect endpoint {trail.name} of {endpoint_of} "
            f"existed ({age(existed)} ago), so none of its tasks can resolve it."
        ),
        detail=(
            "No DNS server knows a Service Connect name. ECS writes the names that exist into the hosts file of each task of a "
            "deployment, and tasks that replace those keep the same list. Nothing about it looks wrong in the API; only the "
            "order in time does."
        ),
        evidence=(
            Evidence("ecs:DescribeServices deployments[].createdAt", service.name, f"{age(deployed)} ago", "later"),
            Evidence(source, trail.name, f"{age(existed)} ago"),
        ),
        fixes=(
            new_tasks(
                "Deploy the client again: its new tasks learn every endpoint that exists by then",
                service,
                f"In a new task, getent hosts {trail.name} prints an address.",
            ),
        ),
        would_tell=tell,
    )
