"""Judging worlds in which every server that is not silent by the network's map answers.

An answer that is late there is late because the machine is busy, on which nothing may depend: it is waited for.
"""

from __future__ import annotations

import pytest

from sddoctor.lab.world import World
from sddoctor.observe.dns import client
from tests.in_process import Said, judge

#: Seconds for a query, and for the whole check.
_QUERY, _CHECK = 60.0, 240.0


def judge_patiently(world: World) -> Said:
    """Check the world's name as its host would, and wait for every answer."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(client, "QUERY_TIMEOUT", _QUERY)
        return judge(world, _CHECK)
