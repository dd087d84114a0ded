"""Which server an ordinary program on macOS queries for a name.

Longest match by whole labels, then the lower order, else the default. Rules: resolver(5), and
https://github.com/apple-oss-distributions/mDNSResponder (mDNS.c ``GetBestServer``).
"""

from __future__ import annotations

from msgspec import structs

from sddoctor.case.dns import Server
from sddoctor.case.host import HostFacts, ResolvConf
from sddoctor.case.seen import Absent, Fact, NotAttempted, Seen, Unreachable
from sddoctor.formats.host import scutil
from sddoctor.formats.host.addresses import is_loopback
from sddoctor.formats.host.names import covers, is_multicast, labels, most_specific
from sddoctor.resolution.forwarder import behind
from sddoctor.resolution.forwarder import entries as forwarder_entries
from sddoctor.resolution.hosts import by_hosts_file
from sddoctor.resolution.macos_entries import BY_PARSER, Candidate, candidates, unused
from sddoctor.resolution.macos_unread import could_decide
from sddoctor.resolution.model import Choice, Entry, dns_servers


def choose(name: str, facts: HostFacts) -> Fact[Choice]:
    """Return what happens to ``name``, with every entry that was considered."""
    if isinstance(facts.scutil, Unreachable) and facts.scutil.kind == "malformed":
        # The entries of VPN clients are nowhere else.
        answered = by_hosts_file(name, facts)
        return facts.scutil if answered is None else Seen(answered, answered.source)
    considered = candidates(facts)
    if considered is None:
        return facts.scutil if not isinstance(facts.scutil, (Seen, Absent)) else _no_default()
    found = by_hosts_file(name, facts) or _by_entries(name, considered, facts)
    if not isinstance(found, Choice):
        return found
    local = (e for f in facts.forwarders for e in forwarder_entries(f))
    entries = (*(c.entry for c in considered), *unused(facts), *local)
    return Seen(structs.replace(found, bypass_servers=_bypass(facts.resolv_conf), entries=entries), found.source)


def _by_entries(name: str, considered: tuple[Candidate, ...], facts: HostFacts) -> Choice | NotAttempted:
    """Return the choice among the entries, without those entries in it."""
    if isinstance(facts.scutil, Absent):
        why = "macOS has no DNS configuration at all (no network); /etc/resolver is then not read either"
        return Choice((), "default-resolver", scutil.COMMAND, why=why)
    scutil_seen = isinstance(facts.scutil, Seen)
    matching = [c for c in considered if c.entry.usable and covers(c.entry.domain, name)]
    best = most_specific(matching, lambda c: c.entry.domain)
    if not scutil_seen and facts.unread_files and labels(name) > (labels(best[0].entry.domain) if best else 0):
        # A file that could not be read may serve the name, as long as nothing longer is known to.
        path = facts.unread_files[0]
        return NotAttempted("the resolver asked", f"{path} cannot be read", f"the output of scutil --dns, or {path}")
    matched = labels(best[0].entry.domain) if best else 0
    if isinstance(facts.scutil, Seen) and any(could_decide(r, name, matched, facts) for r in facts.scutil.value):
        gap = facts.scutil.gap_of_unread()
        why = gap.why if gap else "part of its resolvers is not understood"
        return NotAttempted("the resolver asked", f"of scutil --dns, {why}", "the complete output of scutil --dns")
    if not best:
        why = "no entry of the first section matches, and there is no default resolver"
        return Choice((), "default-resolver", scutil.COMMAND, why=why) if scutil_seen else _no_default()
    winners = sorted(best, key=lambda c: c.order)
    entry = winners[0].entry
    if winners[0].multicast:
        why = f"the domain {entry.domain} belongs to multicast DNS; no DNS server is asked"
        return Choice((), "multicast", entry.source, entry.domain, why=why)
    servers = tuple(dict.fromkeys(server for c in winners for server in c.entry.servers))
    why = _why(entry, name, by_files=not scutil_seen)
    choice = Choice(servers, entry.kind, entry.source, entry.domain, link=entry.interface, why=why)
    return behind(name, facts, choice) if servers and is_loopback(servers[0].address) else choice


def _why(entry: Entry, name: str, *, by_files: bool) -> str:
    if not entry.domain:
        why = "no entry for a domain matches, so the default resolver is asked"
        if entry.kind == "resolver-file":
            why = f"{entry.source} names no domain and is one more default, asked before the others"
    else:
        why = f"the longest matching domain is {entry.domain}, from {entry.source}"
        if is_multicast(name):
            why += "; names below .local stay unreliable, because multicast is asked too"
    return f"{why} ({BY_PARSER}; scutil --dns was not seen)" if by_files else why


def _bypass(conf: Fact[ResolvConf]) -> tuple[Server, ...] | None:
    """Return the servers of dig, host and nslookup, which read /etc/resolv.conf with its primary resolver only."""
    seen = conf.seen_or(None)
    return dns_servers(seen.effective) if seen and seen.listed else None


def _no_default() -> NotAttempted:
    return NotAttempted(
        "the resolver asked", "neither scutil --dns nor /etc/resolv.conf was seen", "the output of scutil --dns"
    )
