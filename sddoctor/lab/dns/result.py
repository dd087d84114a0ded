"""Replies of servers, before they are messages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from sddoctor.case.dns import Rr

#: What a server replies to a query; ``None``: nothing.
Reply: TypeAlias = "Result | None"
#: Queries another server of the world: (address, name, type) -> its reply.
QueryServer: TypeAlias = Callable[[str, str, str], Reply]


@dataclass(frozen=True)
class Result:
    """A response: its code, and records in presentation form.

    Names are lower case without a final dot; ``.`` is the root. ``authoritative``: it has the AA flag.
    """

    rcode: str = "NOERROR"
    answers: tuple[Rr, ...] = ()
    authority: tuple[Rr, ...] = ()
    authoritative: bool = False

    @property
    def addresses(self) -> tuple[str, ...]:
        """The A and AAAA data among the answers."""
        return tuple(r.data for r in self.answers if r.type in ("A", "AAAA"))

    @property
    def is_referral(self) -> bool:
        """Whether it only says which servers to ask, as a server does that offers no recursion (RFC 1034 4.3.1)."""
        return not self.answers and any(r.type == "NS" for r in self.authority)


#: At most so many CNAMEs are followed.
MAX_CHAIN = 8


def followed(name: str, rdtype: str, answer_once: Callable[[str, str], Result]) -> Result:
    """Return the answer of a resolver that follows CNAMEs: the whole chain, and what is said of its end."""
    found = answer_once(name, rdtype)
    chain = found.answers
    for _ in range(MAX_CHAIN):
        last = chain[-1] if chain else None
        if last is None or last.type != "CNAME" or rdtype == "CNAME":
            break
        found = answer_once(last.data.lower().rstrip("."), rdtype)
        chain += found.answers
        if not found.answers:
            break
    return Result(found.rcode, chain, found.authority)


SERVFAIL = Result("SERVFAIL")
REFUSED = Result("REFUSED")


def covers(domain: str, name: str) -> bool:
    """Tell whether ``name`` is ``domain`` or below it; ``""`` covers everything."""
    return domain in ("", name) or name.endswith("." + domain)


def addresses(name: str, rdtype: str, values: tuple[str, ...], ttl: int) -> Result:
    """Answer an address query from a list of both families; other types give NODATA."""
    wanted = {"A": ".", "AAAA": ":"}.get(rdtype)
    return Result(answers=tuple(Rr(name, rdtype, ttl, v) for v in values if wanted and wanted in v))
