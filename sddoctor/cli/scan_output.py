"""Where the report of a scan goes, and in which format: as it comes where the format allows that."""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from sddoctor import __version__
from sddoctor.cli import streams
from sddoctor.report import json_text
from sddoctor.report.json_report import SCHEMA
from sddoctor.report.scan import documents, prometheus, table
from sddoctor.report.scan.rows import Row


class ReaderGoneError(Exception):
    """Whoever read standard output has gone away (``| head``)."""


class Sink:
    """Standard output, or a file that is put in place when everything is written. Raises :class:`OSError`."""

    def __init__(self, path: Path | None) -> None:
        self._path = path.resolve() if path is not None else None
        self._file: IO[str] | None = None
        self._temporary = ""
        if self._path is None:
            return
        if self._path.exists() and not self._path.is_file():  # a pipe or a device cannot be replaced
            self._file = self._path.open("w", encoding="utf-8")
            return
        handle, self._temporary = tempfile.mkstemp(dir=self._path.parent, prefix=f".{self._path.name}.")
        self._file = os.fdopen(handle, "w", encoding="utf-8")

    def write(self, text: str) -> None:
        """Write text. Raises :class:`ReaderGoneError` when nobody would see the rest."""
        if self._file is None:
            try:
                sys.stdout.write(text)
                sys.stdout.flush()
            except BrokenPipeError as error:
                streams.forget_stdout()
                raise ReaderGoneError from error
        else:
            self._file.write(text)

    def finish(self) -> None:
        """Put the file in place. It may be read by others: a node exporter runs as another user."""
        if self._file is None:
            return
        self._file.flush()
        if self._temporary and self._path is not None:
            os.fsync(self._file.fileno())
            self._file.close()
            Path(self._temporary).chmod(0o644)
            Path(self._temporary).replace(self._path)
            self._temporary = ""

    def give_up(self) -> None:
        """Remove what was written, unless it is in place."""
        if self._temporary:
            with contextlib.suppress(OSError):
                Path(self._temporary).unlink()


class Report:
    """The report in the format asked for. ``shown`` chooses the rows that are in it."""

    def __init__(self, output: str, sink: Sink, colour: streams.ColourChoice, shown: Callable[[Row], bool]) -> None:
        self._output = output
        self._sink = sink
        self._colour: streams.ColourChoice = colour
        self._shown = shown
        self._written = 0

    def add(self, row: Row, line: dict[str, Any]) -> None:
        """Add a name; formats that need no other name write it at once."""
        if not self._shown(row):
            return
        if self._output == "jsonl":
            self._sink.write(json_text.line(line) + "\n")
        elif self._output == "json":
            self._sink.write((self._head() if not self._written else ",") + "\n" + json_text.line(line))
        self._written += 1

    def end(self, rows: list[Row], api_only: int) -> None:
        """Write what needs all rows."""
        shown = [row for row in rows if self._shown(row)]
        if self._output == "json":
            self._sink.write(("" if self._written else self._head()) + "\n]}\n")
        elif self._output == "markdown":
            self._sink.write(documents.markdown(shown, api_only))
        elif self._output == "junit":
            self._sink.write(documents.junit(shown))
        elif self._output == "prometheus":
            self._sink.write(prometheus.render(shown, datetime.now(UTC)))
        elif self._output == "text":
            self._sink.write(table.render(shown, rows, api_only, streams.style(self._colour, verbose=False)))

    @staticmethod
    def _head() -> str:
        at = json_text.time(datetime.now(UTC))
        head = json_text.line({"schema": SCHEMA, "generated_at": at, "version": __version__, "reports": []})
        return head.removesuffix("]}")
