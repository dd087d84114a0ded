"""A Case as JSON and back. The saved file, the test fixture and the lab's record are the same thing."""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec
from msgspec import Struct

from sddoctor.case import plausible
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
        schema = _schema(data)
        if schema == MANY_SCHEMA:
            cases = msgspec.json.decode(data, type=_Many).cases
        elif schema in ("", SCHEMA):
            cases = (msgspec.json.decode(data, type=Case),)
        else:
            raise CaseFormatError(_another(schema))
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise CaseFormatError(f"This is not a saved case: {error}.") from error
    if not cases:
        raise CaseFormatError("There is no case in it.")
    for case in cases:
        if case.schema != SCHEMA:
            raise CaseFormatError(_another(case.schema))
        if why := plausible.why_not(case):
            raise CaseFormatError(f"It is not what --save writes: {why}.")
    return cases


def decode(data: bytes) -> Case:
    """Read the case of one name. Raises :class:`CaseFormatError`."""
    cases = decode_many(data)
    if len(cases) > 1:
        raise CaseFormatError(f"There are {len(cases)} cases in it, and one is wanted.")
    return cases[0]


def _schema(data: bytes) -> str:
    """Return the format that the text says it has. Raises what msgspec raises for what is no JSON object."""
    return msgspec.json.decode(data, type=_Header).schema


def _another(schema: str) -> str:
    """Say that the format is another one: of a newer version, or of something else."""
    newer = re.fullmatch(r"sddoctor\.cases?/([1-9][0-9]{0,5})", schema)
    if newer:
        return f"A newer sddoctor wrote it ('{schema}', and this one reads '{SCHEMA}'): upgrade sddoctor to read it."
    return f"It has the format {schema[:40]!r}, and {SCHEMA!r} is needed, which --save writes."
