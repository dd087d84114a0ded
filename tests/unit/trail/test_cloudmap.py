"""Whether anything is registered, also where the instances could not be listed."""

from __future__ import annotations

import pytest
from msgspec import structs

from sddoctor.case.seen import Denied, Opaque, Unreachable, UnseenFactError
from sddoctor.trail.cloudmap import CloudMapTrail
from tests.resolver_cases import case, seen

UNSEEN = {
    "denied": Denied("the instances", "servicediscovery:ListInstances"),
    "throttled": Unreachable("the instances", "ListInstances was throttled", "more time"),
    "foreign": Opaque("the instances", "222222222222", "a profile of that account"),
}


def _trail(unseen: str, count: int | None) -> CloudMapTrail:
    it = case(instances=UNSEEN[unseen])
    (view,) = it.aws.cloudmap.views
    service = structs.replace(view.service.value, instance_count=count)
    view = structs.replace(view, service=seen(service))
    return CloudMapTrail(
        structs.replace(it, aws=structs.replace(it.aws, cloudmap=structs.replace(it.aws.cloudmap, views=(view,))))
    )


@pytest.mark.parametrize("unseen", UNSEEN)
def test_the_count_of_the_service_stands_in_for_the_list(unseen: str) -> None:
    assert _trail(unseen, 0).is_empty
    assert not _trail(unseen, 2).is_empty


@pytest.mark.parametrize("unseen", UNSEEN)
def test_without_a_count_it_is_not_known(unseen: str) -> None:
    with pytest.raises(UnseenFactError):
        _ = _trail(unseen, None).is_empty


def test_the_list_itself_comes_first() -> None:
    assert not CloudMapTrail(case()).is_empty
    assert CloudMapTrail(case(instances=seen(()))).is_empty
