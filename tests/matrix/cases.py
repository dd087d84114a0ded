"""What the matrix is made of: worlds, ways in which AWS fails, ways in which a name server fails."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Literal, get_args

from msgspec import Struct
from msgspec.structs import replace

import sddoctor.lab
from sddoctor.lab.dns.service import NameService
from sddoctor.lab.state import LabState
from sddoctor.lab.world import DnsFault, Faults, World, load
from tests.in_process import Said, judge

_DIRECTORY = Path(sddoctor.lab.__file__).parent / "worlds"
#: Sound names, and causes of every hop.
WORLDS = (
    "article",
    "healthy-linux",
    "healthy-srv",
    "healthy-weighted",
    "service-scaled-to-zero",
    "health-check-failing",
    "tasks-not-starting",
    "service-not-attached",
    "stale-instance",
    "instance-missing",
    "namespace-not-found",
    "record-missing",
    "zone-not-associated",
    "zone-shadowed",
    "resolver-rule-overrides",
    "dns-firewall-blocks",
    "dns-support-off",
    "dhcp-custom-dns",
    "no-route-to-resolver",
    "inbound-endpoint-blocked",
    "split-dns-missing",
    "hosts-file-override",
    "resolver-file-wrong-nameserver",
)
#: Ways in which an operation fails. ``refused`` is of the whole endpoint of its service.
AWS_WAYS = (
    "denied",
    "explicit-deny",
    "scp",
    "boundary",
    "throttled",
    "throttled-once",
    "hang",
    "refused",
    "reset",
    "http-500",
    "empty",
    "garbage",
    "cut",
    "expired",
)
DNS_WAYS: tuple[DnsFault, ...] = get_args(DnsFault)
#: Ways that end only with the time, which is short for them, in seconds.
SLOW = ("hang", "late", "timeout", "truncated", "wrong-id", "wrong-question", "garbage", "other-name")
SHORT, LONG = 2.0, 12.0


class Fault(Struct, frozen=True):
    """One fault: ``place`` is an operation (or ``*``), or the address of a name server."""

    kind: Literal["aws", "dns"]
    place: str
    way: str

    @property
    def timeout(self) -> float:
        """Seconds that a check with this fault gets."""
        return SHORT if self.way == "hang" or (self.kind == "dns" and self.way in SLOW) else LONG

    def faults(self) -> Faults:
        """Return the fault as the lab has it."""
        place, way = self.place, self.way
        if self.kind == "dns":
            return Faults(dns={place: way})  # type: ignore[dict-item] # one of DNS_WAYS
        if way in ("denied", "explicit-deny", "scp", "boundary"):
            by = "nothing-allows" if way == "denied" else way
            return Faults(deny=(place,), denied_by=by)  # type: ignore[arg-type] # one of AWS_WAYS
        if way.startswith("throttled"):
            return Faults(throttle={place: 1 if way == "throttled-once" else -1})
        if way == "refused":
            every = ("servicediscovery", "ecs", "route53", "ec2", "route53resolver", "route53profiles", "sts")
            return Faults(refused=every if place == "*" else (place.split(":")[0],))
        return Faults(errors={place: way})  # type: ignore[dict-item] # one of AWS_WAYS


@cache
def world(name: str) -> World:
    """Return a world of the package."""
    return load(_DIRECTORY / f"{name}.yaml")


@cache
def clean(name: str, timeout: float = 30) -> Said:
    """Return what is said of the world without a fault."""
    return judge(world(name), timeout)


def judged(name: str, fault: Fault) -> Said:
    """Return what is said of the world with the fault."""
    return judge(replace(world(name), faults=fault.faults()), fault.timeout)


def servers(name: str) -> list[str]:
    """Return the addresses of the world's name servers."""
    return NameService(LabState(world(name))).addresses()


def faults(name: str) -> Iterator[Fault]:
    """Yield every fault of a world: of each operation that its check calls, of all at once, of each name server."""
    for operation in (*clean(name).asked, "*"):
        for way in AWS_WAYS:
            yield Fault("aws", operation, way)
    for server in servers(name):
        for dns_way in DNS_WAYS:
            yield Fault("dns", server, dns_way)
