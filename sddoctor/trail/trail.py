"""The trail of one name: every reading of a Case that causes, hops and verdict share."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TypeVar

from sddoctor.case.case import Case
from sddoctor.case.cloudmap import NamespaceView
from sddoctor.case.dns import Answer, Server
from sddoctor.case.dns64 import translated
from sddoctor.case.seen import FactError
from sddoctor.places.same_moment import fits
from sddoctor.trail.answers import AnswersTrail
from sddoctor.trail.client import ClientAnswer, ClientTrail
from sddoctor.trail.cloudmap import CloudMapTrail
from sddoctor.trail.ecs import EcsTrail
from sddoctor.trail.host import HostTrail
from sddoctor.trail.lost import LostTrail
from sddoctor.trail.owner import OwnerTrail
from sddoctor.trail.promise import PromiseTrail
from sddoctor.trail.reach import ReachTrail
from sddoctor.trail.record_promise import PromiseParts, RecordPromise
from sddoctor.trail.stand_in import answer_of
from sddoctor.trail.views import rivals
from sddoctor.trail.vpc import VpcTrail
from sddoctor.trail.zone import ZoneTrail

T = TypeVar("T")


def optional(read: Callable[[], T]) -> T | None:
    """Read what only supports a finding: ``None`` when it was not seen. Never decide on that ``None`` alone."""
    try:
        return read()
    except FactError:
        return None


class Trail:
    """A Case and what follows from it, computed when first read.

    Reading something that depends on a fact that was not seen raises ``UnseenFactError``.
    """

    def __init__(self, case: Case) -> None:
        case = translated(case)
        self.case = case
        self.name = case.name
        self.cloudmap = CloudMapTrail(case)
        self.ecs = EcsTrail(case, self.cloudmap)
        self.answers = AnswersTrail(case)
        self.host = HostTrail(case)
        self.vpc = VpcTrail(case)
        self.reach = ReachTrail(case)
        self.lost = LostTrail(case, self.cloudmap, self.ecs, self.reach)
        self.zone = ZoneTrail(case, self.cloudmap)
        self.owner = OwnerTrail(case, self.cloudmap, self.zone, self.vpc, self.answers)
        self._client = ClientTrail(case, self.cloudmap, self.zone, self.answers, self.host, self.vpc)

    @cached_property
    def promise(self) -> PromiseTrail:
        """What should be returned: what ECS and Cloud Map promise, or the records of a name that is no matter of theirs."""
        parts = PromiseParts(self.case, self.cloudmap, self.ecs, self.lost, self.reach)
        if self.owner.is_of_records:
            return RecordPromise(parts, self.zone, self.owner, self.answers)
        return PromiseTrail(*parts)

    @cached_property
    def other_places(self) -> tuple[Trail, ...]:
        """The same name as each other place of the case sees it, if that was observed at the same time as AWS."""
        others = (self.case.seen_from(index) for index in range(1, len(self.case.places)))
        return tuple(Trail(case) for case in others if fits(case.place, case))

    @cached_property
    def rivals(self) -> tuple[NamespaceView, ...]:
        """Namespaces of one name that may all be meant; empty where it is clear which one is."""
        return rivals(self.case)

    @property
    def client_answer(self) -> ClientAnswer:
        """What the client gets for the name. Raises when that was not seen."""
        return self._client.answer

    @property
    def answered_itself(self) -> frozenset[str]:
        """The addresses that the client gets for this very name, without those of a name that a search domain completed.

        With the final dot, which keeps search domains away, a program then gets nothing, and a server returns them for
        the completed name. https://man7.org/linux/man-pages/man5/resolv.conf.5.html
        """
        addresses = self.client_answer.addresses
        if self.client_is_in_vpc or not self._gives_nothing_with_the_dot():
            return addresses
        longer = (p for p in self.answers.probes if p.name.startswith(f"{self.name}."))
        return addresses - {a for p in longer if (seen := p.outcome.seen_or(None)) for a in seen.addresses}

    def _gives_nothing_with_the_dot(self) -> bool:
        lookup = self.host.lookup(final_dot=True) if self.case.place.host.seen_or(None) else None
        seen = lookup.outcome.seen_or(None) if lookup is not None else None
        return seen is not None and not seen.addresses

    @property
    def client_is_in_vpc(self) -> bool:
        """Whether the client is a client in a VPC that the user named, not this host."""
        return self._client.is_vpc_client

    @property
    def queries_srv(self) -> bool:
        """Whether clients query the name for SRV, not for addresses."""
        return self._client.is_srv

    @property
    def rdtype(self) -> str:
        """The record type that the name is queried for; A stands for addresses."""
        return "SRV" if self.queries_srv else "A"

    def answer_of(self, server: Server, rdtype: str) -> Answer:
        """Return the answer of a server that the host queries. Raises when that was not seen."""
        return answer_of(self.answers, self.host, self.vpc, server, rdtype)

    @cached_property
    def client_fails(self) -> bool:
        """Whether the client gets no address at all."""
        return not self.client_answer.addresses
