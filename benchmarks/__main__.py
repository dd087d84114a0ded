"""Runs the benchmarks, prints their tables and writes RESULTS.md: ``python -m benchmarks [SUBJECT ...] [--rounds N]``.

A subject is a module of this package with a function ``measure(rounds) -> Result``. Naming subjects keeps the others'
chapters of RESULTS.md as they are.
"""

from __future__ import annotations

import argparse
import importlib
import os
import platform
import re
from pathlib import Path

from benchmarks.measure import as_markdown

SUBJECTS = ("startup", "check", "scan", "judging")
RESULTS = Path(__file__).with_name("RESULTS.md")


def main() -> None:
    """Run the subjects that were named, or all."""
    arguments = argparse.ArgumentParser(prog="python -m benchmarks", description="Run the benchmarks.")
    arguments.add_argument("subjects", nargs="*", metavar="SUBJECT", help=f"of {', '.join(SUBJECTS)}; default: all")
    arguments.add_argument("--rounds", type=int, default=15, help="how often each process is run; default: 15")
    given = arguments.parse_args()
    if unknown := set(given.subjects) - set(SUBJECTS):
        arguments.error(f"there is no subject {', '.join(sorted(unknown))}")
    chapters = _earlier()
    for name in given.subjects or SUBJECTS:
        module = importlib.import_module(f"benchmarks.{name}")
        chapters[name] = as_markdown([module.measure(given.rounds)])
        print(chapters[name])
    ordered = [f"<!-- {name} -->\n{chapters[name].strip()}\n" for name in SUBJECTS if name in chapters]
    RESULTS.write_text("\n".join([_head(), *ordered]), encoding="utf-8")


def _head() -> str:
    load = os.getloadavg()[0]
    machine = f"{platform.system()} {platform.machine()}, {os.cpu_count()} CPUs, Python {platform.python_version()}"
    return (
        "# Benchmark results\n\nWritten by `make bench`; do not edit. Every figure is a ratio of processes that ran in turn"
        f" within one run, with the least and the greatest of all pairs. Last run: {machine}, load {load:.0f} at its end.\n"
    )


def _earlier() -> dict[str, str]:
    if not RESULTS.exists():
        return {}
    parts = re.split(r"(?m)^<!-- (\w+) -->\n", RESULTS.read_text(encoding="utf-8"))
    return dict(zip(parts[1::2], parts[2::2], strict=True))


if __name__ == "__main__":
    main()
