"""The values of a name: from a case, or as shell variables in the runbooks for any name."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from sddoctor.case.case import Case
from sddoctor.case.ecs import EcsService
from sddoctor.case.seen import AbsentFactError, UnseenFactError
from sddoctor.runbook.values import Value
from sddoctor.trail.trail import Trail


class Known(Struct, frozen=True):
    """The values of a name that commands and texts use."""

    name: Value
    namespace: Value
    namespace_id: Value
    service_id: Value
    zone_id: Value
    cluster: Value
    ecs_service: Value
    vpc_id: Value
    region: Value
    resolver: Value
    address: Value
    family: str = "A"
    port: int = 53

    @property
    def core(self) -> Value:
        """The value without which a runbook is nearly empty: the service, or the namespace if that is missing."""
        return self.service_id if self.namespace_id.text is not None else self.namespace_id


def of_any() -> Known:
    """Return the shell variables that the runbooks for any name use."""

    def variable(name: str) -> Value:
        return Value(name, name, variable=True)

    return Known(
        name=variable("NAME"),
        namespace=variable("NAMESPACE"),
        namespace_id=variable("NAMESPACE_ID"),
        service_id=variable("SERVICE_ID"),
        zone_id=variable("ZONE_ID"),
        cluster=variable("CLUSTER"),
        ecs_service=variable("ECS_SERVICE"),
        vpc_id=variable("VPC_ID"),
        region=variable("REGION"),
        resolver=variable("RESOLVER"),
        address=variable("ADDRESS"),
    )


def of_case(case: Case, trail: Trail) -> Known:
    """Return the values of the name of a case."""
    return Known(
        name=Value("the name", case.name),
        namespace=observed("the namespace", lambda: trail.cloudmap.namespace.name),
        namespace_id=observed("the id of the namespace", lambda: trail.cloudmap.namespace.id),
        service_id=observed("the id of the Cloud Map service", lambda: trail.cloudmap.service.id),
        zone_id=observed("the id of the hosted zone", lambda: _zone_id(trail)),
        cluster=observed("the ECS cluster", lambda: _ecs(trail).cluster_name),
        ecs_service=observed("the ECS service", lambda: _ecs(trail).name),
        vpc_id=observed("the VPC", lambda: trail.vpc.client.vpc_id),
        region=Value("the region", case.aws.region, "not known"),
        resolver=observed("the address of the VPC resolver", lambda: trail.answers.vpc_server.address),
        address=observed("an address that should be answered", lambda: min(trail.promise.addresses, default=None)),
        family=_family(trail),
        port=_port(trail),
    )


def observed(what: str, read: Callable[[], str | int | None]) -> Value:
    """Read a value; for what was not seen or does not exist, its reason."""
    try:
        value = read()
    except AbsentFactError:
        return Value(what, None, "there is none", absent=True)
    except UnseenFactError as unseen:
        return Value(what, None, f"not seen: {unseen.gap.reason()}")
    if value is None or value == "":
        return Value(what, None, "there is none", absent=True)
    return Value(what, str(value))


def _zone_id(trail: Trail) -> str | None:
    return trail.cloudmap.namespace.hosted_zone_id


def _ecs(trail: Trail) -> EcsService:
    if not trail.ecs.attached:
        trail.ecs.require_full_walk()
    return trail.ecs.main


def _port(trail: Trail) -> int:
    try:
        return trail.answers.vpc_server.port
    except (AbsentFactError, UnseenFactError):
        return 53


def _family(trail: Trail) -> str:
    """Return the record type to query: A unless the service publishes only others."""
    try:
        published = trail.cloudmap.published_types
    except (AbsentFactError, UnseenFactError):
        return "A"
    return next((t for t in ("A", "AAAA", "SRV", "CNAME") if t in published), "A")
