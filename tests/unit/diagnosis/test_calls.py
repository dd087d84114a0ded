"""A diagnosis follows the path once for each place, and decides each cause once: counted, for no test is timed."""

from __future__ import annotations

from collections import Counter
from unittest.mock import patch

import pytest
from msgspec.structs import replace

from sddoctor.causes.registry import CAUSES
from sddoctor.diagnosis import diagnose as judging
from tests.unit.stations.path_case import path_case


@pytest.mark.parametrize("places", [1, 2, 3])
def test_the_path_is_followed_once_for_each_place(places: int) -> None:
    case = path_case(gets="not found")
    more = tuple(replace(case.place, label=f"place {n}", at=case.at) for n in range(places))
    calls: Counter[str] = Counter()
    follow, run = judging.follow, judging.run

    def counted_follow(trail):  # type: ignore[no-untyped-def]
        calls["follow"] += 1
        return follow(trail)

    def counted_run(causes, trail):  # type: ignore[no-untyped-def]
        calls["run"] += 1
        assert causes is CAUSES
        return run(causes, trail)

    with patch.object(judging, "follow", counted_follow), patch.object(judging, "run", counted_run):
        judging.diagnose(replace(case, places=more))
    assert calls == {"follow": places, "run": places}
