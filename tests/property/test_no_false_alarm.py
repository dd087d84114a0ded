"""No false alarm: healthy worlds of every legal shape, and nothing but advice may come out.

``SDDOCTOR_PROPERTY_WORLDS`` says how many worlds; each is made from its seed, which the message of a failure names:
``python -m tests.property.show SEED`` shows the world and what is said about it.
"""

from __future__ import annotations

import os

import pytest

from tests.property.patience import judge_patiently
from tests.property.worlds import healthy
from tests.repeats import chunks, up_to

WORLDS = int(os.environ.get("SDDOCTOR_PROPERTY_WORLDS", up_to(300, 600)))
CHUNK = 10


@pytest.mark.parametrize("first", chunks(WORLDS, CHUNK, quick=30))
def test_a_healthy_world_gives_no_alarm(first: int) -> None:
    alarms = [alarm for seed in range(first, min(first + CHUNK, WORLDS)) if (alarm := _alarm(seed))]
    assert not alarms, "\n\n".join(alarms)


def _alarm(seed: int) -> str:
    """Return what is wrong with the judgement of a world, or nothing.

    Tasks of another account cannot be seen, so a world that is served by such ones may be undecided.
    """
    sketch = healthy(seed)
    said = judge_patiently(sketch.build())
    loud = [f["code"] for f in said.report["findings"] if f["role"] in ("root-cause", "consequence")]
    if said.report["verdict"] == "healthy":
        loud += [f["code"] for f in said.report["findings"] if f["role"] != "advice"]
    good = ("healthy", 0), *((("inconclusive", 3),) if sketch.opaque else ())
    if (said.report["verdict"], said.status) in good and not loud and not said.root_causes:
        return ""
    return f"seed {seed} ({', '.join(sketch.notes)}): {said.in_words()}"
