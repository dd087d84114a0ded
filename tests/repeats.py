"""Repeats of one kind: the first of them in ``make test``, more of them in ``make slow-test``, every one in ``make every-test``.

Which ones are tried is fixed, so that a failure comes again. What is of another kind is no repeat, and is never left out.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterable
from typing import Any, TypeVar

import pytest

EVERY = bool(os.environ.get("EVERY_REPEAT"))
_Item = TypeVar("_Item")


def up_to(slow: int, every: int) -> int:
    """Return how many repeats are tried: ``slow``, or ``every`` one where all are wanted."""
    return every if EVERY else slow


def one_in(many: int, items: Iterable[_Item]) -> list[_Item]:
    """Return one in so many items, or all where all are wanted. Each is taken or left by its own text, whatever is beside it."""
    return [item for item in items if EVERY or zlib.crc32(repr(item).encode()) % many == 0]


def chunks(worlds: int, size: int, *, quick: int) -> list[Any]:
    """Return the first number of each chunk; those from ``quick`` on are marked as slow."""
    return [pytest.param(n, marks=() if n < quick else pytest.mark.slow) for n in range(0, worlds, size)]
