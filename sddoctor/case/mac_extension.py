"""Facts about system extensions of macOS that can take the DNS queries of programs."""

from __future__ import annotations

from msgspec import Struct


class NetworkExtension(Struct, frozen=True):
    """A network extension of macOS: a tunnel, a filter or a DNS proxy; which of them is not shown.

    ``active``: in use. ``named_for_dns``: its name, or its maker's, says that it deals with DNS.
    """

    bundle: str
    name: str
    active: bool
    named_for_dns: bool = False
