"""Judges who owns each address."""

from __future__ import annotations

from ipaddress import ip_address

from msgspec import structs

from sddoctor.case.seen import Seen
from sddoctor.case.whois import WhoisFacts
from sddoctor.text.words import age, count, listed
from sddoctor.whois import owners, registrations
from sddoctor.whois.index import Index
from sddoctor.whois.model import Ownership, Status, TaskOwner, Whois
from sddoctor.whois.owners import ECS
from sddoctor.whois.special import meaning

#: With a registration of these standings it stays open whether the address is in use after all.
_DOUBTFUL = ("current", "leaving", "unknown")


def judge(addresses: tuple[str, ...], facts: WhoisFacts) -> Whois:
    """Return who owns each address. An address counts as unused only if every decisive fact was seen."""
    index = Index(facts)
    ownable = tuple(a for a in addresses if meaning(a) is None)
    return Whois(
        at=facts.at,
        account=index.account,
        region=facts.region,
        answers=tuple(special(a) or _ownership(index, a) for a in addresses),
        gaps=index.gaps(ownable) + index.missing_health() if ownable else (),
    )


def special(address: str) -> Ownership | None:
    """Return the answer for an address that nobody can own; ``None`` for one that has to be looked up."""
    text = meaning(address)
    return None if text is None else Ownership(address, "special", f"Nobody owns it: it is {text}.")


def _ownership(index: Index, address: str) -> Ownership:
    tasks, former = owners.tasks_of(index, address)
    interfaces = owners.interfaces_of(index, address)
    reserved = owners.reserved_for(index, address)
    networks = owners.networks_of(index, address)
    owned = bool(tasks or interfaces or reserved)
    unused = not owned and _all_seen(index, address)
    registered = registrations.of(index, address, owned=owned, unused=unused and bool(networks))
    status: Status = "held" if owned else "unknown" if not unused else "left" if former else "nobody"
    if status == "nobody" and any(r.standing in _DOUBTFUL for r in registered):
        status = "unknown"  # whoever registered it may have it where this account cannot see it
    answer = Ownership(
        address=address,
        status=status,
        summary="",
        tasks=tasks,
        former=former,
        hosts=owners.hosts_of(index, address),
        interfaces=interfaces,
        reserved=reserved,
        networks=() if interfaces else networks,
        registrations=registered,
        records=owners.records_of(index, address, frozenset(r.name for r in registered if r.name)),
        reverse=_reverse(index, address) if networks else None,
    )
    return _with_summary(index, answer)


def _all_seen(index: Index, address: str) -> bool:
    """Tell whether everything was seen that would show an owner in this account and region."""
    facts = index.facts
    return (
        isinstance(facts.interfaces, Seen)
        and isinstance(facts.vpcs, Seen)
        and isinstance(facts.subnets, Seen)
        and index.account is not None
        and not index.foreign_vpcs(address)
    )


def _reverse(index: Index, address: str) -> str | None:
    """Return the name that the VPC resolver returns for a private address, whoever has it.

    https://docs.aws.amazon.com/vpc/latest/userguide/vpc-dns.html
    """
    ip = ip_address(address)
    if ip.version != 4 or not ip.is_private or index.facts.region is None:
        return None
    region = index.facts.region
    zone = "ec2.internal" if region == "us-east-1" else f"{region}.compute.internal"
    return f"ip-{address.replace('.', '-')}.{zone}"


def _with_summary(index: Index, answer: Ownership) -> Ownership:
    says = {"held": _held, "left": _left, "nobody": _nobody, "unknown": _unknown}[answer.status]
    named = dict.fromkeys(r.name for r in answer.records)
    by = (
        f" {count(len(named), 'name')} of private zones {_has(len(named))} a record of it: {listed(named)}."
        if named
        else ""
    )
    stale = f" {count(len(answer.stale), 'registration')} of it {_is(len(answer.stale))} stale." if answer.stale else ""
    return structs.replace(answer, summary=says(index, answer) + by + stale)


def _has(number: int) -> str:
    return "has" if number == 1 else "have"


def _is(number: int) -> str:
    return "is" if number == 1 else "are"


def _held(_index: Index, answer: Ownership) -> str:
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


def _left(index: Index, answer: Ownership) -> str:
    last = answer.former[0]
    ago = (index.facts.at - last.stopped_at).total_seconds() if last.stopped_at else None
    when = f"until {age(ago)} ago" if ago is not None else "before it stopped"
    return f"Nobody has it now: {_task(last)} had it {when}."


def _nobody(index: Index, answer: Ownership) -> str:
    where = f"account {index.account} in {index.facts.region}"
    if not answer.networks:
        return f"Nobody in {where} has it, and no VPC there has it in its ranges."
    if not index.all_clusters_seen():
        return f"Nobody in {where} has it now. Whether a task that has stopped had it was not seen."
    return f"Nobody in {where} has it now. No task that stopped within about an hour had it either."


def _unknown(index: Index, answer: Ownership) -> str:
    if any(r.standing == "current" for r in answer.registrations):
        return "Cloud Map has it for a running task, and whether that task has it was not seen."
    if foreign := index.foreign_vpcs(answer.address):
        return (
            f"Nobody that was seen has it. It is in {foreign[0].id} of account {foreign[0].owner}, whose interfaces "
            "are not shown here."
        )
    if _all_seen(index, answer.address):
        why = next(r.why for r in answer.registrations if r.standing in _DOUBTFUL)
        return f"Nobody in account {index.account} in {index.facts.region} has it. It is registered: {why}."
    had = f" {_task(answer.former[0]).capitalize()} had it before it stopped." if answer.former else ""
    return f"Who has it could not be seen.{had}"
