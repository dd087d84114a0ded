"""A laptop whose own servers deny the name: nothing routes it, a cache is old, or validation keeps it back."""

from __future__ import annotations

from typing import Any

from msgspec import structs

from sddoctor.case.case import Case
from sddoctor.case.dns import Answer, Probe, Server
from sddoctor.case.host import HostsFile, Lookup, LookupResult
from sddoctor.causes.registry import BY_CODE
from sddoctor.causes.run import run
from sddoctor.trail.trail import Trail
from tests import hosts
from tests.cases import NAME
from tests.resolver_cases import ADDRESS, NXDOMAIN, SERVER, addresses, case, probe, seen

ROUTER, STUB = Server("192.168.1.1"), Server("127.0.0.1")
RIGHT = addresses(ADDRESS)


def _own(server: Server, answer: Answer, **flags: Any) -> Probe:
    return structs.replace(probe(answer, server=server), role="host", **flags)


def _laptop(*probes: Probe, asks: Server = ROUTER, stub: Server | None = None, **changes: Any) -> Case:
    it = case(probe(RIGHT), *probes, how="zone", **changes)
    look = Lookup(NAME, final_dot=False, outcome=seen(LookupResult(error="not found")))
    host = hosts.linux(asks, stub, hosts=seen(HostsFile("/etc/hosts")), lookups=(look,))
    asked = structs.replace(it.asked, client_vpc=None)
    return structs.replace(it, asked=asked, places=(structs.replace(it.place, host=seen(host)),))


def _found(it: Case, *codes: str) -> set[str]:
    return {o.cause.code for o in run([BY_CODE[c] for c in codes], Trail(it)) if o.finding is not None}


def test_a_private_name_needs_an_entry_and_a_public_one_does_not() -> None:
    assert _found(_laptop(_own(ROUTER, NXDOMAIN)), "split-dns-missing")
    assert not _found(_laptop(_own(ROUTER, NXDOMAIN), type="DNS_PUBLIC"), "split-dns-missing")


def test_validation_and_a_cache_that_holds_no_signatures_are_told_apart() -> None:
    """Both deny, and give the right answer to CD and DO; only the cache does so to DO alone."""
    both = "dnssec-rejects-zone", "os-cache-stale"
    odd = _own(STUB, NXDOMAIN), _own(STUB, RIGHT, dnssec=True), _own(ROUTER, RIGHT)
    validating = _laptop(*odd, _own(STUB, NXDOMAIN, signed=True), stub=STUB)
    assert _found(validating, *both) == {"dnssec-rejects-zone"}
    caching = _laptop(*odd, _own(STUB, RIGHT, signed=True), stub=STUB)
    assert _found(caching, *both) == {"os-cache-stale"}


def test_an_answer_with_signatures_is_not_what_programs_get() -> None:
    it = _laptop(_own(SERVER, NXDOMAIN, signed=True))
    assert Trail(it).answers.answer(SERVER, "A") == RIGHT


def test_an_answer_by_tcp_alone_proves_no_cache() -> None:
    """Look-ups ask by UDP, which is silent here: what they get is no answer from before."""
    silent = structs.replace(probe(None, server=ROUTER), role="host")
    assert _found(_laptop(_own(ROUTER, RIGHT)), "os-cache-stale")
    assert not _found(_laptop(silent, _own(ROUTER, RIGHT, transport="tcp")), "os-cache-stale")
