"""An answer before it is a message."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from sddoctor.case.dns import Rr

#: What a server says about a name: names lower case without a final dot, ``.`` is the root. ``None``: silence.
Said: TypeAlias = "Result | None"


@dataclass(frozen=True)
class Result:
    """An answer. ``answers`` and ``authority`` hold records in presentation form."""

    rcode: str = "NOERROR"
    answers: tuple[Rr, ...] = ()
    authority: tuple[Rr, ...] = ()

    @property
    def addresses(self) -> tuple[str, ...]:
        """The A and AAAA data among the answers."""
        return tuple(r.data for r in self.answers if r.type in ("A", "AAAA"))


SERVFAIL = Result("SERVFAIL")
REFUSED = Result("REFUSED")


def covers(domain: str, name: str) -> bool:
    """Tell whether ``name`` is ``domain`` or below it; ``""`` covers everything."""
    return domain in ("", name) or name.endswith("." + domain)


def addresses(name: str, rdtype: str, values: tuple[str, ...], ttl: int) -> Result:
    """Answer an address question from a list that may mix families; other types exist and are empty."""
    wanted = {"A": ".", "AAAA": ":"}.get(rdtype)
    return Result(answers=tuple(Rr(name, rdtype, ttl, v) for v in values if wanted and wanted in v))
