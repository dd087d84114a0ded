"""Facts of a Windows host beside its rules and servers."""

from __future__ import annotations

from msgspec import Struct


class InterfaceMetric(Struct, frozen=True):
    """How Windows ranks an interface for one IP version: the lowest metric comes first.

    ``connected`` is ``None`` where the output does not say it.
    https://learn.microsoft.com/en-us/powershell/module/nettcpip/get-netipinterface
    """

    interface: str
    version: int
    metric: int
    index: int | None = None
    connected: bool | None = None
