"""Responses of Route 53 and EC2 as facts.

https://docs.aws.amazon.com/Route53/latest/APIReference/Welcome.html
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/Welcome.html
"""

from __future__ import annotations

import re
from ipaddress import IPv4Network, ip_network
from typing import Any

from sddoctor.case.name import fold_name
from sddoctor.case.route53 import Record, Routing, Zone, ZoneSummary, ZoneVpc
from sddoctor.case.vpc import ClientVpn, DhcpOptions, IngressRule, NetworkInterface, Vpc
from sddoctor.formats.aws.cloudmap import bare_id

_ESCAPE = re.compile(r"\\(\d{3})")


def record_name(name: str) -> str:
    """Return a record's name in plain form: Route 53 writes special characters as octal escapes.

    https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DomainNameFormat.html
    """
    return fold_name(_ESCAPE.sub(lambda m: chr(int(m.group(1), 8)), name))


def zone(data: dict[str, Any]) -> Zone:
    """Read GetHostedZone."""
    hosted = data["HostedZone"]
    linked = hosted.get("LinkedService") or {}
    return Zone(
        id=bare_id(hosted["Id"]),
        name=record_name(hosted["Name"]),
        private=bool((hosted.get("Config") or {}).get("PrivateZone")),
        vpcs=tuple(ZoneVpc(v["VPCId"], v.get("VPCRegion", "")) for v in data.get("VPCs") or ()),
        name_servers=tuple(fold_name(n) for n in (data.get("DelegationSet") or {}).get("NameServers") or ()),
        linked_service=linked.get("ServicePrincipal"),
    )


#: The member of a record set that each routing policy has.
#: https://docs.aws.amazon.com/Route53/latest/APIReference/API_ResourceRecordSet.html
_ROUTING: dict[str, Routing] = {
    "MultiValueAnswer": "multivalue",
    "Weight": "weighted",
    "Failover": "failover",
    "Region": "latency",
    "GeoLocation": "geolocation",
    "GeoProximityLocation": "geoproximity",
    "CidrRoutingConfig": "cidr",
    "AZAffinity": "az-affinity",
}


def record(data: dict[str, Any]) -> Record:
    """Read a record set."""
    alias = data.get("AliasTarget") or {}
    values = tuple(r["Value"] for r in data.get("ResourceRecords") or ())
    if data["Type"] in ("SRV", "CNAME", "NS"):
        values = tuple(fold_name(v) for v in values)
    return Record(
        name=record_name(data["Name"]),
        type=data["Type"],
        ttl=data.get("TTL"),
        values=values,
        set_identifier=data.get("SetIdentifier"),
        multivalue=bool(data.get("MultiValueAnswer")),
        weight=data.get("Weight"),
        health_check_id=data.get("HealthCheckId"),
        alias_target=fold_name(alias["DNSName"]) if alias.get("DNSName") else None,
        routing=next(
            (p for member, p in _ROUTING.items() if (value := data.get(member)) is not None and value is not False),
            "simple",
        ),
    )


def zone_summary(data: dict[str, Any]) -> ZoneSummary:
    """Read an entry of ListHostedZonesByVPC."""
    owner = data.get("Owner") or {}
    return ZoneSummary(
        id=bare_id(data["HostedZoneId"]),
        name=record_name(data["Name"]),
        owner=owner.get("OwningAccount") or owner.get("OwningService") or "",
    )


def vpc(data: dict[str, Any]) -> Vpc:
    """Read a VPC. Raises ``ValueError`` for an invalid range, because the address of the resolver is computed from it."""
    four = [a.get("CidrBlock") for a in data.get("CidrBlockAssociationSet") or () if associated(a, "CidrBlockState")]
    six = [
        a.get("Ipv6CidrBlock")
        for a in data.get("Ipv6CidrBlockAssociationSet") or ()
        if associated(a, "Ipv6CidrBlockState")
    ]
    name = next((t["Value"] for t in data.get("Tags") or () if t.get("Key") == "Name"), "")
    return Vpc(
        id=data["VpcId"],
        cidr=str(IPv4Network(data["CidrBlock"])),
        cidrs=tuple(str(ip_network(c)) for c in (*four, *six) if c) or (data["CidrBlock"],),
        dhcp_options_id=data.get("DhcpOptionsId"),
        owner=data.get("OwnerId", ""),
        name=name,
    )


def associated(data: dict[str, Any], key: str) -> bool:
    """Tell whether a range is associated: by its state, or by being listed without one."""
    return bool((data.get(key) or {}).get("State", "associated") == "associated")


def dhcp(data: dict[str, Any]) -> DhcpOptions:
    """Read DHCP options."""
    values = {c["Key"]: tuple(v["Value"] for v in c.get("Values") or ()) for c in data.get("DhcpConfigurations") or ()}
    domain = values.get("domain-name") or (None,)
    return DhcpOptions(data["DhcpOptionsId"], values.get("domain-name-servers", ()), domain[0])


def ingress(group: dict[str, Any]) -> tuple[IngressRule, ...]:
    """Read the ingress permissions of a security group."""
    return tuple(
        IngressRule(
            group_id=group["GroupId"],
            protocol=str(p["IpProtocol"]),
            from_port=p.get("FromPort"),
            to_port=p.get("ToPort"),
            ranges=tuple(r["CidrIp"] for r in p.get("IpRanges") or ())
            + tuple(r["CidrIpv6"] for r in p.get("Ipv6Ranges") or ()),
            referred=tuple(r["PrefixListId"] for r in p.get("PrefixListIds") or ())
            + tuple(r.get("GroupId") or r["GroupName"] for r in p.get("UserIdGroupPairs") or ()),
        )
        for p in group.get("IpPermissions") or ()
    )


def client_vpn(data: dict[str, Any]) -> ClientVpn:
    """Read an AWS Client VPN endpoint, without its routes."""
    return ClientVpn(
        id=data["ClientVpnEndpointId"],
        vpc_id=data.get("VpcId"),
        client_cidr=data.get("ClientCidrBlock", ""),
        dns_servers=tuple(data.get("DnsServers") or ()),
        split_tunnel=bool(data.get("SplitTunnel")),
        transit_gateway=bool(data.get("TransitGatewayConfiguration")),
    )


def serves_clients(data: dict[str, Any]) -> bool:
    """Tell whether a Client VPN endpoint, a route or an authorization rule of it is there: not what is being deleted or failed."""
    return (data.get("Status") or {}).get("Code", "active") not in ("deleting", "deleted", "failed", "revoking")


def interfaces(data: dict[str, Any]) -> tuple[NetworkInterface, ...]:
    """Read a network interface: one entry for each of its private addresses."""
    addresses = [a["PrivateIpAddress"] for a in data.get("PrivateIpAddresses") or () if a.get("PrivateIpAddress")]
    return tuple(
        NetworkInterface(
            address=a,
            id=data["NetworkInterfaceId"],
            description=data.get("Description") or "",
            vpc_id=data.get("VpcId", ""),
            status=data.get("Status", ""),
        )
        for a in (addresses or [data.get("PrivateIpAddress", "")])
    )


def prefixes(data: dict[str, Any]) -> tuple[NetworkInterface, ...]:
    """Read a network interface: one entry for each prefix that is assigned to it."""
    found = [p.get("Ipv4Prefix") for p in data.get("Ipv4Prefixes") or ()]
    return tuple(
        NetworkInterface(
            address=data.get("PrivateIpAddress") or "",
            id=data["NetworkInterfaceId"],
            description=data.get("Description") or "",
            vpc_id=data.get("VpcId", ""),
            status=data.get("Status", ""),
            prefix=prefix,
        )
        for prefix in found
        if prefix
    )
