"""Saved cases: written atomically, and read with one sentence for every error."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sddoctor import files
from sddoctor.bundle import codec, packing
from sddoctor.case.case import Case
from sddoctor.places import labels
from sddoctor.places.merge import merge


class CaseFileError(Exception):
    """A file cannot be read or written, or is no case; the message is one sentence."""


def save(path: Path, cases: Sequence[Case]) -> None:
    """Write the case, or the cases of several names, whole or not at all. Raises :class:`CaseFileError`."""
    data = packing.pack(codec.encode(cases[0]) if len(cases) == 1 else codec.encode_many(cases))
    try:
        if path.exists() and not path.is_file():  # a pipe or /dev/stdout cannot be replaced
            path.write_bytes(data)
        else:
            files.write_whole(path.resolve(), data)
    except OSError as error:
        raise CaseFileError(f"'{path}' could not be written: {error.strerror or error}.") from error


def read(paths: Sequence[Path], names: Sequence[str]) -> list[Case]:
    """Return one case for each name; those of several files are the same name, seen from several places.

    Each place is called after its file, unless it has a label of its own. Without ``names``, every name in the files.

    Raises :class:`CaseFileError`.
    """
    by_name: dict[str, list[labels.CaseOfFile]] = {}
    for path, label in zip(paths, labels.of_files(paths), strict=True):
        for case in _read_one(path):
            by_name.setdefault(case.name, []).append(labels.CaseOfFile(label, case))
    for name in names:
        if name not in by_name:
            held = ", ".join(sorted(by_name))
            raise CaseFileError(f"Nothing of '{name}' was saved there; what was saved is about {held}.")
    return [_merged(by_name[name]) for name in names or by_name]


def _merged(cases: list[labels.CaseOfFile]) -> Case:
    return cases[0].case if len(cases) == 1 else merge(labels.labelled(cases))


def _read_one(path: Path) -> tuple[Case, ...]:
    try:
        with path.open("rb") as file:
            data = file.read(packing.FILE_LIMIT + 1)
        text = packing.unpack(data)
        return codec.decode_many(text) if text.lstrip()[:1] == b"{" else _not_json(text)
    except OSError as error:
        raise CaseFileError(f"'{path}' cannot be read: {error.strerror or error}.") from error
    except (packing.PackingError, codec.CaseFormatError) as error:
        raise CaseFileError(f"'{path}' cannot be used. {error}") from error


def _not_json(text: bytes) -> tuple[Case, ...]:
    """Read the output of a probe. Raises :class:`CaseFileError` in its place, or what reading JSON raises."""
    from sddoctor.formats.probe import transcript
    from sddoctor.observe.probe.read import read as read_probe

    if not transcript.looks_like(text):
        return codec.decode_many(text)
    try:
        return (read_probe(text),)
    except transcript.TranscriptError as error:
        raise codec.CaseFormatError(str(error)) from error
