"""Which observations of worlds are kept for later tests."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from msgspec import structs

from sddoctor.case.seen import Unreachable
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


def test_an_observation_in_which_the_identity_came_late_is_made_again(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    case = empty_case()
    late = Unreachable("the AWS identity", "sts:GetCallerIdentity did not answer in time", "a path to AWS STS")
    without = structs.replace(case, aws=structs.replace(case.aws, identity=late))
    made = iter([Observed(without, ONCE), Observed(case, ONCE)])
    monkeypatch.setattr(world_cases, "CACHE", tmp_path)
    monkeypatch.setattr(world_cases, "observe_now", lambda _world: next(made))
    assert world_cases.observed("healthy-deployment").case == case
    assert next(made, None) is None


@pytest.fixture
def of_another(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Let the cases of another Python be judged, and return where they are."""
    other = tmp_path / "other"
    other.mkdir()
    (other / "libraries.txt").write_text("other versions\n")
    monkeypatch.setattr(world_cases, "CACHE", tmp_path / "own")
    monkeypatch.setattr(world_cases, "OTHER", other)
    monkeypatch.setattr(world_cases, "observe_now", lambda _world: Observed(empty_case(), ONCE))
    return other


def test_what_another_python_observed_is_read_and_never_made(of_another: Path) -> None:
    path = world_cases.file_of("vpn-down", world_cases.world_of("vpn-down"))
    assert path.parent == of_another
    with pytest.raises(LookupError, match="missing"):
        world_cases.observed("vpn-down")
    path.write_bytes(msgspec.json.encode(Observed(empty_case(), RETRIED)))
    assert world_cases.observed("vpn-down").calls == RETRIED


def test_the_sample_is_observed_also_where_the_cases_of_another_are_judged(of_another: Path, tmp_path: Path) -> None:
    assert world_cases.observed("article").calls == ONCE
    assert [p.name.split(".")[0] for p in (tmp_path / "own").iterdir()] == ["article"]
    assert [p.name for p in of_another.iterdir()] == ["libraries.txt"]


def test_what_only_a_test_knows_is_observed_where_it_is_missing(of_another: Path) -> None:
    assert world_cases.observed_in("of-a-test", world_cases.world_of("vpn-down")).calls == ONCE


def test_the_sample_consists_of_worlds() -> None:
    assert len({*world_cases.SAMPLE} & {*world_cases.all_worlds()}) == 12
