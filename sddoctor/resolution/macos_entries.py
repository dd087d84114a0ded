"""The settings of a macOS host that could send a domain to servers.

The first section of ``scutil --dns`` is the truth; files of /etc/resolver only explain where its entries come from,
or stand in for it where it was not seen. Rules: resolver(5), and
https://github.com/apple-oss-distributions/mDNSResponder (mDNSMacOSX.c).
"""

from __future__ import annotations

from dataclasses import dataclass

from sddoctor.case.host import HostFacts, ResolverFile, ScutilResolver
from sddoctor.case.name import fold_name
from sddoctor.case.seen import Absent, Seen
from sddoctor.formats.host import scutil
from sddoctor.resolution.model import Entry, dns_servers

BY_PARSER = "by Apple's published parser"
#: The order of the primary resolver, which is not printed (dns-configuration.c).
_DEFAULT_ORDER = 200000
_SUPPLEMENTAL_ORDER = 100000
_MDNS_ORDER = 300000


@dataclass(frozen=True)
class Candidate:
    """An entry for ordinary lookups. At equal domains the lower ``order`` wins."""

    entry: Entry
    order: int
    multicast: bool = False


def candidates(facts: HostFacts) -> tuple[Candidate, ...] | None:
    """Return the entries for ordinary lookups; ``None`` when neither scutil nor the files were seen."""
    if isinstance(facts.scutil, Absent):
        return ()
    files = facts.resolver_files.seen_or(())
    if isinstance(facts.scutil, Seen):
        return tuple(_from_scutil(r, files, facts.unread_files) for r in facts.scutil.value if r.section == "default")
    conf = facts.resolv_conf.seen_or(None)
    if not isinstance(facts.resolver_files, (Seen, Absent)) or not (files or conf):
        return None
    found = [_from_file(file) for file in files if file.created and not file.scoped]
    if conf and conf.listed:
        found.append(Candidate(Entry("default-resolver", conf.path, "", dns_servers(conf.effective)), _DEFAULT_ORDER))
    found.append(Candidate(Entry("multicast", "multicast DNS", "local"), _MDNS_ORDER, multicast=True))
    return tuple(found)


def _from_scutil(resolver: ScutilResolver, files: tuple[ResolverFile, ...], unread: tuple[str, ...]) -> Candidate:
    domain = fold_name(resolver.domain or "")
    multicast = "mdns" in resolver.options
    is_supplemental = "Supplemental" in resolver.flags
    primary = not domain and not is_supplemental and (resolver.number == 1 or resolver.if_index is not None)
    file = None if multicast or primary else origin(resolver, files)
    kind, source = "default-resolver", scutil.COMMAND
    if multicast:
        kind = "multicast"
    elif file:
        kind, source = "resolver-file", file.path
    elif _comes_from_a_file(resolver) and not primary:
        kind, source = "resolver-file", _unread_path(domain, unread) or scutil.COMMAND
    elif domain or is_supplemental:
        kind = "supplemental"
    why_not = ""
    if {"Scoped", "Service-specific"} & set(resolver.flags):
        why_not = "only look-ups bound to its interface or service use it"
    elif not resolver.nameservers and not multicast:
        why_not = "it has no nameserver, so it adds no server"
    order = resolver.order
    if order is None:
        order = _DEFAULT_ORDER if primary else _SUPPLEMENTAL_ORDER if is_supplemental else 0
    return Candidate(_scutil_entry(resolver, kind, source, why_not), order, multicast)


def _scutil_entry(resolver: ScutilResolver, kind: str, source: str, why_not: str) -> Entry:
    servers = dns_servers(resolver.nameservers, resolver.port)
    domain = fold_name(resolver.domain or "")
    return Entry(kind, source, domain, servers, resolver.order, resolver.interface, not why_not, why_not)


def _comes_from_a_file(resolver: ScutilResolver) -> bool:
    """Tell a file's entry: no interface, no service's order, not one of a VPN."""
    return (
        resolver.if_index is None
        and "Supplemental" not in resolver.flags
        and resolver.service is None
        and (resolver.order or 0) < 100000
    )


def origin(resolver: ScutilResolver, files: tuple[ResolverFile, ...]) -> ResolverFile | None:
    """Return the file that an entry was made from: same domain, and same servers where several have it."""
    if "Supplemental" in resolver.flags or (resolver.order or 0) >= 100000:
        return None
    same = [f for f in files if f.created and fold_name(f.domain or "") == fold_name(resolver.domain or "")]
    exact = [f for f in same if tuple(s.address for s in f.servers) == resolver.nameservers]
    if exact:
        return min(exact, key=lambda f: (f.port != resolver.port, (f.search_order or 0) != (resolver.order or 0)))
    # The file was changed after the list was built, or is read otherwise than published: still its entry.
    return same[0] if len(same) == 1 and _comes_from_a_file(resolver) else None


def _unread_path(domain: str, unread: tuple[str, ...]) -> str | None:
    return next((path for path in unread if _domain_of_path(path) == domain), None)


def _domain_of_path(path: str) -> str:
    return fold_name(path.rsplit("/", 1)[-1])


def _from_file(file: ResolverFile) -> Candidate:
    why_not = "" if file.servers else "it has no nameserver, so it adds no server"
    domain = fold_name(file.domain or "")
    entry = Entry(
        "resolver-file", file.path, domain, file.servers, file.search_order, file.interface, not why_not, why_not
    )
    return Candidate(entry, file.search_order or 0)


def unused(facts: HostFacts) -> tuple[Entry, ...]:
    """Return the settings that ordinary lookups never use: scoped entries, and files that yield no entry."""
    resolvers = facts.scutil.seen_or(())
    found: list[Entry] = []
    for resolver in resolvers:
        if resolver.section != "default":
            kind = "supplemental" if resolver.domain else "default-resolver"
            why = "only look-ups bound to this interface use it"
            if resolver.section == "service":
                why = "only the programs of this service use it"
            elif resolver.section == "unknown":
                why = "scutil --dns shows it where nothing is understood"
            found.append(_scutil_entry(resolver, kind, scutil.COMMAND, why))
    default = [r for r in resolvers if r.section == "default"]
    for file in facts.resolver_files.seen_or(()):
        why = _why_unused(file, default, scutil_seen=isinstance(facts.scutil, Seen))
        if why:
            domain = fold_name(file.domain or "") if file.created else _domain_of_path(file.path)
            found.append(
                Entry("resolver-file", file.path, domain, file.servers, file.search_order, usable=False, why_not=why)
            )
    return tuple(found)


def _why_unused(file: ResolverFile, default: list[ScutilResolver], *, scutil_seen: bool) -> str:
    if not file.created:
        return f"it yields no resolver ({BY_PARSER})"
    if file.scoped:
        return "only look-ups bound to its interface use it"
    if scutil_seen and not any(origin(resolver, (file,)) for resolver in default):
        return "scutil --dns does not list it"
    return ""
