"""The AWS settings as boto3 finds them, checked before any call is made."""

from __future__ import annotations

import re
from difflib import get_close_matches

from botocore.exceptions import BotoCoreError
from botocore.session import Session

from sddoctor.cli import params, streams


def check(profile: str | None, region: str | None) -> None:
    """Refuse a profile that does not exist and a malformed region; warn of a doubtful one."""
    session = Session(profile=profile)
    try:
        session.get_scoped_config()
        chosen = region or session.get_config_variable("region")
    except BotoCoreError as error:
        raise params.usage_error(_sentence(str(error))) from error
    if chosen is None:
        return
    if not re.fullmatch(r"[a-z0-9-]+", str(chosen)):
        raise params.usage_error(f"'{chosen}' in the AWS settings is not a region, such as eu-west-1.")
    if warning := _doubt(session, str(chosen)):
        streams.tell(warning)


def _doubt(session: Session, region: str) -> str | None:
    """Return a warning if no known partition has the region. It may be newer than this boto3, so it is accepted."""
    partitions = session.get_component("data_loader").load_data("partitions")["partitions"]
    known = {name for partition in partitions for name in partition["regions"]}
    if region in known:
        return None
    close = get_close_matches(region, sorted(known), n=1)
    meant = f"; did you mean {close[0]}?" if close else "."
    return f"Warning: {region} is not a region that this version of boto3 knows{meant}"


def _sentence(text: str) -> str:
    return text if text.endswith(".") else f"{text}."
