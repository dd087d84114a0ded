"""What a failing program printed, as far as it is kept: the addresses in it."""

from __future__ import annotations

from msgspec import Struct


class ProgramError(Struct, frozen=True):
    """What the error of a program names.

    ``servers`` are addresses with the port of DNS, which is how resolvers of their own name whom they asked;
    ``addresses`` are those that it tried to reach. ``lookup_tool``: dig, host or nslookup printed it.
    """

    servers: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    lookup_tool: bool = False
