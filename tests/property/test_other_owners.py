"""No false alarm about healthy names of every owner but Cloud Map.

``SDDOCTOR_PROPERTY_WORLDS`` says how many; ``python -m tests.property.show --owned SEED`` shows one.
"""

from __future__ import annotations

import os

import pytest

from tests.in_process import judge
from tests.property.owners import owned
from tests.repeats import chunks, up_to

WORLDS = int(os.environ.get("SDDOCTOR_PROPERTY_WORLDS", up_to(200, 400)))
CHUNK = 10


@pytest.mark.parametrize("first", chunks(WORLDS, CHUNK, quick=30))
def test_a_healthy_name_of_another_owner_gives_no_alarm(first: int) -> None:
    alarms = [alarm for seed in range(first, min(first + CHUNK, WORLDS)) if (alarm := _alarm(seed))]
    assert not alarms, "\n\n".join(alarms)


def _alarm(seed: int) -> str:
    """Return what is wrong with the judgement of a world, or nothing."""
    sketch = owned(seed)
    said = judge(sketch.build())
    loud = [f["code"] for f in said.report["findings"] if f["role"] != "advice"]
    if (said.report["verdict"], said.status) == ("healthy", 0) and not loud and not said.root_causes:
        return ""
    return f"seed {seed} ({', '.join(sketch.notes)}): {said.in_words()}"
