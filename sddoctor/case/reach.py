"""Facts about TCP connections to tasks, tried only when ECS reports that something is wrong with them."""

from __future__ import annotations

from msgspec import Struct

from sddoctor.case.seen import Fact


class Connection(Struct, frozen=True):
    """An attempt to open a TCP connection to an address and port of a task.

    ``accepted`` is true when it was accepted and false when it was refused; silence is ``Unreachable``.
    """

    address: str
    port: int
    accepted: Fact[bool]
