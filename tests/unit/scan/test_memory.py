"""Memory does not grow with the number of names: names are read, judged and forgotten, a part at a time."""

from __future__ import annotations

import gc
import tracemalloc

import pytest

from sddoctor.diagnosis.diagnose import diagnose
from sddoctor.lab.aws.server import AwsStandIn
from sddoctor.lab.world import World
from sddoctor.observe import scan as observed
from tests.estates import estate, mixed
from tests.in_process import environment

#: Bytes that may stay of a name: its row and what is read ahead are 5,000, and a case that is kept is 15,000 more.
MOST_OF_A_NAME = 10_000


def _kept_at_most(world: World, monkeypatch: pytest.MonkeyPatch, *, zones: bool = False) -> int:
    """Return the most bytes that were in use after a name, beyond those in use after the first."""
    monkeypatch.setattr(observed, "CHUNK", 5)
    gc.collect()
    gc.freeze()  # what other tests left is looked through once, not after each name
    options = observed.EstateOptions(by_records=True, zones=zones, share=1000)
    most = 0
    first = None
    with AwsStandIn(world) as aws, environment(aws.environment()), pytest.MonkeyPatch.context() as patch:
        patch.setattr(aws.log, "add", lambda _call: None)  # the stand-in's own log grows with every call
        for event in observed.observe_estate([observed.Target()], options, lambda case: diagnose(case).verdict):
            if not isinstance(event, observed.NameSeen):
                continue
            assert zones or event.result == "healthy"
            gc.collect()
            if first is None:
                tracemalloc.start()
                first = event
                continue
            most = max(most, tracemalloc.get_traced_memory()[0])
        tracemalloc.stop()
    gc.unfreeze()
    return most


@pytest.mark.slow
def test_ten_times_the_names_need_no_more_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    _kept_at_most(estate(5), monkeypatch)  # what is cached for good is cached now
    few = _kept_at_most(estate(10), monkeypatch)
    limit = few + 90 * MOST_OF_A_NAME
    # What earlier tests of this process still put away counts too, so one look may be too high; a leak shows in each.
    looks = [_kept_at_most(estate(100), monkeypatch)]
    while looks[-1] >= limit and len(looks) < 4:
        looks.append(_kept_at_most(estate(100), monkeypatch))
    assert min(looks) < limit, (few, looks)


@pytest.mark.slow
def test_names_of_zones_need_their_records_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    _kept_at_most(mixed(2), monkeypatch, zones=True)  # what is cached for good is cached now
    few = _kept_at_most(mixed(4), monkeypatch, zones=True)
    limit = few + 36 * 5 * MOST_OF_A_NAME
    looks = [_kept_at_most(mixed(40), monkeypatch, zones=True)]
    while looks[-1] >= limit and len(looks) < 4:
        looks.append(_kept_at_most(mixed(40), monkeypatch, zones=True))
    assert min(looks) < limit, (few, looks)
