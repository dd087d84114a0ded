"""What is known of a name: from a case, or as shell variables for the runbooks that are for any name."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from sddoctor.case.case import Case
from sddoctor.case.ecs import EcsService
from sddoctor.case.seen import AbsentFactError, UnseenFactError
from sddoctor.runbook.values import Word
from sddoctor.trail.trail import Trail


class Known(Struct, frozen=True):
    """The values of a name that commands and texts need."""

    name: Word
    namespace: Word
    namespace_id: Word
    service_id: Word
    zone_id: Word
    cluster: Word
    ecs_service: Word
    vpc_id: Word
    region: Word
    resolver: Word
    address: Word
    family: str = "A"
    port: int = 53

    @property
    def core(self) -> Word:
        """The value without which a runbook says next to nothing: the service, or what is missing before it."""
        return self.service_id if self.namespace_id.text is not None else self.namespace_id


def of_any() -> Known:
    """Return the shell variables that the runbooks for any name use."""

    def variable(name: str) -> Word:
        return Word(name, name, variable=True)

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
    """Return what was seen of a case's name."""
    return Known(
        name=Word("the name", case.name),
        namespace=look("the namespace", lambda: trail.cloudmap.namespace.name),
        namespace_id=look("the id of the namespace", lambda: trail.cloudmap.namespace.id),
        service_id=look("the id of the Cloud Map service", lambda: trail.cloudmap.service.id),
        zone_id=look("the id of the hosted zone", lambda: _zone_id(trail)),
        cluster=look("the ECS cluster", lambda: _ecs(trail).cluster_name),
        ecs_service=look("the ECS service", lambda: _ecs(trail).name),
        vpc_id=look("the VPC", lambda: trail.vpc.client.vpc_id),
        region=Word("the region", case.aws.region, "not known"),
        resolver=look("the address of the VPC resolver", lambda: trail.answers.vpc_server.address),
        address=look("an address that should be answered", lambda: min(trail.promise.addresses, default=None)),
        family=_family(trail),
        port=_port(trail),
    )


def look(what: str, read: Callable[[], str | int | None]) -> Word:
    """Read a value. What was not seen, and what does not exist, is said in words."""
    try:
        value = read()
    except AbsentFactError:
        return Word(what, None, "there is none", absent=True)
    except UnseenFactError as unseen:
        return Word(what, None, f"not seen: {unseen.gap.reason()}")
    if value is None or value == "":
        return Word(what, None, "there is none", absent=True)
    return Word(what, str(value))


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
    """Return the record type to ask for: A unless the service publishes something else only."""
    try:
        published = trail.cloudmap.published_types
    except (AbsentFactError, UnseenFactError):
        return "A"
    return next((t for t in ("A", "AAAA", "SRV", "CNAME") if t in published), "A")
