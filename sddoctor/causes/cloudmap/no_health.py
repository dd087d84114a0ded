"""The Cloud Map service has no health check."""

from __future__ import annotations

from sddoctor.causes.cloudmap.attach import publish_as, registering
from sddoctor.causes.model import Evidence, Finding, Fix, cause
from sddoctor.text.words import in_order
from sddoctor.trail.answers import denier
from sddoctor.trail.trail import Trail, optional


@cause(
    "no-health-config",
    hop="cloudmap",
    at=("tasks", "registry"),
    symptoms=("missing", "not-serving"),
    kind="risk",
    severity="warning",
    title="The Cloud Map service has no health check, so unhealthy tasks stay in DNS",
)
def no_health_config(trail: Trail) -> Finding | None:
    """The service has neither health configuration, does not belong to Service Connect, and has instances.

    https://docs.aws.amazon.com/cloud-map/latest/dg/services-health-checks.html
    """
    service = trail.cloudmap.service
    if service.health != "none" or not service.records or service.description.startswith("Managed by arn:"):
        return None
    if trail.cloudmap.is_empty:
        return None
    if optional(lambda: trail.cloudmap.records) == () and not _never_healthy(trail):
        return None  # no record at all is not what this risk explains
    new = f"{service.name}-checked"
    stuck = _never_healthy(trail)
    kind = "SRV" if trail.cloudmap.srv_only else "A"
    return Finding(
        summary=(
            f"The Cloud Map service {service.name} has no health check: its instances were registered UNHEALTHY, and nothing "
            "will ever change that."
            if stuck
            else f"The Cloud Map service {service.name} has no health check, so every task is returned, healthy or not."
        ),
        detail=(
            "ECS has nothing to report health to. "
            + (
                "The instances keep the health that they were registered with, and DNS does not answer them. "
                if stuck
                else "Tasks that are still starting or already unhealthy are in the answer. "
            )
            + "The configuration cannot be added to an existing service, and an empty block in Terraform counts as absent."
        ),
        evidence=(
            Evidence(
                "servicediscovery:ListServices HealthCheckCustomConfig", service.id, "absent", "FailureThreshold 1"
            ),
            *(
                Evidence("servicediscovery:ListInstances Attributes.AWS_INIT_HEALTH_STATUS", i.id, "UNHEALTHY")
                for i in (trail.cloudmap.instances[:4] if stuck else ())
            ),
        ),
        fixes=(
            *_with_check(trail, new, kind),
            Fix(
                "As code: write the value, the provider does not send an empty block",
                "terraform",
                config="health_check_custom_config {\n  failure_threshold = 1\n}",
            ),
        ),
        kind="fault" if stuck else None,
        severity="error" if stuck else None,
        addresses=in_order(a for i in trail.cloudmap.instances for a in i.addresses)
        if stuck
        else _answered_sick(trail),
    )


def _with_check(trail: Trail, name: str, record_type: str) -> tuple[Fix, ...]:
    """Return the fix, for an account that may make services in the namespace: ECS registers in no other one."""
    namespace = trail.cloudmap.namespace
    if namespace.owner != "SELF":
        return ()
    fix = publish_as(
        "Make a Cloud Map service with the configuration, attach the ECS service to it, and later delete the old one",
        name,
        namespace,
        registering(trail),
        record_type,
        verified_by="list-services shows HealthCheckCustomConfig, and the instances are HEALTHY.",
    )
    return (fix,)


def _never_healthy(trail: Trail) -> bool:
    """Tell whether every instance was registered UNHEALTHY, nothing can change that, and the name does not resolve.

    Whether DNS withholds such instances is disputed; here it is seen to.
    https://github.com/hashicorp/terraform-provider-aws/issues/44285
    """
    began = all(i.get("AWS_INIT_HEALTH_STATUS") == "UNHEALTHY" for i in trail.cloudmap.instances)
    answer = optional(lambda: trail.answers.vpc(trail.rdtype))
    return began and answer is not None and answer.denied and denier(answer, trail.cloudmap.namespace.name) == "zone"


def _answered_sick(trail: Trail) -> tuple[str, ...]:
    """Return the answered addresses of tasks that do not serve."""
    answered = optional(lambda: trail.client_answer.addresses) or frozenset()
    return in_order(answered & (optional(lambda: frozenset(trail.promise.not_serving)) or frozenset()))
