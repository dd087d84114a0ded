"""The six hops of the trail: what is seen at each, against what the hop before it promises."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from typing import NamedTuple

from msgspec import structs

from sddoctor.case.seen import FactError, UnseenFactError
from sddoctor.causes.model import HOPS, Hop
from sddoctor.diagnosis.model import HopReport, HopStatus, RankedFinding
from sddoctor.stations import zone_records
from sddoctor.stations.breaks import Path
from sddoctor.stations.model import ANSWERING, HOP_OF, Break
from sddoctor.text.words import count, in_order, listed
from sddoctor.trail.host_answers import is_amazons
from sddoctor.trail.trail import Trail, optional

_WORD = re.compile(r"[\w.-]+\w")


class _Seen(NamedTuple):
    """The addresses at a hop, and a summary."""

    addresses: Collection[str]
    summary: str


def report(
    trail: Trail, findings: tuple[RankedFinding, ...], path: Path, breaks: tuple[Break, ...]
) -> tuple[HopReport, ...]:
    """Describe every hop. It has a tick only if its stations kept their promises; ``breaks`` are those that reach the client."""
    states = {hop: _status(hop, findings, path, breaks) for hop in HOPS}
    reports = []
    promised: tuple[str, ...] | None = ()
    shown = HOPS[2:] if trail.owner.is_of_records else HOPS
    for hop in shown:
        report = _explained(_one(trail, hop, promised, states[hop]), findings, breaks or path.breaks)
        reports.append(report)
        if hop != "network" and report.addresses:
            promised = report.addresses
        elif hop != "network" and report.status == "unknown" and not promised:
            promised = None  # until an address is seen, nobody knows whether there should be one
    said = {r.summary for r in reports if r.hop == "cloudmap"}
    return tuple(r for r in reports if not _is_needless(r, said, of_records=trail.owner.is_of_records))


def _is_needless(report: HopReport, said: set[str], *, of_records: bool) -> bool:
    """Tell whether a hop has nothing to do with the name, or nothing to say that the row of Cloud Map does not say."""
    if report.hop not in ("ecs", "route53") or report.status != "not-applicable":
        return False
    return of_records or report.summary in said


def _one(
    trail: Trail,
    hop: Hop,
    promised: tuple[str, ...] | None,
    decided: HopStatus | None,
) -> HopReport:
    """Describe one hop. ``promised`` is ``None`` where it is not known whether any address should be there."""
    expected = promised or ()
    try:
        seen = _HOPS[hop](trail)
    except UnseenFactError as unseen:
        status = decided or "unknown"
        return HopReport(hop, status, expected=expected, summary=_unseen(trail, hop, status, unseen.gap.why))
    except FactError as absent:
        # Something before this hop does not exist, so there is nothing to look at here.
        status = decided or "not-applicable"
        return HopReport(hop, status, summary=absence(absent))
    if seen is None:
        return HopReport(hop, "not-applicable", summary="the failing client is not this host")
    status = decided or _kept(hop, promised, seen.addresses)
    return HopReport(hop, status, in_order(seen.addresses), expected, seen.summary)


def _explained(report: HopReport, findings: tuple[RankedFinding, ...], breaks: tuple[Break, ...]) -> HopReport:
    """Let a hop that broke its promise say what broke there, or which cause lies there, unless it does already."""
    if report.status not in ("failed", "warning"):
        return report
    here = next((b for b in breaks if HOP_OF[b.at] == report.hop), None)
    if here is not None and (report.hop in ("network", "host") or here.symptom == "now-and-then"):
        is_from_a_file = report.hop == "host" and not report.summary.startswith("asks ")
        return report if is_from_a_file else structs.replace(report, summary=here.says)
    if here is not None and here.at == "registry" and here.symptom == "not-serving":
        more = f"expected: {here.expected}" if here.observed.startswith("HEALTHY") else here.says
        return structs.replace(report, summary=f"{report.summary}; {more}")
    if here is not None:
        differs = report.addresses and report.expected and set(report.addresses) != set(report.expected)
        words = here.observed.split(" ")
        is_of_all = here.addresses == set(report.addresses) and words[-1] in report.summary
        is_shown = differs or is_of_all or words[0] in _WORD.findall(report.summary)
        return report if is_shown else structs.replace(report, summary=f"{report.summary}; {here.observed}")
    root = next((f for f in findings if f.hop == report.hop and f.role == "root-cause"), None)
    if root is None or report.status != "failed":
        return report
    return structs.replace(report, summary=f"{report.summary}. {root.title}")


def _kept(hop: Hop, promised: tuple[str, ...] | None, addresses: Collection[str]) -> HopStatus:
    """Tell whether a hop without findings keeps the promise: an empty answer may be right, or may not."""
    if hop == "network" or addresses or promised == ():
        return "ok"
    return "unknown" if promised is None else "warning"


def _unseen(trail: Trail, hop: Hop, status: HopStatus, why: str) -> str:
    """Say why nothing was seen. A route that a cause has found to lead nowhere is seen well enough."""
    server = optional(lambda: trail.answers.vpc_server) if hop == "network" and status == "failed" else None
    if server is not None:
        return f"{server}{_route(trail)}: {why}"
    return f"not seen: {why}"


def absence(error: FactError) -> str:
    """Say what does not exist, without its article: ``there is no service dev-pi``."""
    noun = str(error)
    article, _, rest = noun.partition(" ")
    return f"there is no {rest if article in ('a', 'an', 'the') and rest else noun}"


def _status(hop: Hop, findings: tuple[RankedFinding, ...], path: Path, breaks: tuple[Break, ...]) -> HopStatus | None:
    """Return the status that a break, or a cause that lies there, gives the hop; ``None`` where neither does."""
    acting = [f for f in findings if f.hop == hop and f.role in ("root-cause", "consequence")]
    if any(f.role == "root-cause" and (f.severity == "error" or f.kind == "fault") for f in acting):
        return "failed"
    if any(HOP_OF[b.at] == hop and not b.transient for b in breaks):
        return "failed"
    known = (b for b in path.breaks if b in breaks or b.after is not None or b.at not in ANSWERING)
    return "warning" if acting or any(HOP_OF[b.at] == hop for b in known) else None


def _ecs(trail: Trail) -> _Seen:
    attached = trail.ecs.attached
    if not attached:
        return _Seen((), "no ECS service registers here")
    running = trail.ecs.running
    addresses = [a for t in running for a in trail.promise.addresses_of(t)]
    states = sorted({t.health for t in running})
    wanted = f"{len(running)} of {count(trail.ecs.desired, 'task')} running"
    health = f", {listed(states)}" if states else ""
    return _Seen(addresses, f"{listed(s.name for s in attached)}: {wanted}{health}")


def _cloudmap(trail: Trail) -> _Seen:
    service, instances = trail.cloudmap.service, trail.cloudmap.instances
    statuses = sorted({trail.cloudmap.health(i.id) or "not reported yet" for i in instances})
    health = f", {listed(statuses)}" if statuses else ""
    addresses = [a for i in instances for a in i.addresses]
    return _Seen(addresses, f"{service.name}: {count(len(instances), 'instance')}{health}")


def _route53(trail: Trail) -> _Seen:
    if trail.owner.is_of_records:
        output, _ = zone_records.look(trail)
        return _Seen(output.possible, output.says)
    zone, records = trail.cloudmap.view.zone.value, trail.cloudmap.records
    addresses = [v for r in trail.cloudmap.view.records.value if r.type in ("A", "AAAA") for v in r.values]
    types = sorted({r.type for r in records})
    return _Seen(addresses, f"{zone.id}: {count(len(records), 'record')}{f' ({listed(types)})' if types else ''}")


def _vpc_dns(trail: Trail) -> _Seen:
    """Return what the resolver answers here, or else at another place."""
    try:
        return _resolver(trail)
    except UnseenFactError:
        for other in trail.other_places:
            try:
                server, seen = other.answers.vpc_server, _resolver(other)
            except FactError:
                continue
            if server == optional(lambda: trail.answers.vpc_server) and not is_amazons(server):
                return _Seen(seen.addresses, f"{seen.summary} (seen from {other.case.place.label})")
        raise


def _resolver(trail: Trail) -> _Seen:
    server = trail.answers.vpc_server
    if trail.queries_srv:
        answer = trail.answers.vpc("SRV")
        return _Seen(trail.answers.vpc_srv_addresses, _answered(str(server), answer.rcode, answer.answers))
    answer = trail.answers.vpc("A")
    return _Seen(trail.answers.vpc_addresses, _answered(str(server), answer.rcode, answer.answers))


def _answered(server: str, rcode: str, answers: tuple[object, ...]) -> str:
    if answers:
        return f"{server} answers"
    return f"{server}: {'empty answer' if rcode == 'NOERROR' else rcode}"


def _network(trail: Trail) -> _Seen | None:
    if trail.client_is_in_vpc:
        return None
    server = trail.answers.vpc_server
    if not trail.answers.responds(server):
        trail.answers.vpc("A")  # raises with the reason when nobody answered
    return _Seen((), f"{server} reached{_route(trail)}")


def _route(trail: Trail) -> str:
    """Return the interface on the route to the VPC resolver, or nothing where the route was not seen."""
    try:
        route = trail.host.route(trail.answers.vpc_server.address)
    except FactError:
        return ""
    kind = {"tunnel": " (tunnel)", "default": " (default route)"}.get(route.kind, "")
    return (f" by {route.interface}" if route.interface else "") + kind


def _host(trail: Trail) -> _Seen | None:
    if trail.client_is_in_vpc:
        return None
    answer = trail.client_answer
    choice = trail.host.decided.seen_or(None)
    if choice and choice.kind == "hosts-file" and answer.addresses:
        return _Seen(answer.addresses, f"{choice.source} answers")
    queries = f"asks {listed(str(s) for s in choice.servers)}" if choice and choice.servers else "asks no name server"
    return _Seen(answer.addresses, f"{queries}: {answer.error or 'resolves'}")


_HOPS: dict[Hop, Callable[[Trail], _Seen | None]] = {
    "ecs": _ecs,
    "cloudmap": _cloudmap,
    "route53": _route53,
    "vpc-dns": _vpc_dns,
    "network": _network,
    "host": _host,
}
