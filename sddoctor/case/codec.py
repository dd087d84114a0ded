"""A Case as JSON and back. The saved file, the test fixture and the lab's record are the same thing."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from msgspec import Struct

from sddoctor.case.case import SCHEMA, Case

MANY_SCHEMA = "sddoctor.cases/1"


class _Many(Struct, frozen=True):
    """The file of several names."""

    schema: str
    cases: tuple[Case, ...]


class _Header(Struct, frozen=True):
    """The part that tells a case from several."""

    schema: str = ""


class CaseFormatError(ValueError):
    """The text is not a case that this version can read; the message is one sentence."""


def encode(case: Case) -> bytes:
    """Return the case as readable JSON, the same bytes for equal cases."""
    return msgspec.json.format(msgspec.json.encode(case), indent=1) + b"\n"


def encode_many(cases: Sequence[Case]) -> bytes:
    """Return the cases of several names as one readable JSON object."""
    many = _Many(MANY_SCHEMA, tuple(cases))
    return msgspec.json.format(msgspec.json.encode(many), indent=1) + b"\n"


def decode_many(data: bytes) -> tuple[Case, ...]:
    """Read one case, or the cases of several names. Raises :class:`CaseFormatError`."""
    try:
        if _schema(data) != MANY_SCHEMA:
            return (decode(data),)
        cases = msgspec.json.decode(data, type=_Many).cases
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise CaseFormatError(f"This is not a saved case: {error}.") from error
    for case in cases:
        _check(case)
    if not cases:
        raise CaseFormatError("There is no case in it.")
    return cases


def decode(data: bytes) -> Case:
    """Read a case. Raises :class:`CaseFormatError`."""
    try:
        if (schema := _schema(data)) not in ("", SCHEMA):
            raise CaseFormatError(f"It has the format {schema!r}, and {SCHEMA!r} is needed, which --save writes.")
        case = msgspec.json.decode(data, type=Case)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise CaseFormatError(f"This is not a saved case: {error}.") from error
    _check(case)
    return case


def _schema(data: bytes) -> str:
    """Return the format that the text says it has. Raises what msgspec raises for what is no JSON object."""
    return msgspec.json.decode(data, type=_Header).schema


def _check(case: Case) -> None:
    if case.schema != SCHEMA:
        raise CaseFormatError(f"This case has format {case.schema!r}, but {SCHEMA!r} is needed.")
    if not case.places:
        raise CaseFormatError("This saved case was seen from no place.")
