"""The one way from the command line to an observation; what the user got wrong becomes one sentence."""

from __future__ import annotations

import re
from difflib import get_close_matches

import click

from sddoctor.case.case import Asked
from sddoctor.case.name import parse_name
from sddoctor.cli.judging import Judge, Judged
from sddoctor.diagnosis.diagnose import diagnose
from sddoctor.observe.host.root import HostRootError
from sddoctor.observe.observer import ObserveOptions, observe


def judge_by_observing(options: ObserveOptions, ignore: frozenset[str]) -> Judge:
    """Return the function that observes a name and judges it."""

    def judge(asked: Asked) -> Judged:
        try:
            seen = observe(parse_name(asked.name), asked, options)
        except HostRootError as error:
            raise click.UsageError(str(error)) from error
        return Judged(seen.case, diagnose(seen.case, ignore), seen.timings, seen.warnings)

    return judge


def check_aws_settings(options: ObserveOptions) -> str | None:
    """Refuse a profile that does not exist and a malformed region; return a warning about a doubtful region."""
    from botocore.exceptions import BotoCoreError
    from botocore.session import Session

    session = Session(profile=options.profile)
    try:
        session.get_scoped_config()
        region = options.region or session.get_config_variable("region")
    except BotoCoreError as error:
        raise click.UsageError(_sentence(str(error))) from error
    if region is None:
        return None
    if not re.fullmatch(r"[a-z0-9-]+", str(region)):
        raise click.UsageError(f"'{region}' in the AWS settings is not a region, such as eu-west-1.")
    return _doubt(session, str(region))


def _doubt(session: object, region: str) -> str | None:
    """Say so if no known partition has the region. It may be newer than this boto3, so it is not refused."""
    from botocore.session import Session

    assert isinstance(session, Session)  # noqa: S101
    partitions = session.get_component("data_loader").load_data("partitions")["partitions"]
    known = {name for partition in partitions for name in partition["regions"]}
    if region in known:
        return None
    close = get_close_matches(region, sorted(known), n=1)
    meant = f"; did you mean {close[0]}?" if close else "."
    return f"Warning: {region} is not a region that this version of boto3 knows{meant}"


def _sentence(text: str) -> str:
    return text if text.endswith(".") else f"{text}."
