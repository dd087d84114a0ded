"""Addresses that DNS64 makes of IPv4 addresses, behind the well-known prefix or behind one of the network's own.

https://www.rfc-editor.org/rfc/rfc6052 https://www.rfc-editor.org/rfc/rfc7050
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from ipaddress import IPv4Address, IPv6Address, IPv6Network
from typing import Any, TypeVar

from msgspec import Struct, structs

from sddoctor.case.case import Case, Place
from sddoctor.case.dns import Answer, Rr
from sddoctor.case.host import HostFacts, LookupResult
from sddoctor.case.seen import Seen

T = TypeVar("T", bound=Struct)

#: A name that has these addresses and no IPv6 one: whoever answers AAAA for it makes addresses. RFC 7050, section 3
IPV4_ONLY = "ipv4only.arpa"
_ITS_ADDRESSES = frozenset({IPv4Address("192.0.0.170"), IPv4Address("192.0.0.171")})
#: Lengths of prefixes: the IPv4 address follows, past the bits 64 to 71. RFC 6052, section 2.2
_LENGTHS = (96, 64, 56, 48, 40, 32)
_WELL_KNOWN = int(IPv6Address("64:ff9b::"))


def prefixes(place: Place) -> tuple[IPv6Network, ...]:
    """Return the prefixes that servers of this place make addresses behind, as their answers for ipv4only.arpa show."""
    probes = [p for p in place.dns.probes if (p.name, p.type) == (IPV4_ONLY, "AAAA")]
    answers = [a for p in probes if (a := p.outcome.seen_or(None)) is not None]
    found = (r.data for a in answers for r in a.answers if r.type == "AAAA")
    return tuple(dict.fromkeys(p for address in found if (p := _prefix(address, _ITS_ADDRESSES)) is not None))


def may_be_made_of(address: str, others: Iterable[str]) -> bool:
    """Tell whether one of the IPv4 addresses is in the IPv6 address, wherever DNS64 may put it."""
    wanted = frozenset(IPv4Address(o) for o in others if ":" not in o)
    return ":" in address and _prefix(address, wanted) is not None


def translated(case: Case) -> Case:
    """Return the case with addresses behind a network's own prefix as they would be behind the well-known one."""
    if not any(p.name == IPV4_ONLY for place in case.places for p in place.dns.probes):
        return case
    return structs.replace(case, places=tuple(_place(p) for p in case.places))


def _place(place: Place) -> Place:
    known = prefixes(place)
    if not known:
        return place
    probes = tuple(
        p if p.name == IPV4_ONLY else _seen(p, "outcome", lambda a: _answer(a, known)) for p in place.dns.probes
    )
    host = structs.replace(place, dns=structs.replace(place.dns, probes=probes))
    return _seen(host, "host", lambda facts: _host(facts, known))


def _seen(owner: T, field: str, read: Callable[[Any], object]) -> T:
    """Return the struct with the value of one of its facts as ``read`` makes it, if that was seen."""
    fact = getattr(owner, field)
    return structs.replace(owner, **{field: fact.map(read)}) if isinstance(fact, Seen) else owner


def _answer(answer: Answer, known: tuple[IPv6Network, ...]) -> Answer:
    return structs.replace(answer, answers=tuple(_record(r, known) for r in answer.answers))


def _record(record: Rr, known: tuple[IPv6Network, ...]) -> Rr:
    return structs.replace(record, data=_moved(record.data, known)) if record.type == "AAAA" else record


def _host(facts: HostFacts, known: tuple[IPv6Network, ...]) -> HostFacts:
    def moved(result: LookupResult) -> LookupResult:
        return structs.replace(result, addresses=tuple(_moved(a, known) for a in result.addresses))

    return structs.replace(facts, lookups=tuple(_seen(k, "outcome", moved) for k in facts.lookups))


def _moved(address: str, known: tuple[IPv6Network, ...]) -> str:
    ip = _ipv6(address)
    prefix = next((p for p in known if ip is not None and ip in p), None)
    return (
        address if prefix is None or ip is None else str(IPv6Address(_WELL_KNOWN | int(embedded(ip, prefix.prefixlen))))
    )


def _prefix(address: str, wanted: frozenset[IPv4Address]) -> IPv6Network | None:
    ip = _ipv6(address)
    lengths = (n for n in _LENGTHS if ip is not None and embedded(ip, n) in wanted)
    return next((IPv6Network((int(ip), n), strict=False) for n in lengths if ip is not None), None)


def embedded(ip: IPv6Address, length: int) -> IPv4Address:
    """Return the IPv4 address behind a prefix of that length. The bits 64 to 71 are no part of it."""
    data = ip.packed[:8] + ip.packed[9:] if length < 96 else ip.packed
    start = length // 8
    return IPv4Address(data[start : start + 4])


def _ipv6(address: str) -> IPv6Address | None:
    try:
        return IPv6Address(address)
    except ValueError:
        return None
