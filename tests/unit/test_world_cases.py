"""Which observations of worlds are kept for later tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import world_cases
from tests.cases import empty_case
from tests.world_cases import Call, Observed

LIST, DESCRIBE = Call("ecs", "ListTasks", "{}"), Call("ecs", "DescribeTasks", "{}")
ONCE, RETRIED = (LIST, DESCRIBE), (LIST, DESCRIBE, LIST)


@pytest.mark.parametrize(
    ("world", "observations", "expected", "kept"),
    [
        ("healthy-deployment", [ONCE], ONCE, True),
        ("healthy-deployment", [RETRIED, ONCE], ONCE, True),
        ("healthy-deployment", [RETRIED, RETRIED], RETRIED, False),
        ("healthy-without-discover", [RETRIED], RETRIED, True),  # its fault makes botocore retry
    ],
)
def test_an_observation_with_retries_of_a_busy_machine_is_not_kept(
    world: str,
    observations: list[tuple[Call, ...]],
    expected: tuple[Call, ...],
    kept: bool,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    made = iter([Observed(empty_case(), calls) for calls in observations])
    monkeypatch.setattr(world_cases, "CACHE", tmp_path)
    monkeypatch.setattr(world_cases, "observe_now", lambda _world: next(made))
    assert world_cases.observed(world).calls == expected
    assert list(made) == [], "it is observed as often as it takes"
    assert [p.name.split(".")[0] for p in tmp_path.iterdir()] == ([world] if kept else [])
