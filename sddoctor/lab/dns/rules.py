"""Applies the answer rules of a world: which of them acts on a question, and what becomes of the answer."""

from __future__ import annotations

import threading
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import Literal

from sddoctor.case.dns import Rr
from sddoctor.lab.dns.result import Reply, Result, addresses
from sddoctor.lab.parts.answers import AnswerRule

#: TTL of a record that a rule adds, where it does not say one.
TTL = 60


class AnswerRules:
    """The rules of all servers of a world. It counts the questions that match a rule, from any thread."""

    def __init__(self, rules: dict[str, tuple[AnswerRule, ...]]) -> None:
        self._rules = rules
        self._counts: dict[tuple[str, int], int] = {}
        self._lock = threading.Lock()

    def apply(self, server: str, question: tuple[str, str], transport: Literal["udp", "tcp"], truth: Reply) -> Reply:
        """Return what the server replies to the question (name and type) instead of ``truth``."""
        rule = self.acting(server, question, transport)
        return truth if rule is None else changed(rule, *question, truth)

    def acting(self, server: str, question: tuple[str, str], transport: Literal["udp", "tcp"]) -> AnswerRule | None:
        """Return the first rule of the server that acts on the question, which is counted."""
        for number, rule in enumerate(self._rules.get(server, ())):
            if _matches(rule, *question, transport) and self._has_its_turn(server, number, rule.every):
                return rule
        return None

    def _has_its_turn(self, server: str, number: int, every: int) -> bool:
        with self._lock:
            count = self._counts[server, number] = self._counts.get((server, number), 0) + 1
        return count % every == 0


def _matches(rule: AnswerRule, name: str, rdtype: str, transport: str) -> bool:
    return (
        fnmatchcase(name, rule.name)
        and (not rule.types or rdtype in rule.types)
        and rule.transport in (None, transport)
    )


def changed(rule: AnswerRule, name: str, rdtype: str, truth: Reply) -> Reply:
    """Return the answer as the rule changes it."""
    if rule.lost or truth is None:
        return None
    if rule.rcode is not None:
        truth = Result(rule.rcode, authority=truth.authority if rule.rcode == truth.rcode else ())
    elif rule.referral:
        truth = Result(authority=tuple(Rr(zone, "NS", TTL, f"{server}.") for zone, server in rule.referral.items()))
    elif rule.addresses is not None:
        truth = addresses(name, rdtype, rule.addresses, TTL)
    kept = [r for r in truth.answers if not any(text in r.data for text in rule.without)]
    kept += addresses(name, rdtype, rule.also, kept[0].ttl if kept else TTL).answers
    if rule.ttl is not None:
        kept = [Rr(r.owner, r.type, rule.ttl, r.data) for r in kept]
    return replace(truth, answers=tuple(kept), authority=() if rule.without_soa else truth.authority)
