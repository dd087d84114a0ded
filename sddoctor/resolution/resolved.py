"""Which servers systemd-resolved queries for a name.

https://www.freedesktop.org/software/systemd/man/latest/systemd-resolved.service.html, "Protocols and Routing"
"""

from __future__ import annotations

from dataclasses import dataclass

from sddoctor.case.dns import Server
from sddoctor.case.host import Resolved, ResolvedLink
from sddoctor.case.name import fold_name
from sddoctor.formats.host.addresses import read_server
from sddoctor.formats.host.names import covers, is_multicast, most_specific
from sddoctor.formats.host.resolvectl import COMMAND
from sddoctor.resolution.model import Entry


@dataclass(frozen=True)
class Routed:
    """Where resolved sends a name: ``multicast`` means to no DNS server, because it ends in ``.local``."""

    servers: tuple[Server, ...]
    matched: str = ""
    link: str | None = None
    multicast: bool = False
    together: bool = False
    why: str = ""


def route(name: str, resolved: Resolved) -> Routed:
    """Return the servers for ``name``: the longest domain decides, then default routes, then the fallback."""
    usable = [link for link in resolved.links if not _why_not(link)]
    matching = [(link, domain) for link in usable for domain in link.domains if covers(_bare(domain), name)]
    if matching:
        best = most_specific(matching, lambda pair: _bare(pair[1]))
        links = list({id(link): link for link, _ in best}.values())
        return _routed(links, best[0][1], f"the longest matching domain is {best[0][1]} on {_where(links)}")
    if is_multicast(name):
        why = "systemd-resolved sends names below .local to a DNS server only where a domain covers them"
        return Routed((), "local", multicast=True, why=why)
    links = [link for link in usable if link.interface and _is_default_route(link)]
    if not (links and resolved.global_demoted):
        links += [link for link in usable if not link.interface]
    if links:
        return _routed(links, "", f"no domain matches, so the default route is asked: {_where(links)}")
    fallback = tuple(filter(None, map(read_server, resolved.fallback)))
    if fallback:
        return Routed(fallback, why="no domain matches and no link is a default route, so FallbackDNS is asked")
    return Routed((), why="no appropriate name servers: no domain matches and no link is a default route")


def entries(resolved: Resolved) -> tuple[Entry, ...]:
    """Return every setting that could send a domain somewhere, in use or not."""
    found: list[Entry] = []
    for link in resolved.links:
        why_not = _why_not(link)
        domains = [(domain, fold_name(_bare(domain))) for domain in link.domains]
        if link.servers and (_is_default_route(link) or not link.interface) and all(bare for _, bare in domains):
            domains.append(("", ""))
        if link.servers and not domains:
            why_not = why_not or "it has no domain and is no default route, so no name leads to it"
            domains.append(("", ""))
        found += [
            Entry("resolved-link", COMMAND, bare, _servers(link), None, link.interface, not why_not, why_not)
            for _, bare in domains
        ]
    return tuple(found)


def _routed(links: list[ResolvedLink], matched: str, why: str) -> Routed:
    servers = tuple(dict.fromkeys(server for link in links for server in _servers(link)))
    return Routed(servers, matched, links[0].interface, together=len(links) > 1, why=why)


def _where(links: list[ResolvedLink]) -> str:
    return ", ".join(link.interface or "the global servers" for link in links)


def _servers(link: ResolvedLink) -> tuple[Server, ...]:
    """Return the servers in order: the current one first, the others are queried when it fails."""
    found = [server for server in map(read_server, link.servers) if server]
    current = read_server(link.current_server or "")
    if current in found:
        found.sort(key=lambda server: server != current)
    return tuple(found)


def _why_not(link: ResolvedLink) -> str:
    if not _servers(link):
        return "it has no DNS server"
    if link.interface and "DNS" not in link.scopes:
        return "its current scope has no DNS (the link is down or unused)"
    return ""


def _is_default_route(link: ResolvedLink) -> bool:
    if link.default_route is not None:
        return link.default_route
    # Not printed before version 240 or so: a link with route-only domains is none, unless one of them is "~.".
    route_only = [domain for domain in link.domains if domain.startswith("~")]
    return not route_only or any(not fold_name(_bare(domain)) for domain in route_only)


def _bare(domain: str) -> str:
    return domain.removeprefix("~")
