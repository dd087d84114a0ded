"""Which servers an ordinary program on Windows queries for a name: the hosts file, NRPT rules, the interfaces.

https://learn.microsoft.com/en-us/previous-versions/windows/it-pro/windows-server-2012-r2-and-2012/dn593632(v=ws.11)
"""

from __future__ import annotations

from msgspec import structs

from sddoctor.case.host import HostFacts, InterfaceServers, NrptRule
from sddoctor.case.seen import Fact, Seen
from sddoctor.formats.host import nrpt, windows
from sddoctor.formats.host.names import labels
from sddoctor.resolution.hosts import by_hosts_file
from sddoctor.resolution.model import Choice, Entry, dns_servers


def choose(name: str, facts: HostFacts) -> Fact[Choice]:
    """Return what happens to ``name``, with every entry that was considered."""
    interfaces = facts.interface_servers.seen_or(())
    by_interface = dns_servers(dict.fromkeys(address for i in interfaces for address in i.servers))
    # nslookup ignores NRPT.
    bypass = by_interface if isinstance(facts.interface_servers, Seen) else None
    entries = _entries(facts.nrpt.seen_or(()), interfaces)
    answered = by_hosts_file(name, facts)
    if answered is not None:
        return Seen(structs.replace(answered, bypass_servers=bypass, entries=entries), answered.source)
    matching = [
        (rule, namespace)
        for rule in facts.nrpt.seen_or(())
        for namespace in rule.namespaces
        if rule.servers and rule.in_force is not False and nrpt.matches(namespace, name)
    ]
    if matching:
        longest = max(_weight(namespace) for _, namespace in matching)
        rule, namespace = next(pair for pair in matching if _weight(pair[1]) == longest)
        servers = dns_servers(rule.servers)
        why = f"the NRPT rule for {namespace} is the most specific one that covers the name"
        choice = Choice(servers, "nrpt", rule.source, namespace, bypass_servers=bypass, why=why, entries=entries)
        return Seen(choice, rule.source)
    for fact in (facts.nrpt, facts.interface_servers):
        if not isinstance(fact, Seen):
            return fact
    why = "no NRPT rule covers the name, so the servers of the interfaces are asked"
    if len(interfaces) > 1:
        why += ", by their metric or all at once"
    choice = Choice(
        by_interface,
        "interface-dns",
        windows.SERVERS_COMMAND,
        link=interfaces[0].interface if interfaces else None,
        bypass_servers=bypass,
        why=why,
        entries=entries,
        together=len(interfaces) > 1,
    )
    return Seen(choice, windows.SERVERS_COMMAND)


def _weight(namespace: str) -> tuple[int, bool]:
    return labels(namespace.removeprefix(".")), not namespace.startswith(".")


def _entries(rules: tuple[NrptRule, ...], interfaces: tuple[InterfaceServers, ...]) -> tuple[Entry, ...]:
    found: list[Entry] = []
    for rule in rules:
        why = "" if rule.servers else "it has no name server"
        if rule.in_force is False:
            why = "the effective policy does not hold it (a Group Policy replaces local rules)"
        servers = dns_servers(rule.servers)
        found += [
            Entry("nrpt", rule.source, namespace.removeprefix("."), servers, usable=not why, why_not=why)
            for namespace in rule.namespaces
        ]
    for interface in interfaces:
        servers = dns_servers(interface.servers)
        found.append(Entry("interface-dns", windows.SERVERS_COMMAND, "", servers, interface=interface.interface))
    return tuple(found)
