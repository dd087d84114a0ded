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
from msgspec import Struct

from sddoctor.case.dns import Answer, Rr
from sddoctor.case.name import fold_name
from sddoctor.text.words import count

#: Records kept of each section; no genuine answer about a service has more (Cloud Map: 1,000 instances a service).
MAX_RECORDS = 2000
#: Bytes of the header of every message (RFC 1035, section 4.1.1).
_HEADER = 12
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


class NotAnAnswer(Struct, frozen=True):
    """A message that is no answer to a query, and why. ``final``: glibc waits for no other one behind it."""

    why: str
    final: bool = False


def read(asked: dns.message.QueryMessage, wire: bytes) -> Answer | NotAnAnswer:
    """Read the answer to a query, or say why clients do not take the message for one.

    In the answer section only records of the name, and of the names that its aliases lead to, count: clients ignore the
    others (RFC 1034, section 4.3.2; RFC 2181, section 5.4.1). What glibc does with each was measured with 2.36.
    """
    if len(wire) < _HEADER:
        return NotAnAnswer(f"a packet of {count(len(wire), 'byte')}", final=True)
    is_ours = int.from_bytes(wire[:2]) == asked.id
    try:
        answer = dns.message.from_wire(wire, ignore_trailing=True, continue_on_error=True)
    except Exception:  # bytes from the network may raise anything in the parser
        return NotAnAnswer("something that is no DNS message", final=is_ours)
    truncated = bool(answer.flags & dns.flags.TC)
    questions = int.from_bytes(wire[4:6])
    if not is_ours:
        return NotAnAnswer("a message with another id")
    if questions > 1:
        return NotAnAnswer(f"an answer to {questions} questions")
    if answer.errors and not truncated:
        return NotAnAnswer("a damaged DNS message", final=not answer.question or asked.is_response(answer))
    if not asked.is_response(answer):
        return NotAnAnswer("an answer to another question")
    relevant = _relevant(answer.answer, asked.question[0].name)
    if answer.answer and not relevant:
        return NotAnAnswer("an answer with records of other names only", final=True)
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
