"""Which servers an ordinary program on Windows queries for a name: the hosts file, NRPT rules, the interfaces.

https://learn.microsoft.com/en-us/previous-versions/windows/it-pro/windows-server-2012-r2-and-2012/dn593632(v=ws.11)
"""

from __future__ import annotations

from typing import TypeVar

from msgspec import structs

from sddoctor.case.host import HostFacts, InterfaceServers, NrptRule
from sddoctor.case.name import fold_name
from sddoctor.case.seen import Fact, Gap, NotAttempted, Seen
from sddoctor.case.windows_host import InterfaceMetric
from sddoctor.formats.host import nrpt, windows
from sddoctor.resolution.hosts import by_hosts_file
from sddoctor.resolution.model import Choice, Entry, dns_servers

T = TypeVar("T")


def choose(name: str, facts: HostFacts) -> Fact[Choice]:
    """Return what happens to ``name``, with every entry that was considered."""
    interfaces = in_order(facts)
    by_interface = dns_servers(dict.fromkeys(address for i in interfaces for address in i.servers))
    # nslookup ignores NRPT.
    bypass = by_interface if isinstance(facts.interface_servers, Seen) else None
    entries = (*_rules(name, facts.nrpt.seen_or(())), *_interfaces(facts, interfaces))
    answered = by_hosts_file(name, facts)
    if answered is not None:
        return Seen(structs.replace(answered, bypass_servers=bypass, entries=entries), answered.source)
    rule, namespace = deciding_rule(name, facts.nrpt.seen_or(())) or (None, "")
    if (unread := _decisive_gap(name, facts.nrpt, rule, namespace)) is not None:
        return _unknown(unread)
    if rule is not None and (rival := _rival(name, facts.nrpt.seen_or(()), rule, namespace)) is not None:
        why = f"two rules for {namespace} name {_listed(rule)} and {_listed(rival)}"
        return _unknown(Gap(f"which rule for {namespace} Windows follows", why, nrpt.POLICY_COMMAND))
    if rule is not None and rule.servers:
        servers = dns_servers(rule.servers)
        why = f"the NRPT rule for {namespace} is the most specific one that covers the name"
        choice = Choice(servers, "nrpt", rule.source, namespace, bypass_servers=bypass, why=why, entries=entries)
        return Seen(choice, rule.source)
    if not isinstance(facts.nrpt, Seen):
        return facts.nrpt
    if not isinstance(facts.interface_servers, Seen):
        return facts.interface_servers
    if (gap := _gap_but(windows.OF_NAMES, facts.interface_servers)) is not None:
        return _unknown(gap)
    names_none = "no NRPT rule covers the name" if rule is None else f"the NRPT rule for {namespace} names no server"
    why = f"{names_none}, so the servers of the interfaces are asked"
    if len(interfaces) > 1:
        ranked = facts.interface_metrics.seen_or(())
        order = (
            f"by their metric ({_metrics(interfaces, ranked)})"
            if ranked
            else "in an order that Get-NetIPInterface shows"
        )
        why += f", {order} or all at once"
    is_ranked = all(metric_of(i, facts.interface_metrics.seen_or(())) is not None for i in interfaces)
    choice = Choice(
        by_interface,
        "interface-dns",
        facts.interface_servers.source,
        link=interfaces[0].interface if interfaces and (is_ranked or len(interfaces) == 1) else None,
        bypass_servers=bypass,
        why=why,
        entries=entries,
        together=len(interfaces) > 1,
    )
    return Seen(choice, facts.interface_servers.source)


def _rival(name: str, rules: tuple[NrptRule, ...], decided: NrptRule, namespace: str) -> NrptRule | None:
    """Return another rule in force for a namespace that weighs as much, with other servers: which of them counts is not documented."""
    others = (r for r in rules if r.in_force is not False and {*r.servers} != {*decided.servers})
    matching = ((r, n) for r in others for n in r.namespaces if nrpt.matches(n, name))
    return next((r for r, n in matching if nrpt.weight(n) == nrpt.weight(namespace)), None)


def _listed(rule: NrptRule) -> str:
    return ", ".join(rule.servers) or "no server"


def _decisive_gap(name: str, rules: Fact[tuple[NrptRule, ...]], rule: NrptRule | None, namespace: str) -> Gap | None:
    """Return what was not read of the rules and may be for this very name, with other servers than the rule that decides."""
    unread = _gap_but((nrpt.OF_DNSSEC,), rules) if isinstance(rules, Seen) else None
    if not isinstance(rules, Seen) or unread is None or (rule is not None and fold_name(namespace) == name):
        return None
    cut = [r for r in rules.value if r.cut]
    alike = rule is not None and all(r.servers == rule.servers for r in cut)
    parts = [part for part in rules.unread if not part.startswith(nrpt.OF_DNSSEC)]
    return None if alike and len(cut) == len(parts) else unread


def _gap_but(besides: tuple[str, ...], fact: Seen[T]) -> Gap | None:
    """Return what was not read, but for what begins with these properties: they do not say which server is asked."""
    policy = next((u for u in fact.unread if u.startswith(f"{nrpt.POLICY_COMMAND}: ")), None)
    if policy is not None:
        why = policy.removeprefix(f"{nrpt.POLICY_COMMAND}: ")
        return Gap(f"which rules are in force ({nrpt.POLICY_COMMAND})", why, f"the output of {nrpt.POLICY_COMMAND}")
    return structs.replace(fact, unread=tuple(u for u in fact.unread if not u.startswith(besides))).gap_of_unread()


def deciding_rule(name: str, rules: tuple[NrptRule, ...]) -> tuple[NrptRule, str] | None:
    """Return the rule in force that is the most specific one for the name, with the namespace that covers it."""
    matching = (
        (rule, namespace)
        for rule in rules
        for namespace in rule.namespaces
        if rule.in_force is not False and nrpt.matches(namespace, name)
    )
    return max(matching, key=lambda pair: nrpt.weight(pair[1]), default=None)


def in_order(facts: HostFacts) -> tuple[InterfaceServers, ...]:
    """Return the interfaces in use that have servers, the lowest metric first; without metrics as they were listed."""
    metrics = facts.interface_metrics.seen_or(())
    used = [i for i in facts.interface_servers.seen_or(()) if is_connected(i, metrics) is not False]
    ranks = {i.interface: metric_of(i, metrics) for i in used}
    if any(rank is None for rank in ranks.values()):
        return tuple(used)
    return tuple(sorted(used, key=lambda i: ranks[i.interface] or 0))


def metric_of(interface: InterfaceServers, metrics: tuple[InterfaceMetric, ...]) -> int | None:
    """Return the metric for the IP version of the interface's first server, ``None`` where it was not seen."""
    version = 6 if interface.servers and ":" in interface.servers[0] else 4
    return next((m.metric for m in _of(interface, metrics) if m.version == version), None)


def is_connected(interface: InterfaceServers, metrics: tuple[InterfaceMetric, ...]) -> bool | None:
    """Tell whether the interface is connected, for either IP version; ``None`` where that was not seen."""
    states = [m.connected for m in _of(interface, metrics) if m.connected is not None]
    return any(states) if states else None


def _of(interface: InterfaceServers, metrics: tuple[InterfaceMetric, ...]) -> list[InterfaceMetric]:
    if interface.index is not None and all(m.index is not None for m in metrics):
        return [m for m in metrics if m.index == interface.index]
    return [m for m in metrics if m.interface == interface.interface]


def _metrics(interfaces: tuple[InterfaceServers, ...], metrics: tuple[InterfaceMetric, ...]) -> str:
    return ", ".join(f"{i.interface} {metric_of(i, metrics) or 'unknown'}" for i in interfaces)


def _unknown(gap: Gap) -> Fact[Choice]:
    return NotAttempted("which server is asked", f"{gap.what}: {gap.why}", gap.needs)


def _rules(name: str, rules: tuple[NrptRule, ...]) -> list[Entry]:
    found: list[Entry] = []
    for rule in rules:
        why = "" if rule.servers else "it has no name server"
        if rule.in_force is False:
            why = "the effective policy does not hold it (a Group Policy replaces local rules)"
        servers = dns_servers(rule.servers)
        for namespace in rule.namespaces:
            # Without a leading dot it is no domain, and covers this one name or another.
            other = "" if namespace.startswith(".") or nrpt.matches(namespace, name) else "it is for that one name only"
            domain, why_not = namespace.removeprefix("."), why or other
            found.append(Entry("nrpt", rule.source, domain, servers, usable=not why_not, why_not=why_not))
    return found


def _interfaces(facts: HostFacts, used: tuple[InterfaceServers, ...]) -> list[Entry]:
    off = [i for i in facts.interface_servers.seen_or(()) if i not in used]
    source = facts.interface_servers.source if isinstance(facts.interface_servers, Seen) else windows.SERVERS_COMMAND
    return [
        Entry(
            "interface-dns",
            source,
            "",
            dns_servers(i.servers),
            interface=i.interface,
            usable=i in used,
            why_not="" if i in used else "the interface is not connected",
        )
        for i in (*used, *off)
    ]
