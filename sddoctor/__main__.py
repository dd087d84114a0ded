"""Entry point of the ``sddoctor`` command."""

import gc
import os
import sys

#: Nearly everything that starting up makes is needed to the end: looking through it again and again for garbage would be
#: a quarter of the CPU time of a check.
_RARELY = (200_000, 20, 20)
#: Statuses from here on are those of signals, and Ctrl-C's is the second of them.
_SIGNALLED, _INTERRUPTED = 129, 130


def main() -> None:
    """Run the command line and exit with its status."""
    gc.set_threshold(*_RARELY)
    from sddoctor.cli import interrupts

    try:
        interrupts.install()
        from sddoctor.cli.main import run

        status = run(sys.argv[1:])
    except KeyboardInterrupt:  # before anything was begun, or while the sentence about the first was written
        status = _INTERRUPTED
    except interrupts.Ended as ended:
        status = ended.status
    interrupts.caught()
    _end_children()
    if status >= _SIGNALLED:
        os._exit(status)  # calls that are still under way would hold the process until they end
    gc.freeze()
    sys.exit(status)


def _end_children() -> None:
    """End what still looks this host over, if anything was started."""
    if "sddoctor.observe.host.children" in sys.modules:
        from sddoctor.observe.host import children

        children.end_all()


if __name__ == "__main__":
    main()
