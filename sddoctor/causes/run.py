"""Runs the causes over one case: findings, what could not be decided, what crashed."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from sddoctor.case.seen import AbsentFactError, Gap, UnseenFactError
from sddoctor.causes.model import Cause, Finding
from sddoctor.trail.trail import Trail


class Outcome(Struct, frozen=True):
    """What one cause came to: a finding, a gap that keeps it undecided, an error of its own, or nothing."""

    cause: Cause
    finding: Finding | None = None
    gap: Gap | None = None
    error: str | None = None


def run(causes: Iterable[Cause], trail: Trail) -> tuple[Outcome, ...]:
    """Run every cause. A fact that was not seen makes a cause undecided; a crash stops only that one."""
    return tuple(_run_one(c, trail) for c in causes)


def _run_one(cause: Cause, trail: Trail) -> Outcome:
    try:
        return Outcome(cause, finding=cause.decide(trail) if _can_concern(cause, trail) else None)
    except AbsentFactError:
        return Outcome(cause)
    except UnseenFactError as unseen:
        return Outcome(cause, gap=unseen.gap)
    except Exception as error:
        return Outcome(cause, error=f"{type(error).__name__}: {error}")


def _can_concern(cause: Cause, trail: Trail) -> bool:
    """Tell whether the cause can concern the client: this host, and its route to the resolver, are not a VPC client's.

    What only other systems have is no candidate on this one, whatever was not seen.
    """
    host = trail.case.place.host.seen_or(None)
    if cause.platforms and host is not None and host.platform not in cause.platforms:
        return False
    return cause.for_any_client or cause.hop not in ("network", "host") or not trail.client_is_in_vpc
