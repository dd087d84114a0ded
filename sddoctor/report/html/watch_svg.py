"""Who answered what, and what became of each task, as bars over the time of a watch."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from msgspec import Struct

from sddoctor.case.watch import Recording
from sddoctor.diagnosis.watch_phases import Kind, Phase
from sddoctor.diagnosis.watch_summary import Summary, TaskStory
from sddoctor.report.html.labels import shortened
from sddoctor.report.html.markup import Markup, tag
from sddoctor.report.watch_text import KINDS, SHORT, verdict
from sddoctor.text.safe import clean

_WIDTH, _LEFT, _ROW = 1020, 300, 24
_LONGEST = 40
#: Class of a bar by what an answer was worth.
_CLASSES: dict[Kind, str] = {
    "whole": "good",
    "fewer": "warn",
    "some-dead": "warn",
    "only-stale": "bad",
    "no-answer": "bad",
    "unknown": "dim",
}
#: What the classes of bars mean, for answers and for tasks.
KEY = {
    "good": "right, or served and answered",
    "info": "serves, not answered",
    "warn": "fewer, or some that do not serve",
    "bad": "no right address, or gone and answered",
    "dim": "does not serve, or not known",
}


class _Bar(Struct, frozen=True):
    """A piece of a row, in seconds from the beginning."""

    begin: float
    end: float
    css: str
    title: str


def render(recording: Recording, found: Summary) -> Markup:
    """Return the picture: a row for each who answers, then one for each task."""
    rows = [(g.who, list(_answers(recording, found, g.who))) for g in found.downtimes]
    for story in found.tasks:
        label = f"{clean(story.id)[:SHORT]}  {', '.join(story.addresses)}"
        rows.append((label, list(_life(recording, found, story))))
    height = (len(rows) + 2) * _ROW
    total = max((recording.ended - recording.began).total_seconds(), 1e-9)
    body = list(_axis(total, height))
    for number, (label, bars) in enumerate(rows):
        body += _row(label, bars, number * _ROW + 4, (_WIDTH - _LEFT - 10) / total)
    return tag(
        "svg",
        tag("title", verdict(found), id="watch-title"),
        *body,
        role="img",
        aria_labelledby="watch-title",
        class_="timeline watched",
        viewBox=f"0 0 {_WIDTH} {height}",
        shape_rendering="crispEdges",
    )


def _axis(total: float, height: int) -> Iterator[Markup]:
    digits = ".1f" if total < 40 else ".0f"
    for tick in range(5):
        x = _LEFT + (_WIDTH - _LEFT - 10) * tick / 4
        yield tag("line", class_="tick", x1=x, x2=x, y1=0, y2=height - _ROW)
        anchor = "end" if tick == 4 else "middle"
        yield tag("text", f"{total * tick / 4:{digits}} s", x=x, y=height - 6, text_anchor=anchor, class_="tick-label")


def _row(label: str, bars: list[_Bar], y: int, scale: float) -> Iterator[Markup]:
    yield tag("text", shortened(label, _LONGEST), x=0, y=y + 12, class_="label")
    for bar in bars:
        yield tag(
            "rect",
            tag("title", bar.title),
            class_=bar.css,
            x=_LEFT + bar.begin * scale,
            y=y,
            width=max((bar.end - bar.begin) * scale, 1.0),
            height=14,
        )


def _answers(recording: Recording, found: Summary, who: str) -> Iterator[_Bar]:
    def judged(phase: Phase) -> tuple[str, str]:
        kind = phase.kind(who)
        return _CLASSES[kind], KINDS[kind][0]

    yield from _bars(recording, found, judged)


def _life(recording: Recording, found: Summary, story: TaskStory) -> Iterator[_Bar]:
    addresses = frozenset(story.addresses)

    def lived(phase: Phase) -> tuple[str, str] | None:
        task = next((t for t in phase.state.tasks.peek() or () if t.id == story.id), None)
        answered = [a.who for a in phase.state.answers if not addresses.isdisjoint(a.addresses)]
        if task is None or task.last_status == "STOPPED":
            return ("bad", f"gone, answered by {', '.join(answered)}") if answered else None
        if task.serves:
            return ("good", f"answered by {', '.join(answered)}") if answered else ("info", "serves, not answered")
        return ("warn" if answered else "dim", f"{task.last_status}, {task.health}, desired {task.desired_status}")

    yield from _bars(recording, found, lived)


def _bars(
    recording: Recording, found: Summary, css_and_title: Callable[[Phase], tuple[str, str] | None]
) -> Iterator[_Bar]:
    for phase in found.phases:
        if (drawn := css_and_title(phase)) is not None:
            begin, end = ((t - recording.began).total_seconds() for t in (phase.began, phase.ended))
            yield _Bar(begin, end, drawn[0], f"{drawn[1]}, {begin:.0f} s to {end:.0f} s")
