"""``sddoctor runbook``: what to do when a name does not resolve, filled in for that name."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from msgspec import Struct

from sddoctor.cli import flags, known_names, params, streams
from sddoctor.cli.name_options import NameOptions
from sddoctor.cli.status import ExitStatus

if TYPE_CHECKING:
    from sddoctor.cli.judging import Judged

#: A runbook is a text of a few hundred lines; what is much larger is something else.
MOST_BYTES = 4_000_000


class RunbookOptions(Struct, frozen=True):
    """The options of the command. ``from_`` are saved cases."""

    name: str
    update: Path | None
    from_: tuple[Path, ...]
    about: NameOptions


@click.command(context_settings=flags.HELP)
@click.argument("name", metavar="NAME", shell_complete=known_names.complete)
@click.option(
    "--update", metavar="FILE", type=params.FilePath(), callback=params.target,
    help="Write to FILE, and keep the marked sections that it has.",
)  # fmt: skip
@click.option(
    "--from", "from_", metavar="FILE", multiple=True, type=params.FilePath(),
    help="Fill in from what was saved in FILE instead of observing.",
)  # fmt: skip
@flags.about_a_name
@flags.root()
@flags.timeout()
def runbook(**values: Any) -> int:
    """Print an on-call runbook for NAME in Markdown, filled in with what is seen of it now.

    Exit status: 0 done, 1 nobody has that name, 2 wrong usage, 3 namespace, service or zone could not be seen.
    """
    options = RunbookOptions(about=NameOptions.taken_from(values), **values)
    name = params.name(options.name)
    judged = _from_files(options, name) if options.from_ else _by_observing(options)
    for warning in judged.warnings:
        streams.tell(warning)

    from sddoctor.runbook import document, record_names
    from sddoctor.runbook.known import of_case
    from sddoctor.trail.trail import Trail

    trail = Trail(judged.case)
    of_records = record_names.of_name(judged.case, trail)
    core = of_case(judged.case, trail).core if of_records is None else of_records.core
    text = document.render(judged.case, judged.diagnosis)
    status = ExitStatus.FINE
    if core.text is None:
        streams.tell(f"Little is filled in, for {core.what}: {core.why}.")
        status = ExitStatus.PROBLEM if core.absent else ExitStatus.UNDECIDED
    if options.update is None:
        streams.write(text)
        return status
    if status is not ExitStatus.FINE:
        streams.tell(f"'{options.update}' was not written.")
        return status
    return _update(options.update, text, judged.case.name)


def _by_observing(options: RunbookOptions) -> Judged:
    how = options.about.observe_options()

    from sddoctor.cli import observing

    return observing.judge_by_observing(how)(options.about.asked(options.name))


def _from_files(options: RunbookOptions, name: str) -> Judged:
    from sddoctor.cli import case_files, judging

    try:
        (case,) = case_files.read(options.from_, [name])
    except case_files.CaseFileError as error:
        raise params.usage_error(str(error)) from error
    return judging.judge_case(case)


def _update(path: Path, text: str, name: str) -> ExitStatus:
    """Put the runbook in place, with the kept sections of the one that is there."""
    from sddoctor import files
    from sddoctor.runbook import keep

    try:
        old = _read(path)
        new = text if old is None else keep.merged(old, text, name)
        if new == old:
            streams.tell(f"'{path}' is up to date.")
            return ExitStatus.FINE
        files.write_whole(path.resolve(), new.encode(), _mode(path))
    except keep.KeepError as error:
        streams.tell(f"Error: '{path}' was left as it is: {error}")
        return ExitStatus.USAGE
    except UnicodeDecodeError:
        streams.tell(f"Error: '{path}' was left as it is: it is no text in UTF-8.")
        return ExitStatus.USAGE
    except OSError as error:
        streams.tell(f"Error: '{path}' could not be written: {error.strerror or error}.")
        return ExitStatus.USAGE
    streams.tell(f"'{path}' was written.")
    return ExitStatus.FINE


def _read(path: Path) -> str | None:
    """Return the text of a file, ``None`` if there is none.

    Raises :class:`OSError`, :class:`UnicodeDecodeError` and :class:`KeepError`.
    """
    from sddoctor.runbook.keep import KeepError

    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except FileNotFoundError:
        return None
    if len(data) > MOST_BYTES:
        raise KeepError("it is too large to be a runbook.")
    return data.decode("utf-8")


def _mode(path: Path) -> int:
    """Return the permissions that the file has, or that a new one should have: a runbook is no secret."""
    try:
        return stat.S_IMODE(path.stat().st_mode)
    except FileNotFoundError:
        mask = os.umask(0o077)
        os.umask(mask)
        return 0o666 & ~mask
