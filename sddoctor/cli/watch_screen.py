"""Where a watch is shown: a live table, lines of text, lines of JSON, or an HTML document at the end."""

from __future__ import annotations

import sys
from typing import Literal, Protocol

from sddoctor.case.watch import Recording
from sddoctor.cli import streams
from sddoctor.diagnosis.watch_summary import Summary
from sddoctor.report.style import Style


class Screen(Protocol):
    """Shows a watch while it runs, and its summary."""

    def update(self, recording: Recording) -> None:
        """Show what was seen last."""

    def end(self, recording: Recording, summary: Summary) -> None:
        """Show the summary."""


def screen(output: Literal["auto", "text", "json", "html"], color: streams.ColourChoice) -> Screen:
    """Return the screen for an output format."""
    terminal = sys.stdout.isatty()
    if output == "html":
        return _Html()
    if output == "json" or (output == "auto" and not terminal):
        return _JsonLines()
    style = streams.style(color, verbose=False)
    return _Table(style) if terminal else _Lines(style)


class _Lines:
    """A line for each change, then the summary."""

    def __init__(self, style: Style) -> None:
        self._style = style

    def update(self, recording: Recording) -> None:
        if recording.stretches[-1].times == 1:
            from sddoctor.report import watch_text

            streams.write(watch_text.change(recording, self._style))

    def end(self, recording: Recording, summary: Summary) -> None:
        from sddoctor.report import watch_text

        streams.write(("\n" if recording.stretches else "") + watch_text.summary(summary, self._style))


class _Table(_Lines):
    """A table that is redrawn in place."""

    def __init__(self, style: Style) -> None:
        super().__init__(style)
        self._height = 0

    def update(self, recording: Recording) -> None:
        from sddoctor.report import watch_text

        text = watch_text.table(recording, self._style)
        up = f"\x1b[{self._height}A\x1b[J" if self._height else ""
        self._height = text.count("\n")
        streams.write(up + text)


class _JsonLines:
    """A line for each style, and one with the summary."""

    def update(self, recording: Recording) -> None:
        from sddoctor.report import watch_json

        streams.write(watch_json.latest(recording))

    def end(self, recording: Recording, summary: Summary) -> None:  # noqa: ARG002
        from sddoctor.report import watch_json

        streams.write(watch_json.summary(summary))


class _Html:
    """Nothing until the end, then an HTML document; a terminal shows the progress."""

    def update(self, recording: Recording) -> None:
        if streams.progress_wanted():
            from sddoctor.report import watch_text

            streams.tell(watch_text.change(recording, Style()).rstrip())

    def end(self, recording: Recording, summary: Summary) -> None:
        from sddoctor import __version__
        from sddoctor.report.html import watch

        streams.write(watch.render(recording, summary, __version__))
