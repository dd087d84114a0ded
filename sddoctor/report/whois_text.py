"""Who owns each address, for people."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from sddoctor.report.style import Style, Tone
from sddoctor.text.safe import clean
from sddoctor.text.words import age, listed
from sddoctor.whois.model import InterfaceOwner, Ownership, Registration, Status, TaskOwner, Whois
from sddoctor.whois.owners import ECS

_TONES: dict[Status, Tone] = {"held": "good", "left": "warn", "nobody": "bad", "unknown": "warn", "special": "dim"}
_LABEL = 13


class Row(NamedTuple):
    """Something known of an address; what belongs to the row above has no label."""

    label: str
    text: str


def render(whois: Whois, style: Style) -> str:
    """Return the report of all addresses, and below it what was not seen."""
    parts = ["\n".join(_answer(a, whois, style)) for a in whois.answers]
    if any(a.reverse for a in whois.answers):
        parts.append("\n".join(_about_reverse(style)))
    if whois.gaps:
        parts.append("\n".join(_not_seen(whois, style)))
    return "\n\n".join(parts) + "\n"


def _answer(answer: Ownership, whois: Whois, style: Style) -> list[str]:
    head = f"{style.paint(answer.status.upper(), _TONES[answer.status])}  {clean(answer.address)}"
    lines = [head, *style.wrap(clean(answer.summary))]
    for label, text in rows(answer, whois.at):
        lines += style.wrap(clean(text), f"  {label.ljust(_LABEL)}", " " * (_LABEL + 2))
    return lines


def rows(answer: Ownership, at: datetime) -> Iterator[Row]:
    """Yield what is known of an address at that time."""
    for task in answer.tasks:
        yield Row("task", _task(task, at))
        if task.ports:
            yield Row("", _ports(task))
    for task in answer.former:
        yield Row("had it", _former(task, at))
    for registration in answer.registrations:
        yield Row("registered", _registration(registration))
    for record in answer.records:
        yield Row("record", f"{record.name} {record.type} in the zone {record.zone} ({record.zone_id})")
    if names := dict.fromkeys(r.name for r in answer.stale if r.name):
        yield Row("what to do", f"sddoctor check {' '.join(names)}")
    for host in answer.hosts:
        yield Row("host", f"{host.ec2_instance_id} of cluster {host.cluster}")
    for interface in answer.interfaces:
        vpc = f"{interface.vpc_id} ({interface.vpc_name})" if interface.vpc_name else interface.vpc_id
        places = [p for p in (interface.subnet_id, vpc, interface.zone) if p]
        description = f": {interface.description}" if interface.description else ""
        use = f" of {interface.what}" if interface.what else description
        yield Row("interface", f"{interface.id}{use} in {', '.join(places)}")
        if made := _made(interface):
            yield Row("", made)
    for network in answer.networks:
        name = f" ({network.vpc_name})" if network.vpc_name else ""
        subnet = f", {network.subnet_id}" if network.subnet_id else ""
        yield Row("in range of", f"{network.vpc_id}{name} {network.cidr}{subnet}")
    if answer.reverse:
        yield Row("reverse", f"{answer.reverse}, or nothing")


def _made(interface: InterfaceOwner) -> str:
    """Say how AWS describes an interface that is no task's and no instance's."""
    if interface.instance_id or interface.what == ECS:
        return ""
    parts = [f'"{interface.description}"'] if interface.description and interface.what else []
    parts += [f"type {interface.type}"] if interface.type else []
    parts += [f"made by {interface.requester}"] if interface.requester else []
    return ", ".join(parts)


def _task(task: TaskOwner, at: datetime) -> str:
    since = f" for {age((at - task.started_at).total_seconds())}" if task.started_at else ""
    stops = ", is being stopped" if task.desired == "STOPPED" and task.status != "STOPPED" else ""
    service = f"service {task.service}" if task.service else "no service"
    source = ", as Cloud Map says" if task.how == "registration" else ""
    return (
        f"{task.id}, {task.status}{since}{stops}, {task.health}; {service}, cluster {task.cluster}, "
        f"{task.task_definition}{source}"
    )


def _ports(task: TaskOwner) -> str:
    shown = [
        f"port {p.host_port if p.host_port is not None else '?'} is {p.container}:{p.container_port}/{p.protocol}"
        for p in task.ports
    ]
    return listed(shown, most=12)


def _former(task: TaskOwner, at: datetime) -> str:
    when = f"stopped {age((at - task.stopped_at).total_seconds())} ago" if task.stopped_at else "stopped"
    service = f"service {task.service}" if task.service else "no service"
    why = f": {task.stopped_reason}" if task.stopped_reason else ""
    return f"task {task.id} of {service}, cluster {task.cluster}, {when}{why}"


def _registration(registration: Registration) -> str:
    where = registration.name or f"{registration.service} of {registration.namespace} (no DNS name)"
    port = f" port {registration.port}" if registration.port else ""
    health = f", {registration.health}" if registration.health else ""
    standing = "" if registration.standing == "current" else f" {registration.standing.upper()}: {registration.why}"
    return (
        f"{where}{port}, instance {registration.instance_id} of {registration.service_id}{health}"
        f"{'.' if standing else ''}{standing}"
    )


def _about_reverse(style: Style) -> list[str]:
    return style.wrap(
        "A reverse look-up (PTR) cannot tell any of this: ECS registers no PTR records, so the VPC resolver answers "
        "with a name made of the address, and other resolvers with nothing. More: sddoctor explain "
        "reverse-lookup-generic"
    )


def _not_seen(whois: Whois, style: Style) -> list[str]:
    lines = [style.paint("Not seen", "strong")]
    for gap in whois.gaps:
        lines += style.wrap(gap.text(clean), "  - ")
    return lines
