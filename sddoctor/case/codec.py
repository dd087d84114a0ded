"""A Case as JSON and back. The saved file, the test fixture and the lab's record are the same thing."""

from __future__ import annotations

import msgspec

from sddoctor.case.case import SCHEMA, Case


class CaseFormatError(ValueError):
    """The text is not a case that this version can read; the message is one sentence."""


def encode(case: Case) -> bytes:
    """Return the case as readable JSON, the same bytes for equal cases."""
    return msgspec.json.format(msgspec.json.encode(case), indent=1) + b"\n"


def decode(data: bytes) -> Case:
    """Read a case. Raises :class:`CaseFormatError`."""
    try:
        case = msgspec.json.decode(data, type=Case)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise CaseFormatError(f"This is not a saved case: {error}.") from error
    if case.schema != SCHEMA:
        raise CaseFormatError(f"This case has format {case.schema!r}, but {SCHEMA!r} is needed.")
    if not case.places:
        raise CaseFormatError("This saved case was seen from no place.")
    return case
