"""VPC Lattice services and Route 53 Global Resolvers of a world over real HTTP."""

from datetime import datetime

import pytest
from botocore.exceptions import ClientError

ZONE = "Z0EXAMPLEINTERNAL01"
WORLD = {
    "lattice_services": [
        {"name": "orders", "id": "svc-0123456789abcdef0", "custom_domain": "orders.corp.example"},
        {"name": "bills", "status": "CREATE_FAILED"},
    ],
    "global_resolvers": [{"id": "gr-1", "zones": [ZONE], "addresses": ["203.0.113.53"]}],
}
NAME = "orders-0123456789abcdef0.7d67968.vpc-lattice-svcs.ap-northeast-1.on.aws"


def code(error):
    return error.value.response["Error"]["Code"]


def test_a_service_has_a_name_and_a_status(start):
    lattice = start(WORLD).client("vpc-lattice")
    orders, bills = lattice.list_services()["items"]
    assert (orders["dnsEntry"]["domainName"], orders["customDomainName"], orders["status"]) == (
        NAME,
        "orders.corp.example",
        "ACTIVE",
    )
    assert (bills["status"], "customDomainName" in bills) == ("CREATE_FAILED", False)
    assert isinstance(orders["createdAt"], datetime)
    for identifier in (orders["id"], orders["arn"]):
        assert lattice.get_service(serviceIdentifier=identifier)["dnsEntry"] == orders["dnsEntry"]
    with pytest.raises(ClientError) as error:
        lattice.get_service(serviceIdentifier="svc-00000000000000000")
    assert code(error) == "ResourceNotFoundException"


def test_services_come_in_pages(start):
    pages = list(start(WORLD, page_size=1).client("vpc-lattice").get_paginator("list_services").paginate())
    assert [[s["name"] for s in p["items"]] for p in pages] == [["orders"], ["bills"]]


def test_the_zones_of_a_global_resolver_are_listed_by_its_view(start):
    client = start(WORLD).client("route53globalresolver")
    (resolver,) = client.list_global_resolvers()["globalResolvers"]
    assert (resolver["id"], resolver["ipv4Addresses"]) == ("gr-1", ["203.0.113.53"])
    (view,) = client.list_dns_views(globalResolverId="gr-1")["dnsViews"]
    (zone,) = client.list_hosted_zone_associations(resourceArn=view["arn"])["hostedZoneAssociations"]
    assert (zone["hostedZoneId"], zone["hostedZoneName"], zone["status"]) == (ZONE, "example.internal", "OPERATIONAL")
    assert client.list_hosted_zone_associations()["hostedZoneAssociations"] == [zone]
    assert client.list_hosted_zone_associations(resourceArn=view["arn"] + "x")["hostedZoneAssociations"] == []
    with pytest.raises(ClientError) as error:
        client.list_dns_views(globalResolverId="gr-2")
    assert code(error) == "ResourceNotFoundException"


@pytest.mark.parametrize(
    ("faults", "expected", "status"),
    [
        ({"deny": ["vpc-lattice:*", "route53globalresolver:*"]}, "AccessDeniedException", 403),
        ({"throttle": {"vpc-lattice:*": 1, "route53globalresolver:*": 1}}, "ThrottlingException", 429),
        ({"errors": {"*": "http-500"}}, "InternalFailure", 500),
        ({"errors": {"*": "expired"}}, "ExpiredTokenException", 403),
    ],
)
def test_faults_as_with_any_other_service(start, faults, expected, status):
    running = start({**WORLD, "faults": faults})
    for call in (
        running.client("vpc-lattice").list_services,
        running.client("route53globalresolver").list_hosted_zone_associations,
    ):
        with pytest.raises(ClientError) as error:
            call()
        assert (code(error), error.value.response["ResponseMetadata"]["HTTPStatusCode"]) == (expected, status)
    assert [c.status for c in running.aws.log.calls] == [status, status]
