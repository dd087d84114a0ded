"""Name servers whose replies are faulty: late, mangled, off the question, or endless."""

from __future__ import annotations

from typing import Literal

import dns.flags
import dns.message
import dns.name
import dns.rdataclass
import dns.rdatatype
import dns.rrset

from sddoctor.case.dns import Rr
from sddoctor.lab.dns.result import REFUSED, SERVFAIL, Reply, Result
from sddoctor.lab.world import DnsFault

#: Seconds that a late reply takes: longer than any client waits.
LATE = 60.0
#: Records of an answer too long for any use, which still fits into a message of 64 KiB.
MANY = 2500
#: Clients must discard what these servers send, so that programs get no reply.
_UNUSABLE = frozenset({"timeout", "late", "truncated", "wrong-id", "wrong-question", "garbage", "other-name"})
_ELSEWHERE = "elsewhere.example.net"


def usable_reply(fault: DnsFault | None, name: str, rdtype: str, truth: Reply) -> Reply:
    """Return what a program gets from a server with that fault; ``truth`` is the reply without it."""
    if fault is None:
        return truth
    if fault in _UNUSABLE:
        return None
    if fault == "refused":
        return REFUSED
    if fault == "servfail":
        return SERVFAIL
    if fault == "cname-loop":
        other = f"loop.{name}"
        return Result(answers=(Rr(name, "CNAME", 60, other), Rr(other, "CNAME", 60, name)))
    if rdtype != "A":
        return truth
    return Result(answers=tuple(Rr(name, "A", 60, f"198.18.{i // 250}.{i % 250 + 1}") for i in range(MANY)))


def mangled(
    fault: DnsFault | None, response: dns.message.Message, transport: Literal["udp", "tcp"]
) -> dns.message.Message | None:
    """Return the message as a server with that fault sends it; ``None``: it sends nothing."""
    if fault == "wrong-id":
        response.id ^= 0xFFFF
    elif fault == "wrong-question" and response.question:
        question = response.question[0]
        response.question = [dns.rrset.RRset(dns.name.from_text(_ELSEWHERE), question.rdclass, question.rdtype)]
    elif fault == "other-name":
        other = dns.name.from_text(_ELSEWHERE)
        rdata = "198.18.0.1"
        response.answer = [dns.rrset.from_text(other, 60, dns.rdataclass.IN, dns.rdatatype.A, rdata)]
        response.authority = []
    elif fault == "truncated":
        if transport == "tcp":
            return None
        response.answer, response.authority, response.additional = [], [], []
        response.flags |= dns.flags.TC
    return response


#: Not a DNS message: the counts in its header promise more than follows.
GARBAGE = b"\xff\xff\x81\x80\x00\x09\x00\x09not a DNS message"
