"""The unit tests of causes as a second measure, for what no world notices."""

from __future__ import annotations

import contextlib
import io
from pathlib import Path

import pytest
from _pytest.runner import runtestprotocol

from tests.mutants.guards import Guard, without

_DIRECTORY = Path(__file__).parents[1] / "unit" / "causes"


class _Again:
    """Runs the tests that were collected with each guard switched off, up to the first that fails."""

    def __init__(self, guards: list[Guard]) -> None:
        self.guards = guards
        self.noticed: list[bool] = []

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        for guard in self.guards:
            with without(guard):
                self.noticed.append(any(_fails(item) for item in session.items if _is_near(item, guard)))
        return True


def noticed(guards: list[Guard]) -> list[bool]:
    """Tell of each guard whether a unit test of its hop fails without it."""
    again = _Again(guards)
    with contextlib.redirect_stdout(io.StringIO()):
        pytest.main(["-q", "-p", "no:cacheprovider", "-p", "no:randomly", str(_DIRECTORY)], plugins=[again])
    return again.noticed


def _is_near(item: pytest.Item, guard: Guard) -> bool:
    return item.path.relative_to(_DIRECTORY).parts[0] == guard.module.split(".")[2]


def _fails(item: pytest.Item) -> bool:
    return any(report.failed for report in runtestprotocol(item, log=False))
