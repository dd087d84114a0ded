"""Questions about the delegation of a public namespace: asked only when its name was denied or not answered.

Only a public zone has a delegation, so a private name is never sent anywhere by these.
"""

from __future__ import annotations

from functools import partial

from sddoctor.case.cloudmap import NamespaceView
from sddoctor.case.dns import Probe, Server
from sddoctor.observe.budget import Budget
from sddoctor.observe.dns.ask import ENOUGH, ask
from sddoctor.observe.dns.plan import PATIENCE
from sddoctor.observe.work import run_all


def about_delegation(
    name: str, views: tuple[NamespaceView, ...], probes: tuple[Probe, ...], budget: Budget, *, own_servers: bool
) -> tuple[Probe, ...]:
    """Ask the servers that did not answer a public name where its namespace is delegated to, and the zone's own servers.

    Nothing is asked for a private namespace, nor when somebody gave an address. ``own_servers``: those of the zone may be
    asked from here. RFC 1034, section 4.2.1
    """
    view = max(views, key=lambda v: len(v.namespace.name), default=None)
    if view is None or view.namespace.type != "DNS_PUBLIC":
        return ()
    asked = [p for p in probes if p.name == name and p.type == "A" and p.transport == "udp"]
    answers = [a for p in asked if (a := p.outcome.seen_or(None)) is not None]
    if not answers or any(a.addresses for a in answers):
        return ()
    servers = list(dict.fromkeys(p.server for p in asked if p.outcome.seen_or(None) is not None))
    job = partial(_ask, budget)
    found = run_all([partial(job, s, view.namespace.name, "NS") for s in servers])
    zone = view.zone.seen_or(None)
    if not own_servers or zone is None or not zone.name_servers:
        return tuple(found)
    address = job(servers[0], zone.name_servers[0], "A")
    seen = address.outcome.seen_or(None)
    found.append(address)
    if seen is not None and seen.addresses:
        found.append(job(Server(seen.addresses[0]), name, "A"))
    return tuple(found)


def _ask(budget: Budget, server: Server, name: str, rdtype: str) -> Probe:
    timeout = min(PATIENCE, budget.remaining())
    return ask(server, name, rdtype, role="other", transport="udp", timeout=timeout, edns=1232, enough=ENOUGH)
