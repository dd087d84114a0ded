"""The unit tests of causes as a second measure, for what no world notices."""

from __future__ import annotations

import contextlib
import io
from pathlib import Path

import pytest
from _pytest.runner import runtestprotocol

from tests.mutants.guards import Guard, watched, without

_DIRECTORY = Path(__file__).parents[1] / "unit" / "causes"


class _Again:
    """Runs the tests in which a guard returned, with that guard switched off, up to the first that fails."""

    def __init__(self, guards: list[Guard]) -> None:
        self.guards = guards
        self.noticed: list[bool] = []

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        returned = _returned([i for i in session.items if any(_is_near(i, g) for g in self.guards)])
        for guard in self.guards:
            items = [i for i in returned.get((guard.module, guard.line), ()) if _is_near(i, guard)]
            with without(guard):
                self.noticed.append(any(_fails(item) for item in items))
        return True


def noticed(guards: list[Guard]) -> list[bool]:
    """Tell of each guard whether a unit test of its hop fails without it."""
    again = _Again(guards)
    with contextlib.redirect_stdout(io.StringIO()):
        pytest.main(["-q", "-p", "no:cacheprovider", "-p", "no:randomly", str(_DIRECTORY)], plugins=[again])
    return again.noticed


def _returned(items: list[pytest.Item]) -> dict[tuple[str, int], list[pytest.Item]]:
    """Run the tests as they are; return, by module and line of a guard, those in which it returned."""
    found: dict[tuple[str, int], list[pytest.Item]] = {}
    now: list[pytest.Item] = []

    def hit(module: str, line: int) -> None:
        there = found.setdefault((module, line), [])
        if now[-1] not in there:
            there.append(now[-1])

    with watched(hit):
        for item in items:
            now.append(item)
            _fails(item)
    return found


def _is_near(item: pytest.Item, guard: Guard) -> bool:
    return item.path.relative_to(_DIRECTORY).parts[0] == guard.module.split(".")[2]


def _fails(item: pytest.Item) -> bool:
    return any(report.failed for report in runtestprotocol(item, log=False))
