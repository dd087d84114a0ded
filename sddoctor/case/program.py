"""What a failing program printed. Only the addresses in it are kept."""

from __future__ import annotations

from msgspec import Struct


class ProgramError(Struct, frozen=True):
    """The addresses in the error of a program.

    ``servers`` are addresses with the port of DNS, which is how built-in resolvers name the server they queried;
    ``addresses`` are those that it tried to reach. ``lookup_tool``: dig, host or nslookup printed it.
    """

    servers: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    lookup_tool: bool = False
