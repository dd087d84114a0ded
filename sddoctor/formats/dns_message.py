"""DNS messages: building a query, and reading an answer into facts.

Answers are untrusted: names and data are kept in presentation form, and their number is bounded.
"""

from __future__ import annotations

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.rrset

from sddoctor.case.dns import Answer, Rr
from sddoctor.case.name import fold_name

#: Records kept of each section; no genuine answer about a service has more (Cloud Map: 1,000 instances a service).
MAX_RECORDS = 2000
#: Types whose data have names: stored in lower case and without final dots.
_NAME_TYPES = frozenset({"CNAME", "DNAME", "MX", "NS", "PTR", "SOA", "SRV"})


def question(name: str, rdtype: str, edns: int | None, dnssec: bool, signed: bool = False) -> dns.message.QueryMessage:
    """Build a recursive query (RFC 1035), with DO and CD when ``dnssec``, with DO when ``signed`` (RFC 4035).

    Raises :class:`ValueError` for a name or type that no message can have.
    """
    try:
        owner = dns.name.from_text(name)
        kind = dns.rdatatype.from_text(rdtype)
    except (dns.exception.DNSException, ValueError) as error:
        raise ValueError(str(error) or type(error).__name__) from error
    flags = dns.flags.RD | (dns.flags.CD if dnssec else 0)
    return dns.message.make_query(
        owner, kind, flags=flags, use_edns=edns is not None, payload=edns, want_dnssec=dnssec or signed
    )


def read(asked: dns.message.QueryMessage, wire: bytes) -> Answer | None:
    """Read the answer to a query; ``None`` when it is malformed or answers another one.

    In the answer section only records of the name, and of the names that its aliases lead to, count: clients ignore the
    others (RFC 1034, section 4.3.2; RFC 2181, section 5.4.1).
    """
    try:
        answer = dns.message.from_wire(wire, ignore_trailing=True, continue_on_error=True)
    except Exception:  # bytes from the network may raise anything in the parser
        return None
    truncated = bool(answer.flags & dns.flags.TC)
    if (answer.errors and not truncated) or not asked.is_response(answer):
        return None
    relevant = _relevant(answer.answer, asked.question[0].name)
    if answer.answer and not relevant:
        return None
    return Answer(
        rcode=dns.rcode.to_text(answer.rcode()),
        flags=tuple(dns.flags.to_text(answer.flags).split()),
        answers=_records(relevant),
        authority=_records(answer.authority),
        additional=_records(answer.additional),
        size=len(wire),
    )


def _relevant(section: list[dns.rrset.RRset], name: dns.name.Name) -> list[dns.rrset.RRset]:
    """Return the records of the name and of what its aliases lead to, in the order of the section."""
    names = {name}
    aliases = {r.name: r[0].target for r in section if r.rdtype == dns.rdatatype.CNAME}
    while (target := aliases.get(name)) is not None and target not in names:
        names.add(target)
        name = target
    return [r for r in section if r.name in names or r.rdtype == dns.rdatatype.DNAME]


def _records(section: list[dns.rrset.RRset]) -> tuple[Rr, ...]:
    found: list[Rr] = []
    for rrset in section:
        owner, kind = fold_name(rrset.name.to_text()), dns.rdatatype.to_text(rrset.rdtype)
        for rdata in rrset:
            if len(found) >= MAX_RECORDS:
                return tuple(found)
            found.append(record(owner, kind, int(rrset.ttl), rdata.to_text()))
    return tuple(found)


def record(owner: str, kind: str, ttl: int, text: str) -> Rr:
    """Return a record from its presentation form; ``owner`` is folded already."""
    return Rr(owner, kind, ttl, _folded_data(text) if kind in _NAME_TYPES else text)


def _folded_data(text: str) -> str:
    return " ".join(fold_name(word) or "." for word in text.split(" "))
