"""``sddoctor check``: follow names hop by hop and say why they do not resolve."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import click

from sddoctor import __version__
from sddoctor.cli import flags, known_names, params, status, streams
from sddoctor.cli.name_options import NameOptions
from sddoctor.cli.status import ExitStatus

if TYPE_CHECKING:
    from sddoctor.case.case import Asked
    from sddoctor.case.program import ProgramError
    from sddoctor.cli.judging import Judged
    from sddoctor.diagnosis.detail_model import Details
    from sddoctor.report.outcome import FailOn

Format = Literal["text", "json", "markdown", "html", "junit"]


class CheckOptions(NamedTuple):
    """The options of the command. ``from_`` are saved cases."""

    names: tuple[str, ...]
    output: Format
    save: Path | None
    anonymise: bool
    from_: tuple[Path, ...]
    about: NameOptions
    program_error: str | None
    wait: float | None
    samples: int
    short: bool
    timings: bool
    ignore: frozenset[str]
    fail_on: FailOn
    verbose: bool
    color: streams.ColourChoice


@click.command(context_settings=flags.HELP)
@click.argument("names", metavar="NAME...", nargs=-1, shell_complete=known_names.complete)
@flags.output(("text", "json", "markdown", "html", "junit"))
@click.option(
    "--save",
    metavar="FILE",
    type=params.FilePath(),
    callback=params.target,
    help="Write what was observed, redacted, to FILE.",
)
@click.option("--anonymise", is_flag=True, help="With --save: replace names, ids and addresses in FILE consistently.")
@click.option(
    "--from",
    "from_",
    metavar="FILE",
    multiple=True,
    type=params.FilePath(),
    help="Diagnose what was saved in FILE instead of observing; several files are several places.",
)
@flags.about_a_name
@click.option(
    "--program-error",
    metavar="TEXT",
    help="What a failing program prints: is it the name, or the program?",
)
@flags.root()
@flags.timeout("The time for the whole check of a name.")
@click.option(
    "--wait",
    metavar="SECONDS",
    type=float,
    callback=params.seconds,
    help="Repeat until the name is healthy, or the time is over.",
)
@flags.samples
@click.option("--short", is_flag=True, help="One to three lines, for a chat.")
@click.option(
    "--timings",
    is_flag=True,
    help="Also show every AWS call with its round, wait and duration, and which were waited for.",
)
@flags.ignore()
@flags.fail_on
@click.option(
    "-v",
    "--verbose",
    is_flag=True,
    help="Show everything: all addresses, findings, undecided causes, and what each server said.",
)
@flags.color
def check(**values: Any) -> int:
    """Follow each NAME hop by hop, and say why it does or does not resolve.

    Exit status: 0 all is well, 1 a problem was found, 2 wrong usage, 3 no problem was found but something decisive
    could not be seen.
    """
    options = CheckOptions(about=NameOptions.taken_from(values), **values)
    if options.anonymise and options.save is None:
        raise params.usage_error("--anonymise says how --save writes its FILE: give --save as well.")
    asked = _asked(options)
    judged = _from_files(options, asked) if options.from_ else _by_observing(options, asked)
    for warning in dict.fromkeys(w for one in judged for w in one.warnings):
        streams.tell(warning)
    streams.write(_report(options, judged))
    if options.timings:
        _timings(options, judged)
    result = status.of_diagnoses([one.diagnosis for one in judged], options.fail_on)
    return _save(options, judged) or result


def _asked(options: CheckOptions) -> list[Asked]:
    """Check the names, before anything else is done. A name that is given twice is observed once."""
    if not options.names and not options.from_:
        raise params.usage_error("A NAME is missing, such as dev-api.example.internal.")
    by_name: dict[str, Asked] = {}
    for typed in options.names:
        by_name.setdefault(params.name(typed), options.about.asked(typed, _program(options)))
    return list(by_name.values())


def _by_observing(options: CheckOptions, asked: list[Asked]) -> list[Judged]:
    how = options.about.observe_options(samples=options.samples)

    from sddoctor.cli import judging, observing

    judge = observing.judge_by_observing(how, options.ignore)
    if options.wait is None:
        return judging.judge_all(asked, judge)
    return judging.until_healthy(asked, judge, options.wait, _progress)


def _from_files(options: CheckOptions, asked: list[Asked]) -> list[Judged]:
    from sddoctor.cli import case_files, judging

    idle = {**options.about._asdict(), "timeout": None, "wait": options.wait}
    if given := [f"--{option.replace('_', '-')}" for option, value in idle.items() if value]:
        streams.tell(f"Warning: with --from nothing is observed, so {', '.join(given)} changes nothing.")
    try:
        cases = case_files.read(options.from_, [params.name(one.name) for one in asked])
    except case_files.CaseFileError as error:
        raise params.usage_error(str(error)) from error
    if program := _program(options):
        from msgspec import structs

        cases = [structs.replace(case, asked=structs.replace(case.asked, program=program)) for case in cases]
    return [judging.judge_case(case, options.ignore) for case in cases]


def _program(options: CheckOptions) -> ProgramError | None:
    if not options.program_error:
        return None
    from sddoctor.formats import program_error as program

    return program.parse(options.program_error)


def _report(options: CheckOptions, judged: list[Judged]) -> str:
    diagnoses = [one.diagnosis for one in judged]
    if options.output == "json":
        from sddoctor.report import json_report

        return json_report.render(diagnoses, datetime.now(UTC), __version__)
    if options.output == "markdown":
        from sddoctor.report import markdown

        return markdown.render(diagnoses)
    if options.output == "html":
        from sddoctor.report.html import check as html

        return html.render(diagnoses, _details(judged), __version__)
    if options.output == "junit":
        from sddoctor.report import junit

        return junit.render(diagnoses, options.fail_on)
    from sddoctor.report import short, text

    style = streams.style(options.color, verbose=options.verbose)
    if options.short:
        return short.render(diagnoses, style)
    return text.render(diagnoses, style, _details(judged) if options.verbose else ())


def _details(judged: list[Judged]) -> list[Details]:
    from sddoctor.diagnosis.details import details

    return [details(one.case) for one in judged]


def _timings(options: CheckOptions, judged: list[Judged]) -> None:
    """Print the calls below a text report; beside another format they go to standard error."""
    from sddoctor.report import timings

    text = "".join(f"\n{timings.render(one.diagnosis.name, one.timings)}" for one in judged)
    if options.output == "text":
        streams.write(text)
    else:
        streams.tell_lines(text)


def _save(options: CheckOptions, judged: list[Judged]) -> ExitStatus | None:
    if options.save is None:
        return None
    from sddoctor.cli import case_files, sharing

    try:
        cases = [sharing.redacted(one.case) for one in judged]
        case_files.save(options.save, sharing.anonymous(cases) if options.anonymise else cases)
    except (case_files.CaseFileError, sharing.NotAnonymousError) as error:
        streams.tell(f"Error: {error}")
        return ExitStatus.USAGE
    return None


def _progress(sentence: str) -> None:
    if streams.progress_wanted():
        streams.tell(sentence)
