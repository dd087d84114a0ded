"""Addresses that nobody can own: every host has its own, or AWS answers on them everywhere."""

from __future__ import annotations

from ipaddress import ip_address

#: https://docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html
#: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html
#: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-metadata-endpoint-v4.html
#: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/set-time.html
_AWS = {
    "169.254.169.253": "the VPC resolver, as every instance of a VPC reaches it",
    "fd00:ec2::253": "the VPC resolver, as every Nitro instance of a VPC reaches it",
    "169.254.169.254": "the instance metadata service of the host that asks",
    "fd00:ec2::254": "the instance metadata service of the host that asks",
    "169.254.169.123": "the Amazon Time Sync Service",
    "fd00:ec2::123": "the Amazon Time Sync Service",
    "169.254.170.2": "the metadata and credentials endpoint of the ECS task that asks",
    "169.254.170.23": "the credentials endpoint of the EKS pod that asks",
}


def meaning(address: str) -> str | None:
    """Return what an address means that no interface can have; ``None`` for all others. RFC 6890 lists most of them."""
    if address in _AWS:
        return _AWS[address]
    ip = ip_address(address)
    if ip.is_loopback:
        return "a loopback address: every host, and every awsvpc task, has its own"
    if ip.is_unspecified:
        return "the unspecified address: a server that listens on it listens on all"
    if ip.is_link_local:
        return "a link-local address: it means something on one link only"
    if ip.is_multicast:
        return "a multicast address: a group, not a host"
    if address == "255.255.255.255":
        return "the broadcast address"
    return None
