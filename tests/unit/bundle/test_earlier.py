"""Cases that earlier versions saved say what they said."""

from __future__ import annotations

import json
from typing import Any

import pytest
from msgspec import structs

from sddoctor.bundle import codec
from sddoctor.bundle.earlier import rewritten
from sddoctor.case.host import HostFacts
from sddoctor.case.watch import SCHEMA
from sddoctor.resolution.surroundings import surroundings
from tests.resolver_cases import case, seen


def _saved(**flags: bool) -> dict[str, Any]:
    it = case()
    place = structs.replace(it.place, host=seen(HostFacts("linux")))
    saved: dict[str, Any] = json.loads(codec.encode(structs.replace(it, places=(place,))))
    host = saved["places"][0]["host"]["value"]
    for new in ("marks", "wsl", "programs"):
        del host[new]
    host |= flags
    return saved


@pytest.mark.parametrize(
    ("flags", "words", "in_aws", "forwarder"),
    [
        ({"in_aws": True, "in_container": False}, "", True, None),
        ({"in_aws": False, "in_container": True}, "container", False, "the list that was copied into the container"),
        ({"in_aws": True, "in_container": True}, "container", True, None),
        ({"in_aws": False, "in_container": False}, "", False, None),
        ({}, "", False, None),
    ],
    ids=str,
)
@pytest.mark.parametrize("many", [False, True], ids=["one", "many"])
def test_two_flags_said_what_a_host_is(
    flags: dict[str, bool], words: str, in_aws: bool, forwarder: str | None, many: bool
) -> None:
    saved: dict[str, Any] = _saved(**flags)
    if many:
        saved = {"schema": codec.MANY_SCHEMA, "cases": [saved, saved]}
    for it in codec.decode_many(json.dumps(saved, indent=1).encode()):
        found = surroundings(it.place.host.value)
        assert (found.words, found.in_aws, found.forwarder) == (words, in_aws, forwarder)


def test_the_first_case_of_a_watch_is_read_so_too() -> None:
    saved = {"schema": SCHEMA, "name": "x", "first": _saved(in_aws=True, in_container=True)}
    first = json.loads(rewritten(json.dumps(saved).encode()))["first"]
    assert [m["of"] for m in first["places"][0]["host"]["value"]["marks"]] == ["aws", "container"]


@pytest.mark.parametrize("cases", [None, 3, "text", {"in_aws": True}], ids=str)
def test_what_is_no_list_of_cases_is_left_as_it_is(cases: Any) -> None:
    saved = {"cases": cases, "x": {"in_aws": True}}
    assert json.loads(rewritten(json.dumps(saved).encode())) == saved


def test_a_text_that_looks_like_a_flag_is_none() -> None:
    saved = _saved()
    saved["asked"]["name"] = '"in_aws": true'
    (it,) = codec.decode_many(json.dumps(saved).encode())
    assert not surroundings(it.place.host.value).in_aws


@pytest.mark.parametrize("places", [None, 3, [], [None], [{"host": 1}], [{"host": {"value": 5}}]], ids=str)
def test_what_has_not_the_form_of_a_case_is_refused(places: Any) -> None:
    saved = {**_saved(), "places": places, "x": {"in_aws": True}}
    with pytest.raises(codec.CaseFormatError):
        codec.decode_many(json.dumps(saved).encode())
