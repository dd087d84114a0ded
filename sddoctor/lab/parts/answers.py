"""What a name server or a lookup answers otherwise than it would, as a world describes it, question by question."""

from __future__ import annotations

from typing import Literal

from sddoctor.lab.parts.base import Part


class AnswerRule(Part, frozen=True):
    """A change to answers. Of the rules of one server the first that acts on a question is applied.

    A rule matches questions by ``name`` (a pattern such as ``*.example.internal``), ``types`` and ``transport``; what it
    leaves out matches every question. It acts on every question that matches, or on each ``every``-th.

    The question is lost (``lost``), or its answer has the ``rcode`` and no records of its own, or it is a ``referral`` (zone -> its
    name server), or it has these ``addresses``. Of any answer ``without`` removes the records whose data contain one of
    its texts, ``also`` adds addresses, ``ttl`` is set in all records, and ``without_soa`` removes the authority section.
    """

    name: str = "*"
    types: tuple[str, ...] = ()
    transport: Literal["udp", "tcp"] | None = None
    every: int = 1
    lost: bool = False
    rcode: str | None = None
    referral: dict[str, str] = {}
    addresses: tuple[str, ...] | None = None
    without: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    ttl: int | None = None
    without_soa: bool = False
