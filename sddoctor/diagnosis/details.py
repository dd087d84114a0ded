"""From a Case to the details of a full report."""

from __future__ import annotations

from sddoctor.case.case import Case
from sddoctor.diagnosis.address_table import address_table
from sddoctor.diagnosis.detail_model import Details
from sddoctor.diagnosis.exchanges import exchanges
from sddoctor.diagnosis.several_places import SYSTEMS
from sddoctor.diagnosis.timeline import timeline
from sddoctor.trail.trail import Trail, optional


def details(case: Case) -> Details:
    """Return what a full report shows beside the diagnosis. Pure: the same case gives the same details."""
    trail = Trail(case)
    return Details(
        about=_about(trail),
        addresses=address_table(trail),
        timeline=timeline(trail),
        servers=tuple(a for p in case.places for a in exchanges(p.dns.probes, p.label if len(case.places) > 1 else "")),
    )


def _about(trail: Trail) -> tuple[tuple[str, str], ...]:
    """Return which objects the name led to: what a reader of the report would look up next."""
    case = trail.case
    identity, host = case.aws.identity.seen_or(None), case.place.host.seen_or(None)
    zone = optional(lambda: trail.cloudmap.view.zone.value)
    client = case.aws.vpc.client.seen_or(None)
    found = {
        "Asked for": case.asked.name,
        "Account": identity.account if identity else "",
        "Region": case.aws.region or "",
        "Namespace": _named(optional(lambda: (trail.cloudmap.namespace.name, trail.cloudmap.namespace.id))),
        "Cloud Map service": _named(optional(lambda: (trail.cloudmap.service.name, trail.cloudmap.service.id))),
        "ECS services": ", ".join(
            f"{s.cluster_name}/{s.name}" for s in optional(lambda: trail.ecs.attached) or ()
        ),
        "Hosted zone": zone.id if zone else "",
        "VPC": client.vpc_id if client else "",
        "Host": " ".join(w for w in (SYSTEMS[host.platform], host.version) if w) if host else "",
    }  # fmt: skip
    return tuple((word, value) for word, value in found.items() if value)


def _named(pair: tuple[str, str] | None) -> str:
    return f"{pair[0]} ({pair[1]})" if pair else ""
