"""What ends a command from outside: Ctrl-C, and the signals that ask a process to end or say that its terminal is gone.

The first of them raises an exception in the main thread, so that files are taken back and one sentence is said. Further ones
are ignored from then on: taking back must not be interrupted.
"""

from __future__ import annotations

import signal
from types import FrameType


class Ended(BaseException):
    """A signal asks the process to end. Not an :class:`Exception`: nothing on the way may take it for an error."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number

    @property
    def sentence(self) -> str:
        """What is said about it."""
        return "Terminated." if self.number == signal.SIGTERM else "The terminal has gone."

    @property
    def status(self) -> int:
        """What a shell shows for a process that the signal ended."""
        return 128 + self.number


def install() -> None:
    """Handle those of the signals that are not ignored, as they are below nohup or in the background."""
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)  # there is no SIGHUP on Windows
        if number is not None and signal.getsignal(number) in (signal.SIG_DFL, signal.default_int_handler):
            signal.signal(number, _raise)


def _raise(number: int, _frame: FrameType | None) -> None:
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        other = getattr(signal, name, None)
        if other is not None and signal.getsignal(other) is _raise:
            signal.signal(other, signal.SIG_IGN)
    if number == signal.SIGINT:
        raise KeyboardInterrupt
    raise Ended(number)
