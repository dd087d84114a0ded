"""What decides where in AWS a name is looked for."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from sddoctor.case.dns import Server
from sddoctor.case.host import HostFacts


class AwsOptions(Struct, frozen=True):
    """What the user named, and callables that return facts of the host: they block until those are read."""

    nameservers: tuple[Server, ...] = ()
    client_vpc: str | None = None
    cluster: str | None = None
    service: str | None = None
    host_addresses: Callable[[], tuple[str, ...]] = tuple
    host_is_aws: Callable[[], bool] = bool
    host_facts: Callable[[], HostFacts | None] = lambda: None
