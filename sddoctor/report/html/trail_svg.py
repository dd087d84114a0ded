"""The trail as a picture: six stations on a line, the break marked, the addresses at each."""

from __future__ import annotations

from typing import NamedTuple

from msgspec import Struct

from sddoctor.diagnosis.model import Diagnosis, HopReport
from sddoctor.report.html.labels import HOPS, STATUSES, shortened
from sddoctor.report.html.markup import Markup, join, tag
from sddoctor.report.style import HOP_MARKS
from sddoctor.report.trail_text import first_fault

_MOST = 4
_RADIUS = 15


class _Layout(Struct, frozen=True):
    """``longest`` is how many characters of an address fit; all else is in units of the picture."""

    kind: str
    width: float
    step: float
    longest: int


class _Point(NamedTuple):
    """A position in the picture."""

    x: float
    y: float


class _Line(NamedTuple):
    """A line of text at a station: as shown, its kind, and in full."""

    text: str
    kind: str
    full: str


_ACROSS = _Layout("across", 1020, 170, 21)
_DOWN = _Layout("down", 340, 0, 38)


def across(diagnosis: Diagnosis, prefix: str) -> Markup:
    """Return the picture from left to right, for wide screens and paper."""
    height = 96 + 17 * max(len(_lines(h, _ACROSS)) for h in diagnosis.hops)
    points = [_Point(85 + _ACROSS.step * n, 34.0) for n in range(len(diagnosis.hops))]
    return _picture(diagnosis, prefix, _ACROSS, height, points)


def down(diagnosis: Diagnosis, prefix: str) -> Markup:
    """Return the picture from top to bottom, for narrow screens."""
    points, y = [], 28.0
    for hop in diagnosis.hops:
        points.append(_Point(28.0, y))
        y += max(60, 52 + 17 * len(_lines(hop, _DOWN)))
    return _picture(diagnosis, prefix, _DOWN, y - 6, points)


def _picture(diagnosis: Diagnosis, prefix: str, layout: _Layout, height: float, points: list[_Point]) -> Markup:
    broken = first_fault(diagnosis)
    names = f"{prefix}-trail-{layout.kind}"
    at = diagnosis.hops.index(broken) if broken is not None else None
    edges = [_edge(points[n - 1], points[n], _edge_kind(diagnosis.hops[n], n, at)) for n in range(1, len(points))]
    stations = [
        _station(hop, point, layout, broken=n == at)
        for n, (hop, point) in enumerate(zip(diagnosis.hops, points, strict=True))
    ]
    return tag(
        "svg",
        tag("title", f"The trail of {diagnosis.name}", id=f"{names}-title"),
        tag("desc", _described(diagnosis, broken), id=f"{names}-desc"),
        *edges,
        *stations,
        role="img",
        aria_labelledby=f"{names}-title {names}-desc",
        class_=f"trail {layout.kind}",
        viewBox=f"0 0 {layout.width:g} {height:g}",
    )


def _described(diagnosis: Diagnosis, broken: HopReport | None) -> str:
    statuses = "; ".join(f"{HOPS[h.hop]}: {STATUSES[h.status]}" for h in diagnosis.hops)
    return f"{statuses}. {f'It breaks at {HOPS[broken.hop]}.' if broken else 'No hop is broken.'}"


def _edge_kind(hop: HopReport, into: int, at: int | None) -> str:
    """Return the kind of the edge into a station: sound before the break, parted at it, else pale, as to the unknown."""
    if into == at:
        return "parted"
    return "sound" if (at is None or into < at) and hop.status not in ("unknown", "not-applicable") else "pale"


def _edge(start: _Point, end: _Point, kind: str) -> Markup:
    across = start.y == end.y
    gap = _RADIUS + 4
    (x1, y1), (x2, y2) = start, end
    x1, x2 = (x1 + gap, x2 - gap) if across else (x1, x2)
    y1, y2 = (y1, y2) if across else (y1 + gap, y2 - gap)
    line = tag("line", x1=x1, y1=y1, x2=x2, y2=y2, class_=f"edge {kind}")
    if kind != "parted":
        return line
    x, y = (x1 + x2) / 2, (y1 + y2) / 2
    cross = f"M{x - 6:g} {y - 6:g}L{x + 6:g} {y + 6:g}M{x + 6:g} {y - 6:g}L{x - 6:g} {y + 6:g}"
    return join(line, tag("circle", cx=x, cy=y, r=12, class_="plate"), tag("path", d=cross, class_="cross"))


def _station(hop: HopReport, point: _Point, layout: _Layout, *, broken: bool) -> Markup:
    x, y = point
    across = layout.kind == "across"
    left, top = (x, y + 38) if across else (x + 34, y - 2)
    anchor = "middle" if across else "start"
    texts = [
        tag("text", HOPS[hop.hop], x=left, y=top, class_="hop", text_anchor=anchor),
        tag("text", STATUSES[hop.status], x=left, y=top + 17, class_="status", text_anchor=anchor),
    ]
    for n, (text, kind, full) in enumerate(_lines(hop, layout)):
        title = tag("title", full) if full != text else ""
        texts.append(tag("text", title, text, x=left, y=top + 36 + 17 * n, class_=f"at {kind}", text_anchor=anchor))
    halo = tag("circle", cx=x, cy=y, r=_RADIUS + 6, class_="halo") if broken else ""
    return tag(
        "g",
        halo,
        tag("circle", cx=x, cy=y, r=_RADIUS, class_="dot"),
        tag("text", HOP_MARKS[hop.status][0], x=x, y=y + 5.5, class_="mark", text_anchor="middle"),
        *texts,
        class_=f"station {hop.status}",
    )


def _lines(hop: HopReport, layout: _Layout) -> list[_Line]:
    """Return the addresses at a station: those seen there, and those that are missing."""
    if hop.hop == "network":
        return []
    judged = hop.status in ("failed", "warning") and bool(hop.expected)
    seen = [(a, "foreign" if judged and a not in hop.expected else "") for a in hop.addresses]
    missing = [(a, "missing") for a in hop.expected if judged and a not in hop.addresses]
    addresses = sorted(seen, key=lambda pair: pair[1] == "") + missing
    shown = [_Line(shortened(a, layout.longest), kind, f"{a} {_KINDS[kind]}".strip()) for a, kind in addresses[:_MOST]]
    more = len(addresses) - _MOST
    if more > 0:
        shown.append(_Line(f"and {more} more", "more", f"and {more} more"))
    return shown


_KINDS = {"": "", "foreign": "(not expected)", "missing": "(missing)"}
