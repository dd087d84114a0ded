"""What ends a command from outside: Ctrl-C, and the signals that ask a process to end or say that its terminal is gone.

The first of them raises an exception in the main thread, so that files are cleaned up and one sentence is written. Further
ones are ignored from then on: cleaning up must not be interrupted. A thread makes sure that the exception arrives:

- The kernel may give a signal to any thread, to one that is just starting a process for instance, and Python then leaves the
  main thread asleep. So it is notified of every signal, and wakes the main one.
  https://docs.python.org/3/library/signal.html#signal.set_wakeup_fd
- Python drops an exception that comes while it runs a callback of its own, during an import for instance. So it is raised
  again until somebody has caught it.

Windows has Ctrl-C only, which Python itself turns into an exception.
"""

from __future__ import annotations

import _thread
import os
import signal
import threading
import time
from types import FrameType

#: Seconds until it is raised again, and how often, before the process ends without cleaning up.
_PAUSE, _TRIES = 1.0, 5
#: Seconds in which the main thread notices a signal, if it got it itself.
_NOTICED = 0.1


class _Ending:
    """The signal that came first, whether its exception is still to be raised, and whether nothing may come any more."""

    number = 0
    due = True
    caught = False


class Ended(BaseException):
    """A signal asks the process to end. Not an :class:`Exception`: nothing may handle it as an error."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number

    @property
    def sentence(self) -> str:
        """The sentence for standard error."""
        return "Terminated." if self.number == signal.SIGTERM else "The terminal has gone."

    @property
    def status(self) -> int:
        """What a shell shows for a process that the signal ended."""
        return 128 + self.number


def install() -> None:
    """Handle those of the signals that are not ignored, as they are below nohup or in the background."""
    if not hasattr(signal, "pthread_kill"):
        return
    default = (signal.SIG_DFL, signal.default_int_handler)
    handled = frozenset(n for n in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP) if signal.getsignal(n) in default)
    for number in handled:
        signal.signal(number, _raise)
    if handled:
        reader, writer = os.pipe()
        os.set_blocking(writer, False)
        signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
        _thread.start_new_thread(_watch, (reader, handled))


def caught() -> None:
    """Note that the exception has arrived, or comes too late: nothing is raised from now on."""
    _Ending.caught = True


class UntilInterrupted:
    """A block that Ctrl-C and SIGTERM end; the command goes on after it."""

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        """End; any other exception is propagated."""
        ends = isinstance(error, KeyboardInterrupt) or (isinstance(error, Ended) and error.number == signal.SIGTERM)
        if ends:
            caught()
        return ends


def _raise(number: int, _frame: FrameType | None) -> None:
    if _Ending.caught or not _Ending.due:
        return
    _Ending.due = False
    _Ending.number = _Ending.number or number
    raise KeyboardInterrupt if _Ending.number == signal.SIGINT else Ended(_Ending.number)


def _watch(reader: int, handled: frozenset[int]) -> None:
    """Wait for a handled signal, and make sure that its exception arrives."""
    number = 0
    while number not in handled:
        (number,) = os.read(reader, 1)
    main = threading.main_thread().ident or 0
    time.sleep(_NOTICED)
    if _Ending.due:
        signal.pthread_kill(main, number)
    for _ in range(_TRIES):
        time.sleep(_PAUSE)
        if _Ending.caught:
            return
        _Ending.due = True
        signal.pthread_kill(main, number)
    time.sleep(_PAUSE)
    if not _Ending.caught:
        os._exit(128 + number)
