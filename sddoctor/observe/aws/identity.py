"""Who calls AWS: a label for the report, and what tells own namespaces from shared ones."""

from __future__ import annotations

from sddoctor.case.case import Identity
from sddoctor.case.seen import Fact, Unreachable
from sddoctor.observe.aws.calls import Calls
from sddoctor.observe.budget import Budget
from sddoctor.observe.work import Pending

#: Seconds, at most, that anything waits for what is only a label or a shortcut.
SHORT_WAIT = 2.0


class CallerIdentity:
    """The identity of the caller, which begins to be read at once."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._identity: Pending[Identity] = calls.pending(self._read, "the AWS identity")
        self._wait: Budget | None = None

    def _read(self) -> Fact[Identity]:
        return self._calls.get("sts", "GetCallerIdentity", "the AWS identity").map(
            lambda seen: Identity(seen["Account"], seen.get("Arn", ""))
        )

    def fact(self) -> Fact[Identity]:
        """Return the identity if it is known soon.

        All callers share one short budget. It begins with the first of them, when another call has been answered, and never
        before this call could be sent: a slow machine would look like a silent AWS.
        """
        if self._wait is None:
            self._calls.wait_for_client("sts")
            self._wait = Budget(min(SHORT_WAIT, self._calls.budget.remaining()))
        late = Unreachable("the AWS identity", "sts:GetCallerIdentity did not answer in time", "a path to AWS STS")
        return self._identity.fact_within(self._wait, late)

    def account(self) -> str | None:
        """Return the caller's account, or ``None`` when that is not known soon."""
        seen = self.fact().seen_or(None)
        return seen.account if seen is not None else None
