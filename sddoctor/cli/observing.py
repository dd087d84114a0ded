"""From the options of a command to an observation and its diagnosis."""

from __future__ import annotations

from sddoctor.case.case import Asked
from sddoctor.case.name import parse_name
from sddoctor.cli import params
from sddoctor.cli.judging import Judge, Judged
from sddoctor.diagnosis.diagnose import diagnose
from sddoctor.observe.host.root import HostRootError
from sddoctor.observe.observer import observe
from sddoctor.observe.options import ObserveOptions


def judge_by_observing(options: ObserveOptions, ignore: frozenset[str] = frozenset()) -> Judge:
    """Return the function that observes a name and judges it."""

    def judge(asked: Asked) -> Judged:
        try:
            seen = observe(parse_name(asked.name), asked, options)
        except HostRootError as error:
            raise params.usage_error(str(error)) from error
        return Judged(seen.case, diagnose(seen.case, ignore), seen.timings, seen.warnings)

    return judge
