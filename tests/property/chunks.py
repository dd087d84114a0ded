"""Many worlds, a few at a time: the first ones are tried always, and all others only where it may take long."""

from __future__ import annotations

from typing import Any

import pytest


def chunks(worlds: int, size: int, *, quick: int) -> list[Any]:
    """Return the first number of each chunk; those from ``quick`` on are marked as slow."""
    return [pytest.param(n, marks=() if n < quick else pytest.mark.slow) for n in range(0, worlds, size)]
