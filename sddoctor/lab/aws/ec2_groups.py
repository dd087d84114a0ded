"""Amazon EC2: security groups, reading.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Operations.html
"""

from __future__ import annotations

from sddoctor.lab.aws.account import Account, Params, Wire, serves
from sddoctor.lab.aws.ec2_shapes import SERVICE, Keys, by_ids, filtered, page
from sddoctor.lab.objects import LiveSecurityGroup


def _permissions(account: Account, group: LiveSecurityGroup) -> list[Wire]:
    return [
        {
            "IpProtocol": i.protocol,
            "FromPort": i.from_port,
            "ToPort": i.to_port,
            "IpRanges": [{"CidrIp": r} for r in i.ranges if ":" not in r],
            "Ipv6Ranges": [{"CidrIpv6": r} for r in i.ranges if ":" in r],
            "UserIdGroupPairs": [_pair(account, g) for g in i.groups],
            "PrefixListIds": [{"PrefixListId": p} for p in i.prefix_lists],
        }
        for i in group.ingress
    ]


def _pair(account: Account, group: str) -> Wire:
    """Return a group of this account, or of the one that is written before it."""
    owner, _, group_id = group.rpartition("/")
    return {"GroupId": group_id, "UserId": owner or account.state.account}


@serves(SERVICE, "DescribeSecurityGroups")
def describe_security_groups(account: Account, params: Params) -> Wire:
    """Describe the security groups of this account."""
    shown: dict[str, Wire] = {
        g.id: {
            "GroupId": g.id,
            "GroupName": g.id,
            "Description": "",
            "VpcId": g.vpc_id,
            "OwnerId": account.state.account,
            "IpPermissions": _permissions(account, g),
            "IpPermissionsEgress": [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}],
            "Tags": [],
        }
        for g in account.state.security_groups.values()
        if g.owner == account.state.account
    }
    found = by_ids(shown, params.get("GroupIds", []), "InvalidGroup.NotFound", "security group")
    keys: Keys = {"group-id": lambda g: [g["GroupId"]], "vpc-id": lambda g: [g["VpcId"]]}
    return page(account, "SecurityGroups", filtered(found, params, keys), params)
