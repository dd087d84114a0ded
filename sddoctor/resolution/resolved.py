"""Which servers systemd-resolved queries for a name.

Its scopes are the links, the delegates (since version 258) and the global settings. Of the servers of one scope it queries
the current one, and goes to the next where that fails; a denial is an answer. Scopes that are equal are queried together.
https://www.freedesktop.org/software/systemd/man/latest/systemd-resolved.service.html, "Protocols and Routing"
https://man7.org/linux/man-pages/man5/systemd.dns-delegate.5.html
"""

from __future__ import annotations

from dataclasses import dataclass

from sddoctor.case.dns import Server
from sddoctor.case.host import Resolved, ResolvedLink
from sddoctor.case.name import fold_name
from sddoctor.case.seen import Seen, Unreachable
from sddoctor.formats.host.addresses import read_server
from sddoctor.formats.host.names import covers, is_multicast, most_specific
from sddoctor.formats.host.resolvectl import COMMAND, may_decide
from sddoctor.resolution.model import Entry

_ONLY_TLS = {"+DNSOverTLS", "DNSOverTLS=yes"}


@dataclass(frozen=True)
class Routed:
    """Where resolved sends a name: ``kind`` is ``multicast`` where it goes to no DNS server, because it ends in ``.local``.

    ``scopes`` are the servers of each scope that is queried, the one in use first; ``tls`` those that get it by TLS only.
    """

    kind: str = "resolved-global"
    matched: str = ""
    link: str | None = None
    scopes: tuple[tuple[Server, ...], ...] = ()
    tls: tuple[Server, ...] = ()
    why: str = ""

    @property
    def servers(self) -> tuple[Server, ...]:
        """All servers, each once."""
        return tuple(dict.fromkeys(server for scope in self.scopes for server in scope))


def undecided(status: Seen[Resolved]) -> Unreachable | None:
    """Return why it is not known who is asked, where a part of the status that was not understood can say that."""
    decisive = tuple(filter(may_decide, status.unread))
    gap = Seen(status.value, status.source, unread=decisive).gap_of_unread()
    return Unreachable(gap.what, gap.why, gap.needs) if gap is not None else None


def route(name: str, resolved: Resolved) -> Routed:
    """Return the servers for ``name``: the longest domain decides, then default routes, then the fallback."""
    usable = [link for link in resolved.links if not _why_not(link, resolved)]
    matching = [(link, domain) for link in usable for domain in link.domains if covers(_bare(domain), name)]
    if matching:
        best = most_specific(matching, lambda pair: _bare(pair[1]))
        links = list({id(link): link for link, _ in best}.values())
        return _routed(resolved, links, best[0][1], f"the longest matching domain is {best[0][1]} on {_where(links)}")
    if is_multicast(name):
        why = "systemd-resolved sends names below .local to a DNS server only where a domain covers them"
        return Routed("multicast", "local", why=why)
    links = [link for link in usable if not _is_global(link) and _is_default_route(link)]
    if not (links and resolved.global_demoted):
        links += [link for link in usable if _is_global(link)]
    if links:
        return _routed(resolved, links, "", f"no domain matches, so the default route is asked: {_where(links)}")
    fallback = tuple(filter(None, map(read_server, resolved.fallback)))
    if fallback:
        why = "no domain matches and no link is a default route, so FallbackDNS is asked"
        return Routed(scopes=(fallback,), why=why)
    return Routed(why="no appropriate name servers: no domain matches and no link is a default route")


def entries(resolved: Resolved) -> tuple[Entry, ...]:
    """Return every setting that could send a domain somewhere, in use or not."""
    found: list[Entry] = []
    for link in resolved.links:
        why_not, servers = _why_not(link, resolved), _servers(link, resolved)
        domains = [fold_name(_bare(domain)) for domain in link.domains]
        if servers and _is_default_route(link) and all(domains):
            domains.append("")
        if servers and not domains:
            why_not = why_not or "it has no domain and is no default route, so no name leads to it"
            domains.append("")
        found += [
            Entry(_kind(link), COMMAND, domain, servers, None, link.interface, not why_not, why_not, link.delegate)
            for domain in domains
        ]
    return tuple(found)


def _routed(resolved: Resolved, links: list[ResolvedLink], matched: str, why: str) -> Routed:
    scopes = tuple(_servers(link, resolved) for link in links)
    tls = tuple(dict.fromkeys(s for link in links if _is_tls_only(link, resolved) for s in _servers(link, resolved)))
    of_several = [str(scope[0]) for scope in scopes if scope[1:]]
    if of_several:
        why = f"{why}; of the servers of one scope only the current one ({', '.join(of_several)}) is queried while it answers"
    return Routed(_kind(links[0]), matched, links[0].interface, scopes, tls, why)


def _where(links: list[ResolvedLink]) -> str:
    names = (link.interface or (f"delegate {link.delegate}" if link.delegate else None) for link in links)
    return ", ".join(name or "the global servers" for name in names)


def _kind(link: ResolvedLink) -> str:
    if _is_global(link):
        return "resolved-global"
    return "resolved-link" if link.delegate is None else "resolved-delegate"


def _is_global(link: ResolvedLink) -> bool:
    return link.interface is None and link.delegate is None


def _is_tls_only(link: ResolvedLink, resolved: Resolved) -> bool:
    """Tell whether the servers of the scope are queried over TLS only; a delegate has no setting of its own."""
    scopes = [link] if link.delegate is None or link.protocols else [k for k in resolved.links if _is_global(k)]
    return any(not _ONLY_TLS.isdisjoint(scope.protocols) for scope in scopes)


def _servers(link: ResolvedLink, resolved: Resolved) -> tuple[Server, ...]:
    """Return the servers in order: the current one first, the others are queried when it fails.

    Where the current one of the global scope is none of its own, it has none, and those of FallbackDNS are in use.
    """
    found = [server for server in map(read_server, link.servers) if server]
    current = read_server(link.current_server or "")
    if not found and _is_global(link) and current is not None:
        found = [server for server in map(read_server, resolved.fallback) if server]
    if current in found:
        found.sort(key=lambda server: server != current)
    return tuple(found)


def _why_not(link: ResolvedLink, resolved: Resolved) -> str:
    if not _servers(link, resolved):
        return "it has no DNS server"
    if link.interface and "DNS" not in link.scopes:
        return "its current scope has no DNS (the link is down or unused)"
    return ""


def _is_default_route(link: ResolvedLink) -> bool:
    if _is_global(link):
        return True
    if link.default_route is not None or link.delegate is not None:
        return bool(link.default_route)
    # Not printed before version 240 or so: a link with route-only domains is none, unless one of them is "~.".
    route_only = [domain for domain in link.domains if domain.startswith("~")]
    return not route_only or any(not fold_name(_bare(domain)) for domain in route_only)


def _bare(domain: str) -> str:
    return domain.removeprefix("~")
