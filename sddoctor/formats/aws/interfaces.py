"""Interfaces and subnets as facts.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NetworkInterface.html
"""

from __future__ import annotations

from typing import Any

from sddoctor.case.address import usual_form
from sddoctor.case.whois import HeldInterface, Subnet
from sddoctor.formats.aws.network import associated


def interface(data: dict[str, Any]) -> HeldInterface:
    """Read a network interface."""
    private = [p for p in data.get("PrivateIpAddresses") or () if p.get("PrivateIpAddress")]
    four = [data.get("PrivateIpAddress"), *(p["PrivateIpAddress"] for p in private)]
    six = [i.get("Ipv6Address") for i in data.get("Ipv6Addresses") or ()]
    public = [(d.get("Association") or {}).get("PublicIp") for d in (data, *private)]
    prefixes = [p.get("Ipv4Prefix") for p in data.get("Ipv4Prefixes") or ()]
    prefixes += [p.get("Ipv6Prefix") for p in data.get("Ipv6Prefixes") or ()]
    return HeldInterface(
        id=data["NetworkInterfaceId"],
        addresses=tuple(dict.fromkeys(usual_form(a) for a in (*four, *six) if a)),
        public=tuple(dict.fromkeys(usual_form(a) for a in public if a)),
        prefixes=tuple(p for p in prefixes if p),
        subnet_id=data.get("SubnetId") or "",
        vpc_id=data.get("VpcId") or "",
        zone=data.get("AvailabilityZone") or "",
        description=data.get("Description") or "",
        kind=data.get("InterfaceType") or "",
        instance_id=(data.get("Attachment") or {}).get("InstanceId"),
        status=data.get("Status") or "",
        requester=data.get("RequesterId") or "",
    )


def subnet(data: dict[str, Any]) -> Subnet:
    """Read a subnet."""
    six = [
        a.get("Ipv6CidrBlock")
        for a in data.get("Ipv6CidrBlockAssociationSet") or ()
        if associated(a, "Ipv6CidrBlockState")
    ]
    return Subnet(
        id=data["SubnetId"],
        vpc_id=data["VpcId"],
        cidrs=tuple(c for c in (data.get("CidrBlock"), *six) if c),
        zone=data.get("AvailabilityZone") or "",
        name=next((t.get("Value", "") for t in data.get("Tags") or () if t.get("Key") == "Name"), ""),
    )
