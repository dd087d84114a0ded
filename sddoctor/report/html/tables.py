"""The tables: hop by hop, who has which address, when, and the queries to each name server."""

from __future__ import annotations

from collections.abc import Sequence

from sddoctor.diagnosis.detail_model import AddressTable, Cell, Column, Exchange, Row, ServerExchanges, Span
from sddoctor.diagnosis.model import Diagnosis, HopReport
from sddoctor.report import place_text, queries
from sddoctor.report.html.labels import HOPS, MARKS, STATUSES, VERDICTS, WANTED
from sddoctor.report.html.markup import Markup, hidden, join, lines, tag
from sddoctor.report.html.timeline_svg import spoken
from sddoctor.report.style import HOP_MARKS
from sddoctor.report.trail_text import first_fault, summary_of


def scrolling(table: Markup, label: str) -> Markup:
    """Return the table in a box that scrolls sideways, by keyboard too."""
    return tag("div", table, class_="scroll", role="region", tabindex=0, aria_label=label)


def hops(diagnosis: Diagnosis) -> Markup:
    """Return the trail as a table."""
    broken = first_fault(diagnosis)
    rows = [_hop(h, broken=h is broken) for h in diagnosis.hops]
    table = tag("table", _head("Hop", "State", "Addresses", "Seen there"), tag("tbody", lines(*rows)), class_="hops")
    return scrolling(table, "The trail hop by hop")


def _hop(hop: HopReport, *, broken: bool) -> Markup:
    state = join(tag("span", HOP_MARKS[hop.status][0], class_="sign", aria_hidden="true"), " ", STATUSES[hop.status])
    addresses = join(*(tag("code", a) for a in hop.addresses))
    return tag(
        "tr",
        tag("th", HOPS[hop.hop], scope="row"),
        tag("td", state, class_=f"state {hop.status}"),
        tag("td", addresses, class_="addresses"),
        tag("td", summary_of(hop)),
        class_="broken" if broken else None,
    )


def places(diagnosis: Diagnosis) -> Markup:
    """Return how the name stands at each of several places."""
    rows = [
        tag(
            "tr",
            tag("th", place_text.title(place), scope="row"),
            tag("td", tag("span", VERDICTS[place.verdict], class_=f"verdict {place.verdict}")),
            tag("td", place_text.outcome_at(place)),
        )
        for place in diagnosis.places
    ]
    table = tag("table", _head("Place", "Verdict", "What it gets, and why"), tag("tbody", lines(*rows)))
    return scrolling(table, "The places from which the name was looked at")


def addresses(table: AddressTable) -> Markup:
    """Return who has which address; the columns follow the trail."""
    head = tag("tr", tag("th", "Address", scope="col"), *(_column(c) for c in table.columns))
    rows = [_address(row, table.columns) for row in table.rows]
    shown = tag("table", tag("thead", head), tag("tbody", lines(*rows)), class_="matrix")
    return scrolling(shown, "Who has which address")


def _column(column: Column) -> Markup:
    note = f"not seen: {column.unseen}" if column.unseen else column.note
    return tag("th", column.title, tag("small", note) if note else "", scope="col")


def _address(row: Row, columns: Sequence[Column]) -> Markup:
    name = tag("th", tag("code", row.address), tag("small", WANTED[row.wanted]), scope="row")
    return tag("tr", name, *(_cell(c, row, column) for c, column in zip(row.cells, columns, strict=True)))


def _cell(cell: Cell, row: Row, column: Column) -> Markup:
    sign, words = MARKS[cell.mark]
    note = tag("small", cell.note) if cell.note else ""
    return tag(
        "td", tag("span", sign, class_="sign", aria_hidden="true"), hidden(words), note, class_=_kind(cell, row, column)
    )


def _kind(cell: Cell, row: Row, column: Column) -> str:
    """Return the kind of the cell: good, bad or odd, unseen, or plain where nothing is known to be expected."""
    if cell.mark in ("unseen", "odd", "spared"):
        return cell.mark
    has = cell.mark == "yes"
    if row.wanted in ("tolerated", "unknown") or not column.judged:
        return "plain"
    return "good" if has == (row.wanted == "expected") else "bad"


def times(spans: Sequence[Span]) -> Markup:
    """Return the timeline in words."""
    rows = [tag("tr", tag("td", s.lane), tag("td", s.label), tag("td", spoken(s)), tag("td", s.note)) for s in spans]
    table = tag("table", _head("What", "Which", "When", "State"), tag("tbody", lines(*rows)))
    return scrolling(table, "The timeline in words")


def servers(queried: Sequence[ServerExchanges]) -> Markup:
    """Return the queries to each server, folded."""
    return lines(*(_server(s) for s in queried))


def _server(server: ServerExchanges) -> Markup:
    title = tag("summary", tag("code", server.server), f" {server.why}")
    return tag("details", title, *(_exchange(e) for e in server.exchanges), class_="asked")


def _exchange(exchange: Exchange) -> Markup:
    head = tag("p", tag("code", exchange.question), f" {queries.summary(exchange)}")
    if not exchange.records:
        return head
    records = Markup("\n".join(join(queries.record(r)) for r in exchange.records))
    return join(head, tag("pre", records, tabindex=0))


def _head(*titles: str) -> Markup:
    return tag("thead", tag("tr", *(tag("th", t, scope="col") for t in titles)))
