"""Whose each address is."""

from __future__ import annotations

from ipaddress import ip_address

from msgspec import structs

from sddoctor.case.seen import Seen
from sddoctor.case.whois import WhoisFacts
from sddoctor.text.words import age, count, listed
from sddoctor.whois import owners, registrations
from sddoctor.whois.model import Answer, Status, TaskOwner, Whois
from sddoctor.whois.owners import ECS
from sddoctor.whois.seen import View
from sddoctor.whois.special import meaning

#: A registration that stands so keeps it open whether somebody has the address after all.
_DOUBTFUL = ("current", "leaving", "unknown")


def judge(addresses: tuple[str, ...], facts: WhoisFacts) -> Whois:
    """Say whose each address is. That nobody has one is said only if all that decides it was seen."""
    view = View(facts)
    asked = tuple(a for a in addresses if meaning(a) is None)
    return Whois(
        at=facts.at,
        account=view.account,
        region=facts.region,
        answers=tuple(_special(a) or _answer(view, a) for a in addresses),
        gaps=view.gaps(asked) + view.missing_health() if asked else (),
    )


def without_asking(address: str) -> Answer | None:
    """Answer for an address that nobody can own; ``None`` for one that has to be looked for."""
    return _special(address)


def _special(address: str) -> Answer | None:
    said = meaning(address)
    return None if said is None else Answer(address, "special", f"Nobody owns it: it is {said}.")


def _answer(view: View, address: str) -> Answer:
    tasks, former = owners.tasks_of(view, address)
    interfaces = owners.interfaces_of(view, address)
    reserved = owners.reserved_for(view, address)
    networks = owners.networks_of(view, address)
    owned = bool(tasks or interfaces or reserved)
    nobody = not owned and _all_seen(view, address)
    registered = registrations.of(view, address, owned=owned, nobody=nobody and bool(networks))
    status: Status = "held" if owned else "unknown" if not nobody else "left" if former else "nobody"
    if status == "nobody" and any(r.standing in _DOUBTFUL for r in registered):
        status = "unknown"  # whoever registered it may well have it, where this account cannot see it
    answer = Answer(
        address=address,
        status=status,
        summary="",
        tasks=tasks,
        former=former,
        hosts=owners.hosts_of(view, address),
        interfaces=interfaces,
        reserved=reserved,
        networks=() if interfaces else networks,
        registrations=registered,
        reverse=_reverse(view, address) if networks else None,
    )
    return _with_summary(view, answer)


def _all_seen(view: View, address: str) -> bool:
    """Tell whether everything was seen that would show an owner in this account and region."""
    facts = view.facts
    return (
        isinstance(facts.interfaces, Seen)
        and isinstance(facts.vpcs, Seen)
        and isinstance(facts.subnets, Seen)
        and view.account is not None
        and not view.foreign_vpcs(address)
    )


def _reverse(view: View, address: str) -> str | None:
    """Return the name that the VPC resolver makes of a private address, whoever has it.

    https://docs.aws.amazon.com/vpc/latest/userguide/vpc-dns.html
    """
    ip = ip_address(address)
    if ip.version != 4 or not ip.is_private or view.facts.region is None:
        return None
    region = view.facts.region
    zone = "ec2.internal" if region == "us-east-1" else f"{region}.compute.internal"
    return f"ip-{address.replace('.', '-')}.{zone}"


def _with_summary(view: View, answer: Answer) -> Answer:
    says = {"held": _held, "left": _left, "nobody": _nobody, "unknown": _unknown}[answer.status]
    stale = f" {count(len(answer.stale), 'registration')} of it {_is(len(answer.stale))} stale." if answer.stale else ""
    return structs.replace(answer, summary=says(view, answer) + stale)


def _is(number: int) -> str:
    return "is" if number == 1 else "are"


def _held(_view: View, answer: Answer) -> str:
    own = [t for t in answer.tasks if t.how == "interface"]
    behind = [t for t in answer.tasks if t.how != "interface"]
    hosts = [h.ec2_instance_id for h in answer.hosts]
    parts = [_task(t) for t in own]
    if behind:
        host = f"container instance {listed(hosts)}" if hosts else "a container instance"
        parts.append(f"{host} with {count(len(behind), 'task')} behind it: {listed([_task(t) for t in behind])}")
    else:
        parts += [f"container instance {h}, with no running task that was seen" for h in hosts]
    known = sum(1 for i in answer.interfaces if i.what == ECS) - len(own)
    parts += [f"{ECS}, which was not seen"] * min(1, max(0, known))
    others = [i for i in answer.interfaces if i.what != ECS and i.instance_id not in hosts]
    parts += [i.what or f"network interface {i.id}" for i in others]
    parts += answer.reserved
    names = dict.fromkeys(r.name for r in answer.registrations if r.name and r.standing in ("current", "other"))
    registered = f". Registered as {listed(names)}" if names else ""
    return f"It belongs to {listed(parts)}{registered}."


def _task(task: TaskOwner) -> str:
    whose = f"of service {task.service}" if task.service else "of no service"
    return f"task {task.id} {whose} in cluster {task.cluster}"


def _left(view: View, answer: Answer) -> str:
    last = answer.former[0]
    ago = (view.facts.at - last.stopped_at).total_seconds() if last.stopped_at else None
    when = f"until {age(ago)} ago" if ago is not None else "before it stopped"
    return f"Nobody has it now: {_task(last)} had it {when}."


def _nobody(view: View, answer: Answer) -> str:
    where = f"account {view.account} in {view.facts.region}"
    if not answer.networks:
        return f"Nobody in {where} has it, and no VPC there has it in its ranges."
    if not view.every_cluster_seen():
        return f"Nobody in {where} has it now. Whether a task that has stopped had it was not seen."
    return f"Nobody in {where} has it now. No task that stopped within about an hour had it either."


def _unknown(view: View, answer: Answer) -> str:
    if any(r.standing == "current" for r in answer.registrations):
        return "Cloud Map has it for a running task, and whether that task has it was not seen."
    if foreign := view.foreign_vpcs(answer.address):
        return (
            f"Nobody that was seen has it. It is in {foreign[0].id} of account {foreign[0].owner}, whose interfaces "
            "are not shown here."
        )
    if _all_seen(view, answer.address):
        why = next(r.why for r in answer.registrations if r.standing in _DOUBTFUL)
        return f"Nobody in account {view.account} in {view.facts.region} has it. It is registered: {why}."
    had = f" {_task(answer.former[0]).capitalize()} had it before it stopped." if answer.former else ""
    return f"Who has it could not be seen.{had}"
