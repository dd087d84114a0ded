"""The queries to each name server, and what it returned: a section of the verbose text."""

from __future__ import annotations

from collections.abc import Sequence

from sddoctor.diagnosis.detail_model import Exchange, Record, ServerExchanges
from sddoctor.report.style import Style
from sddoctor.text.safe import clean

_MOST_RECORDS = 24


def render(servers: Sequence[ServerExchanges], style: Style) -> list[str]:
    """Return the lines: for each server its queries in order, each with the records returned."""
    lines: list[str] = []
    for server in servers:
        title = style.wrap(f"Asked of {clean(server.server)} ({clean(server.why)})")
        lines += [*([""] if lines else []), *(style.paint(text, "strong") for text in title)]
        for exchange in server.exchanges:
            lines += _exchange(exchange, style)
    return lines


def summary(exchange: Exchange) -> str:
    """Return the transport, how often it was queried, how long that took and the outcome."""
    low, high = exchange.took_ms
    took = f"{low} ms" if low == high else f"{low}-{high} ms"
    times = f", {exchange.times} times" if exchange.times > 1 else ""
    return f"({exchange.how}{times}, {took}): {clean(exchange.outcome)}"


def record(rr: Record) -> str:
    """Return a record as zone files have it; what is not of the answer section says so."""
    section = "" if rr.section == "answer" else f"  ({rr.section})"
    return f"{clean(rr.owner) or '.'} {rr.ttl} {clean(rr.type)} {clean(rr.data)}{section}"


def _exchange(exchange: Exchange, style: Style) -> list[str]:
    head = style.wrap(f"{clean(exchange.question)} {summary(exchange)}", "  ", "      ")
    lines = [text if exchange.answered else style.paint(text, "warn") for text in head]
    for rr in exchange.records[:_MOST_RECORDS]:
        lines += style.wrap(record(rr), "    ", "      ")
    more = len(exchange.records) - _MOST_RECORDS
    return [*lines, f"    and {more} more records"] if more > 0 else lines
