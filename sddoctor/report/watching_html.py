"""A watch as a page: who answered what over time, each task's life, the figures. One file that loads nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from html import escape

from msgspec import Struct

from sddoctor.case.recording import Answered, Recording, State
from sddoctor.diagnosis.watched import Summary, kind_of
from sddoctor.report import watching
from sddoctor.report.safe import clean
from sddoctor.report.watching import KINDS, verdict

_WIDTH, _LEFT, _ROW = 960, 210, 22
#: Class of a bar by what an answer was worth.
_CLASSES = {
    "whole": "good",
    "fewer": "warn",
    "some-dead": "warn",
    "only-stale": "bad",
    "no-answer": "bad",
    "unknown": "dim",
}

_STYLE = """
:root { color-scheme: light dark; --back: #fff; --text: #1b1f24; --line: #d0d7de; --good: #1a7f37; --warn: #9a6700;
  --bad: #cf222e; --dim: #8c959f; --info: #0969da; }
@media (prefers-color-scheme: dark) { :root { --back: #0d1117; --text: #e6edf3; --line: #30363d; --good: #3fb950;
  --warn: #d29922; --bad: #f85149; --dim: #6e7681; --info: #58a6ff; } }
body { background: var(--back); color: var(--text); font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 64rem;
  padding: 0 1rem; }
table { border-collapse: collapse; margin: 1rem 0; } th, td { border-bottom: 1px solid var(--line); padding: .25rem .75rem;
  text-align: left; } td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; }
svg { width: 100%; height: auto; } svg text { fill: var(--text); font-size: 12px; } .grid { stroke: var(--line); }
.good { fill: var(--good); } .warn { fill: var(--warn); } .bad { fill: var(--bad); } .dim { fill: var(--dim); }
.info { fill: var(--info); } .key span { margin-right: 1.5rem; } .key svg { width: 12px; height: 12px; margin-right: .4rem; }
@media print { body { margin: 0; max-width: none; } }
"""


class _Bar(Struct, frozen=True):
    """A piece of a row, in seconds from the beginning."""

    begin: float
    end: float
    css: str
    title: str


def render(recording: Recording, found: Summary) -> str:
    """Return the page."""
    title = f"Watch of {recording.name}"
    began, ended = (f"{t:%Y-%m-%d %H:%M:%S}" for t in (recording.began, recording.ended))
    return "\n".join(
        [
            '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">",
            f"<title>{_safe(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<h1>{_safe(title)}</h1>",
            f"<p><strong>{_safe(verdict(found))}</strong></p>",
            f"<p>{began} to {ended} UTC, {found.samples} looks, every {recording.interval:g} s.</p>",
            "<h2>Answers and tasks over time</h2>",
            _key(),
            _timeline(recording, found),
            "<h2>Seconds</h2>",
            _gaps(found),
            *_stories(found),
            *_spreads(found),
            "</body>\n</html>\n",
        ]
    )


def _timeline(recording: Recording, found: Summary) -> str:
    rows = [(g.who, list(_answers(recording, g.who))) for g in found.gaps]
    for story in found.tasks:
        label = f"{clean(story.id)[:8]}  {clean(', '.join(story.addresses), limit=40)}"
        rows.append((label, list(_life(recording, story.id, frozenset(story.addresses)))))
    height = (len(rows) + 2) * _ROW
    total = max((recording.ended - recording.began).total_seconds(), 1e-9)
    digits = ".1f" if total < 40 else ".0f"
    scale = (_WIDTH - _LEFT - 10) / total
    parts = [
        f'<svg viewBox="0 0 {_WIDTH} {height}" shape-rendering="crispEdges" role="img" aria-labelledby="timeline">'
    ]
    parts.append(f'<title id="timeline">{_safe(verdict(found))}</title>')
    for tick in range(5):
        at = total * tick / 4
        x = _LEFT + at * scale
        parts.append(f'<line class="grid" x1="{x:.1f}" x2="{x:.1f}" y1="0" y2="{height - _ROW}"/>')
        anchor = "end" if tick == 4 else "middle"
        parts.append(f'<text x="{x:.1f}" y="{height - 6}" text-anchor="{anchor}">{at:{digits}} s</text>')
    for number, (label, bars) in enumerate(rows):
        y = number * _ROW + 4
        parts.append(f'<text x="0" y="{y + 12}">{_safe(label)}</text>')
        for bar in bars:
            x, width = _LEFT + bar.begin * scale, max((bar.end - bar.begin) * scale, 1)
            parts.append(
                f'<rect class="{bar.css}" x="{x:.1f}" y="{y}" width="{width:.1f}" height="14">'
                f"<title>{_safe(bar.title)}</title></rect>"
            )
    return "\n".join([*parts, "</svg>"])


def _answers(recording: Recording, who: str) -> Iterator[_Bar]:
    def judged(state: State) -> tuple[str, str]:
        answered = next((a for a in state.answers if a.who == who), Answered(who))
        kind = kind_of(state, answered, recording.most)
        return _CLASSES[kind], KINDS[kind][0]

    yield from _bars(recording, judged)


def _life(recording: Recording, task_id: str, addresses: frozenset[str]) -> Iterator[_Bar]:
    def phase(state: State) -> tuple[str, str] | None:
        task = next((t for t in state.tasks.peek() or () if t.id == task_id), None)
        answered = [a.who for a in state.answers if not addresses.isdisjoint(a.addresses)]
        if task is None or task.last_status == "STOPPED":
            return ("bad", f"gone, answered by {', '.join(answered)}") if answered else None
        if task.serves:
            return ("good", f"answered by {', '.join(answered)}") if answered else ("info", "serves, not answered")
        return ("warn" if answered else "dim", f"{task.last_status}, {task.health}, desired {task.desired_status}")

    yield from _bars(recording, phase)


def _bars(recording: Recording, css_and_title: Callable[[State], tuple[str, str] | None]) -> Iterator[_Bar]:
    ends = [s.began for s in recording.stretches[1:]] + [recording.ended]
    for stretch, end in zip(recording.stretches, ends, strict=True):
        if (found := css_and_title(stretch.state)) is not None:
            begin, until = _seconds(recording, stretch.began), _seconds(recording, end)
            yield _Bar(begin, until, found[0], f"{found[1]}, {begin:.0f} s to {until:.0f} s")


def _seconds(recording: Recording, at: datetime) -> float:
    return (at - recording.began).total_seconds()


def _key() -> str:
    words = {
        "good": "right, or served and answered",
        "info": "serves, not answered",
        "warn": "fewer, or some that do not serve",
        "bad": "no right address, or gone and answered",
        "dim": "does not serve, or not known",
    }
    square = '<svg viewBox="0 0 12 12" aria-hidden="true"><rect class="{}" width="12" height="12"/></svg>'
    return (
        '<p class="key">' + "".join(f"<span>{square.format(css)}{text}</span>" for css, text in words.items()) + "</p>"
    )


def _gaps(found: Summary) -> str:
    rows = [
        (g.who, *(f"{s:.1f}" for s in (g.no_answer, g.only_stale, g.fewer, g.some_dead, g.unknown))) for g in found.gaps
    ]
    heads = ("who", "no address", "only such as do not serve", "fewer", "some that do not serve", "not known")
    return _table(heads, rows)


def _stories(found: Summary) -> list[str]:
    if not found.tasks:
        return []
    heads = ("task", "RUNNING", "HEALTHY", "registered", "published", "stopping", "removed")
    rows = [tuple(watching.story(t)) for t in found.tasks]
    return ["<h2>When, in UTC</h2>", "<p>- is before the first look, or never.</p>", _table(heads, rows)]


def _spreads(found: Summary) -> list[str]:
    if not found.spreads:
        return []
    rows = [(s.what, str(s.count), *(f"{v:.1f}" for v in (s.median, s.p90, s.longest))) for s in found.spreads]
    return ["<h2>How long it took, in seconds</h2>", _table(("from, to", "tasks", "median", "p90", "longest"), rows)]


def _table(heads: Iterable[str], rows: Iterable[tuple[str, ...]]) -> str:
    numeric = ' class="n"'

    def line(cells: Iterable[str], tag: str) -> str:
        return "".join(f"<{tag}{numeric if n else ''}>{_safe(cell)}</{tag}>" for n, cell in enumerate(cells))

    body = "".join(f"<tr>{line(row, 'td')}</tr>\n" for row in rows)
    return f"<table>\n<thead><tr>{line(heads, 'th')}</tr></thead>\n<tbody>\n{body}</tbody>\n</table>"


def _safe(text: str) -> str:
    return escape(clean(text))
