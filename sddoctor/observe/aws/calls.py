"""Calls to AWS: each is made once, its error is translated, and all are logged."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import partial
from typing import Any, TypeVar

from msgspec import Struct

from sddoctor.case.seen import Absent, Denied, Fact, NotAttempted, Seen, Unreachable
from sddoctor.formats.aws.enums import unknown_values
from sddoctor.formats.aws.errors import EmptyAnswerError, UnknownOperationError, is_throttle, is_transient, translate
from sddoctor.observe.aws.pace import Pace
from sddoctor.observe.aws.session import Clients
from sddoctor.observe.budget import Budget
from sddoctor.observe.timing import Timing
from sddoctor.observe.work import Once, Pending, Work, depth, pending, waited_for

#: Calls under way at once: more would only wait for each other's CPU.
AT_ONCE = 16
#: No list that is read here has more pages; a token that never ends is an error of the other side.
MAX_PAGES = 500
#: Seconds for which a paced call is retried while AWS throttles it.
THROTTLE_TIMEOUT = 60.0
#: Seconds between two tries of a call, at most; the first pauses are shorter.
LONGEST_PAUSE = 5.0

T = TypeVar("T")
Page = dict[str, Any]
#: The things that were described, and the ``failures`` beside them.
Described = tuple[tuple[Any, ...], tuple[Any, ...]]


class Batch(Struct, frozen=True):
    """An operation that describes up to ``size`` things: ``key`` holds their ids, ``items`` the answer's list."""

    service: str
    operation: str
    key: str
    items: str
    size: int


class _Call(Struct, frozen=True):
    """One call as it is made."""

    service: str
    operation: str
    what: str
    params: dict[str, Any]

    @property
    def source(self) -> str:
        return f"{self.service}:{self.operation}"


class Calls:
    """The calls of one observation. Safe to use from several threads.

    ``budget`` is the time for all of them together. With a ``pace`` every call waits for its turn, and is retried here
    when AWS throttles it; botocore retries nothing then.
    """

    def __init__(self, clients: Clients, budget: Budget, pace: Pace | None = None) -> None:
        self._pace = pace
        self._clients = clients
        self.budget = budget
        self._lock = threading.Lock()
        self._slots = threading.Semaphore(AT_ONCE)
        self._began = time.monotonic()
        self._made: Once[Pending[Page]] = Once()
        self._lasting: Once[Pending[Page]] = Once()
        self._kept: frozenset[str] = frozenset()
        self.log: list[Timing] = []

    def start(self, service: str, operation: str, what: str, **params: Any) -> Pending[Page]:
        """Begin a call, or join one that was begun before with the same parameters."""
        key = json.dumps([service, operation, params], sort_keys=True, default=str)
        call = _Call(service, operation, what, params)
        made = self._lasting if call.source in self._kept else self._made
        return made.get(key, lambda: Work(partial(self._make, call), what, self.budget, moment=0))

    def pending(self, job: Callable[[], Fact[T]], what: str) -> Pending[T]:
        """Begin to read a fact that takes several calls, in a thread."""
        return pending(job, what, self.budget)

    def get(self, service: str, operation: str, what: str, **params: Any) -> Fact[Page]:
        """Make a call and wait for its answer."""
        return self.start(service, operation, what, **params).fact()

    def pages(
        self,
        service: str,
        operation: str,
        what: str,
        items: str,
        *,
        page_key: str | tuple[str, str] = "NextToken",
        **params: Any,
    ) -> Fact[tuple[Any, ...]]:
        """Read every page of a list. botocore has no paginator for some.

        ``page_key`` is the member that leads to the next page; where the request calls it otherwise, both of them.

        Cloud Map filters after paging, so an empty page that has a token is normal. If one page was not seen, the list was
        not seen.
        https://docs.aws.amazon.com/cloud-map/latest/api/API_ListNamespaces.html
        """
        found: list[Any] = []
        unread: dict[str, None] = {}
        more: dict[str, Any] = {}
        given, asked = (page_key, page_key) if isinstance(page_key, str) else page_key
        for _ in range(MAX_PAGES):
            fact = self.get(service, operation, what, **params, **more)
            if not isinstance(fact, Seen):
                return fact
            page = fact.value
            if items not in page:
                return incomplete(what, fact.source, items)
            unread |= dict.fromkeys(fact.unread)
            # A map, as GetInstancesHealthStatus has it, is read as its pairs.
            found.extend(page[items].items() if isinstance(page[items], dict) else page[items])
            if not page.get(given):
                return Seen(tuple(found), fact.source, fact.at, tuple(unread))
            more = {asked: page[given]}
        return Unreachable(what, f"{service}:{operation} has more than {MAX_PAGES} pages", "a later try")

    def in_batches(self, batch: Batch, what: str, ids: tuple[str, ...], **params: Any) -> Fact[Described]:
        """Describe ids in batches, at the same time."""
        parts = [list(ids[i : i + batch.size]) for i in range(0, len(ids), batch.size)]
        calls = [self.start(batch.service, batch.operation, what, **{batch.key: part}, **params) for part in parts]
        found: list[Any] = []
        failures: list[Any] = []
        unread: dict[str, None] = {}
        at = None
        for call in calls:
            fact = call.fact()
            if not isinstance(fact, Seen):
                return fact
            if batch.items not in fact.value:
                return incomplete(what, fact.source, batch.items)
            found.extend(fact.value[batch.items])
            failures.extend(fact.value.get("failures", ()))
            unread |= dict.fromkeys(fact.unread)
            at = fact.at
        return Seen((tuple(found), tuple(failures)), f"{batch.service}:{batch.operation}", at, tuple(unread))

    def _make(self, call: _Call) -> Fact[Page]:
        queued = time.monotonic()
        call_round = depth() + 1
        if self._pace is not None:
            self._pace.wait(call.service, call.operation)
        with self._slots:
            began = time.monotonic()
            if self.budget.spent():
                return self.budget.too_late(call.what)
            try:
                client = self._clients.get(call.service)
                began = time.monotonic()
                answer = self._answer(call, client)
                unknown = unknown_values(call.source, answer)
                fact: Fact[Page] = Seen(answer, call.source, datetime.now(UTC), unknown)
                outcome = "ok"
            except Exception as error:  # translated: nothing above knows about boto3
                unseen = translate(error, call.service, call.operation, call.what)
                fact, outcome = unseen, _outcome(unseen)
            ended = time.monotonic()
        with self._lock:
            self.log.append(
                Timing(
                    call=call.source,
                    round=call_round,
                    began_ms=_ms(began - self._began),
                    wait_ms=_ms(began - queued),
                    took_ms=_ms(ended - began),
                    outcome=outcome,
                )
            )
        waited_for(call_round)
        return fact

    def _answer(self, call: _Call, client: Any) -> Page:
        """Send a call. A paced one is retried: after throttles until their time is over, after other failures twice."""
        began, failures, throttles = time.monotonic(), 0, 0
        while True:
            try:
                return self._send(call, client)
            except Exception as error:
                if self._pace is None:
                    raise
                if is_throttle(error):
                    self._pace.throttled(call.service, call.operation)
                    throttles += 1
                    if time.monotonic() - began > THROTTLE_TIMEOUT:
                        raise
                else:
                    failures += 1
                    if failures > 2 or not is_transient(error):
                        raise
            time.sleep(min(LONGEST_PAUSE, 0.05 * 2 ** (throttles + failures)))
            self._pace.wait(call.service, call.operation)

    def _send(self, call: _Call, client: Any) -> Page:
        method = getattr(client, _snake(call.operation), None)
        if method is None:
            raise UnknownOperationError(call.source)
        answer: Page = method(**call.params)
        answer.pop("ResponseMetadata", None)
        if not answer:
            # Every operation used here returns at least one member, if only an empty list. boto3 reads an empty body, or
            # one that is no JSON, as an answer without members.
            raise EmptyAnswerError(call.source)
        return answer

    def wait_for_client(self, service: str) -> None:
        """Wait until calls of a service can be sent. That takes this machine's time and says nothing about AWS."""
        self._clients.wait_for(service)

    def timings(self) -> tuple[Timing, ...]:
        """Return every call that was made, in the order in which they began."""
        return tuple(sorted(self.log, key=lambda t: (t.began_ms, t.call)))

    def keep(self, *actions: str) -> None:
        """Keep the answers of these actions (``ec2:DescribeVpcs``) when all others are forgotten: many names share them."""
        self._kept |= frozenset(actions)

    def forget(self) -> None:
        """Drop the answers and the log: the same call is made again."""
        self._made.forget()
        with self._lock:
            self.log.clear()


def incomplete(what: str, source: str, member: str) -> Unreachable:
    """Say that an answer lacks a member that it must have: that is not an empty list."""
    return Unreachable(what, f"the answer of {source} has no {member}", "a later try")


def joined(facts: Iterable[Fact[tuple[T, ...]]], source: str) -> Fact[tuple[T, ...]]:
    """Join lists into one. A list that was not seen may hold what matters, so it stands for the whole then."""
    found: list[T] = []
    unread: dict[str, None] = {}
    for fact in facts:
        if not isinstance(fact, Seen):
            return fact
        found += fact.value
        unread |= dict.fromkeys(fact.unread)
    return Seen(tuple(found), source, unread=tuple(unread))


def _outcome(fact: Absent | Denied | Unreachable | NotAttempted) -> str:
    if isinstance(fact, Absent):
        return "not found"
    return "denied" if isinstance(fact, Denied) else fact.why


def _ms(seconds: float) -> int:
    return round(seconds * 1000)


def _snake(operation: str) -> str:
    from botocore import xform_name

    return str(xform_name(operation))
