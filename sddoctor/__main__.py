"""Entry point of the ``sddoctor`` command."""

import gc
import os
import sys

#: Nearly everything that starting up makes is needed to the end: looking through it again and again for garbage would be
#: a quarter of the CPU time of a check.
_RARELY = (200_000, 20, 20)


def main() -> None:
    """Run the command line and exit with its status."""
    gc.set_threshold(*_RARELY)
    from sddoctor.cli.main import run
    from sddoctor.cli.status import ExitStatus

    status = run(sys.argv[1:])
    if status == ExitStatus.INTERRUPTED:
        os._exit(status)  # calls that are still under way would hold the process until they end
    gc.freeze()
    sys.exit(status)


if __name__ == "__main__":
    main()
