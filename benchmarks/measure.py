"""Times whole processes in turn (A B C, A B C, ...) and compares them pair by pair.

The speed of a machine drifts by tens of percent within an hour, so a figure here is always a ratio of two processes that
ran one after the other, with the least and the greatest of all pairs. User, system and peak memory are what the kernel
accounts for the finished process and its children: https://man7.org/linux/man-pages/man2/wait4.2.html
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from tabulate import tabulate


@dataclass(frozen=True)
class Command:
    """A command; ``env`` replaces the environment, ``status`` is what it must end with. ``before`` runs untimed."""

    argv: Sequence[str]
    env: Mapping[str, str] | None = None
    status: int = 0
    before: Callable[[], object] | None = None


@dataclass(frozen=True)
class Sample:
    """One finished process: seconds on the clock, seconds of CPU, and its largest resident size in MiB."""

    wall: float
    cpu: float
    peak: float


@dataclass(frozen=True)
class Spread:
    """The least, the median and the greatest of several figures."""

    least: float
    median: float
    greatest: float

    def __str__(self) -> str:
        return f"{self.median:.2f} ({self.least:.2f} to {self.greatest:.2f})"


@dataclass(frozen=True)
class Row:
    """A line of the table: what was measured in which unit, its spread, and the target that it is held against."""

    what: str
    figure: str
    spread: Spread
    target: str = ""


@dataclass(frozen=True)
class Result:
    """The rows of one subject, and how they came about."""

    title: str
    how: str
    rows: Sequence[Row] = field(default=())


def run(command: Command) -> Sample:
    """Run a command once, its output thrown away. Raises :class:`RuntimeError` for another status than expected."""
    if command.before is not None:
        command.before()
    began = time.monotonic()
    process = subprocess.Popen(
        command.argv, env=command.env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.monotonic() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != command.status:
        raise RuntimeError(f"{' '.join(command.argv)}: status {process.returncode}, not {command.status}")
    unit = 2**20 if sys.platform == "darwin" else 2**10
    return Sample(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / unit)


def in_turn(commands: Mapping[str, Command], rounds: int) -> dict[str, list[Sample]]:
    """Run every command once unmeasured, and then all of them in turn, ``rounds`` times."""
    for command in commands.values():
        run(command)
    samples: dict[str, list[Sample]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            samples[name].append(run(command))
    return samples


def spread(figures: Sequence[float]) -> Spread:
    """Return least, median and greatest."""
    return Spread(min(figures), statistics.median(figures), max(figures))


def ratio(samples: Sequence[Sample], others: Sequence[Sample], of: str = "wall") -> Spread:
    """Return how many times as much the first take as the others, pair by pair."""
    return spread([getattr(a, of) / getattr(b, of) for a, b in zip(samples, others, strict=True)])


def as_markdown(results: Sequence[Result]) -> str:
    """Return the tables as Markdown."""
    parts = []
    for result in results:
        rows = [(r.what, r.figure, str(r.spread), r.target) for r in result.rows]
        table = tabulate(rows, headers=("what", "figure", "median (least to greatest)", "target"), tablefmt="github")
        parts.append(f"## {result.title}\n\n{result.how}\n\n{table}\n")
    return "\n".join(parts)
