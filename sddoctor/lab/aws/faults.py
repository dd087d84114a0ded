"""Faults of the API itself: denial, throttling, broken answers, latency."""

from __future__ import annotations

import threading
from fnmatch import fnmatchcase
from typing import Any

from sddoctor.lab.aws.account import Account
from sddoctor.lab.aws.errors import IAM_PREFIX, ApiError, denied, expired, throttled
from sddoctor.lab.aws.resources import resource_of
from sddoctor.lab.world import Faults

#: Permissions that an operation needs besides its own.
#: https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
ALSO_NEEDED = {
    "route53:ListHostedZonesByVPC": "ec2:DescribeVpcs",
    "route53resolver:ListResolverRuleAssociations": "ec2:DescribeVpcs",
    "route53resolver:GetFirewallConfig": "ec2:DescribeVpcs",
    "route53resolver:GetResolverConfig": "ec2:DescribeVpcs",
}
#: Needs no permission, so that only a pattern for its service can deny it.
ALWAYS_ALLOWED = "sts:GetCallerIdentity"


class ApiFaults:
    """The API faults of a world, and how many calls are still to be throttled."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults
        self._throttles_left = dict(faults.throttle)
        self._lock = threading.Lock()

    @property
    def latency(self) -> float:
        """Seconds that every answer takes."""
        return self._faults.latency_ms / 1000

    def broken(self, action: str) -> str | None:
        """Return how answers of this action are broken, a value of :attr:`Faults.errors`, or ``None``."""
        return next((kind for pattern, kind in self._faults.errors.items() if fnmatchcase(action, pattern)), None)

    def refuse(self, account: Account, service: str, operation: str, params: dict[str, Any]) -> None:
        """Raise :class:`ApiError` if the call is denied, throttled, or made with an expired session."""
        action = f"{service}:{operation}"
        if self.broken(action) == "expired":
            raise expired(service)
        said = next((text for pattern, text in self._faults.codes.items() if fnmatchcase(action, pattern)), None)
        if said is not None:
            code, _, message = said.partition(": ")
            raise ApiError(code, message)
        if self._throttles(action):
            raise throttled(service, operation)
        for needed in (action, ALSO_NEEDED.get(action)):
            if needed is not None and self._denies(needed):
                resource = resource_of(account.state, service, operation, params) if needed == action else "*"
                raise denied(service, _in_policies(needed), resource, account.caller, self._faults.denied_by)

    def _denies(self, action: str) -> bool:
        names = (action, _in_policies(action))
        patterns = [p for p in self._faults.deny if any(fnmatchcase(n, p) for n in names)]
        if action == ALWAYS_ALLOWED:
            return any(p.startswith("sts:") for p in patterns)
        allowed = self._faults.allow
        return bool(patterns) or (allowed is not None and not any(fnmatchcase(n, p) for p in allowed for n in names))

    def _throttles(self, action: str) -> bool:
        with self._lock:
            for pattern, remaining in self._throttles_left.items():
                if remaining != 0 and fnmatchcase(action, pattern):
                    self._throttles_left[pattern] = remaining - 1 if remaining > 0 else remaining
                    return True
        return False


def _in_policies(action: str) -> str:
    """Return what policies call an action."""
    service, _, operation = action.partition(":")
    return f"{IAM_PREFIX.get(service, service)}:{operation}"


def server_error() -> ApiError:
    """Return the error for a failure of the service itself."""
    return ApiError("InternalFailure", "We encountered an internal error. Please try again.", 500)
