"""A watch in text: the live table, a line for each change, and the summary."""

from __future__ import annotations

from datetime import datetime

from tabulate import tabulate

from sddoctor.case.seen import Absent
from sddoctor.case.watch import Recording, State, TaskState
from sddoctor.diagnosis.watch_phases import Judgement, Kind, last_phase
from sddoctor.diagnosis.watch_summary import Downtime, Summary, TaskStory
from sddoctor.report.style import Style, Tone
from sddoctor.text.safe import clean

#: What an answer is worth, in a few words.
KINDS: dict[Kind, tuple[str, Tone]] = {
    "whole": ("all", "good"),
    "fewer": ("fewer than should be", "warn"),
    "some-dead": ("also of tasks that do not serve", "warn"),
    "only-stale": ("only of tasks that do not serve", "bad"),
    "no-answer": ("no address", "bad"),
    "unknown": ("not known", "dim"),
}
#: The same of names that no task has.
_OF_RECORDS: dict[Kind, str] = {"some-dead": "also others than it should", "only-stale": "only others than it should"}
#: So much of a task's id is shown.
SHORT = 8


def table(recording: Recording, style: Style) -> str:
    """Return the table of what was seen last, for a terminal that shows it anew each time."""
    last = last_phase(recording)
    state = last.state
    who = [clean(a.who) for a in state.answers]
    looks = sum(s.times for s in recording.stretches)
    head = f"{clean(recording.name)}  {recording.ended:%H:%M:%S} UTC, look {looks}, every {recording.interval:g} s"
    of_tasks = [] if state.of_records else ["", ""]
    rows = [] if state.of_records else [_row(t, state) for t in _tasks(state)]
    rows.append(["answers", *of_tasks, *(_answer(j, style, state) for j in last.judgements)])
    heads = ["", *who] if state.of_records else ["task", "ECS", "Cloud Map", *who]
    lines = tabulate(rows, heads, tablefmt="plain", disable_numparse=True).split("\n")
    return "\n".join([style.paint(head, "strong"), *lines, *_unseen(state)]) + "\n"


def change(recording: Recording, style: Style) -> str:
    """Return one line about what was seen last."""
    last = last_phase(recording)
    parts = [f"{clean(j.answered.who)}: {_answer(j, style, last.state)}" for j in last.judgements]
    tally = "" if last.state.of_records else f"{_tally(last.state)}; "
    return f"{recording.ended:%H:%M:%S}  {tally}{'; '.join(parts)}\n"


def summary(found: Summary, style: Style) -> str:
    """Return what came of the watch."""
    lines = [style.paint(f"{clean(found.name)}: {found.samples} looks in {found.seconds:.0f} s", "strong"), ""]
    lines += _table(
        ["who", "no address", "only dead", "fewer", "some dead", "not known"], map(_downtime, found.downtimes)
    )
    if found.tasks:
        who = list(dict.fromkeys(w for t in found.tasks for w in (*t.first, *t.last)))
        heads = ["task", "RUNNING", "HEALTHY", "registered", "published", "stopping", "removed"]
        lines += ["", "When (UTC); - is before the first look, or never"]
        lines += _table(heads, map(story, found.tasks))
        lines += ["", "First and last answered"] if who else []
        lines += (
            _table(
                ["task", *map(clean, who)], ([clean(t.id)[:SHORT], *(_span(t, w) for w in who)] for t in found.tasks)
            )
            if who
            else []
        )
    if found.spreads:
        lines += ["", "How long it took, in seconds"]
        rows = [[clean(s.what), s.count, *(f"{v:.1f}" for v in (s.median, s.p90, s.longest))] for s in found.spreads]
        lines += _table(["from, to", "tasks", "p50", "p90", "max"], rows)
    lines += ["", *style.wrap(verdict(found))]
    return "\n".join(lines) + "\n"


def verdict(found: Summary) -> str:
    """Return in a sentence how bad it was."""
    worst = max(found.downtimes, key=lambda g: g.without, default=None)
    if worst is None:
        return "Nobody was asked."
    if worst.without:
        return f"For {worst.without:.1f} s {clean(worst.who)} gave no {_right(found)}."
    if not found.judged:
        return "Nobody that was asked could be reached from here."
    if any(g.unknown for g in found.judged):
        return f"Who answers what, or which {'addresses' if found.of_records else 'tasks'} serve, was not seen all the time, so it is not known whether all was right."
    unreached = [clean(g.who) for g in found.downtimes if not g.reached]
    left_out = f" Not reached from here: {', '.join(unreached)}." if unreached else ""
    return f"Whoever answered gave {'an' if found.of_records else 'the'} {_right(found)}, in every look.{left_out}"


def _right(found: Summary) -> str:
    return "address that the name should have" if found.of_records else "address of a task that serves"


def _row(task: TaskState, state: State) -> list[str]:
    instance = next((i for i in state.instances.peek() or () if i.id == task.id), None)
    status = task.last_status if task.last_status == task.desired_status else f"{task.last_status}, to stop"
    cloudmap = "-" if instance is None else instance.health or "registered"
    addresses = frozenset(state.addresses_of(task))
    given = ["-" if addresses.isdisjoint(a.addresses) else "yes" for a in state.answers]
    return [clean(task.id)[:SHORT], f"{clean(status)} {clean(task.health)}", clean(cloudmap), *given]


def _tasks(state: State) -> list[TaskState]:
    """Return the tasks worth a line: those that are not gone, and those that are gone and still answered."""
    answered = {a for one in state.answers for a in one.addresses}
    tasks = state.tasks.peek() or ()
    return [t for t in tasks if t.last_status != "STOPPED" or not answered.isdisjoint(state.addresses_of(t))]


def _answer(judgement: Judgement, style: Style, state: State) -> str:
    answered, (words, tone) = judgement.answered, KINDS[judgement.kind]
    if state.of_records:
        words = _OF_RECORDS.get(judgement.kind, words)
    text = f"{len(answered.addresses)}, {words}" if answered.addresses else clean(answered.error or words)
    return style.paint(text, tone)


def _tally(state: State) -> str:
    tasks = state.tasks.peek()
    if tasks is None:
        return "no ECS service" if isinstance(state.tasks, Absent) else "tasks not seen"
    serving = sum(t.serves for t in tasks)
    desired = state.desired.peek()
    return f"{serving} of {'?' if desired is None else desired} tasks serve"


def _unseen(state: State) -> list[str]:
    facts = (state.desired, state.tasks, state.instances)
    gaps = [f.gap() for f in facts if f.peek() is None and hasattr(f, "gap")]
    return [f"not seen: {clean(g.what)} ({clean(g.why)})" for g in gaps]


def seconds(downtime: Downtime) -> list[str]:
    """Return the seconds of each kind; - is none."""
    lengths = (downtime.no_answer, downtime.only_stale, downtime.fewer, downtime.some_dead, downtime.unknown)
    return [f"{s:.1f} s" if s else "-" for s in lengths]


def _downtime(downtime: Downtime) -> list[str]:
    return [clean(downtime.who), *seconds(downtime)]


def story(task: TaskStory) -> list[str]:
    """Return the short id of a task and the times of day at which it changed."""
    times = (task.running, task.healthy, task.registered, task.published, task.stopping, task.deregistered)
    return [clean(task.id)[:SHORT], *map(_clock, times)]


def _span(task: TaskStory, who: str) -> str:
    if who not in task.first and who not in task.last:
        return "-"
    return f"{_clock(task.first.get(who))} to {_clock(task.last.get(who))}"


def _clock(at: datetime | None) -> str:
    return f"{at:%H:%M:%S}" if at is not None else "-"


def _table(heads: list[str], rows: object) -> list[str]:
    return tabulate(rows, heads, tablefmt="plain", disable_numparse=True).split("\n")  # type: ignore[arg-type]
