"""Files of /etc/resolver (and entries like them) that exist and do not serve the name."""

from __future__ import annotations

from sddoctor.case.seen import Seen
from sddoctor.causes.host.evidence import answer_in_words, choice_evidence, host_evidence, resolver_evidence
from sddoctor.causes.host.kept_by_forwarder import kept_by_forwarder
from sddoctor.causes.host.split_dns_fixes import route_domain
from sddoctor.causes.model import Evidence, Finding, Fix, Where, cause
from sddoctor.resolution.model import Entry
from sddoctor.stations.model import FAILED
from sddoctor.text.shell import command
from sddoctor.text.words import listed
from sddoctor.trail.entry_names import at_start, entry_name
from sddoctor.trail.host_answers import can_resolve_zone, only_host_fails
from sddoctor.trail.known_zone import host_knows_zone, knows_zone
from sddoctor.trail.meant_entries import domain_to_route, entries_of_another_domain, unreadable_files
from sddoctor.trail.trail import Trail
from sddoctor.trail.vpn_clients import client_of_entry


@cause(
    "resolver-file-wrong-domain",
    hop="host",
    at=("servers", "stub"),
    symptoms=(*FAILED, "foreign"),
    title="The entry on this host is for another domain",
)
def resolver_file_wrong_domain(trail: Trail) -> Finding | None:
    """An entry with the right server serves another domain, no other covers the name, and the host fails. resolver(5)"""
    if trail.host.domain_entries or unreadable_files(trail):
        return None
    meant = entries_of_another_domain(trail)
    if not meant or not only_host_fails(trail) or host_knows_zone(trail):
        return None
    entry, zone = meant[0], domain_to_route(trail)
    why = ""
    if entry.source.rsplit("/", 1)[-1] == zone:
        why = f" Its domain line says {entry.domain}, and that wins over the file's name."
    return Finding(
        summary=f"{at_start(entry_name(trail, entry))} serves {entry.domain}, not {zone}, so {trail.name} goes to the default resolver.",
        detail=f"The entry names the right server, but its domain is no suffix of the name, so it never matches.{why}",
        evidence=(
            Evidence(entry.source, f"domain of {entry_name(trail, entry)}", entry.domain, zone),
            choice_evidence(trail),
            resolver_evidence(trail),
            host_evidence(trail),
        ),
        fixes=route_domain(trail),
        would_tell=_rest_of_settings(trail),
    )


def _rest_of_settings(trail: Trail) -> str | None:
    """Return what shows the settings whole, where part of them was not read: the domain, or another entry, may be in it."""
    facts = trail.host.facts
    gaps = (f.gap_of_unread() for f in (facts.resolved, facts.scutil, facts.nrpt) if isinstance(f, Seen))
    return next((gap.needs for gap in gaps if gap is not None), None)


@cause(
    "resolver-file-malformed",
    hop="host",
    at=("servers", "stub"),
    symptoms=(*FAILED, "foreign"),
    title="The resolver file is there, but macOS does not read it as meant",
)
def resolver_file_malformed(trail: Trail) -> Finding | None:
    """The file for the domain yields no resolver, no server or another address, by the system's rules for it."""
    files = unreadable_files(trail)
    if not files or not only_host_fails(trail) or host_knows_zone(trail):
        return None
    file = files[0]
    odd = (*file.misread, *file.ignored)
    how = f"line {odd[0].line}: {odd[0].why}" if odd else "it names no server"
    effect = "yields no server" if not file.servers else f"sends the domain to {listed(str(s) for s in file.servers)}"
    return Finding(
        summary=f"macOS does not read {file.path} as meant: it {effect} ({how}).",
        detail=(
            "macOS reads these files word by word, separated by single blanks, and skips what it does not know without a "
            "word to the user. Judged by Apple's published parser."
        ),
        evidence=(
            *(Evidence(f"{file.path} line {line.line}", line.why, line.text) for line in odd[:3]),
            choice_evidence(trail),
            resolver_evidence(trail),
            host_evidence(trail),
        ),
        fixes=route_domain(trail),
    )


@cause(
    "resolver-file-shadowed",
    hop="host",
    at=("servers", "stub"),
    symptoms=(*FAILED, "foreign"),
    ceiling="likely",
    title="The right entry exists, but another one takes the name",
    # A right entry exists, so what is wrong is that the other one wins.
    explains=("resolver-file-wrong-nameserver",),
)
def resolver_file_shadowed(trail: Trail) -> Finding | None:
    """Two entries cover the name, the one without the right server wins, and its server does not answer rightly."""
    if (kept := kept_by_forwarder(trail, beside_a_right_rule=True)) is not None:
        return kept
    entries = trail.host.domain_entries
    right = [e for e in entries if any(can_resolve_zone(trail, s) for s in e.servers)]
    if not right or any(can_resolve_zone(trail, s) for s in trail.host.servers[:1]):
        return None
    winners = [e for e in entries if set(e.servers) & set(trail.host.servers[:1]) and e not in right]
    if not winners or not only_host_fails(trail) or knows_zone(trail, trail.host.servers[0]):
        return None
    winner, unused = winners[0], right[0]
    if winner.kind == unused.kind == "forwarder" and winner.domain == unused.domain:
        return None  # the servers of one domain add up
    winning, passed_by = entry_name(trail, winner), entry_name(trail, unused)
    server = trail.host.servers[0]
    of_domain = "" if winner.kind == "nrpt" else f" ({winner.domain})"
    return Finding(
        summary=f"{at_start(winning)}{of_domain} takes {trail.name} away from {passed_by}, which names the right server.",
        detail=(
            f"Both cover the name. {at_start(winning)} wins because its domain has more labels or an earlier search order, so "
            "the right entry is there and unused."
        ),
        evidence=(
            Evidence(
                winner.source,
                f"{winner.domain}, {winning}",
                tuple(str(s) for s in winner.servers),
                str(trail.answers.vpc_server),
            ),
            Evidence(unused.source, f"{unused.domain}, {passed_by}", tuple(str(s) for s in unused.servers)),
            Evidence(f"dns @{server} A", trail.name, answer_in_words(trail, server), "addresses"),
            resolver_evidence(trail),
            host_evidence(trail),
        ),
        fixes=_remove(trail, winner),
    )


#: On which platform an entry of a kind stands.
_WHERE: dict[str, Where] = {
    "resolved-link": "linux",
    "resolved-global": "linux",
    "resolved-delegate": "linux",
}


def _remove(trail: Trail, winner: Entry) -> tuple[Fix, ...]:
    source, verify = winner.source, "A program gets what the VPC resolver answers."
    if source.startswith("/etc/resolver/"):
        # macOS opens every file of the directory, so the file has to leave it.
        paste = (command("sudo", "mv", source, f"/etc/resolver-{source.rsplit('/', 1)[-1]}.disabled"),)
        return (Fix("Take the winning file out of /etc/resolver", "macos", paste, f"Moves {source} away.", verify),)
    if winner.kind == "nrpt":
        return route_domain(trail)
    client, domain = client_of_entry(trail, winner), winner.domain or domain_to_route(trail)
    if client is None:
        return (
            Fix(
                f"Take {domain} out of {entry_name(trail, winner)}", _WHERE.get(winner.kind, "vpn"), verified_by=verify
            ),
        )
    return (Fix(f"Take {domain} out of the match domains of {client.name}", "vpn", verified_by=verify),)
