"""``sddoctor watch``: follow a name live through a deployment, and measure every gap."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click
from msgspec import Struct

from sddoctor.case.case import Case
from sddoctor.case.watch import Recording
from sddoctor.cli import flags, interrupts, known_names, params, streams
from sddoctor.cli.name_options import NameOptions
from sddoctor.cli.status import ExitStatus

if TYPE_CHECKING:
    from sddoctor.cli.watch_screen import Screen
    from sddoctor.diagnosis.watch_summary import Summary
    from sddoctor.observe.watch import Followed, Follower

Output = Literal["auto", "text", "json", "html"]
_SHORTEST, _LONGEST, _USUAL = 1.0, 30.0, 10.0


class WatchOptions(Struct, frozen=True):
    """The options of the command."""

    name: str | None
    output: Output
    interval: float | None
    for_: float | None
    save: Path | None
    from_: Path | None
    about: NameOptions
    color: streams.ColourChoice


@click.command(context_settings=flags.HELP)
@click.argument("name", required=False, shell_complete=known_names.complete)
@flags.output(
    ("auto", "text", "json", "html"),
    "auto: a live table on a terminal, JSON lines otherwise; html: a page with the timeline, at the end.",
)
@click.option(
    "--interval", metavar="SECONDS", type=float, callback=params.seconds,
    help="The time between two looks; default: the TTL of the records.",
)  # fmt: skip
@click.option(
    "--for", "for_", metavar="SECONDS", type=float, callback=params.seconds, help="Stop then; default: at Ctrl-C."
)
@click.option(
    "--save", metavar="FILE", type=params.FilePath(), callback=params.target, help="Write what was seen to FILE."
)
@click.option(
    "--from", "from_", metavar="FILE", type=params.FilePath(), help="Summarise what was saved in FILE; watch nothing."
)
@flags.about_a_name
@flags.root()
@flags.timeout("The time for one look.")
@flags.color
def watch(**values: Any) -> int:
    """Follow NAME live: its tasks, its instances, and what each resolver answers, until Ctrl-C.

    At the end a summary: when each task came and went, and the seconds without a right answer.

    Exit status: 0 every look found an address that serves, 1 some did not, 2 wrong usage, 3 it could not be seen.
    """
    from sddoctor.cli.watch_screen import screen

    options = WatchOptions(about=NameOptions.taken_from(values), **values)
    shown = screen(options.output, options.color)
    recording = _read(options.from_) if options.from_ is not None else _follow(options, shown)
    from sddoctor.diagnosis.watch_summary import summarise

    summary = summarise(recording)
    shown.end(recording, summary)
    if options.save is not None:
        _save(options.save, recording)
    return _status(recording, summary)


def _follow(options: WatchOptions, shown: Screen) -> Recording:
    if options.name is None:
        raise params.usage_error("A NAME is missing, such as dev-api.example.internal.")
    name = params.name(options.name)
    follower, recording = _first_observation(name, options)
    deadline = time.monotonic() + options.for_ if options.for_ is not None else None
    due = time.monotonic()
    with interrupts.UntilInterrupted():
        while True:
            at, state = follower.sample()
            recording = recording.with_state(at, state)
            shown.update(recording)
            due = max(due + recording.interval, time.monotonic())
            if deadline is not None and due > deadline:
                time.sleep(max(0.0, deadline - time.monotonic()))
                break
            time.sleep(max(0.0, due - time.monotonic()))
    if not recording.stretches:
        raise click.Abort
    return recording.lasting_until(datetime.now(UTC))


def _first_observation(name: str, options: WatchOptions) -> tuple[Follower, Recording]:
    """Observe everything once, to know what has to be followed."""
    how = options.about.observe_options()
    from sddoctor.cli import observing
    from sddoctor.observe.watch import Follower

    judged = observing.judge_by_observing(how)(options.about.asked(name))
    for warning in judged.warnings:
        streams.tell(warning)
    streams.tell(judged.diagnosis.headline)
    followed = _followed(judged.case)
    return Follower(followed, how), _begun(followed, options.interval)


def _followed(case: Case) -> Followed:
    """Return what is observed again of a name: what the first observation found."""
    from sddoctor.observe.watch import Followed
    from sddoctor.trail.trail import Trail, optional

    trail = Trail(case)
    view, services = optional(lambda: trail.cloudmap.view), optional(lambda: trail.ecs.active)
    if trail.owner.is_of_records:
        return Followed(case, None, (), trail.queries_srv, of_records=True)
    return Followed(case, view, services, trail.queries_srv)


def _begun(followed: Followed, interval: float | None) -> Recording:
    """Return an empty recording. The interval is the TTL of the records, unless the user says otherwise."""
    from sddoctor.trail.thresholds import MULTIVALUE_LIMIT

    service = followed.view.service.seen_or(None) if followed.view is not None else None
    ttl = min((r.ttl for r in service.records), default=None) if service is not None else _ttl_of_records(followed)
    interval = interval or min(max(float(ttl or _USUAL), _SHORTEST), _LONGEST)
    most = 1 if service is not None and service.routing_policy == "WEIGHTED" else MULTIVALUE_LIMIT
    now = datetime.now(UTC)
    return Recording(followed.case.name, now, now, interval, ttl, most, first=followed.case)


def _ttl_of_records(followed: Followed) -> int | None:
    """Return the shortest TTL of the name's records; an alias of Route 53 has none of its own."""
    from sddoctor.trail.trail import Trail, optional

    if not followed.of_records:
        return None
    records = optional(lambda: Trail(followed.case).zone.records) or ()
    return min((r.ttl for r in records if r.ttl is not None), default=None)


def _save(path: Path, recording: Recording) -> None:
    import msgspec

    from sddoctor import files

    try:
        files.write_whole(path.resolve(), msgspec.json.format(msgspec.json.encode(recording), indent=1) + b"\n")
    except OSError as error:
        raise click.ClickException(f"'{path}' could not be written: {error.strerror or error}.") from error


def _read(path: Path) -> Recording:
    import msgspec

    from sddoctor.bundle import plausible
    from sddoctor.bundle.earlier import rewritten
    from sddoctor.case.watch import SCHEMA

    try:
        recording = msgspec.json.decode(rewritten(path.read_bytes()), type=Recording)
    except OSError as error:
        raise click.UsageError(f"'{path}' cannot be read: {error.strerror or error}.") from error
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise click.UsageError(f"'{path}' is not what 'watch --save' writes: {error}.") from error
    if recording.schema != SCHEMA or not recording.stretches:
        raise click.UsageError(f"'{path}' is of another format, or empty: {SCHEMA} with a look in it is read.")
    if why := plausible.why_not_recording(recording):
        raise click.UsageError(f"'{path}' is not what 'watch --save' writes: {why}.")
    return recording


def _status(recording: Recording, summary: Summary) -> ExitStatus:
    if any(g.without for g in summary.downtimes):
        return ExitStatus.PROBLEM
    seen = summary.judged and not any(g.unknown for g in summary.judged)
    return ExitStatus.FINE if seen and recording.stretches else ExitStatus.UNDECIDED
