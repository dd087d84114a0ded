"""The floor of a check: import boto3, make its clients, and the three calls that must follow one another."""

from __future__ import annotations

import boto3

CLIENTS = ("servicediscovery", "sts", "ecs", "route53", "ec2", "route53resolver", "route53profiles")


def main() -> None:
    session = boto3.Session()
    clients = {name: session.client(name) for name in CLIENTS}
    cloudmap = clients["servicediscovery"]
    namespace = cloudmap.list_namespaces()["Namespaces"][0]["Id"]
    only = [{"Name": "NAMESPACE_ID", "Values": [namespace]}]
    service = cloudmap.list_services(Filters=only)["Services"][0]["Id"]
    assert cloudmap.list_instances(ServiceId=service)["Instances"]


if __name__ == "__main__":
    main()
