"""What is passed along while one name is observed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sddoctor.case.case import Asked
from sddoctor.observe.budget import Budget
from sddoctor.observe.dns.network import Network
from sddoctor.observe.host.source import HostSource
from sddoctor.observe.options import ObserveOptions


@dataclass(frozen=True)
class Context:
    """One observation of a name: of which host, through which network, since when (``at``) and for how long.

    ``name`` is the one that is resolved: a search domain may have completed it from the one that the user gave.
    """

    name: str
    asked: Asked
    options: ObserveOptions
    source: HostSource
    network: Network
    budget: Budget
    at: datetime

    @property
    def from_host(self) -> bool:
        """Whether packets sent from here take the same path as those of the observed host."""
        return self.network.has_host(self.options.root)
