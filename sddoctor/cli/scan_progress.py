"""How far a scan is: on standard error for people, and in a file from which an interrupted scan is resumed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from sddoctor.cli import streams
from sddoctor.report import json_text
from sddoctor.report.scan.rows import VERDICTS

FORMAT = "sddoctor.scan-progress/1"


class ResumeError(Exception):
    """The file cannot be used; the message is one sentence."""


class ResumeFile:
    """Every report of a scan, one JSON object a line, below a line that says which scan it is.

    What follows a line that was cut off is dropped, and those names are observed again. Raises :class:`ResumeError`
    where the file cannot be used.
    """

    def __init__(self, path: Path, scan: dict[str, Any]) -> None:
        self._path = path
        self._head = {"schema": FORMAT, "scan": scan}
        try:
            self._file: IO[bytes] = path.open("ab+")
            self._good = self._check()
            self._file.truncate(self._good)
            if not self._good:
                self._write(self._head)
        except OSError as error:
            raise ResumeError(f"'{path}' cannot be used: {error.strerror or error}.") from error

    def earlier(self) -> Iterator[dict[str, Any]]:
        """Yield the reports of the interrupted scan."""
        with self._path.open("rb") as file:
            file.readline()
            while file.tell() < self._good:
                yield json.loads(file.readline())

    def add(self, line: dict[str, Any]) -> None:
        """Add a report."""
        try:
            self._write(line)
        except OSError as error:
            raise ResumeError(f"'{self._path}' cannot be written: {error.strerror or error}.") from error

    def finish(self) -> None:
        """Remove the file: the scan is complete, and the next one starts from the beginning."""
        self._file.close()
        self._path.unlink(missing_ok=True)

    def _write(self, line: dict[str, Any]) -> None:
        self._file.write(f"{json_text.line(line)}\n".encode())
        self._file.flush()

    def _check(self) -> int:
        """Return how many bytes of the file are whole lines of this scan."""
        self._file.seek(0)
        first = self._file.readline()
        if not first.endswith(b"\n"):
            if first and not json_text.line(self._head).encode().startswith(first):
                raise ResumeError(f"'{self._path}' is not a file that --resume wrote.")
            return 0
        head = _object(first)
        if head.get("schema") != FORMAT:
            raise ResumeError(f"'{self._path}' is not a file that --resume wrote.")
        if head != self._head:
            raise ResumeError(f"'{self._path}' is of a scan with other options: give the same ones, or remove it.")
        good = len(first)
        for line in self._file:
            if not line.endswith(b"\n") or not _is_report(_object(line)):
                break
            good += len(line)
        return good


def _object(text: bytes) -> dict[str, Any]:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return data if isinstance(data, dict) else {}


def _is_report(line: dict[str, Any]) -> bool:
    texts = ("account", "region", "profile", "role", "namespace", "name", "headline")
    lists = ("root_causes", "findings", "gaps")
    return (
        all(isinstance(line.get(key), str) for key in texts)
        and all(isinstance(line.get(key), list) for key in lists)
        and line.get("verdict") in VERDICTS
    )


class Bar:
    """A progress bar on standard error, if that is a terminal."""

    def __init__(self) -> None:
        self._shown = streams.progress_wanted()
        self._done = self._known = 0

    def expect(self, names: int) -> None:
        """Add names to the total."""
        self._known += names
        self._draw()

    def step(self) -> None:
        """Count a name as observed."""
        self._done += 1
        self._draw()

    def clear(self) -> None:
        """Remove the line."""
        if self._shown:
            streams.tell_lines("\r\x1b[K")

    def _draw(self) -> None:
        if self._shown:
            width = 30
            full = width * self._done // max(1, self._known)
            streams.tell_lines(f"\r[{'#' * full}{' ' * (width - full)}] {self._done} of {self._known} names")
