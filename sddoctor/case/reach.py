"""Facts about TCP connections to tasks, tried only where something speaks against them or nothing vouches for them."""

from __future__ import annotations

from msgspec import Struct

from sddoctor.case.seen import Fact


class Connection(Struct, frozen=True):
    """An attempt to open a TCP connection to an address and port of a task.

    ``accepted`` is true when it was accepted and false when it was refused. Otherwise it is ``Unreachable``, of kind
    ``silence`` or ``no-route``, or of none for other failures.
    """

    address: str
    port: int
    accepted: Fact[bool]
