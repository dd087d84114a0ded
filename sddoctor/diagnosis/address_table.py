"""Who has which address, from the task to the host."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple, TypeAlias

from sddoctor.case.dns import Probe, Server
from sddoctor.case.ecs import Task
from sddoctor.case.seen import AbsentFactError, FactError, Seen, UnseenFactError, is_unseen
from sddoctor.diagnosis.detail_model import AddressTable, Cell, Column, Row, Wanted
from sddoctor.diagnosis.hops import absence
from sddoctor.diagnosis.verdict import compare
from sddoctor.text.words import in_order
from sddoctor.trail.lacking import lacking, of_families_in
from sddoctor.trail.trail import Trail, optional

_NO, _SPARED, _UNSEEN = Cell("no"), Cell("spared"), Cell("unseen")
#: By address.
_Cells: TypeAlias = Mapping[str, Cell]


class _Filled(NamedTuple):
    """A column with its cells; an address without one is not there."""

    column: Column
    cells: _Cells


def address_table(trail: Trail) -> AddressTable:
    """Return the table. An address that is only of a task that has ended is left out: nobody should see it."""
    columns = [
        _tasks(trail),
        _column("Instance", lambda: _instances(trail)),
        _column("Record", lambda: _records(trail)),
        *(_server(trail, server) for server in _servers(trail)),
        *_clients(trail),
    ]
    ended = _ended(trail)
    found = in_order(a for filled in columns for a in filled.cells)
    tasks = columns[0]
    columns[0] = tasks._replace(cells={**{a: c for a, c in ended.items() if a in found}, **tasks.cells})
    # A healthy name lacks nothing, so whatever an expected address is absent from need not have it.
    absent = _SPARED if compare(trail).verdict == "healthy" else _NO
    rows = tuple(_row(a, _wanted(trail, a), columns, absent) for a in found)
    return AddressTable(tuple(filled.column for filled in columns), rows)


def _spared(trail: Trail, answer: frozenset[str], missing: frozenset[str] | None = None) -> _Cells:
    """Return cells for the addresses that this answer need not show; ``missing`` are those that it should."""
    try:
        expected = trail.promise.addresses
        if missing is None:
            missing = lacking(trail.promise, of_families_in(answer, expected) or expected, answer)
    except FactError:
        return {}
    return dict.fromkeys(expected - answer - missing, _SPARED) if answer else {}


def _column(title: str, read: Callable[[], tuple[str, _Cells]]) -> _Filled:
    try:
        note, cells = read()
    except UnseenFactError as unseen:
        return _Filled(Column(title, unseen=unseen.gap.why), {})
    except AbsentFactError as absent:
        return _Filled(Column(title, absence(absent)), {})
    return _Filled(Column(title, note), cells)


def _row(address: str, wanted: Wanted, columns: list[_Filled], absent: Cell) -> Row:
    otherwise = absent if wanted == "expected" else _NO
    cells = (cells.get(address, _UNSEEN if column.unseen else otherwise) for column, cells in columns)
    return Row(address, wanted, tuple(cells))


def _wanted(trail: Trail, address: str) -> Wanted:
    try:
        if address in trail.promise.addresses:
            return "expected"
        return "tolerated" if address in trail.promise.welcome else "not expected"
    except FactError:
        return "unknown"


def _tasks(trail: Trail) -> _Filled:
    """Return the tasks behind the instances, which may be seen where the services are not, and all of the services."""
    registered = _registered(trail)

    def read() -> tuple[str, _Cells]:
        listed = {a: _task(t) for t in trail.ecs.tasks for a in trail.promise.addresses_of(t)}
        return ", ".join(s.name for s in trail.ecs.attached) or "no service registers here", listed

    column, cells = _column("Task", read)
    others = [a for i in optional(lambda: trail.promise.unmanaged) or () for a in i.addresses]
    return _Filled(column, {**dict.fromkeys(others, Cell("spared", "not registered by ECS")), **registered, **cells})


def _registered(trail: Trail) -> _Cells:
    cells: dict[str, Cell] = {}
    for instance in optional(lambda: trail.cloudmap.instances) or ():
        try:
            fact = trail.ecs.task_of(instance.id)
        except AbsentFactError:
            continue
        for address in instance.addresses:
            if isinstance(fact, Seen):
                cells[address] = _task(fact.value)
            else:
                cells[address] = _UNSEEN if is_unseen(fact) else Cell("no", "no such task")
    return cells


def _ended(trail: Trail) -> _Cells:
    stopped = optional(lambda: trail.ecs.stopped) or ()
    return {a: _task(t) for t in stopped for a in t.addresses}


def _task(task: Task) -> Cell:
    if not task.runs:
        leaving = task.desired_status == "STOPPED" and task.last_status != "STOPPED"
        return Cell("odd", f"{task.last_status}, leaving" if leaving else task.last_status)
    health = f", {task.health}" if task.health != "UNKNOWN" else ""
    return Cell("odd" if task.health == "UNHEALTHY" else "yes", f"{task.last_status}{health}")


def _instances(trail: Trail) -> tuple[str, _Cells]:
    cells: dict[str, Cell] = {}
    for instance in trail.cloudmap.instances:
        try:
            health = trail.cloudmap.health(instance.id)
        except UnseenFactError:
            cell = Cell("yes", "health not seen")
        else:
            cell = Cell("odd" if health in ("UNHEALTHY", None) else "yes", health or "health not reported")
        cells |= dict.fromkeys(instance.addresses, cell)
    return trail.cloudmap.service.name, cells


def _records(trail: Trail) -> tuple[str, _Cells]:
    zone, records = trail.cloudmap.view.zone.value, trail.cloudmap.view.records.value
    cells: dict[str, Cell] = {}
    for record in records:
        if record.type in ("A", "AAAA"):
            ttl = f", TTL {record.ttl}" if record.ttl is not None else ""
            cells |= dict.fromkeys(record.values, Cell("yes", f"{record.type}{ttl}"))
    return zone.id, cells


def _servers(trail: Trail) -> list[Server]:
    """Return the servers that were queried for addresses of the name, the VPC's first."""
    probes = [p for p in trail.answers.probes if _is_for_address(trail, p)]
    ordered = [p.server for role in ("vpc", "host", "other") for p in probes if p.role == role]
    return list(dict.fromkeys(ordered))


def _is_for_address(trail: Trail, probe: Probe) -> bool:
    targets = optional(lambda: trail.answers.vpc_srv_targets) or frozenset() if trail.queries_srv else frozenset()
    return probe.type in ("A", "AAAA", "SRV") and (probe.name == trail.name or probe.name in targets)


def _server(trail: Trail, server: Server) -> _Filled:
    probes = [p for p in trail.answers.probes if p.server == server and _is_for_address(trail, p)]
    judged = any(p.role != "other" for p in trail.answers.probes if p.server == server)
    answers = [p.outcome.value for p in probes if isinstance(p.outcome, Seen)]
    if not answers:
        why = next((p.outcome.gap().why for p in probes if is_unseen(p.outcome)), "no answer")  # type: ignore[union-attr]
        return _Filled(Column(str(server), unseen=why, judged=judged), {})
    ttls: dict[str, list[int]] = {}
    for answer in answers:
        for r in (*answer.answers, *answer.additional):
            if r.type in ("A", "AAAA"):
                ttls.setdefault(r.data, []).append(r.ttl)
    note = "" if ttls else _denial(a.rcode for a in answers)
    given = {a: Cell("yes", f"TTL {min(left)}") for a, left in ttls.items()}
    return _Filled(Column(str(server), note, judged=judged), {**_spared(trail, frozenset(given)), **given})


def _denial(rcodes: Iterable[str]) -> str:
    found = dict.fromkeys("empty answer" if r == "NOERROR" else r for r in rcodes)
    if len(found) > 1:
        found.pop("empty answer", None)
    return ", ".join(found)


def _clients(trail: Trail) -> list[_Filled]:
    """Return what the client gets, at each place from which the name was observed."""
    case = trail.case
    if len(case.places) > 1:
        return [_client(Trail(case.seen_from(n)), place.label) for n, place in enumerate(case.places)]
    return [_client(trail, f"Client in {case.asked.client_vpc}" if trail.client_is_in_vpc else "This host")]


def _client(trail: Trail, title: str) -> _Filled:
    def read() -> tuple[str, _Cells]:
        answer = trail.client_answer
        given = dict.fromkeys(answer.addresses, Cell("yes"))
        return answer.error or answer.source, {**_spared(trail, answer.addresses, compare(trail).missing), **given}

    return _column(title, read)
