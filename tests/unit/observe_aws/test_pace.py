"""The buckets keep to the rate, halve it when AWS throttles, and let it grow back."""

from __future__ import annotations

import pytest

from sddoctor.observe.aws.pace import RECOVERY, Bucket, Pace, Rate, rate_of


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_burst_is_free_and_what_comes_after_waits_its_turn() -> None:
    bucket = Bucket(Rate("g", 3, 2), clock=Clock())
    assert [bucket.take() for _ in range(6)] == [0, 0, 0, 0.5, 1, 1.5]


def test_an_idle_bucket_fills_up_to_its_burst_and_no_further() -> None:
    clock = Clock()
    bucket = Bucket(Rate("g", 3, 2), clock=clock)
    for _ in range(3):
        bucket.take()
    clock.now += 1000
    assert [bucket.take() for _ in range(4)] == [0, 0, 0, 0.5]


def test_over_time_no_more_is_taken_than_the_rate_allows() -> None:
    clock = Clock()
    bucket = Bucket(Rate("g", 5, 5), clock=clock)
    for _ in range(100):
        clock.now += bucket.take()
    assert clock.now - 100 == pytest.approx(95 / 5)


def test_a_throttle_halves_the_rate_and_spends_what_was_saved() -> None:
    clock = Clock()
    bucket = Bucket(Rate("g", 10, 8), clock=clock)
    bucket.throttled()
    assert bucket.per_second == 4
    assert bucket.take() == pytest.approx(0.25)


def test_throttles_of_calls_that_were_under_way_together_count_once() -> None:
    clock = Clock()
    bucket = Bucket(Rate("g", 10, 8), clock=clock)
    for _ in range(16):
        bucket.throttled()
    assert bucket.per_second == 4


def test_it_never_stands_still_and_grows_back() -> None:
    clock = Clock()
    bucket = Bucket(Rate("g", 10, 8), clock=clock)
    for _ in range(50):
        clock.now += 1
        bucket.throttled()
    assert bucket.per_second >= 8 / 32
    clock.now += RECOVERY
    assert bucket.per_second == 8


def test_a_share_of_the_rate_may_be_asked_for() -> None:
    bucket = Bucket(Rate("g", 10, 8), share=0.5, clock=Clock())
    assert bucket.per_second == 4
    assert [bucket.take() for _ in range(6)][-1] > 0


def test_groups_have_the_published_rates() -> None:
    assert (rate_of("ecs", "DescribeTasks").burst, rate_of("ecs", "DescribeTasks").per_second) == (100, 20)
    assert (rate_of("ecs", "ListClusters").burst, rate_of("ecs", "ListClusters").per_second) == (50, 20)
    assert rate_of("route53", "ListResourceRecordSets").per_second == 5
    assert rate_of("route53resolver", "ListResolverRules").per_second == 5
    assert rate_of("servicediscovery", "DiscoverInstances").per_second == 1000
    assert not rate_of("servicediscovery", "ListInstances").published


def test_regions_of_an_account_share_the_bucket_of_route_53_alone() -> None:
    shared: dict[str, Bucket] = {}
    one, other = Pace(1.0, shared), Pace(1.0, shared)
    one.throttled("route53", "GetHostedZone")
    one.throttled("ecs", "DescribeTasks")
    assert other._bucket("route53", "GetHostedZone").per_second < 5
    assert other._bucket("ecs", "DescribeTasks").per_second == 20
