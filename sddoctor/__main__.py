"""Entry point of the ``sddoctor`` command."""

import sys


def main() -> None:
    """Run the command line and exit with its status."""
    from sddoctor.cli.main import run

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
