"""A denial after a denial is another fault only if somebody else denies: by the SOA, or by explicit queries for it."""

from __future__ import annotations

import pytest

from sddoctor.case.dns import Answer, Probe, Rr
from sddoctor.stations.dns import denied_by
from sddoctor.trail.trail import Trail
from tests.unit.causes.ecs.ecs_case import NAME, service
from tests.unit.stations.path_case import (
    HOME,
    SOUND,
    VPC,
    ZONE,
    asked_for_soa,
    breaks_of,
    denial,
    path_case,
    soa,
    with_soa,
)

ROOT = soa("", "a.root-servers.net")
THEIRS = soa(ZONE, "dc1.corp.example.com")
SCALED = {"tasks": (), "of": service(desired=0, running=0), "gets": "not found"}
BY_ZONE = denial("NXDOMAIN", soa())

#: What the home server's denial looks like, what an explicit query for the SOA gets, and whose it is.
WHOSE: dict[str, tuple[Answer, tuple[Probe, ...], str]] = {
    "the SOA of the zone": (BY_ZONE, (), "zone"),
    "the root's": (denial("NXDOMAIN", ROOT), (), "public"),
    "that of a parent": (denial("NXDOMAIN", soa("internal")), (), "public"),
    "that of a longer zone": (denial("NXDOMAIN", soa(NAME)), (), "longer"),
    "that of another zone": (denial("NXDOMAIN", soa("corp.example.com")), (), "other"),
    "none, and nobody asked for it": (denial(), (), "nobody"),
    "none, and the zone's SOA in an answer": (denial(), (asked_for_soa(HOME, with_soa(soa())),), "zone"),
    "none, and the root's SOA beside a denial": (
        denial(),
        (asked_for_soa(HOME, denial("NXDOMAIN", ROOT)),),
        "public",
    ),
    "none, and a server that fails": (denial(), (asked_for_soa(HOME, Answer("SERVFAIL")),), "nobody"),
    "none, and an empty answer without any SOA": (denial(), (asked_for_soa(HOME, Answer("NOERROR")),), "nobody"),
    "none, and an SOA that another server returned": (
        denial(),
        (asked_for_soa(VPC, with_soa(soa()), "vpc"),),
        "nobody",
    ),
    "that of a copy of the zone": (
        denial("NXDOMAIN", THEIRS),
        (asked_for_soa(VPC, with_soa(soa()), "vpc"),),
        "other",
    ),
    "a copy's in an explicit answer": (
        denial(),
        (asked_for_soa(HOME, with_soa(THEIRS)), asked_for_soa(VPC, with_soa(soa()), "vpc")),
        "other",
    ),
    "the zone's with another serial": (
        denial("NXDOMAIN", Rr(ZONE, "SOA", 15, "ns-1536.awsdns-00.co.uk h 99 1 1 1 1")),
        (asked_for_soa(VPC, with_soa(soa()), "vpc"),),
        "zone",
    ),
}


@pytest.mark.parametrize("which", WHOSE)
def test_whose_denial_it_is(which: str) -> None:
    answer, more, whose = WHOSE[which]
    case = path_case(vpc=SOUND, servers={HOME: answer}, gets="not found", more=more)
    assert denied_by(Trail(case), HOME, answer) == whose


@pytest.mark.parametrize("which", WHOSE)
def test_beside_a_name_without_tasks_only_another_ones_denial_is_a_break_of_its_own(which: str) -> None:
    answer, more, whose = WHOSE[which]
    own = [] if whose in ("zone", "nobody") else ["servers NXDOMAIN"]
    case = path_case(vpc=BY_ZONE, servers={HOME: answer}, more=more, **SCALED)
    assert breaks_of(case) == ["tasks missing", *own]


def test_a_failure_after_a_denial_is_a_break_of_its_own() -> None:
    case = path_case(vpc=BY_ZONE, servers={HOME: Answer("SERVFAIL")}, **{**SCALED, "gets": "temporary failure"})
    assert breaks_of(case) == ["tasks missing", "servers SERVFAIL"]


def test_a_resolver_that_denies_in_the_root_zone_does_not_know_the_zone() -> None:
    case = path_case(vpc=denial("NXDOMAIN", ROOT), **SCALED)
    assert breaks_of(case) == ["tasks missing", "vpc-answer NXDOMAIN"]


def test_an_empty_answer_in_place_of_nxdomain_is_the_same_denial() -> None:
    case = path_case(vpc=BY_ZONE, servers={HOME: denial("NODATA", soa())}, **SCALED)
    assert breaks_of(case) == ["tasks missing"]
