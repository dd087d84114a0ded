"""What a name of AWS leads to, and the interfaces behind it."""

from __future__ import annotations

from typing import NamedTuple


class Leads(NamedTuple):
    """Where a name of AWS leads: to addresses, or to one of ``others`` at random; ``ttl`` in seconds."""

    ttl: int
    addresses: tuple[str, ...] = ()
    others: tuple[str, ...] = ()


class OwnInterface(NamedTuple):
    """A network interface that a service of AWS made for itself, with the description and type that it gives it.

    Connections are accepted on ``ports`` while it is ``open``, else lost. ``vpc_id`` is its VPC where that is of another account, maybe.
    """

    id: str
    address: str
    description: str
    type: str = "interface"
    ports: tuple[int, ...] = ()
    vpc_id: str | None = None
    open: bool = True
