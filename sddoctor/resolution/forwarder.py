"""Which servers are behind a forwarder on this host, by the configuration of the one that listens at its address."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from sddoctor.case.dns import Server
from sddoctor.case.forwarder import ForwarderConfig, ForwarderRule
from sddoctor.case.host import HostFacts
from sddoctor.case.seen import Gap, UnseenFactError
from sddoctor.formats.host.names import covers, most_specific
from sddoctor.resolution.model import Choice, Entry


def rules_for(name: str, entries: tuple[ForwarderRule, ...]) -> list[ForwarderRule]:
    """Return the rules that decide for a name: what the forwarder answers first, else those of its longest domain."""
    covering = [e for e in entries if covers(e.domain, name)]
    own = [e for e in covering if e.first]
    return most_specific(own or covering, lambda e: e.domain)


def behind(name: str, facts: HostFacts, choice: Choice) -> Choice:
    """Return the choice of the servers behind the first server of a choice, which is at an address of this host.

    Where it is not wholly known to whom it forwards, the servers stay those of programs, and ``unknown`` says why.
    """
    first, *rest = choice.servers
    found = [f for f in facts.forwarders if f.serves(first)]
    if not found:
        return choice
    programs = " or ".join(dict.fromkeys(f.program for f in found))
    if len(found) > 1:
        doubts = " and ".join(dict.fromkeys(f.doubt for f in found if f.doubt))
        why = f"several may listen at {first}, and which one does is not known"
        return _unknown(choice, programs, f"{why}: {doubts}" if doubts else why)
    forwarder = found[0]
    if (gap := _gap(forwarder)) is not None:
        return _unknown(choice, programs, f"{gap.what}: {gap.why}")
    best = rules_for(name, forwarder.entries)
    if not best:
        return _without_rule(choice, forwarder)
    if (unknown := next((e.unknown for e in best if e.unknown), "")) != "":
        return _unknown(choice, programs, unknown)
    servers = tuple(dict.fromkeys(server for e in best for server in e.servers if server != first))
    why = f"{forwarder.program} on this host forwards {best[0].domain or 'all names'} ({best[0].source})"
    if not servers:
        why = f"{forwarder.program} on this host never forwards {best[0].domain} ({best[0].source})"
    beside = tuple(rest) if choice.together and servers else ()
    return msgspec.structs.replace(
        choice,
        servers=servers + beside,
        kind="forwarder",
        source=_file(best[0], forwarder),
        stub=first,
        stub_is=forwarder.program,
        why=why,
        matched=best[0].domain,
        tls=tuple(s for e in best if e.tls for s in e.servers),
        together=bool(beside) or (forwarder.together and len(servers) > 1),
    )


def entries(forwarder: ForwarderConfig) -> Iterator[Entry]:
    """Yield every rule of a forwarder, and those for the name that are in files which it does not include."""
    for rule in forwarder.entries:
        yield Entry("forwarder", rule.source, rule.domain, rule.servers, usable=not rule.unknown, why_not=rule.unknown)
    why = f"{forwarder.program} does not include this file"
    for rule in forwarder.aside:
        yield Entry("forwarder", rule.source, rule.domain, rule.servers, usable=False, why_not=why)


def _gap(forwarder: ForwarderConfig) -> Gap | None:
    """Return what of its configuration is not known."""
    try:
        forwarder.in_force.whole  # noqa: B018 - raises with the gap
    except UnseenFactError as unseen:
        return unseen.gap
    return None


def _file(rule: ForwarderRule, forwarder: ForwarderConfig) -> str:
    """Return the file of a rule, its main file for one of the command line."""
    file, _, line = rule.source.rpartition(":")
    return file if line.isdigit() else rule.source if rule.source.startswith("/") else forwarder.path


def _without_rule(choice: Choice, forwarder: ForwarderConfig) -> Choice:
    why = f"{forwarder.program} on this host has no server for it ({forwarder.path})"
    return msgspec.structs.replace(choice, stub_is=forwarder.program, why=why)


def _unknown(choice: Choice, programs: str, why: str) -> Choice:
    gap = Gap(f"to whom {programs} on this host forwards", why, "the complete configuration that is in force")
    server: Server = choice.servers[0]
    why = f"{programs} may answer at {server}, and to whom it forwards is unknown ({why})"
    return msgspec.structs.replace(choice, unknown=gap, stub_is=programs, why=why)
