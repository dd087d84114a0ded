"""Amazon RDS: instances, clusters and proxies with their endpoints; starting what is stopped.

https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_Operations.html
"""

from __future__ import annotations

from collections.abc import Callable

from sddoctor.lab import derive
from sddoctor.lab.aws.account import Account, Params, Wire, serves
from sddoctor.lab.aws.errors import ApiError, invalid
from sddoctor.lab.databases import cluster_name, instance_name, proxy_name, reader_name
from sddoctor.lab.parts.databases import DbCluster, DbInstance, DbProxy

SERVICE = "rds"
SMALLEST_PAGE, LARGEST_PAGE = 20, 100
Filters = dict[str, Callable[[Wire], str]]


def _answer(account: Account, name: str, items: list[Wire], params: Params, filters: Filters) -> Wire:
    """Return one page of the items that all filters match."""
    for condition in params.get("Filters", []):
        value_of = filters.get(condition["Name"])
        if value_of is None:
            raise invalid(SERVICE, f"Unrecognized filter name: {condition['Name']}")
        wanted = [v.rsplit(":", 1)[-1].lower() for v in condition["Values"]]
        items = [i for i in items if value_of(i).lower() in wanted]
    size = params.get("MaxRecords")
    if size is not None and not SMALLEST_PAGE <= size <= LARGEST_PAGE:
        raise invalid(
            SERVICE, f"Invalid value {size} for MaxRecords. Must be between {SMALLEST_PAGE} and {LARGEST_PAGE}"
        )
    page, token = account.page(items, params.get("Marker"), size)
    return {name: page, "Marker": token}


def _named(items: list[Wire], key: str, wanted: str | None, error: tuple[str, str]) -> list[Wire]:
    """Return all items, or the one with that name or ARN. Raises :class:`ApiError`."""
    if wanted is None:
        return items
    found = [i for i in items if i[key].lower() == wanted.rsplit(":", 1)[-1].lower()]
    if not found:
        raise ApiError(error[0], error[1].format(wanted), 404)
    return found


@serves(SERVICE, "DescribeDBInstances")
def describe_db_instances(account: Account, params: Params) -> Wire:
    """Describe instances, those of clusters too; one without an address has no endpoint."""
    shown = [_instance(account, i) for i in account.state.world.databases.instances]
    error = ("DBInstanceNotFound", "DBInstance {} not found.")
    found = _named(shown, "DBInstanceIdentifier", params.get("DBInstanceIdentifier"), error)
    filters: Filters = {
        "db-instance-id": lambda i: str(i["DBInstanceIdentifier"]),
        "db-cluster-id": lambda i: str(i["DBClusterIdentifier"] or ""),
        "engine": lambda i: str(i["Engine"]),
    }
    return _answer(account, "DBInstances", found, params, filters)


def _instance(account: Account, instance: DbInstance) -> Wire:
    world = account.state.world
    clusters = world.databases.clusters
    cluster = next((c.id for c in clusters if instance.id in (c.writer, *c.readers)), None)
    vpc, cidr = derive.subnet_range(world, instance.address) if instance.address else (None, "")
    return {
        "DBInstanceIdentifier": instance.id,
        "DBInstanceArn": account.state.arn(SERVICE, f"db:{instance.id}"),
        "DBInstanceClass": "db.t4g.medium",
        "Engine": instance.engine,
        "DBInstanceStatus": account.state.named.status(instance),
        "DBClusterIdentifier": cluster,
        "Endpoint": {
            "Address": instance_name(world, instance),
            "Port": instance.port,
            "HostedZoneId": "Z24O6O9L7SGTNB",
        }
        if instance.address
        else None,
        "AvailabilityZone": derive.availability_zone(world.region, instance.address),
        "DBSubnetGroup": {
            "DBSubnetGroupName": "default",
            "VpcId": vpc,
            "SubnetGroupStatus": "Complete",
            "Subnets": [{"SubnetIdentifier": derive.subnet_id(cidr), "SubnetStatus": "Active"}],
        }
        if vpc
        else None,
        "PubliclyAccessible": instance.public,
        "InstanceCreateTime": account.state.ago(30 * 86400),
    }


@serves(SERVICE, "DescribeDBClusters")
def describe_db_clusters(account: Account, params: Params) -> Wire:
    """Describe clusters with their endpoints and members."""
    shown = [_cluster(account, c) for c in account.state.world.databases.clusters]
    error = ("DBClusterNotFoundFault", "DBCluster {} not found.")
    found = _named(shown, "DBClusterIdentifier", params.get("DBClusterIdentifier"), error)
    filters: Filters = {
        "db-cluster-id": lambda c: str(c["DBClusterIdentifier"]),
        "engine": lambda c: str(c["Engine"]),
    }
    return _answer(account, "DBClusters", found, params, filters)


def _cluster(account: Account, cluster: DbCluster) -> Wire:
    world = account.state.world
    members = [(cluster.writer, True), *((r, False) for r in cluster.readers)]
    return {
        "DBClusterIdentifier": cluster.id,
        "DBClusterArn": account.state.arn(SERVICE, f"cluster:{cluster.id}"),
        "Status": account.state.named.status(cluster),
        "Engine": cluster.engine,
        "Endpoint": cluster_name(world, cluster),
        "ReaderEndpoint": reader_name(world, cluster),
        "Port": cluster.port,
        "DBClusterMembers": [{"DBInstanceIdentifier": m, "IsClusterWriter": w} for m, w in members if m is not None],
        "HostedZoneId": "Z24O6O9L7SGTNB",
    }


@serves(SERVICE, "StartDBInstance")
def start_db_instance(account: Account, params: Params) -> Wire:
    """Start an instance that is stopped and in no cluster; it is available at once.

    https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_StartDBInstance.html
    """
    wanted = params["DBInstanceIdentifier"].lower()
    databases, named = account.state.world.databases, account.state.named
    instance = next((i for i in databases.instances if i.id.lower() == wanted), None)
    if instance is None:
        raise ApiError("DBInstanceNotFound", f"DBInstance {wanted} not found.", 404)
    if any(instance.id in (c.writer, *c.readers) for c in databases.clusters):
        text = f"Instance {wanted} is a member of a cluster and cannot be started on its own."
        raise ApiError("InvalidDBInstanceState", text)
    if named.status(instance) != "stopped":
        raise ApiError("InvalidDBInstanceState", f"Instance {wanted} is not in stopped state.")
    named.set_status(instance, "available")
    account.state.changed()
    return {"DBInstance": {**_instance(account, instance), "DBInstanceStatus": "starting"}}


@serves(SERVICE, "StartDBCluster")
def start_db_cluster(account: Account, params: Params) -> Wire:
    """Start a cluster that is stopped, with its instances; all are available at once.

    https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_StartDBCluster.html
    """
    wanted = params["DBClusterIdentifier"].lower()
    databases, named = account.state.world.databases, account.state.named
    cluster = next((c for c in databases.clusters if c.id.lower() == wanted), None)
    if cluster is None:
        raise ApiError("DBClusterNotFoundFault", f"DBCluster {wanted} not found.", 404)
    if named.status(cluster) != "stopped":
        raise ApiError("InvalidDBClusterStateFault", f"DbCluster {wanted} is not in stopped state.")
    named.set_status(cluster, "available")
    for instance in (i for i in databases.instances if i.id in (cluster.writer, *cluster.readers)):
        named.set_status(instance, "available")
    account.state.changed()
    return {"DBCluster": {**_cluster(account, cluster), "Status": "starting"}}


@serves(SERVICE, "DescribeDBProxies")
def describe_db_proxies(account: Account, params: Params) -> Wire:
    """Describe proxies."""
    shown = [_proxy(account, p) for p in account.state.world.databases.proxies]
    error = ("DBProxyNotFoundFault", "DB proxy {} not found")
    found = _named(shown, "DBProxyName", params.get("DBProxyName"), error)
    return _answer(account, "DBProxies", found, params, {})


def _proxy(account: Account, proxy: DbProxy) -> Wire:
    world = account.state.world
    return {
        "DBProxyName": proxy.name,
        "DBProxyArn": account.state.arn(SERVICE, f"db-proxy:prx-{derive.made_up_id('proxy', proxy.name)}"),
        "Status": proxy.status,
        "EngineFamily": "POSTGRESQL",
        "VpcId": proxy.vpc or next((v.id for v in world.vpcs), ""),
        "VpcSubnetIds": [derive.subnet_id(derive.subnet_range(world, a)[1]) for a in proxy.addresses],
        "Endpoint": proxy_name(world, proxy),
        "CreatedDate": account.state.ago(30 * 86400),
    }
