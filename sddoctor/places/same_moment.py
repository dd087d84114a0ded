"""Whether two observations may be judged together.

Answers at one place must not be compared with the state of AWS at another time: a deployment in between may have
replaced every task, and a healthy name would look broken.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from sddoctor.case.case import AwsFacts, Case, Place
from sddoctor.case.seen import Seen

#: Observations as close as this see the same state.
AT_ONCE = timedelta(minutes=2)
#: Observations further apart than this are never judged together.
LONGEST = timedelta(minutes=15)


def fits(place: Place, case: Case) -> bool:
    """Tell whether the answers at the place may be judged by the facts of AWS in the case."""
    return consistent(case.name, place, place.at or case.at, case.aws, case.at)


def consistent(name: str, place: Place, seen_at: datetime, aws: AwsFacts, aws_at: datetime) -> bool:
    """Tell whether the answers at a place at ``seen_at`` may be judged by the state of AWS at ``aws_at``.

    Observations that are apart are consistent only where nothing shows a change in between: AWS knows every address of
    its VPCs that the place got, and no task came or went after the place was observed.
    """
    if abs(seen_at - aws_at) <= AT_ONCE:
        return True
    if abs(seen_at - aws_at) > LONGEST:
        return False
    vpcs = aws.vpc.vpcs.seen_or(())
    answered = {a for a in _answered(name, place) if any(v.holds(a) for v in vpcs)}
    return answered <= set(_known(aws)) and not _changed_since(aws, seen_at)


def same_state(one: AwsFacts, one_at: datetime, other: AwsFacts, other_at: datetime) -> bool:
    """Tell whether two observations of AWS saw the same account and region in the same state."""
    if one.region != other.region or not _same_account(one, other) or abs(one_at - other_at) > LONGEST:
        return False
    if abs(one_at - other_at) <= AT_ONCE:
        return True
    later, earlier_at = (other, one_at) if other_at > one_at else (one, other_at)
    return not _changed_since(later, earlier_at)


def _same_account(one: AwsFacts, other: AwsFacts) -> bool:
    account = _account(one)
    return account is not None and account == _account(other)


def _account(aws: AwsFacts) -> str | None:
    """Return the account that was observed, if any fact names it."""
    if (identity := aws.identity.seen_or(None)) is not None:
        return identity.account
    own = (n.account for n in aws.cloudmap.namespaces.seen_or(()) if n.owner == "SELF")
    return next(own, None)


def _answered(name: str, place: Place) -> Iterator[str]:
    for probe in place.dns.probes:
        if probe.name == name and isinstance(probe.outcome, Seen):
            yield from probe.outcome.value.addresses


def _known(aws: AwsFacts) -> Iterator[str]:
    for view in aws.cloudmap.views:
        for instance in view.instances.seen_or(()):
            yield from instance.addresses
        for record in view.records.seen_or(()):
            yield from record.values
    for tasks in aws.ecs.tasks:
        for task in (*tasks.running.seen_or(()), *tasks.stopped.seen_or(())):
            yield from task.addresses


def _changed_since(aws: AwsFacts, moment: datetime) -> bool:
    """Tell whether AWS shows a task or a deployment that began, or a task that ended, after the moment."""
    tasks = [t for s in aws.ecs.tasks for f in (s.running, s.stopped) for t in f.seen_or(())]
    times = [t for task in tasks for t in (task.created_at, task.started_at, task.stopping_at, task.stopped_at)]
    times += [d.created_at for s in aws.ecs.services.seen_or(()) for d in s.deployments]
    times += [o.created_at for v in aws.cloudmap.views for o in v.operations.seen_or(())]
    return any(t is not None and t > moment for t in times)
