"""What has a name of AWS in a running lab, and what that name leads to."""

from __future__ import annotations

from collections.abc import Iterator

from sddoctor.lab.balancers import LiveBalancer, live_balancers, live_groups
from sddoctor.lab.databases import database_interfaces, database_names
from sddoctor.lab.derive import made_up_id
from sddoctor.lab.lattice import lattice_names
from sddoctor.lab.leads import Leads, OwnInterface
from sddoctor.lab.parts.databases import DbCluster, DbInstance
from sddoctor.lab.vpc_endpoints import endpoint_interfaces, endpoint_names
from sddoctor.lab.world import World


class Named:
    """The load balancers of a world, by ARN, where each name of AWS leads, and the interfaces behind all of them."""

    def __init__(self, world: World) -> None:
        self.balancers = live_balancers(world)
        self.groups = live_groups(world, self.balancers)
        self._leads = {b.dns_name: Leads(60, b.addresses) for b in self.balancers.values() if _answers(b)}
        self._leads |= database_names(world) | endpoint_names(world) | lattice_names(world)
        self._by_name = {b.dns_name: b for b in self.balancers.values()}
        self._world = world
        self._statuses: dict[str, str] = {}

    def set_status(self, database: DbInstance | DbCluster, status: str) -> None:
        """Change the status of a database."""
        self._statuses[f"{type(database).__name__} {database.id}"] = status

    def status(self, database: DbInstance | DbCluster) -> str:
        """Return the status that a database has now."""
        return self._statuses.get(f"{type(database).__name__} {database.id}", database.status)

    @property
    def interfaces(self) -> list[OwnInterface]:
        """The interfaces of all of them."""
        found = [i for b in self.balancers.values() for i in _balancer_interfaces(b)]
        return [*found, *database_interfaces(self._world, self.status), *endpoint_interfaces(self._world)]

    def balancer(self, name: str) -> LiveBalancer | None:
        """Return the load balancer with that DNS name, as the console writes it into aliases too."""
        return self._by_name.get(_plain(name))

    def leads(self, name: str) -> Leads | None:
        """Return where a name leads, or ``None`` if AWS has no such name."""
        return self._leads.get(_plain(name))


def _plain(name: str) -> str:
    """Return the name without the label that asks for both families.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html
    """
    plain = name.lower().rstrip(".")
    return plain.removeprefix("dualstack.") if plain.endswith(".elb.amazonaws.com") else plain


def _answers(balancer: LiveBalancer) -> bool:
    return balancer.part.state in ("active", "active_impaired")


def _balancer_interfaces(balancer: LiveBalancer) -> Iterator[OwnInterface]:
    kind = "network_load_balancer" if balancer.part.type == "network" else "interface"
    for address in (a for a in balancer.addresses if ":" not in a):
        made = "eni-" + made_up_id("eni", balancer.arn, address)
        text = f"ELB {balancer.arn.partition(':loadbalancer/')[2]}"
        yield OwnInterface(made, address, text, kind, balancer.part.ports, open=_answers(balancer))
