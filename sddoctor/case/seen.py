"""What was seen of one fact, and the five ways of not seeing it.

A fact of a Case is never ``None``. It is a :class:`Seen`, or says how it came that it was not seen. The five
are types, so that *denied* can never be mistaken for *absent*:

========================  ====================================================================
:class:`Absent`           the API, the server or the file said that there is no such thing
:class:`Denied`           a permission is missing
:class:`Unreachable`      no answer: time-out, no route, throttling, an error of the other side
:class:`Opaque`           it belongs to another account and cannot be read from here
:class:`NotAttempted`     nobody looked, and why
========================  ====================================================================

Reading ``fact.value`` of something that was not seen raises. :class:`AbsentFactError` means "this does not
apply", :class:`UnseenFactError` means "this cannot be decided"; the runner of causes turns the first into no
finding and the second into *undecided because of that gap*, so a cause never has to write a line for either.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Generic, Literal, NoReturn, Self, TypeAlias, TypeVar

from msgspec import Struct

T = TypeVar("T")
U = TypeVar("U")

#: How it came that there is no answer: nothing came back, nothing listens there, no packet gets there, what came back was
#: none, or something else than a file is in its place.
NoAnswer: TypeAlias = Literal["silence", "refused", "no-route", "malformed", "no-file"]


class Gap(Struct, frozen=True):
    """Something that was not seen: what, why, and what it would need to be seen."""

    what: str
    why: str
    needs: str

    def reason(self, shown: Callable[[str], str] = str) -> str:
        """Return why, and what it needs unless the reason names that; ``shown`` makes each part fit for where it goes."""
        needs = f" (needs: {shown(self.needs)})" if self.needs and self.needs not in self.why else ""
        return f"{shown(self.why)}{needs}"

    def text(self, shown: Callable[[str], str] = str) -> str:
        """Return what was not seen, with the reason."""
        return f"{shown(self.what)}: {self.reason(shown)}"


class FactError(Exception):
    """A fact was read that is not there."""


class AbsentFactError(FactError):
    """The fact is known not to exist: whatever needs it does not apply."""


class UnseenFactError(FactError):
    """The fact is not known: whatever needs it cannot be decided."""

    def __init__(self, gap: Gap) -> None:
        super().__init__(f"{gap.what}: {gap.why}")
        self.gap = gap


class Seen(Struct, Generic[T], frozen=True, tag="seen", tag_field="seen"):
    """A value, where it was seen (``ecs:DescribeServices``, ``/etc/hosts``) and when (UTC)."""

    value: T
    source: str
    at: datetime | None = None

    def or_none(self) -> T | None:
        """Return the value. See :meth:`Absent.or_none`."""
        return self.value

    def seen_or(self, default: object) -> T:  # noqa: ARG002 - see the others
        """Return the value. See :meth:`Absent.seen_or`."""
        return self.value

    def peek(self) -> T | None:
        """Return the value. See :meth:`Absent.peek`."""
        return self.value

    def map(self, read: Callable[[T], U]) -> Seen[U]:
        """Return what ``read`` makes of the value, seen at the same place and time."""
        return Seen(read(self.value), self.source, self.at)


class Absent(Struct, frozen=True, tag="absent", tag_field="seen"):
    """The thing does not exist, and its owner said so."""

    what: str
    source: str
    at: datetime | None = None

    @property
    def value(self) -> NoReturn:
        """Raise :class:`AbsentFactError`."""
        raise AbsentFactError(self.what)

    def or_none(self) -> None:
        """Return ``None``: that the thing is absent is knowledge, not a gap."""

    def seen_or(self, default: U) -> U:
        """Return ``default``, which stands for what was not seen: say with it what follows where nothing is known."""
        return default

    def peek(self) -> None:
        """Return ``None``. For showing only: judgement must not take unseen for absent."""

    def map(self, read: Callable[[Any], object]) -> Absent:  # noqa: ARG002 - see Seen
        """Return the same: what is made of nothing is nothing."""
        return self


class _Unseen(Struct, frozen=True, tag_field="seen"):
    """Common behaviour of what was not seen."""

    def gap(self) -> Gap:
        """Describe what is missing, and what would be needed to see it."""
        raise NotImplementedError  # pragma: no cover - each kind of its own

    @property
    def value(self) -> NoReturn:
        """Raise :class:`UnseenFactError`."""
        raise UnseenFactError(self.gap())

    def or_none(self) -> NoReturn:
        """Raise :class:`UnseenFactError`: not seen is not absent."""
        raise UnseenFactError(self.gap())

    def seen_or(self, default: U) -> U:
        """Return ``default``, which stands for what was not seen: say with it what follows where nothing is known."""
        return default

    def peek(self) -> None:
        """Return ``None``. For showing only: judgement must not take unseen for absent."""

    def map(self, read: Callable[[Any], object]) -> Self:  # noqa: ARG002 - see Seen
        """Return the same: what is made of something unseen is unseen for the same reason."""
        return self


class Denied(_Unseen, frozen=True, tag="denied"):
    """The caller lacks a permission.

    ``action`` is the IAM action (``ecs:DescribeServices``), ``resource`` the ARN or ``*``.
    """

    what: str
    action: str
    resource: str = "*"
    message: str = ""

    def gap(self) -> Gap:
        """Name the permission that is missing."""
        on = "" if self.resource == "*" else f" on {self.resource}"
        return Gap(self.what, f"{self.action} is denied{on}", self.action)


class Unreachable(_Unseen, frozen=True, tag="unreachable", omit_defaults=True):
    """Nobody answered, or the answer was no answer: time-out, no route, throttling, HTTP 500.

    ``needs`` says what would help: a route, a new sign-in, more time. ``kind`` is what of ``why`` is judged by.
    """

    what: str
    why: str
    needs: str
    kind: NoAnswer | None = None

    def gap(self) -> Gap:
        """Name what did not answer."""
        return Gap(self.what, self.why, self.needs)


class Opaque(_Unseen, frozen=True, tag="opaque"):
    """It belongs to another account, which does not show it."""

    what: str
    owner: str
    needs: str

    def gap(self) -> Gap:
        """Name the owner."""
        return Gap(self.what, f"it belongs to account {self.owner}", self.needs)


class NotAttempted(_Unseen, frozen=True, tag="not-attempted"):
    """Nobody looked: ``why`` says for what reason, ``needs`` what would make a look possible."""

    what: str
    why: str
    needs: str = ""

    def gap(self) -> Gap:
        """Say why nobody looked."""
        return Gap(self.what, self.why, self.needs)


Unseen: TypeAlias = Denied | Unreachable | Opaque | NotAttempted
Fact: TypeAlias = Seen[T] | Absent | Denied | Unreachable | Opaque | NotAttempted


def is_unseen(fact: Fact[T]) -> bool:
    """Tell whether the fact is a gap: neither seen nor known to be absent."""
    return not isinstance(fact, (Seen, Absent))


#: Read only when something that was seen before makes it matter.
NOT_NEEDED = NotAttempted("a detail", "nothing that was seen made it matter")
