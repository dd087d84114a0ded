"""A Case as JSON and back. Saved files, test fixtures and the lab's records share this format."""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from sddoctor.bundle import plausible
from sddoctor.bundle.earlier import rewritten, upgraded
from sddoctor.case.case import SCHEMA, Case

MANY_SCHEMA = "sddoctor.cases/1"
T = TypeVar("T")


class _Many(Struct, frozen=True):
    """The file of several names."""

    schema: str
    cases: tuple[Case, ...]


class _Header(Struct, frozen=True):
    """The part that distinguishes one case from several."""

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
        data = rewritten(data)
        if schema == MANY_SCHEMA:
            cases = _decoder(_Many).decode(data).cases
        elif schema in ("", SCHEMA):
            cases = (_decoder(Case).decode(data),)
        else:
            raise CaseFormatError(_wrong_format(schema))
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise CaseFormatError(f"This is not a saved case: {error}.") from error
    if not cases:
        raise CaseFormatError("There is no case in it.")
    for case in cases:
        if case.schema != SCHEMA:
            raise CaseFormatError(_wrong_format(case.schema))
        if why := plausible.why_not(case):
            raise CaseFormatError(f"It is not what --save writes: {why}.")
    return tuple(upgraded(case) for case in cases)


def decode(data: bytes) -> Case:
    """Read the case of one name. Raises :class:`CaseFormatError`."""
    cases = decode_many(data)
    if len(cases) > 1:
        raise CaseFormatError(f"There are {len(cases)} cases in it, and one is wanted.")
    return cases[0]


def _schema(data: bytes) -> str:
    """Return the format that the text says it has. Raises what msgspec raises for text that is no JSON object."""
    return _decoder(_Header).decode(data).schema


#: msgspec inspects a type when its decoder is created, and the process crashes when two threads do that for the first
#: time at once (msgspec 0.22, a segmentation fault nearly every time). Decoding itself is thread-safe.
_ONE_AT_A_TIME = threading.Lock()
_DECODERS: dict[type, msgspec.json.Decoder[Any]] = {}


def _decoder(kind: type[T]) -> msgspec.json.Decoder[T]:
    """Return the decoder of a type, created once by one thread."""
    with _ONE_AT_A_TIME:
        if kind not in _DECODERS:
            _DECODERS[kind] = msgspec.json.Decoder(kind)
        return _DECODERS[kind]


def _wrong_format(schema: str) -> str:
    """Return the sentence for another format: of a newer version, or of something else."""
    newer = re.fullmatch(r"sddoctor\.cases?/([1-9][0-9]{0,5})", schema)
    if newer:
        return f"A newer sddoctor wrote it ('{schema}', and this one reads '{SCHEMA}'): upgrade sddoctor to read it."
    return f"It has the format {schema[:40]!r}, and {SCHEMA!r} is needed, which --save writes."
