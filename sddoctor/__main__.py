"""Entry point of the ``sddoctor`` command."""

import os
import sys


def main() -> None:
    """Run the command line and exit with its status."""
    from sddoctor.cli.main import run
    from sddoctor.cli.status import ExitStatus

    status = run(sys.argv[1:])
    if status == ExitStatus.INTERRUPTED:
        os._exit(status)  # calls that are still under way would hold the process until they end
    sys.exit(status)


if __name__ == "__main__":
    main()
