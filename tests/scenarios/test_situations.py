"""Situations of ECS that no world of the package shows: other stop codes and texts, controllers, strategies, schedulers.

What their ``expect`` says was written before any of them was judged.
"""

from __future__ import annotations

import pytest

from sddoctor.diagnosis.diagnose import diagnose
from tests.scenarios.test_blind import wrong
from tests.situation_worlds import kept_as, names, world_of
from tests.world_cases import observed_in


@pytest.mark.parametrize("name", names())
def test_situation(name: str) -> None:
    world = world_of(name)
    diagnosis = diagnose(observed_in(kept_as(name), world).case)
    assert wrong(world.expect, diagnosis) == [], diagnosis.headline
