"""What ends a command from outside: Ctrl-C, and the signals that ask a process to end or say that its terminal is gone.

The first of them raises an exception in the main thread, so that files are taken back and one sentence is said. Further ones
are ignored from then on: taking back must not be interrupted. Python drops an exception that comes while it runs a callback
of its own, during an import for instance; so it is raised again until somebody has caught it.

The kernel may give a signal to any thread, to one that is just starting a process for instance, and Python then leaves the
main thread asleep. So a thread waits for word of every signal, and wakes the main one.
https://docs.python.org/3/library/signal.html#signal.set_wakeup_fd
"""

from __future__ import annotations

import _thread
import os
import signal
import threading
import time
from types import FrameType

#: Seconds until it is raised again, and how often, before the process ends without taking anything back.
_PAUSE, _TRIES = 1.0, 5
#: Seconds in which the main thread notices a signal, if it got it itself.
_NOTICED = 0.1


class _Ending:
    """The signal that came first, and what has become of it."""

    number: int | None = None
    watched = False
    caught = False
    again = False


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
    ours = set()
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)  # there is no SIGHUP on Windows
        if number is not None and signal.getsignal(number) in (signal.SIG_DFL, signal.default_int_handler):
            signal.signal(number, _raise)
            ours.add(int(number))
    if ours and hasattr(signal, "pthread_kill"):
        told, tells = os.pipe()
        os.set_blocking(tells, False)
        signal.set_wakeup_fd(tells, warn_on_full_buffer=False)
        _Ending.watched = True
        _thread.start_new_thread(_watch, (told, frozenset(ours)))


def caught() -> None:
    """Say that the exception has arrived: it is not raised again."""
    _Ending.caught = True


def _raise(number: int, _frame: FrameType | None) -> None:
    if _Ending.number is None:
        _Ending.number = number
        if not _Ending.watched:
            _thread.start_new_thread(_insist, (number,))
    elif _Ending.again:
        _Ending.again = False
    else:
        return
    if _Ending.number == signal.SIGINT:
        raise KeyboardInterrupt
    raise Ended(_Ending.number)


def _watch(told: int, ours: frozenset[int]) -> None:
    """Wait for one of our signals, and see that the main thread notices it."""
    number = 0
    while number not in ours:
        (number,) = os.read(told, 1)
    time.sleep(_NOTICED)
    if _Ending.number is None:
        _wake(number)
    _insist(number)


def _insist(number: int) -> None:
    for _ in range(_TRIES):
        time.sleep(_PAUSE)
        if _Ending.caught:
            return
        _Ending.again = True
        _wake(number)
    if not _Ending.caught:
        os._exit(128 + number)


def _wake(number: int) -> None:
    """Send the signal to the main thread itself."""
    main = threading.main_thread().ident
    if hasattr(signal, "pthread_kill") and main is not None:
        signal.pthread_kill(main, number)
    else:
        _thread.interrupt_main(signal.Signals(number))
