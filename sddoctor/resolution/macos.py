"""Which server an ordinary program on macOS asks for a name.

The first section of ``scutil --dns`` is the truth; files of /etc/resolver only explain where its entries come
from. Longest match by whole labels, then the lower order, else the default. Rules: resolver(5), and
https://github.com/apple-oss-distributions/mDNSResponder (mDNSMacOSX.c, mDNS.c ``GetBestServer``).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from msgspec import structs

from sddoctor.case.dns import Server
from sddoctor.case.host import HostFacts, ResolvConf, ResolverFile, ScutilResolver
from sddoctor.case.name import fold_name, label_count
from sddoctor.case.seen import Absent, Fact, NotAttempted, Seen
from sddoctor.formats.host import scutil as scutil_output
from sddoctor.formats.host.names import covers, is_multicast
from sddoctor.resolution.hosts import by_hosts_file
from sddoctor.resolution.model import Choice, Entry

#: The order of the primary resolver, which is not printed (dns-configuration.c).
_DEFAULT_ORDER = 200000
_MDNS_ORDER = 300000
_BY_PARSER = "by Apple's published parser"


@dataclass(frozen=True)
class _Candidate:
    entry: Entry
    order: int
    multicast: bool = False
    sort: tuple[int, int] = field(default=(0, 0))


def choose(name: str, facts: HostFacts) -> Fact[Choice]:
    """Return what happens to ``name``, with every entry that was considered."""
    bypass = _bypass(facts.resolv_conf)
    candidates = _candidates(facts)
    if candidates is None:
        return facts.scutil if not isinstance(facts.scutil, (Seen, Absent)) else _no_default()
    entries = tuple(c.entry for c in candidates) + _unused(facts)
    answered = by_hosts_file(name, facts)
    if answered is not None:
        return Seen(structs.replace(answered, bypass_servers=bypass, entries=entries), answered.source)
    if isinstance(facts.scutil, Absent):
        why = "macOS has no DNS configuration at all (no network); /etc/resolver is then not read either"
        choice = Choice((), "default-resolver", scutil_output.COMMAND, bypass_servers=bypass, why=why, entries=entries)
        return Seen(choice, scutil_output.COMMAND)
    return _best(name, candidates, entries, bypass, facts)


def _best(
    name: str,
    candidates: tuple[_Candidate, ...],
    entries: tuple[Entry, ...],
    bypass: tuple[Server, ...] | None,
    facts: HostFacts,
) -> Fact[Choice]:
    matching = [c for c in candidates if c.entry.usable and covers(c.entry.domain, name)]
    if not isinstance(facts.scutil, Seen) and (gap := _unread_gap(name, facts, matching)):
        return gap
    if not matching:
        return (
            _no_default()
            if not isinstance(facts.scutil, Seen)
            else Seen(
                Choice(
                    (),
                    "default-resolver",
                    scutil_output.COMMAND,
                    bypass_servers=bypass,
                    why="no entry of the first section matches, and there is no default resolver",
                    entries=entries,
                ),
                scutil_output.COMMAND,
            )
        )
    longest = max(label_count(fold_name(c.entry.domain)) for c in matching)
    winners = sorted((c for c in matching if label_count(fold_name(c.entry.domain)) == longest), key=lambda c: c.order)
    first = winners[0]
    if first.multicast:
        why = f"the domain {first.entry.domain} belongs to multicast DNS; no DNS server is asked"
        choice = Choice(
            (), "multicast", first.entry.source, first.entry.domain, bypass_servers=bypass, why=why, entries=entries
        )
        return Seen(choice, first.entry.source)
    servers = tuple(dict.fromkeys(server for c in winners for server in c.entry.servers))
    choice = Choice(
        servers,
        first.entry.kind,
        first.entry.source,
        first.entry.domain,
        link=first.entry.interface,
        bypass_servers=bypass,
        why=_why(first.entry, name, by_files=not isinstance(facts.scutil, Seen)),
        entries=entries,
    )
    return Seen(choice, first.entry.source)


def _why(entry: Entry, name: str, *, by_files: bool) -> str:
    if not entry.domain:
        why = "no entry for a domain matches, so the default resolver is asked"
        if entry.kind == "resolver-file":
            why = f"{entry.source} names no domain and is one more default, asked before the others"
    else:
        why = f"the longest matching domain is {entry.domain}, from {entry.source}"
        if is_multicast(name):
            why += "; names below .local stay unreliable, because multicast is asked too"
    return f"{why} ({_BY_PARSER}; scutil --dns was not seen)" if by_files else why


def _candidates(facts: HostFacts) -> tuple[_Candidate, ...] | None:
    """Return the entries of ordinary look-ups; ``None`` when neither scutil nor files say anything."""
    if isinstance(facts.scutil, Absent):
        return ()
    files = facts.resolver_files.seen_or(())
    if isinstance(facts.scutil, Seen):
        return tuple(_from_scutil(r, files, facts.unread_files) for r in facts.scutil.value if r.section == "default")
    if not isinstance(facts.resolver_files, (Seen, Absent)) or (not files and not facts.resolv_conf.seen_or(None)):
        return None
    found = [_from_file(file) for file in files if file.created and not file.scoped]
    conf = facts.resolv_conf.seen_or(None)
    if conf and conf.listed:
        entry = Entry("default-resolver", conf.path, "", tuple(Server(a) for a in conf.effective))
        found.append(_Candidate(entry, _DEFAULT_ORDER))
    found.append(_Candidate(Entry("multicast", "multicast DNS", "local"), _MDNS_ORDER, multicast=True))
    return tuple(found)


def _from_scutil(resolver: ScutilResolver, files: tuple[ResolverFile, ...], unread: tuple[str, ...]) -> _Candidate:
    domain = fold_name(resolver.domain or "")
    servers = tuple(Server(address, resolver.port or 53) for address in resolver.nameservers)
    multicast = "mdns" in resolver.options
    primary = not domain and resolver.number == 1
    file = None if multicast or primary else _explaining(resolver, files)
    kind, source = "default-resolver", scutil_output.COMMAND
    if multicast:
        kind = "multicast"
    elif file:
        kind, source = "resolver-file", file.path
    elif _comes_from_a_file(resolver) and not primary:
        kind, source = "resolver-file", _unread_path(domain, unread) or scutil_output.COMMAND
    elif domain or "Supplemental" in resolver.flags:
        kind = "supplemental"
    why_not = ""
    if {"Scoped", "Service-specific"} & set(resolver.flags):
        why_not = "only look-ups bound to its interface or service use it"
    elif not servers and not multicast:
        why_not = "it has no nameserver, so it adds no server"
    order = resolver.order
    if order is None:
        order = _DEFAULT_ORDER if primary else 0
    entry = Entry(
        kind, source, domain, servers, resolver.order, resolver.interface, usable=not why_not, why_not=why_not
    )
    return _Candidate(entry, order, multicast)


def _comes_from_a_file(resolver: ScutilResolver) -> bool:
    """Tell a file's entry: no interface, no service's order, not one of a VPN."""
    return (
        resolver.if_index is None
        and "Supplemental" not in resolver.flags
        and resolver.service is None
        and (resolver.order or 0) < 100000
    )


def _explaining(resolver: ScutilResolver, files: tuple[ResolverFile, ...]) -> ResolverFile | None:
    """Return the file that an entry was made from: same domain, and same servers where several have it."""
    if "Supplemental" in resolver.flags or (resolver.order or 0) >= 100000:
        return None
    same = [f for f in files if f.created and fold_name(f.domain or "") == fold_name(resolver.domain or "")]
    exact = [f for f in same if tuple(s.address for s in f.servers) == resolver.nameservers]
    if exact:
        exact.sort(key=lambda f: (f.port != resolver.port, (f.search_order or 0) != (resolver.order or 0)))
        return exact[0]
    # The file was changed after the list was built, or is read otherwise than published: still its entry.
    return same[0] if len(same) == 1 and _comes_from_a_file(resolver) else None


def _unread_path(domain: str, unread: tuple[str, ...]) -> str | None:
    return next((path for path in unread if fold_name(path.rsplit("/", 1)[-1]) == domain), None)


def _from_file(file: ResolverFile) -> _Candidate:
    why_not = "" if file.servers else "it has no nameserver, so it adds no server"
    entry = Entry(
        "resolver-file",
        file.path,
        fold_name(file.domain or ""),
        file.servers,
        file.search_order,
        file.interface,
        usable=not why_not,
        why_not=why_not,
    )
    return _Candidate(entry, file.search_order or 0)


def _unused(facts: HostFacts) -> tuple[Entry, ...]:
    """Return the settings that ordinary look-ups never use: scoped entries, and files that yield no entry."""
    found: list[Entry] = []
    for resolver in facts.scutil.seen_or(()):
        if resolver.section != "default":
            servers = tuple(Server(address, resolver.port or 53) for address in resolver.nameservers)
            kind = "supplemental" if resolver.domain else "default-resolver"
            why = "only look-ups bound to this interface use it"
            if resolver.section == "service":
                why = "only the programs of this service use it"
            found.append(
                Entry(
                    kind,
                    scutil_output.COMMAND,
                    fold_name(resolver.domain or ""),
                    servers,
                    resolver.order,
                    resolver.interface,
                    usable=False,
                    why_not=why,
                )
            )
    listed = [r for r in facts.scutil.seen_or(()) if r.section == "default"]
    for file in facts.resolver_files.seen_or(()):
        why = _why_unused(file, listed, scutil_seen=isinstance(facts.scutil, Seen))
        if why:
            domain = fold_name(file.domain or "") if file.created else fold_name(file.path.rsplit("/", 1)[-1])
            found.append(
                Entry("resolver-file", file.path, domain, file.servers, file.search_order, usable=False, why_not=why)
            )
    return tuple(found)


def _why_unused(file: ResolverFile, listed: list[ScutilResolver], *, scutil_seen: bool) -> str:
    if not file.created:
        return f"it yields no resolver ({_BY_PARSER})"
    if file.scoped:
        return "only look-ups bound to its interface use it"
    if scutil_seen and not any(_explaining(resolver, (file,)) for resolver in listed):
        return "scutil --dns does not list it"
    return ""


def _unread_gap(name: str, facts: HostFacts, matching: list[_Candidate]) -> NotAttempted | None:
    """A file that could not be read may serve the name, as long as nothing longer is known to."""
    if not facts.unread_files:
        return None
    longest = max((label_count(fold_name(c.entry.domain)) for c in matching), default=0)
    path = next((p for p in facts.unread_files if label_count(fold_name(name)) > longest), None)
    if path is None:
        return None
    return NotAttempted("the resolver asked", f"{path} cannot be read", f"the output of scutil --dns, or {path}")


def _bypass(conf: Fact[ResolvConf]) -> tuple[Server, ...] | None:
    """dig, host and nslookup read /etc/resolv.conf, which lists the primary resolver only."""
    seen = conf.seen_or(None)
    return tuple(Server(address) for address in seen.effective) if seen and seen.listed else None


def _no_default() -> NotAttempted:
    return NotAttempted(
        "the resolver asked", "neither scutil --dns nor /etc/resolv.conf was seen", "the output of scutil --dns"
    )
