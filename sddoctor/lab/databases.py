"""The names of databases, and what they lead to.

https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.Overview.Endpoints.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sddoctor.lab.derive import made_up_id
from sddoctor.lab.leads import Leads, OwnInterface
from sddoctor.lab.parts.databases import DbCluster, DbInstance, DbProxy
from sddoctor.lab.world import World

#: Seconds that the names of databases may be cached.
TTL = 5


def instance_name(world: World, instance: DbInstance) -> str:
    """Return the name of an instance's endpoint."""
    return _name(world, instance.id)


def cluster_name(world: World, cluster: DbCluster) -> str:
    """Return the name of a cluster's endpoint, which is that of its writer."""
    return _name(world, cluster.id, "cluster-")


def reader_name(world: World, cluster: DbCluster) -> str:
    """Return the name of a cluster's endpoint for reading."""
    return _name(world, cluster.id, "cluster-ro-")


def proxy_name(world: World, proxy: DbProxy) -> str:
    """Return the name of a proxy's endpoint."""
    return _name(world, proxy.name, "proxy-")


def _name(world: World, first: str, kind: str = "") -> str:
    return f"{first}.{kind}{world.databases.suffix}.{world.region}.rds.amazonaws.com".lower()


def database_names(world: World) -> dict[str, Leads]:
    """Return where the name of each endpoint leads: those of a cluster to instances, all others to addresses."""
    parts = world.databases
    instances = {i.id: i for i in parts.instances if i.address is not None}
    found = {instance_name(world, i): Leads(TTL, (i.address,)) for i in instances.values() if i.address is not None}
    found |= {proxy_name(world, p): Leads(TTL, p.addresses) for p in parts.proxies if p.addresses}
    for cluster in parts.clusters:
        writer = [instances[i] for i in (cluster.writer,) if i in instances]
        readers = [instances[i] for i in cluster.readers if i in instances]
        for name, members in ((cluster_name(world, cluster), writer), (reader_name(world, cluster), readers or writer)):
            if members:
                found[name] = Leads(TTL, others=tuple(instance_name(world, m) for m in members))
    return found


def database_interfaces(world: World, status: Callable[[DbInstance], str]) -> Iterator[OwnInterface]:
    """Yield the network interfaces of instances and proxies, which accept connections while they are available."""
    for instance in world.databases.instances:
        if instance.address is not None:
            yield _interface(instance.address, instance.port, status(instance))
    for proxy in world.databases.proxies:
        for address in proxy.addresses:
            yield _interface(address, proxy.port, proxy.status)


def _interface(address: str, port: int, status: str) -> OwnInterface:
    made = "eni-" + made_up_id("eni", "rds", address)
    return OwnInterface(made, address, "RDSNetworkInterface", ports=(port,), open=status == "available")
