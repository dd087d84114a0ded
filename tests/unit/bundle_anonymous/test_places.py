"""A place stays what it is, with the same fixes, though its addresses and domains are replaced."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec import structs

from sddoctor.bundle.anonymous.anonymise import anonymise
from sddoctor.case.case import Case
from sddoctor.case.host import HostsFile, Lookup, LookupResult, Route, RouteTo
from sddoctor.diagnosis.diagnose import diagnose
from tests.cases import NAME
from tests.places_of_products import PLACES, facts_of
from tests.resolver_cases import ADDRESS, SERVER, addresses, case, probe, seen


def _case(tmp_path: Path, place: str) -> Case:
    files, own, _, _ = PLACES[place]
    facts = facts_of(tmp_path, files, own)
    look = Lookup(NAME, final_dot=False, outcome=seen(LookupResult(error="not found")))
    way = RouteTo(SERVER.address, seen(Route("default", "eth0", "192.168.178.1")))
    host = structs.replace(facts, hosts=seen(HostsFile("/etc/hosts")), lookups=(look,), routes=(way,))
    it = case(probe(addresses(ADDRESS)), how="zone")
    asked = structs.replace(it.asked, client_vpc=None)
    return structs.replace(it, asked=asked, places=(structs.replace(it.place, host=seen(host)),))


@pytest.mark.parametrize("place", PLACES)
def test_a_place_stays_what_it_is(tmp_path: Path, place: str) -> None:
    it = _case(tmp_path, place)
    result = anonymise([it], b"k" * 32)
    before, after = diagnose(it), diagnose(result.cases[0])
    assert after.surroundings.words == before.surroundings.words
    assert after.surroundings.forwarder == before.surroundings.forwarder
    assert after.root_causes == before.root_causes
    assert [len(f.fixes) for f in after.findings] == [len(f.fixes) for f in before.findings]
