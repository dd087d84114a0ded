"""Whether something that has a status acts: what AWS is still making, changing or deleting may act or not."""

from __future__ import annotations

#: Statuses of associations, rules and Profiles that act, and of those that do not.
#: https://docs.aws.amazon.com/Route53/latest/APIReference/API_route53resolver_ResolverRuleAssociation.html
#: https://docs.aws.amazon.com/Route53/latest/APIReference/API_route53profiles_ProfileAssociation.html
_ACTING = frozenset({"COMPLETE"})
_IDLE = frozenset({"FAILED", "OVERRIDDEN", "DELETED", "CREATION_FAILED"})


def acts(status: str) -> bool | None:
    """Tell whether something of this status acts; ``None`` where the status does not show it, as an unknown one."""
    if status in _ACTING:
        return True
    return False if status in _IDLE else None


def joint(*statuses: str) -> str:
    """Return the status of what acts only if all parts do: that of a part that does not, or may not."""
    idle = next((s for s in statuses if acts(s) is False), None)
    return idle or next((s for s in statuses if not acts(s)), "COMPLETE")
