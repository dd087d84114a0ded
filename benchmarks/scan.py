"""Scans of 10, 100 and 1,000 services of ten tasks, and of one service with 1,000: how time, calls and memory grow."""

from __future__ import annotations

import math
from collections.abc import Sequence

from benchmarks.measure import Command, Result, Row, Sample, run, spread
from sddoctor.lab.runner import Lab
from sddoctor.observe.aws.cost import Estate, calls_of
from tests.estates import estate

SIZES = ((10, 10), (100, 10), (1000, 10), (1, 1000))
#: AWS's rates would hide what the program itself needs.
ARGS = ("scan", "--asker", "records", "--pace", "1000", "-o", "jsonl")


def measure(rounds: int) -> Result:
    """Scan each estate in turn, a few times."""
    rounds = max(2, rounds // 5)
    samples: dict[tuple[int, int], list[Sample]] = {}
    calls: dict[tuple[int, int], list[float]] = {}
    for size in SIZES:
        with Lab(estate(*size)) as lab:
            command = Command(lab.command(ARGS), lab.process_env() | {"XDG_CACHE_HOME": str(lab.root)})
            run(command)
            for _ in range(rounds):
                before = len(lab.aws_log)
                samples.setdefault(size, []).append(run(command))
                minimum = calls_of(Estate(*size)).total()
                calls.setdefault(size, []).append((len(lab.aws_log) - before) / minimum)
    rows = [Row(_name(size), "calls against the page minimum", spread(calls[size]), "at most 1") for size in SIZES]
    for larger, smaller in ((SIZES[1], SIZES[0]), (SIZES[2], SIZES[1])):
        for of in ("wall", "cpu", "peak"):
            target = {"peak": "0: bounded"}.get(of, "about 1: linear")
            figure = f"exponent of growth of {_word(of)} from {smaller[0]:,} services"
            rows.append(Row(_name(larger), figure, spread(_exponents(samples[larger], samples[smaller], of)), target))
    rows.append(
        Row(
            _name(SIZES[3]),
            "peak memory against 100 services of 10 tasks",
            spread([a.peak / b.peak for a, b in zip(samples[SIZES[3]], samples[SIZES[1]], strict=True)]),
            "about 1",
        )
    )
    peaks = ", ".join(f"{max(s.peak for s in samples[size]):.0f} MiB ({_name(size)})" for size in SIZES)
    how = (
        f"`{' '.join(ARGS)}`, {rounds} runs of each size, against the lab in another process. The page minimum is that of "
        f"`sddoctor/observe/aws/cost.py`. Largest resident size: {peaks}. The stand-in shares the machine, so the exponent of "
        "wall time has its share too; that of CPU is the scan's own."
    )
    return Result("Scan of many names", how, rows)


def _exponents(larger: Sequence[Sample], smaller: Sequence[Sample], of: str) -> list[float]:
    return [math.log10(getattr(a, of) / getattr(b, of)) for a, b in zip(larger, smaller, strict=True)]


def _name(size: tuple[int, int]) -> str:
    services, tasks = size
    return f"{services:,} {'service' if services == 1 else 'services'} of {tasks:,} tasks"


def _word(of: str) -> str:
    return {"wall": "wall time", "cpu": "CPU time", "peak": "peak memory"}[of]
