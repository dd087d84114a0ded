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
class Look:
    """One look at a name: since when and for how long, of which host, through which network.

    ``name`` is the one that is looked up, which a search domain may have completed from the one that was asked for.
    """

    name: str
    asked: Asked
    options: ObserveOptions
    source: HostSource
    network: Network
    budget: Budget
    at: datetime

    @property
    def from_here(self) -> bool:
        """Whether what is sent from here takes the way that the observed host's queries take."""
        return self.network.has_host(self.options.root)
