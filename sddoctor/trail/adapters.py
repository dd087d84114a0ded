"""The adapters of a Windows host that have DNS servers, as Windows ranks them."""

from __future__ import annotations

from ipaddress import ip_address

from sddoctor.case.dns import Server
from sddoctor.case.host import InterfaceServers
from sddoctor.case.seen import Gap, Seen, UnseenFactError
from sddoctor.case.windows_host import InterfaceMetric
from sddoctor.resolution.windows import metric_of
from sddoctor.trail.host_answers import can_resolve_zone
from sddoctor.trail.trail import Trail


def adapter_with_resolver(trail: Trail) -> InterfaceServers | None:
    """Return the adapter, of those in use the first in rank, whose servers can resolve the zone."""
    return next((i for i in trail.host.adapters if any(can_resolve_zone(trail, Server(a)) for a in i.servers)), None)


def are_ranked(trail: Trail) -> bool:
    """Tell whether the metric of each adapter was seen. https://learn.microsoft.com/powershell/module/nettcpip/get-netipinterface"""
    metrics = trail.host.facts.interface_metrics.seen_or(())
    return all(metric_of(adapter, metrics) is not None for adapter in trail.host.adapters)


def ranked_before(trail: Trail, right: InterfaceServers) -> tuple[InterfaceServers, ...]:
    """Return the adapters that Windows may query before this one: those with its metric or a lower one.

    Raises where the rank of an adapter was not seen.
    """
    metrics = trail.host.facts.interface_metrics.value
    own = _rank(right, metrics)
    return tuple(i for i in trail.host.adapters if i != right and _rank(i, metrics) <= own)


def _rank(adapter: InterfaceServers, metrics: tuple[InterfaceMetric, ...]) -> int:
    rank = metric_of(adapter, metrics)
    if rank is None:
        what = f"the metric of {adapter.interface}"
        raise UnseenFactError(Gap(what, "Get-NetIPInterface does not show it", "Get-NetIPInterface"))
    return rank


def seems_unconnected(trail: Trail, adapter: InterfaceServers) -> bool:
    """Tell whether this host has no address on the adapter, but one that it gave itself, and no route by it, as far as was read.

    A console of another code page spoils names that are not of ASCII letters, so that their addresses are not found.
    """
    own, routes = trail.host.facts.addresses, (r.route.seen_or(None) for r in trail.host.facts.routes)
    if any(route is not None and route.interface == adapter.interface for route in routes):
        return False
    if not isinstance(own, Seen) or own.unread or not adapter.interface.isascii():
        return False
    there = (a.address for a in own.value if a.interface == adapter.interface)
    return all(ip_address(a.partition("%")[0]).is_link_local for a in there)
