"""The page of a watch: who answered what over time, beside each task's life."""

from __future__ import annotations

from collections.abc import Iterable

from sddoctor.case.watch import Recording
from sddoctor.diagnosis.watch_summary import Summary
from sddoctor.report import watch_text
from sddoctor.report.html import frame, watch_svg
from sddoctor.report.html.frame import section
from sddoctor.report.html.markup import Markup, join, lines, tag
from sddoctor.report.html.tables import scrolling
from sddoctor.report.watch_text import verdict

_SECONDS = ("who", "no address", "only such as do not serve", "fewer", "some that do not serve", "not known")
_TIMES = ("task", "RUNNING", "HEALTHY", "registered", "published", "stopping", "removed")
_SPREADS = ("from, to", "tasks", "median", "p90", "longest")


def render(recording: Recording, found: Summary, version: str) -> str:
    """Return the file. The same recording gives the same bytes."""
    began, ended = (f"{t:%Y-%m-%d %H:%M:%S}" for t in (recording.began, recording.ended))
    looks = f"Watched from {began} to {ended} UTC: {found.samples} looks, every {recording.interval:g} s"
    article = tag(
        "article",
        lines(
            tag("p", looks, class_="kicker"),
            tag("h1", tag("code", recording.name)),
            tag("p", verdict(found), class_="headline"),
            section(
                "Answers and tasks over time", 2, _key(), scrolling(watch_svg.render(recording, found), "Timeline")
            ),
            section("Seconds", 2, _table(_SECONDS, ((g.who, *watch_text.seconds(g)) for g in found.downtimes))),
            _stories(found),
            _spreads(found),
        ),
    )
    return frame.document(f"Watch of {recording.name}", tag("main", article), version=version)


def _key() -> Markup:
    items = [
        tag(
            "span",
            tag("svg", tag("rect", class_=css, width=12, height=12), viewBox="0 0 12 12", aria_hidden="true"),
            word,
        )
        for css, word in watch_svg.KEY.items()
    ]
    return tag("p", join(*items), class_="key")


def _stories(found: Summary) -> Markup | str:
    if not found.tasks:
        return ""
    note = tag("p", "In UTC; - is before the first look, or never.")
    return section("When", 2, note, _table(_TIMES, map(watch_text.story, found.tasks)))


def _spreads(found: Summary) -> Markup | str:
    if not found.spreads:
        return ""
    rows = ((s.what, str(s.count), *(f"{v:.1f}" for v in (s.median, s.p90, s.longest))) for s in found.spreads)
    return section("How long it took, in seconds", 2, _table(_SPREADS, rows))


def _table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> Markup:
    head = tag("thead", tag("tr", *(tag("th", h, scope="col") for h in heads)))
    body = [
        tag("tr", *(tag("td", cell) if n else tag("th", cell, scope="row") for n, cell in enumerate(row)))
        for row in rows
    ]
    return scrolling(tag("table", head, tag("tbody", lines(*body))), "Table")
