"""Who asks AWS: a label for the report, and what tells own from shared namespaces."""

from __future__ import annotations

from sddoctor.case.case import Identity
from sddoctor.case.seen import Fact, Unreachable
from sddoctor.observe.aws.calls import Calls
from sddoctor.observe.budget import Budget
from sddoctor.observe.work import Pending

#: Nothing waits longer than this many seconds for what is only a label, or a short cut.
SHORT_WAIT = 2.0


class CallerIdentity:
    """The identity of the caller."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._flow: Pending[Identity] = calls.pending(self._look, "the AWS identity")
        self._wait: Budget | None = None

    def _look(self) -> Fact[Identity]:
        return self._calls.get("sts", "GetCallerIdentity", "the AWS identity").map(
            lambda seen: Identity(seen["Account"], seen.get("Arn", ""))
        )

    def fact(self) -> Fact[Identity]:
        """Return who asks, as a fact, if that is known soon.

        All who wait share one patience. It begins when somebody waits for the first time, and that is when another
        call has been answered; never before the question could be sent, or a slow machine would look like a silent AWS.
        """
        if self._wait is None:
            self._calls.wait_for_client("sts")
            self._wait = Budget(min(SHORT_WAIT, self._calls.budget.remaining()))
        late = Unreachable("the AWS identity", "sts:GetCallerIdentity did not answer in time", "a path to AWS STS")
        return self._flow.fact_within(self._wait, late)

    def account(self) -> str | None:
        """Return the caller's account, or ``None`` when that is not known soon."""
        seen = self.fact().seen_or(None)
        return seen.account if seen is not None else None
