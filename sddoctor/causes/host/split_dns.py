"""Nothing on this host sends the domain to the VPC resolver."""

from __future__ import annotations

from sddoctor.case.dns import Server
from sddoctor.causes.host.evidence import choice_evidence, host_evidence, resolver_evidence
from sddoctor.causes.host.split_dns_fixes import rival_servers, route_domain
from sddoctor.causes.model import Evidence, Finding, cause
from sddoctor.stations.model import FAILED
from sddoctor.text.words import listed
from sddoctor.trail.answers import denier
from sddoctor.trail.host_answers import (
    agrees_with_vpc_resolver,
    can_resolve_zone,
    is_link_local,
    only_host_fails,
    server_answer,
    unchecked_answers,
)
from sddoctor.trail.host_settings import own_server_list
from sddoctor.trail.meant_entries import domain_to_route, entries_of_another_domain, unreadable_files
from sddoctor.trail.trail import Trail, optional


@cause(
    "split-dns-missing",
    hop="host",
    at=("servers", "stub"),
    symptoms=(*FAILED, "foreign"),
    title="Nothing on this host sends the domain to the VPC resolver",
)
def split_dns_missing(trail: Trail) -> Finding | None:
    """The VPC resolver is right, the host fails, and no setting in force names it for this domain.

    macOS: no resolver file and no match domain covers the name. Linux: the servers of resolv.conf, or of
    systemd-resolved's best link, do not include it. resolver(5), resolv.conf(5), systemd-resolved.service(8)
    """
    if trail.host.platform == "windows":
        return None
    if optional(lambda: trail.cloudmap.namespace.type) == "DNS_PUBLIC":
        return None  # any resolver can resolve it
    choice = trail.host.choice
    if choice.kind not in ("default-resolver", "resolv.conf", "resolved-link", "interface-dns"):
        return None
    if trail.host.domain_entries or _tried_otherwise(trail) or _names_the_resolver(trail):
        return None
    if not only_host_fails(trail) or not _own_server_denies(trail):
        return None
    zone, server = domain_to_route(trail), trail.answers.vpc_server
    servers = listed(str(s) for s in choice.servers) or "no server"
    any_queried = not choice.servers or any(trail.answers.was_queried(s) for s in choice.servers)
    knows = "does not know it" if any_queried else "probably does not know it"
    rivals = rival_servers(trail)
    where = f"the VPC resolver {server}" if not rivals else f"a VPC resolver ({listed(rivals.values())})"
    return Finding(
        summary=f"Nothing on this host sends {zone} to {where}: {trail.name} is asked of {servers}, which {knows}.",
        detail=(
            f"The VPC resolver can be reached and answers, but no entry of this host routes {zone} to it, so ordinary "
            "look-ups go to the default resolver. A search domain, or a server known to scoped look-ups only, looks like "
            f"an entry and is none.{_of_rivals(zone, rivals)}{_of_a_container(trail)}"
        ),
        evidence=(resolver_evidence(trail), host_evidence(trail), choice_evidence(trail), *_own_server_evidence(trail)),
        fixes=route_domain(trail),
        certainty="certain" if any_queried else "likely",
    )


def _of_rivals(zone: str, rivals: dict[str, str]) -> str:
    """Say which namespaces may be meant: nothing here shows which one is."""
    if not rivals:
        return ""
    known = listed(f"{server} knows {namespace}" for namespace, server in rivals.items())
    return f" {len(rivals)} namespaces are called {zone}, and which one is meant does not show here: {known}."


def _of_a_container(trail: Trail) -> str:
    """Say that the host of a container has to be looked at too: which of the two lacks an entry cannot be told here."""
    if len(trail.case.places) > 1 or (what := optional(lambda: own_server_list(trail))) is None:
        return ""
    return (
        f" Its servers are {what}, so this looks like a container or WSL, whose host may have the entry: look at the host "
        "as well, and give both looks with --from."
    )


def _tried_otherwise(trail: Trail) -> bool:
    """Tell whether an entry meant for this domain exists and is not in force: those have causes of their own."""
    conf = trail.host.facts.resolv_conf.seen_or(None)
    nothing_left = conf is not None and not conf.listed and bool(conf.ignored)
    return bool(unreadable_files(trail) or entries_of_another_domain(trail)) or nothing_left


def _names_the_resolver(trail: Trail) -> bool:
    """Tell whether the list in force has a server that can resolve the zone, in any position."""
    conf = trail.host.facts.resolv_conf.seen_or(None)
    listed_servers = [Server(a) for a in conf.listed] if conf and trail.host.choice.kind == "resolv.conf" else []
    return any(can_resolve_zone(trail, s) or _is_other_vpcs(trail, s) for s in (*trail.host.servers, *listed_servers))


def _is_other_vpcs(trail: Trail, server: Server) -> bool:
    """Tell whether the server is some VPC's resolver, or a link-local one: those have causes of their own."""
    return is_link_local(server) or optional(lambda: trail.vpc.with_resolver(server.address)) is not None


def _own_server_denies(trail: Trail) -> bool:
    """Tell whether the host's servers return negative answers that are not the zone's; silence counts as that.

    When none of them could be queried from here, the lookup on the host stands in for them.
    """
    answers = [a for s in trail.host.servers if (a := server_answer(trail, s)) is not None]
    if not answers:
        return True
    right = trail.answers.vpc_addresses
    for answer in answers:
        if set(answer.addresses) & right or denier(answer, domain_to_route(trail)) == "zone":
            return False
        if answer.rcode == "REFUSED" or (answer.rcode == "NOERROR" and not answer.answers and not answer.soa):
            return False  # a filter, or a stub that will not: other causes
    return not _right_when_unchecked(trail)


def _right_when_unchecked(trail: Trail) -> bool:
    """Tell whether a server of the host returns the right addresses when told not to validate: it can resolve the name."""
    return any(agrees_with_vpc_resolver(trail, a) for s in trail.host.servers for a in unchecked_answers(trail, s))


def _own_server_evidence(trail: Trail) -> tuple[Evidence, ...]:
    found = []
    for server in trail.host.servers[:2]:
        answer = server_answer(trail, server)
        if answer is not None:
            soa = f", SOA of {answer.soa.owner or 'the root'}" if answer.soa else ""
            reply = listed(answer.addresses) or f"{answer.rcode}{soa}"
            found.append(Evidence(f"dns @{server} A", trail.name, reply))
    return tuple(found)
