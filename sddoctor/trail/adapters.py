"""The adapters of a Windows host that have DNS servers, as Windows ranks them."""

from __future__ import annotations

from sddoctor.case.dns import Server
from sddoctor.case.host import InterfaceServers
from sddoctor.case.seen import Gap, UnseenFactError
from sddoctor.resolution.windows import metric_of
from sddoctor.trail.host_answers import can_resolve_zone
from sddoctor.trail.trail import Trail


def adapter_with_resolver(trail: Trail) -> InterfaceServers | None:
    """Return the adapter, of those in use the first in rank, whose servers can resolve the zone.

    Raises where the rank of an adapter was not seen. https://learn.microsoft.com/powershell/module/nettcpip/get-netipinterface
    """
    metrics = trail.host.facts.interface_metrics.value
    for adapter in trail.host.adapters:
        if metric_of(adapter, metrics) is None:
            what = f"the metric of {adapter.interface}"
            raise UnseenFactError(Gap(what, "Get-NetIPInterface does not show it", "Get-NetIPInterface"))
    return next((i for i in trail.host.adapters if any(can_resolve_zone(trail, Server(a)) for a in i.servers)), None)


def ranked_before(trail: Trail, right: InterfaceServers) -> tuple[InterfaceServers, ...]:
    """Return the adapters that Windows may query before this one: those with its metric or a lower one."""
    metrics = trail.host.facts.interface_metrics.value
    own = metric_of(right, metrics) or 0
    return tuple(i for i in trail.host.adapters if i != right and (metric_of(i, metrics) or 0) <= own)
