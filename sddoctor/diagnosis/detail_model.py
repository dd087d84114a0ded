"""The details behind a diagnosis: who has which address, since when, and which queries were made."""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import Struct

Mark: TypeAlias = Literal["yes", "odd", "no", "spared", "unseen"]
Wanted: TypeAlias = Literal["expected", "tolerated", "not expected", "unknown"]
Tone: TypeAlias = Literal["good", "warn", "bad", "dim"]


class Cell(Struct, frozen=True):
    """Whether an address is in a column: present, present in an odd state, absent, or not seen; and the state.

    ``spared`` is absent and need not be present: an answer returns only some of many addresses, or one family, and not
    every instance is a task's.
    """

    mark: Mark
    note: str = ""


class Column(Struct, frozen=True):
    """A place where addresses are seen. ``unseen`` says why nothing was seen there, or is empty.

    ``judged`` is false for a server that was queried for comparison only: it is not expected to resolve the name.
    """

    title: str
    note: str = ""
    unseen: str = ""
    judged: bool = True


class Row(Struct, frozen=True):
    """An address, whether an answer should have it, and a cell for each column."""

    address: str
    wanted: Wanted
    cells: tuple[Cell, ...]


class AddressTable(Struct, frozen=True):
    """Who has which address: the columns follow the trail."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


class Span(Struct, frozen=True):
    """Something that lasts, in seconds from the observation: negative is before it.

    ``end`` is ``None`` for what still goes on, and equals ``begin`` for a moment.
    """

    lane: str
    label: str
    begin: float
    end: float | None
    tone: Tone
    note: str = ""


class Record(Struct, frozen=True):
    """A record of an answer. ``ttl`` in seconds, as ``10``, or ``7-10`` over several answers."""

    section: Literal["answer", "authority", "additional"]
    owner: str
    ttl: str
    type: str
    data: str


class Exchange(Struct, frozen=True):
    """A query and its outcome. Equal answers to equal queries are one exchange, made ``times`` times.

    ``how`` is the transport with what was offered, ``outcome`` the response code with flags, or why there is no
    answer; ``took_ms`` is the shortest and the longest time.
    """

    question: str
    how: str
    outcome: str
    answered: bool
    times: int
    took_ms: tuple[int, int]
    records: tuple[Record, ...] = ()


class ServerExchanges(Struct, frozen=True):
    """A server, why it was queried, and every exchange with it, in order."""

    server: str
    why: str
    exchanges: tuple[Exchange, ...]


class Details(Struct, frozen=True):
    """Everything that a full report shows beside the diagnosis. ``about`` are pairs of a label and its value."""

    about: tuple[tuple[str, str], ...]
    addresses: AddressTable
    timeline: tuple[Span, ...]
    servers: tuple[ServerExchanges, ...]
