"""Answers as no name server should send them, each as the packets that one sends: for what programs make of them.

The first label of a name says which one it gets, unless ``python -m tests.odd_answers ADDRESS KIND`` serves one for all names.
"""

from __future__ import annotations

import socket
import sys

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset

ADDRESS, OTHER = "10.10.211.50", "198.51.100.9"
_TARGET, _ELSEWHERE = "real.example.net.", "elsewhere.example.net."


def packets(query: dns.message.Message, kind: str = "") -> list[bytes]:
    """Return what is sent back by UDP. Questions for AAAA get an empty answer with the same fault, where it has no records."""
    name = query.question[0].name
    kind = kind or name.labels[0].decode().lower()
    answer = dns.message.make_response(query, recursion_available=True)
    own, alias = _rr(name, "A", ADDRESS), _rr(name, "CNAME", _TARGET)
    real, stray = _rr(_TARGET, "A", ADDRESS), _rr(_ELSEWHERE, "A", OTHER)
    records = {
        "alias-last": [real, alias],
        "chain-mixed": [_rr("b.example.net.", "CNAME", _TARGET), _rr(name, "CNAME", "b.example.net."), real],
        "alias-first": [alias, real],
        "alias-and-stray": [alias, stray, real],
        "stray-and-own": [stray, own],
        "stray": [stray],
        "own-and-alias": [own, alias],
        "referral": [],
        "referral-without-names": [],
        "empty": [],
    }.get(kind, [own])
    if query.question[0].rdtype == dns.rdatatype.A:
        answer.answer += records
    if kind.startswith("referral"):
        answer.flags &= ~dns.flags.RA
        answer.authority += [_rr(dns.name.root, "NS", "a.root-servers.net.")] if kind == "referral" else []
    if kind.startswith("code-"):
        answer.set_rcode(dns.rcode.from_text(kind.removeprefix("code-")))
    if kind == "aaaa-denied" and query.question[0].rdtype == dns.rdatatype.AAAA:
        answer.set_rcode(dns.rcode.NXDOMAIN)
    if kind == "three-questions":
        answer.question *= 3
    if kind == "other-question":
        answer.question = [dns.rrset.RRset(dns.name.from_text(_ELSEWHERE), 1, query.question[0].rdtype)]
    wire = answer.to_wire()
    other_id = (query.id ^ 1).to_bytes(2, "big") + wire[2:]
    in_front = {"short-first": wire[:5], "other-id-first": other_id, "cut-first": wire[:14]}
    if kind == "damaged":
        return [wire[:-3]]
    return [in_front[kind], wire] if kind in in_front else [wire]


def _rr(owner: dns.name.Name | str, rdtype: str, data: str) -> dns.rrset.RRset:
    return dns.rrset.from_text(owner, 10, "IN", rdtype, data)


def serve(address: str, kind: str) -> None:
    """Answer every query by UDP, as KIND says."""
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind((address, 53))
    while True:
        wire, peer = server.recvfrom(4096)
        query = dns.message.from_wire(wire)
        for packet in packets(query, kind):
            server.sendto(packet, peer)


if __name__ == "__main__":
    serve(*sys.argv[1:])
