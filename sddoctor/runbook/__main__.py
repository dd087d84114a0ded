"""``python -m sddoctor.runbook DIR`` writes the runbooks for any name, as in ``docs/runbooks``."""

from __future__ import annotations

import sys
from pathlib import Path

from sddoctor.runbook.generic import pages


def main(directory: Path) -> None:
    """Write every page."""
    directory.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (directory / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
