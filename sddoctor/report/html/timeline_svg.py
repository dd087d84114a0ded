"""When things began, ended and will end, as bars on a scale that shows seconds and days at once."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from math import log10

from sddoctor.diagnosis.detail_model import Span
from sddoctor.report.html.labels import duration, moment, shortened
from sddoctor.report.html.markup import Markup, tag

_LEFT, _RIGHT, _ROW, _LANE = 310.0, 980.0, 38.0, 30.0
_WIDTH, _TOP = 1020, 40.0
_LONGEST = 46
#: Where the scale turns from even to logarithmic, in seconds.
_KNEE = 5.0
_TICKS = (10, 60, 600, 3600, 6 * 3600, 86400, 7 * 86400, 30 * 86400, 365 * 86400)
_CLOSEST = 58.0


def render(spans: Sequence[Span], prefix: str) -> Markup:
    """Return the picture. ``spans`` come lane by lane."""
    low = min(-60.0, *(s.begin for s in spans))
    high = max(20.0, *(s.end or 0.0 for s in spans))
    scale = _Scale(low, high)
    body: list[Markup] = []
    y = _TOP
    for lane, in_lane in groupby(spans, key=lambda s: s.lane):
        body.append(tag("text", lane, x=0, y=y + 18, class_="lane"))
        y += _LANE
        for span in in_lane:
            body += _row(span, y, scale)
            y += _ROW
    names = f"{prefix}-timeline"
    return tag(
        "svg",
        tag("title", "Timeline", id=f"{names}-title"),
        tag("desc", "The same as the table below, as bars. The scale is logarithmic.", id=f"{names}-desc"),
        *_axis(scale, y),
        *body,
        role="img",
        aria_labelledby=f"{names}-title {names}-desc",
        class_="timeline",
        viewBox=f"0 0 {_WIDTH} {y + 8:g}",
    )


class _Scale:
    """Places seconds between the left and the right edge."""

    def __init__(self, low: float, high: float) -> None:
        self.low, self.high = low, high
        self._from, self._to = _bent(low), _bent(high)

    def x(self, seconds: float) -> float:
        return _LEFT + (_RIGHT - _LEFT) * (_bent(seconds) - self._from) / (self._to - self._from)


def _bent(seconds: float) -> float:
    bent = log10(1 + abs(seconds) / _KNEE)
    return bent if seconds >= 0 else -bent


def _axis(scale: _Scale, bottom: float) -> list[Markup]:
    places = [0.0]
    marks = []
    for tick in (t * sign for t in _TICKS for sign in (-1, 1)):
        x = scale.x(tick)
        if scale.low <= tick <= scale.high and all(abs(x - scale.x(p)) >= _CLOSEST for p in places):
            places.append(tick)
    for place in sorted(places):
        x = scale.x(place)
        label = "observed" if place == 0 else f"{'+' if place > 0 else '−'}{duration(place)}"  # noqa: RUF001 - minus
        kind = "now" if place == 0 else "tick"
        marks.append(tag("line", x1=x, y1=_TOP - 12, x2=x, y2=bottom, class_=kind))
        marks.append(tag("text", label, x=x, y=_TOP - 20, class_=f"{kind}-label", text_anchor="middle"))
    return marks


def _row(span: Span, y: float, scale: _Scale) -> list[Markup]:
    begin, end = scale.x(span.begin), scale.x(0.0 if span.end is None else span.end)
    words = f"{span.label}: {span.note}; {spoken(span)}"
    bar = tag(
        "rect", tag("title", words), x=begin, y=y + 6, width=max(end - begin, 6), height=14, rx=4, class_=span.tone
    )
    shapes = [
        tag("text", shortened(span.label, _LONGEST), x=12, y=y + 12, class_="label"),
        tag("text", shortened(span.note, _LONGEST + 4), x=12, y=y + 27, class_="note"),
    ]
    if span.end == span.begin:
        shapes.append(tag("circle", tag("title", words), cx=begin, cy=y + 13, r=6, class_=span.tone))
        return shapes
    shapes.append(bar)
    if span.end is None:
        shapes.append(tag("path", d=f"M{end:.1f} {y + 4:g}l9 9l-9 9z", class_=span.tone))
    return shapes


def spoken(span: Span) -> str:
    """Return when it was, in words."""
    if span.end == span.begin:
        return moment(span.begin)
    return f"from {moment(span.begin)} to {moment(span.end)}" if span.end is not None else f"since {moment(span.begin)}"
