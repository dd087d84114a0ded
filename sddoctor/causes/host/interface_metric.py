"""Windows queries the server of another adapter first."""

from __future__ import annotations

from sddoctor.case.dns import Server
from sddoctor.case.host import InterfaceServers
from sddoctor.causes.host.evidence import choice_evidence, host_evidence, resolver_evidence
from sddoctor.causes.host.split_dns_fixes import route_domain
from sddoctor.causes.model import Evidence, Finding, Fix, cause
from sddoctor.resolution.windows import metric_of
from sddoctor.stations.model import DENIED
from sddoctor.text.shell import powershell
from sddoctor.trail.adapters import adapter_with_resolver, are_ranked, ranked_before, seems_unconnected
from sddoctor.trail.host_answers import can_resolve_zone, only_host_fails, server_answer
from sddoctor.trail.known_zone import knows_zone, would_tell
from sddoctor.trail.meant_entries import domain_to_route
from sddoctor.trail.trail import Trail

#: The metric of the fastest adapters, so that no other comes before.
#: https://learn.microsoft.com/en-us/troubleshoot/windows-server/networking/automatic-metric-for-ipv4-routes
_FIRST = 5
_SHOW_METRICS = "Get-NetIPInterface -ConnectionState Connected | Sort-Object InterfaceMetric"


@cause(
    "interface-metric-decides",
    hop="host",
    at=("servers", "program"),
    symptoms=(*DENIED, "foreign", "now-and-then"),
    ceiling="likely",
    title="Windows queries the DNS server of another adapter first",
    # The order of adapters comes before the order within one list.
    explains=("nameserver-order",),
)
def interface_metric_decides(trail: Trail) -> Finding | None:
    """Several adapters have servers, no rule covers the name, and the adapter with the VPC resolver is not ranked first.

    Windows queries by the metric of the adapters, or all at once, and takes a denial too. Where the metrics were not seen,
    either may be the reason.
    https://learn.microsoft.com/powershell/module/nettcpip/get-netipinterface
    """
    if trail.host.platform != "windows" or trail.host.choice.kind != "interface-dns":
        return None
    adapters = trail.host.adapters
    if (
        len(adapters) < 2
        or not any(can_resolve_zone(trail, s) for s in trail.host.servers)
        or not only_host_fails(trail)
    ):
        return None
    right = adapter_with_resolver(trail)
    ranked = are_ranked(trail)
    if right is None or (not ranked and seems_unconnected(trail, right)):
        return None
    others = ranked_before(trail, right) if ranked else tuple(i for i in adapters if i != right)
    before = [(i, s) for i in others for a in i.servers if not can_resolve_zone(trail, s := Server(a))]
    queried = [(i, s) for i, s in before if trail.answers.was_queried(s)]
    final = [
        (i, s)
        for i, s in queried
        if (a := server_answer(trail, s)) is not None and a.denied and not knows_zone(trail, s)
    ]
    if not before or (queried and not final):
        return None
    adapter, server = (final or before)[0]
    answer = server_answer(trail, server)
    zone = domain_to_route(trail)
    queries = "queries" if ranked else "may query"
    when = "together with" if ranked and _metric(trail, adapter) == _metric(trail, right) else "before"
    return Finding(
        summary=f"Windows {queries} {server} of {adapter.interface} {when} the VPC resolver of {right.interface}, and its denial {'is' if final else 'would be'} final.",
        detail=(
            f"No NRPT rule covers {zone}, so the metrics of the adapters decide, or Windows queries all at once and takes the first "
            "answer. It may work by cable and fail by Wi-Fi, or the other way round."
        ),
        evidence=(
            Evidence("Get-NetIPInterface InterfaceMetric", adapter.interface, _metric(trail, adapter)),
            Evidence("Get-NetIPInterface InterfaceMetric", right.interface, _metric(trail, right), "the lowest"),
            choice_evidence(trail),
            Evidence(
                f"dns @{server} A",
                trail.name,
                answer.rcode if answer is not None else "not asked from here",
                "addresses",
            ),
            resolver_evidence(trail),
            host_evidence(trail),
        ),
        fixes=(*route_domain(trail), _rank_first(trail, right)),
        would_tell=_SHOW_METRICS if not ranked else None if final else would_tell(trail, server, zone),
    )


def _metric(trail: Trail, adapter: InterfaceServers) -> str:
    metric = metric_of(adapter, trail.host.facts.interface_metrics.seen_or(()))
    return "not seen" if metric is None else str(metric)


def _rank_first(trail: Trail, adapter: InterfaceServers) -> Fix:
    metrics = trail.host.facts.interface_metrics.seen_or(())
    lowest = min(metric_of(i, metrics) or 0 for i in trail.host.adapters)
    family = "IPv6" if ":" in adapter.servers[0] else "IPv4"
    where = ("-InterfaceAlias", adapter.interface, "-AddressFamily", family)
    paste = powershell("Set-NetIPInterface", *where, "-InterfaceMetric", str(max(1, min(_FIRST, lowest - 1))))
    return Fix(
        f"Or let {adapter.interface} come first (as administrator, in PowerShell)",
        "windows",
        (paste,),
        f"Queries of all names then go to {adapter.interface} first.",
        "Resolve-DnsName prints the addresses, by cable and by Wi-Fi.",
    )
