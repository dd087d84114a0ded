"""A watch as JSON lines."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec import structs

from sddoctor.case.watch import Recording
from sddoctor.diagnosis.watch_phases import last_phase
from sddoctor.diagnosis.watch_summary import Summary, TaskStory
from sddoctor.report import json_text


def latest(recording: Recording) -> str:
    """Return the line of what was seen last."""
    last = last_phase(recording)
    state = last.state
    unseen = (state.desired, state.tasks, state.instances)
    tasks, instances = state.tasks.peek(), state.instances.peek()
    return _line(
        {
            "at": _time(recording.ended),
            "name": recording.name,
            "desired": state.desired.peek(),
            "tasks": None
            if tasks is None
            else [
                {
                    "id": t.id,
                    "addresses": t.addresses,
                    "last_status": t.last_status,
                    "desired_status": t.desired_status,
                    "health": t.health,
                }
                for t in tasks
            ],
            "instances": None
            if instances is None
            else [{"id": i.id, "addresses": i.addresses, "health": i.health} for i in instances],
            "answers": [
                {
                    "who": j.answered.who,
                    "addresses": j.answered.addresses,
                    "error": j.answered.error,
                    "judged": j.kind,
                    "verdict": j.comparison.verdict,
                }
                for j in last.judgements
            ],
            "gaps": [json_text.gap(f.gap()) for f in unseen if hasattr(f, "gap")],
        }
    )


def summary(found: Summary) -> str:
    """Return the line of the summary; times that were not seen are ``null``."""
    return _line(
        {
            "summary": {
                "name": found.name,
                "seconds": round(found.seconds, 3),
                "looks": found.samples,
                "gaps": [structs.asdict(d) for d in found.downtimes],
                "tasks": [_task(t) for t in found.tasks],
                "took": [
                    {"what": s.what, "tasks": s.count, "median": s.median, "p90": s.p90, "longest": s.longest}
                    for s in found.spreads
                ],
            }
        }
    )


def _task(story: TaskStory) -> dict[str, Any]:
    return {
        "id": story.id,
        "addresses": story.addresses,
        "running": _time(story.running),
        "healthy": _time(story.healthy),
        "registered": _time(story.registered),
        "published": _time(story.published),
        "stopping": _time(story.stopping),
        "deregistered": _time(story.deregistered),
        "first_answered": {w: _time(at) for w, at in story.first.items()},
        "last_answered": {w: _time(at) for w, at in story.last.items()},
    }


def _time(at: datetime | None) -> str | None:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z") if at is not None else None


def _line(data: dict[str, Any]) -> str:
    return json_text.line(data) + "\n"
