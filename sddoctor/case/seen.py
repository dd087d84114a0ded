"""A fact that was seen, and the five ways in which one is not.

A fact of a Case is never ``None``. It is a :class:`Seen`, or says why there is no value. The five are types, so
that *denied* can never be mistaken for *absent*:

========================  ====================================================================
:class:`Absent`           the API, the server or the file said that there is no such thing
:class:`Denied`           a permission is missing
:class:`Unreachable`      no valid answer: timeout, no route, throttling, a server error
:class:`Opaque`           it belongs to another account and cannot be read from here
:class:`NotAttempted`     it was not looked for, and why
========================  ====================================================================

What was seen may be incomplete: ``Seen.unread`` has what its reader did not understand. Reading ``fact.value`` of something that was not seen raises. :class:`AbsentFactError` means "this does not
apply", :class:`UnseenFactError` means "this cannot be decided"; the runner of causes turns the first into no
finding and the second into *undecided because of that gap*, so a cause handles neither.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any, Generic, Literal, NoReturn, Self, TypeAlias, TypeVar

from msgspec import Struct

T = TypeVar("T")
U = TypeVar("U")

#: Why there is no answer: no reply, nothing listens there, no route, a reply that is no answer, or something that is no
#: file in the place of one.
NoAnswer: TypeAlias = Literal["silence", "refused", "no-route", "malformed", "no-file"]


#: The source of what AWS said: service and operation.
_OPERATION = re.compile(r"[a-z0-9]+:[A-Z][A-Za-z0-9]+$")


class Gap(Struct, frozen=True):
    """Something that was not seen: what, why, and what is needed to see it.

    ``said`` is the sentence of whoever refused it, in one line: it is quoted where gaps are listed.
    """

    what: str
    why: str
    needs: str
    said: str = ""

    def reason(self, shown: Callable[[str], str] = str) -> str:
        """Return why, and what it needs unless the reason names that; ``shown`` escapes each part for its destination."""
        needs = f" (needs: {shown(self.needs)})" if self.needs and self.needs not in self.why else ""
        return f"{shown(self.why)}{needs}"

    def quoted(self, shown: Callable[[str], str] = str) -> str:
        """Return why, with the sentence of whoever refused it unless the reason has it."""
        said = f'; it says: "{shown(self.said)}"' if self.said and self.said not in self.why else ""
        return f"{shown(self.why)}{said}"

    def text(self, shown: Callable[[str], str] = str) -> str:
        """Return what was not seen, with the reason and the quotation."""
        needs = f" (needs: {shown(self.needs)})" if self.needs and self.needs not in self.why else ""
        return f"{shown(self.what)}: {self.quoted(shown)}{needs}"


class FactError(Exception):
    """A fact without a value was read."""


class AbsentFactError(FactError):
    """The fact is known not to exist: whatever needs it does not apply."""


class UnseenFactError(FactError):
    """The fact is not known: whatever needs it cannot be decided."""

    def __init__(self, gap: Gap) -> None:
        super().__init__(f"{gap.what}: {gap.why}")
        self.gap = gap


class Seen(Struct, Generic[T], frozen=True, tag="seen", tag_field="seen", omit_defaults=True):
    """A value, its source (``ecs:DescribeServices``, ``/etc/hosts``) and when it was seen (UTC).

    ``unread`` are the parts of the source that its reader did not understand, or that the source shows cut: lines,
    headers, members. The value has what the rest says, so that what it has is true, and what it lacks may be there.
    """

    value: T
    source: str
    at: datetime | None = None
    unread: tuple[str, ...] = ()

    @property
    def whole(self) -> T:
        """Return the value, or raise :class:`UnseenFactError` where part was not read: for whoever concludes from its lack."""
        gap = self.gap_of_unread()
        if gap is not None:
            raise UnseenFactError(gap)
        return self.value

    def gap_of_unread(self) -> Gap | None:
        """Return what of the source was not understood, or ``None``."""
        if not self.unread:
            return None
        more = f", and {len(self.unread) - 1} more" if self.unread[1:] else ""
        why = f"part of it is not understood: {self.unread[0].strip()!r}{more}"
        of_aws = _OPERATION.match(self.source) is not None
        needs = (
            "a version of sddoctor that knows it" if of_aws else f"the complete, untranslated output of {self.source}"
        )
        return Gap(self.source, why, needs)

    def or_none(self) -> T | None:
        """Return the value. See :meth:`Absent.or_none`."""
        return self.value

    def seen_or(self, default: object) -> T:  # noqa: ARG002 - see Absent
        """Return the value. See :meth:`Absent.seen_or`."""
        return self.value

    def peek(self) -> T | None:
        """Return the value. See :meth:`Absent.peek`."""
        return self.value

    def map(self, read: Callable[[T], U]) -> Seen[U]:
        """Return ``read`` of the value, with the same source and time, and as much unread."""
        return Seen(read(self.value), self.source, self.at, self.unread)

    def then(self, read: Callable[[T], Fact[U]]) -> Fact[U]:
        """Return the fact that ``read`` makes of the value, which has unread what this one has, too."""
        made = read(self.value)
        if not isinstance(made, Seen):
            return made
        return Seen(made.value, made.source, self.at or made.at, tuple(dict.fromkeys(self.unread + made.unread)))


class Absent(Struct, frozen=True, tag="absent", tag_field="seen"):
    """It does not exist, by an authoritative answer."""

    what: str
    source: str
    at: datetime | None = None

    @property
    def value(self) -> NoReturn:
        """Raise :class:`AbsentFactError`."""
        raise AbsentFactError(self.what)

    @property
    def whole(self) -> NoReturn:
        """Raise :class:`AbsentFactError`."""
        raise AbsentFactError(self.what)

    def or_none(self) -> None:
        """Return ``None``: absence is knowledge, not a gap."""

    def seen_or(self, default: U) -> U:
        """Return ``default``, the value to judge by where nothing was seen."""
        return default

    def peek(self) -> None:
        """Return ``None``. For showing only: judgement must not take unseen for absent."""

    def map(self, read: Callable[[Any], object]) -> Absent:  # noqa: ARG002 - see Seen
        """Return itself: there is no value to read."""
        return self

    def then(self, read: Callable[[Any], object]) -> Absent:  # noqa: ARG002 - see Seen
        """Return itself: there is no value to read."""
        return self


#: So much is quoted of what the other side says. An encoded part of it says nothing to a reader.
_MOST_QUOTED = 400
_ENCODED = re.compile(r"\s*Encoded authorization failure message:.*", re.DOTALL)


def in_one_line(message: str) -> str:
    """Return what the other side said as one line without control characters, cut where it is very long."""
    printable = "".join(c if c.isprintable() else " " for c in _ENCODED.sub("", message[:4000]))
    words = " ".join(printable.split())
    return words if len(words) <= _MOST_QUOTED else f"{words[:_MOST_QUOTED]}..."


class _Unseen(Struct, frozen=True, tag_field="seen"):
    """Common behaviour of the kinds of gap."""

    def gap(self) -> Gap:
        """Return what is missing, why, and what is needed to see it."""
        raise NotImplementedError  # pragma: no cover - each kind of its own

    @property
    def value(self) -> NoReturn:
        """Raise :class:`UnseenFactError`."""
        raise UnseenFactError(self.gap())

    @property
    def whole(self) -> NoReturn:
        """Raise :class:`UnseenFactError`."""
        raise UnseenFactError(self.gap())

    def or_none(self) -> NoReturn:
        """Raise :class:`UnseenFactError`: not seen is not absent."""
        raise UnseenFactError(self.gap())

    def seen_or(self, default: U) -> U:
        """Return ``default``, the value to judge by where nothing was seen."""
        return default

    def peek(self) -> None:
        """Return ``None``. For showing only: judgement must not take unseen for absent."""

    def map(self, read: Callable[[Any], object]) -> Self:  # noqa: ARG002 - see Seen
        """Return itself: unseen for the same reason."""
        return self

    def then(self, read: Callable[[Any], object]) -> Self:  # noqa: ARG002 - see Seen
        """Return itself: unseen for the same reason."""
        return self


#: Which policy denied, as AWS names its kind in a denial.
#: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
_DENIED_BY = re.compile(
    r"(because no|with an explicit deny in (?:an?|the)) ([A-Za-z -]{1,60}?(?:policy|policies|boundary))\b"
)
#: The kinds that a permission of the caller mends.
_OF_CALLER = ("identity-based policy", "identity-based policies")


class Denied(_Unseen, frozen=True, tag="denied"):
    """The caller lacks a permission.

    ``action`` is the IAM action (``ecs:DescribeServices``), ``resource`` the ARN or ``*``, ``message`` AWS's sentence.
    """

    what: str
    action: str
    resource: str = "*"
    message: str = ""

    def gap(self) -> Gap:
        """Return the gap, with the missing permission, or with the policy that no permission of the role goes round."""
        on = "" if self.resource == "*" else f" on {self.resource}"
        found = _DENIED_BY.search(self.message)
        why, said = f"{self.action} is denied{on}", in_one_line(self.message)
        if found is None:
            return Gap(self.what, why, self.action, said)
        how, policy = found.groups()
        explicit = "" if how == "because no" else "an explicit deny in "
        article = "an" if policy[0] in "aeiou" else "a"
        if policy in _OF_CALLER:
            return Gap(self.what, f"{why} by {explicit}{article} {policy}" if explicit else why, self.action, said)
        return Gap(self.what, f"{why} by {article} {policy}", f"{article} {policy} that allows {self.action}", said)


class Unreachable(_Unseen, frozen=True, tag="unreachable", omit_defaults=True):
    """There was no valid answer: timeout, no route, throttling, HTTP 500.

    ``needs`` is what helps: a route, a new sign-in, more time. ``kind`` is ``why`` in the form that judgement reads.
    ``message`` is what the other side says of it, if it says anything.
    """

    what: str
    why: str
    needs: str
    kind: NoAnswer | None = None
    message: str = ""

    def gap(self) -> Gap:
        """Return the gap, with the reason."""
        return Gap(self.what, self.why, self.needs, in_one_line(self.message))


class Opaque(_Unseen, frozen=True, tag="opaque"):
    """It belongs to another account and is not visible here."""

    what: str
    owner: str
    needs: str

    def gap(self) -> Gap:
        """Return the gap, with the owner."""
        return Gap(self.what, f"it belongs to account {self.owner}", self.needs)


class NotAttempted(_Unseen, frozen=True, tag="not-attempted"):
    """It was not looked for: ``why`` is the reason, ``needs`` what is needed to do so."""

    what: str
    why: str
    needs: str = ""

    def gap(self) -> Gap:
        """Return the gap, with the reason."""
        return Gap(self.what, self.why, self.needs)


Unseen: TypeAlias = Denied | Unreachable | Opaque | NotAttempted
Fact: TypeAlias = Seen[T] | Absent | Denied | Unreachable | Opaque | NotAttempted


def is_unseen(fact: Fact[T]) -> bool:
    """Tell whether the fact is a gap: neither seen nor known to be absent."""
    return not isinstance(fact, (Seen, Absent))


#: For facts that are read only when an earlier fact makes them relevant.
NOT_NEEDED = NotAttempted("a detail", "nothing that was seen made it matter")
