"""Each symptom breaks at the first station at which it appears, and what a later one only passes on is not its fault."""

from __future__ import annotations

from typing import Any

import pytest

from sddoctor.case.dns import Answer, Rr
from tests.unit.causes.ecs.ecs_case import NAME, service, stopped, task
from tests.unit.stations.path_case import HOME, ONE, SECOND, SOUND, TWO, VPC, a, breaks_of, denial, path_case, soa

SERVFAIL, REFUSED = Answer("SERVFAIL"), Answer("REFUSED")
OF_ZONE = denial("NXDOMAIN", soa())
EMPTY = denial("NODATA", soa())
#: Both tasks, in messages that programs do not take them from.
BESIDE_A_DENIAL = Answer("NXDOMAIN", answers=SOUND.answers)
IN_FRONT_OF_THE_ALIAS = Answer(
    "NOERROR",
    answers=(*(Rr("real.example.net", "A", 10, x) for x in (ONE, TWO)), Rr(NAME, "CNAME", 10, "real.example.net")),
)
REFERRAL = Answer("NOERROR", authority=(Rr("internal", "NS", 60, "ns.example.com"),))
FOREIGN = "10.9.9.9"
SICK = task(2, health="UNHEALTHY")

TABLE: dict[str, tuple[dict[str, Any], list[str]]] = {
    "all is well": ({}, []),
    # tasks
    "no task is desired": (
        {"tasks": (), "of": service(desired=0, running=0), "vpc": OF_ZONE, "gets": "not found"},
        ["tasks missing"],
    ),
    "one of two runs": (
        {"tasks": (task(1),), "of": service(running=1), "vpc": a(ONE), "gets": (ONE,)},
        ["tasks missing"],
    ),
    "none of two runs, for a reason that nobody knows": (
        {
            "tasks": (),
            "of": service(running=0),
            "stopped": (stopped(8, 90, 60, stopped_reason="???"), stopped(9, 90, 200, stopped_reason="???")),
            "vpc": OF_ZONE,
            "gets": "not found",
        },
        ["tasks missing"],
    ),
    "one is sick and withheld": (
        {"tasks": (task(1), SICK), "vpc": a(ONE), "gets": (ONE,)},
        [f"tasks not-serving {TWO}"],
    ),
    # registry
    "one is not registered": (
        {"registered": (task(1),), "vpc": a(ONE), "gets": (ONE,)},
        [f"registry missing {TWO}"],
    ),
    "an ended task is still registered": (
        {"registered": (task(1), task(2), task(9)), "vpc": a(ONE, TWO, "10.10.1.9"), "gets": (ONE, TWO, "10.10.1.9")},
        ["registry foreign 10.10.1.9"],
    ),
    # records
    "one has no record": (
        {"answered": (ONE,), "vpc": a(ONE), "gets": (ONE,)},
        [f"records missing {TWO}"],
    ),
    # the VPC's resolver
    "the resolver says NXDOMAIN": ({"vpc": OF_ZONE, "gets": "not found"}, ["vpc-answer NXDOMAIN"]),
    "the resolver gives an empty answer": ({"vpc": EMPTY, "gets": "not found"}, ["vpc-answer NODATA"]),
    "the resolver says SERVFAIL": ({"vpc": SERVFAIL, "gets": "temporary failure"}, ["vpc-answer SERVFAIL"]),
    "the resolver says REFUSED": ({"vpc": REFUSED, "gets": "temporary failure"}, ["vpc-answer REFUSED"]),
    "the resolver says NOTIMP": ({"vpc": Answer("NOTIMP"), "gets": "temporary failure"}, ["vpc-answer NOTIMP"]),
    "the resolver gives a referral": ({"vpc": REFERRAL, "gets": "not found"}, ["vpc-answer referral"]),
    "the resolver denies beside the addresses": (
        {"vpc": BESIDE_A_DENIAL, "gets": "not found"},
        ["vpc-answer malformed"],
    ),
    "the resolver gives another address": (
        {"vpc": a(FOREIGN), "gets": (FOREIGN,)},
        [f"vpc-answer foreign {FOREIGN}"],
    ),
    "the resolver adds an address": (
        {"vpc": a(ONE, TWO, FOREIGN), "gets": (ONE, TWO, FOREIGN)},
        [f"vpc-answer foreign {FOREIGN}"],
    ),
    "the resolver lacks one of two": ({"vpc": a(ONE), "gets": (ONE,)}, [f"vpc-answer missing {TWO}"]),
    # the way
    "no answer comes here": ({"vpc": None, "gets": "temporary failure"}, ["path silence"]),
    "every other answer is lost": (
        {"vpc": [SOUND, None, SOUND, None, SOUND, None], "gets": (ONE, TWO)},
        ["path now-and-then"],
    ),
    "one of ten is lost, which is no pattern": ({"vpc": [*[SOUND] * 9, None]}, []),
    # the servers that the settings lead to
    "the server at home says NXDOMAIN": (
        {"servers": {HOME: denial("NXDOMAIN", soa("", "a.root-servers.net"))}, "gets": "not found"},
        ["servers NXDOMAIN"],
    ),
    "the server at home says NXDOMAIN without SOA": (
        {"servers": {HOME: denial()}, "gets": "not found"},
        ["servers NXDOMAIN"],
    ),
    "the server at home denies beside the addresses": (
        {"servers": {HOME: BESIDE_A_DENIAL}, "gets": "not found"},
        ["servers malformed"],
    ),
    "the server at home has the addresses in front of the alias": (
        {"servers": {HOME: IN_FRONT_OF_THE_ALIAS}, "gets": "not found"},
        ["servers malformed"],
    ),
    "the server at home does not recurse, and the next one does": (
        {"servers": {HOME: REFERRAL, SECOND: SOUND}},
        ["servers referral"],
    ),
    "the server at home fails": ({"servers": {HOME: SERVFAIL}, "gets": "temporary failure"}, ["servers SERVFAIL"]),
    "the server at home is silent": ({"servers": {HOME: None}, "gets": "temporary failure"}, ["servers silence"]),
    "the server at home invents an address": (
        {"servers": {HOME: a(FOREIGN)}, "gets": (FOREIGN,)},
        [f"servers foreign {FOREIGN}"],
    ),
    "the first server fails and the second helps": (
        {"servers": {HOME: SERVFAIL, SECOND: SOUND}},
        ["servers SERVFAIL"],
    ),
    "the first server denies, which is final": (
        {"servers": {HOME: denial(), SECOND: SOUND}, "gets": "not found"},
        ["servers NXDOMAIN"],
    ),
    "the server at home loses every other question": (
        {"servers": {HOME: [SOUND, None, SOUND, None]}},
        ["servers now-and-then"],
    ),
    # the forwarder on this host
    "the forwarder validates": (
        {"servers": {VPC: SOUND}, "stub": SERVFAIL, "gets": "temporary failure"},
        ["stub SERVFAIL"],
    ),
    "the forwarder is dead": ({"servers": {HOME: SOUND}, "stub": None, "gets": "temporary failure"}, ["stub silence"]),
    "the forwarder empties the answer": (
        {"servers": {HOME: SOUND}, "stub": denial("NOERROR"), "gets": "not found"},
        ["stub NODATA"],
    ),
    "the forwarder loses every other question, for no reason that anybody knows": (
        {"servers": {HOME: SOUND}, "stub": [SOUND, None, SOUND, None]},
        ["stub now-and-then"],
    ),
    "the server behind the forwarder denies": (
        {"servers": {HOME: denial()}, "stub": denial(), "gets": "not found"},
        ["servers NXDOMAIN"],
    ),
    # programs
    "a program finds nothing": ({"gets": "not found"}, ["program NXDOMAIN"]),
    "a program fails for now": ({"gets": "temporary failure"}, ["program SERVFAIL"]),
    "a program gets another address": ({"gets": (FOREIGN,)}, [f"program foreign {FOREIGN}"]),
    "a program fails now and then": (
        {"gets": [(ONE, TWO), "temporary failure", (ONE, TWO)]},
        ["program now-and-then"],
    ),
    "a program without IPv4": (
        {"families": ("2001:db8::2/64",), "gets": "not found"},
        ["program unusable"],
    ),
    # what is passed on
    "the resolver's denial, through every station": (
        {"servers": {HOME: OF_ZONE}, "vpc": OF_ZONE, "stub": OF_ZONE, "gets": "not found"},
        ["vpc-answer NXDOMAIN"],
    ),
    "a loss on the way shows everywhere behind it": (
        {"vpc": [SOUND, None, None, SOUND, None], "gets": [(ONE, TWO), "temporary failure"]},
        ["path now-and-then"],
    ),
    # two faults
    "no task, and the server at home is none of the zone's": (
        {
            "tasks": (),
            "of": service(desired=0, running=0),
            "vpc": OF_ZONE,
            "servers": {HOME: denial("NXDOMAIN", soa("", "a.root-servers.net"))},
            "gets": "not found",
        },
        ["tasks missing", "servers NXDOMAIN"],
    ),
    "one not registered, and one without a record": (
        {
            "tasks": (task(1), task(2), task(3)),
            "of": service(desired=3, running=3),
            "registered": (task(1), task(2)),
            "answered": (ONE,),
            "vpc": a(ONE),
            "gets": (ONE,),
        },
        ["registry missing 10.10.1.3", f"records missing {TWO}"],
    ),
    "a dead address in the answer, and the forwarder fails": (
        {
            "registered": (task(1), task(2), task(9)),
            "vpc": a(ONE, TWO, "10.10.1.9"),
            "servers": {VPC: a(ONE, TWO, "10.10.1.9")},
            "stub": SERVFAIL,
            "gets": "temporary failure",
        },
        ["registry foreign 10.10.1.9", "stub SERVFAIL"],
    ),
    # a later station that does better
    "a hosts file or cache still has the right answer": (
        {"servers": {HOME: denial()}, "gets": (ONE, TWO)},
        ["servers NXDOMAIN"],
    ),
    "the resolver still has what no record has": (
        {"answered": (ONE,), "vpc": SOUND, "gets": (ONE, TWO)},
        [f"records missing {TWO}"],
    ),
}


@pytest.mark.parametrize("situation", TABLE)
def test_it_breaks_where_the_symptom_first_appears(situation: str) -> None:
    given, expected = TABLE[situation]
    assert breaks_of(path_case(**given)) == expected


def test_every_symptom_and_every_station_is_in_the_table() -> None:
    found = {tuple(b.split(" ")[:2]) for _, expected in TABLE.values() for b in expected}
    assert {station for station, _ in found} == {
        "tasks", "registry", "records", "vpc-answer", "path", "servers", "stub", "program",
    }  # fmt: skip
    assert {symptom for _, symptom in found} >= {
        "missing", "foreign", "not-serving", "NXDOMAIN", "NODATA", "SERVFAIL", "REFUSED", "referral", "silence",
        "now-and-then", "unusable",
    }  # fmt: skip
