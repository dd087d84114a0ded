"""The trail as a picture: six stations on a line, the break marked, the addresses at each."""

from __future__ import annotations

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


_ACROSS = _Layout("across", 1020, 170, 21)
_DOWN = _Layout("down", 340, 0, 38)


def across(diagnosis: Diagnosis, prefix: str) -> Markup:
    """Return the picture from left to right, for wide screens and paper."""
    height = 96 + 17 * max(len(_lines(h, _ACROSS)) for h in diagnosis.hops)
    places = [(85 + _ACROSS.step * n, 34.0) for n in range(len(diagnosis.hops))]
    return _picture(diagnosis, prefix, _ACROSS, height, places)


def down(diagnosis: Diagnosis, prefix: str) -> Markup:
    """Return the picture from top to bottom, for narrow screens."""
    places, y = [], 28.0
    for hop in diagnosis.hops:
        places.append((28.0, y))
        y += max(60, 52 + 17 * len(_lines(hop, _DOWN)))
    return _picture(diagnosis, prefix, _DOWN, y - 6, places)


def _picture(
    diagnosis: Diagnosis, prefix: str, layout: _Layout, height: float, places: list[tuple[float, float]]
) -> Markup:
    broken = first_fault(diagnosis)
    names = f"{prefix}-trail-{layout.kind}"
    at = diagnosis.hops.index(broken) if broken is not None else None
    ways = [_way(hop, n, at) for n, hop in enumerate(diagnosis.hops)]
    edges = [_edge(places[n - 1], places[n], ways[n]) for n in range(1, len(places))]
    stations = [
        _station(hop, place, layout, broken=n == at)
        for n, (hop, place) in enumerate(zip(diagnosis.hops, places, strict=True))
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
    said = "; ".join(f"{HOPS[h.hop]}: {STATUSES[h.status]}" for h in diagnosis.hops)
    return f"{said}. {f'It breaks at {HOPS[broken.hop]}.' if broken else 'No hop is broken.'}"


def _way(hop: HopReport, into: int, at: int | None) -> str:
    """Say how the line into a station is: sound before the break, parted at it, pale behind it and to the unknown."""
    if into == at:
        return "parted"
    return "sound" if (at is None or into < at) and hop.status not in ("unknown", "not-applicable") else "pale"


def _edge(start: tuple[float, float], end: tuple[float, float], kind: str) -> Markup:
    across = start[1] == end[1]
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


def _station(hop: HopReport, place: tuple[float, float], layout: _Layout, *, broken: bool) -> Markup:
    x, y = place
    across = layout.kind == "across"
    left, top = (x, y + 38) if across else (x + 34, y - 2)
    anchor = "middle" if across else "start"
    texts = [
        tag("text", HOPS[hop.hop], x=left, y=top, class_="hop", text_anchor=anchor),
        tag("text", STATUSES[hop.status], x=left, y=top + 17, class_="status", text_anchor=anchor),
    ]
    for n, (text, kind, whole) in enumerate(_lines(hop, layout)):
        title = tag("title", whole) if whole != text else ""
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


def _lines(hop: HopReport, layout: _Layout) -> list[tuple[str, str, str]]:
    """Return what stands at a station: text, kind and the whole address."""
    if hop.hop == "network":
        return []
    judged = hop.status in ("failed", "warning") and bool(hop.expected)
    here = [(a, "foreign" if judged and a not in hop.expected else "") for a in hop.addresses]
    gone = [(a, "missing") for a in hop.expected if judged and a not in hop.addresses]
    every = sorted(here, key=lambda pair: pair[1] == "") + gone
    shown = [(shortened(a, layout.longest), kind, f"{a} {_KINDS[kind]}".strip()) for a, kind in every[:_MOST]]
    more = len(every) - _MOST
    if more > 0:
        shown.append((f"and {more} more", "more", f"and {more} more"))
    return shown


_KINDS = {"": "", "foreign": "(not expected)", "missing": "(missing)"}
