"""Start-up: what a user waits for before anything is asked, against Python that has imported click."""

from __future__ import annotations

import sys

from benchmarks.measure import Command, Result, Row, in_turn, ratio

_OURS = {
    "--help": ["--help"],
    "--version": ["--version"],
    "check --help": ["check", "--help"],
    "explain": ["explain"],
    "explain CODE": ["explain", "split-dns-missing"],
    "completion bash": ["completion", "bash"],
}
TARGET = "at most 1.3"


def measure(rounds: int) -> Result:
    """Time every quick command in turn with ``import click``."""
    commands = {"click": Command([sys.executable, "-c", "import click"])}
    commands |= {name: Command([sys.executable, "-m", "sddoctor", *argv]) for name, argv in _OURS.items()}
    samples = in_turn(commands, rounds)
    rows = [
        Row(f"sddoctor {name}", f"{of} against click", ratio(samples[name], samples["click"], of), TARGET)
        for name in _OURS
        for of in ("wall", "cpu")
    ]
    how = f"Whole processes, {rounds} of each; `click` is `python -c 'import click'`."
    return Result("Start-up", how, rows)
