"""Entry point of the ``sddoctor`` command, and the one place where its process ends."""

import contextlib
import gc
import os
import sys
from typing import NoReturn

#: Nearly everything that starting up makes is needed to the end: looking through it again and again for garbage would be
#: a quarter of the CPU time of a check.
_RARELY = (200_000, 20, 20)
#: What a shell shows for Ctrl-C.
_INTERRUPTED = 130


def main() -> NoReturn:
    """Run the command line and leave with its status."""
    gc.set_threshold(*_RARELY)
    from sddoctor.cli import interrupts

    try:
        interrupts.install()
        from sddoctor.cli.main import run

        status = run(sys.argv[1:])
        interrupts.caught()
    except KeyboardInterrupt:  # before anything was begun, or while the sentence about the first was written
        status = _INTERRUPTED
    except interrupts.Ended as ended:
        status = ended.status
    interrupts.caught()
    _leave(status)


def _leave(status: int) -> NoReturn:
    """End the process, and leave the interpreter standing: threads may still be at work in it.

    A command may be over before its calls are: after wrong usage that AWS showed, or when the time is over. Such a thread
    makes a client or a connection in C code, and takes no notice when ``exit`` frees what OpenSSL has in common for all of
    them: the process would be killed in place of the status. Waiting for the threads would cost as long as AWS is silent.
    """
    _end_children()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):  # said before, or nobody is left to hear it
            stream.flush()
    os._exit(status)


def _end_children() -> None:
    """End what still looks this host over, if anything was started."""
    if "sddoctor.observe.host.children" in sys.modules:
        from sddoctor.observe.host import children

        children.end_all()


if __name__ == "__main__":
    main()
