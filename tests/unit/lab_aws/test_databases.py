"""Databases of a world over real HTTP: status, endpoints, members, and what is not there."""

import json

import pytest
from botocore.exceptions import ClientError

SUFFIX = "cq7xexample1.ap-northeast-1.rds.amazonaws.com"
WORLD = {
    "databases": {
        "instances": [
            {"id": "ledger-1", "address": "10.10.7.1"},
            {"id": "ledger-2", "address": "10.10.7.2"},
            {"id": "orders", "address": "10.10.7.3", "status": "stopped", "engine": "mysql", "port": 3306},
            {"id": "new", "status": "creating"},
        ],
        "clusters": [
            {"id": "ledger", "writer": "ledger-1", "readers": ["ledger-2"]},
            {"id": "empty", "status": "creating"},
        ],
        "proxies": [{"name": "pool", "addresses": ["10.10.7.9"], "status": "suspended"}],
    }
}


@pytest.fixture
def rds(start):
    return start(WORLD).client("rds")


def code(error):
    return error.value.response["Error"]["Code"]


def test_an_instance_has_an_endpoint_once_it_has_an_address(rds):
    found = {i["DBInstanceIdentifier"]: i for i in rds.describe_db_instances()["DBInstances"]}
    assert found["ledger-1"]["Endpoint"]["Address"] == f"ledger-1.{SUFFIX}"
    assert (found["ledger-1"]["DBClusterIdentifier"], found["ledger-1"]["DBInstanceStatus"]) == ("ledger", "available")
    assert (found["orders"]["DBInstanceStatus"], found["orders"]["Endpoint"]["Port"]) == ("stopped", 3306)
    assert "DBClusterIdentifier" not in found["orders"]
    assert found["new"]["DBInstanceStatus"] == "creating"
    assert "Endpoint" not in found["new"]
    assert found["orders"]["DBSubnetGroup"]["VpcId"] == "vpc-0a1b2c3d4e5f60718"


def test_a_cluster_has_endpoints_and_members(rds):
    ledger, empty = rds.describe_db_clusters()["DBClusters"]
    assert (ledger["Endpoint"], ledger["ReaderEndpoint"]) == (
        f"ledger.cluster-{SUFFIX}",
        f"ledger.cluster-ro-{SUFFIX}",
    )
    assert [(m["DBInstanceIdentifier"], m["IsClusterWriter"]) for m in ledger["DBClusterMembers"]] == [
        ("ledger-1", True),
        ("ledger-2", False),
    ]
    assert (empty["Status"], empty["DBClusterMembers"]) == ("creating", [])


def test_a_proxy_has_an_endpoint(rds):
    (pool,) = rds.describe_db_proxies()["DBProxies"]
    assert (pool["DBProxyName"], pool["Status"], pool["Endpoint"]) == ("pool", "suspended", f"pool.proxy-{SUFFIX}")


@pytest.mark.parametrize(
    ("operation", "key", "known", "missing"),
    [
        ("describe_db_instances", "DBInstanceIdentifier", "Orders", "DBInstanceNotFound"),
        ("describe_db_clusters", "DBClusterIdentifier", "ledger", "DBClusterNotFoundFault"),
        ("describe_db_proxies", "DBProxyName", "pool", "DBProxyNotFoundFault"),
    ],
)
def test_one_is_asked_for_by_name(rds, operation, key, known, missing):
    (items,) = (v for k, v in getattr(rds, operation)(**{key: known}).items() if k.startswith("DB"))
    assert [i[key].lower() for i in items] == [known.lower()]
    with pytest.raises(ClientError) as error:
        getattr(rds, operation)(**{key: "nobody"})
    assert code(error) == missing
    assert error.value.response["ResponseMetadata"]["HTTPStatusCode"] == 404


def test_instances_of_a_cluster_by_filter_and_in_pages(start):
    rds = start(WORLD, page_size=1).client("rds")
    wanted = [{"Name": "db-cluster-id", "Values": ["ledger"]}]
    pages = list(rds.get_paginator("describe_db_instances").paginate(Filters=wanted))
    assert [i["DBInstanceIdentifier"] for p in pages for i in p["DBInstances"]] == ["ledger-1", "ledger-2"]
    assert len(pages) == 2
    for wrong in ({"Filters": [{"Name": "colour", "Values": ["red"]}]}, {"MaxRecords": 5}):
        with pytest.raises(ClientError) as error:
            rds.describe_db_instances(**wrong)
        assert code(error) == "InvalidParameterValue"


def test_denied_and_throttled_as_any_other_service(start):
    for faults, expected in (({"deny": ["rds:*"]}, "AccessDenied"), ({"throttle": {"rds:*": 1}}, "Throttling")):
        running = start({**WORLD, "faults": faults})
        with pytest.raises(ClientError) as error:
            running.client("rds").describe_db_clusters()
        assert code(error) == expected
        assert [(c.action, c.code) for c in running.aws.log.calls] == [("rds:DescribeDBClusters", expected)]


def test_its_interfaces_say_whose_they_are(start):
    wanted = [{"Name": "addresses.private-ip-address", "Values": ["10.10.7.9", "10.10.7.3"]}]
    found = start(WORLD).client("ec2").describe_network_interfaces(Filters=wanted)["NetworkInterfaces"]
    assert [i["Description"] for i in found] == ["RDSNetworkInterface"] * 2


def test_what_is_stopped_is_started_once_and_a_cluster_with_its_instances(start):
    databases = {
        "instances": [
            {"id": "a", "address": "10.10.7.1", "status": "stopped"},
            {"id": "b", "address": "10.10.7.2", "status": "stopped"},
        ],
        "clusters": [{"id": "a", "writer": "a", "status": "stopped"}],
    }
    rds = start({"databases": databases}).client("rds")

    def statuses():
        found = {i["DBInstanceIdentifier"]: i["DBInstanceStatus"] for i in rds.describe_db_instances()["DBInstances"]}
        return found, rds.describe_db_clusters()["DBClusters"][0]["Status"]

    assert rds.start_db_instance(DBInstanceIdentifier="b")["DBInstance"]["DBInstanceStatus"] == "starting"
    assert statuses() == ({"a": "stopped", "b": "available"}, "stopped")
    for name in ("a", "b"):
        with pytest.raises(ClientError) as error:
            rds.start_db_instance(DBInstanceIdentifier=name)
        assert code(error) == "InvalidDBInstanceState"
    assert rds.start_db_cluster(DBClusterIdentifier="a")["DBCluster"]["Status"] == "starting"
    assert statuses() == ({"a": "available", "b": "available"}, "available")
    with pytest.raises(ClientError) as error:
        rds.start_db_cluster(DBClusterIdentifier="a")
    assert code(error) == "InvalidDBClusterStateFault"


@pytest.mark.slow
def test_the_real_command_reads_it(start):
    done = start(WORLD).cli("rds", "describe-db-clusters", "--db-cluster-identifier", "ledger")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["DBClusters"][0]["Endpoint"] == f"ledger.cluster-{SUFFIX}"
