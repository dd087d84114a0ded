"""Every symptom that a station can show has a blind world, and what cannot occur is listed with the reason."""

from __future__ import annotations

from sddoctor.stations.model import FAILED, STATIONS
from tests.blind_worlds import names, world_of

SYMPTOMS = ("missing", "foreign", "not-serving", *FAILED, "now-and-then", "unusable")
_ANSWERS = (*FAILED, "now-and-then")
_NO_SERVER = "no server is queried there, so that nobody denies, fails or is silent"
_FAMILIES = "only a program on this host has families that it lacks"
_HEALTH = "a task that does not serve is found at the tasks, and one that is published all the same at the registry"
_CONTENT = "what the VPC resolver returns is its own answer, by whatever way it comes"
_LIBRARY = "a lookup says not found, a temporary failure, or nothing in time, whatever came from the server"
_PORT = "a connection is accepted, refused or lost, and silence proves nothing"
#: What cannot occur, by station: symptoms, and why.
CANNOT: dict[str, tuple[tuple[tuple[str, ...], str], ...]] = {
    "tasks": (
        (_ANSWERS, _NO_SERVER),
        (("foreign",), "the tasks are the first promise: there is nothing before that they could add to"),
        (("unusable",), _FAMILIES),
    ),
    "registry": ((_ANSWERS, _NO_SERVER), (("unusable",), _FAMILIES)),
    "records": ((_ANSWERS, _NO_SERVER), (("not-serving",), _HEALTH), (("unusable",), _FAMILIES)),
    "vpc-answer": (
        (("malformed",), "whoever sent what is no DNS message, it is found on the way"),
        (("not-serving",), _HEALTH),
        (("unusable",), _FAMILIES),
    ),
    "path": (
        (("missing", "NXDOMAIN", "NODATA", "SERVFAIL", "REFUSED", "referral"), _CONTENT),
        (("not-serving",), _HEALTH),
        (("unusable",), _FAMILIES),
    ),
    "servers": ((("not-serving",), _HEALTH), (("unusable",), _FAMILIES)),
    "stub": ((("not-serving",), _HEALTH), (("unusable",), _FAMILIES)),
    "program": ((("not-serving",), _HEALTH), (("NODATA", "REFUSED", "referral", "malformed"), _LIBRARY)),
    "port": ((tuple(s for s in SYMPTOMS if s != "not-serving"), _PORT),),
}
IMPOSSIBLE = {(station, s) for station, rows in CANNOT.items() for symptoms, _ in rows for s in symptoms}


def expected() -> set[tuple[str, str]]:
    """Return the pairs of station and symptom of all blind worlds."""
    breaks = (b for name in names() for b in world_of(name).expect.breaks or ())
    return {(station, symptom) for station, _, symptom in (b.partition(" ") for b in breaks)}


def test_every_pair_that_can_occur_has_a_world() -> None:
    assert {(station, s) for station in STATIONS for s in SYMPTOMS} - IMPOSSIBLE - expected() == set()


def test_no_world_expects_what_cannot_occur() -> None:
    assert expected() & IMPOSSIBLE == set()


def test_response_codes_that_are_on_no_list_have_worlds_where_servers_answer() -> None:
    rare = {station for station, symptom in expected() if symptom not in SYMPTOMS}
    assert rare == {"vpc-answer", "servers", "stub"}


def test_every_world_that_is_not_healthy_says_where_it_breaks() -> None:
    silent = [n for n in names() if world_of(n).expect.verdict != "healthy" and not world_of(n).expect.breaks]
    assert silent == []
