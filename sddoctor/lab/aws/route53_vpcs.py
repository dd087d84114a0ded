"""Amazon Route 53: the VPCs of private hosted zones.

https://docs.aws.amazon.com/Route53/latest/APIReference/API_Operations.html
"""

from __future__ import annotations

from sddoctor.lab.aws.account import Account, Params, Wire, serves
from sddoctor.lab.aws.errors import ApiError, invalid
from sddoctor.lab.aws.route53_shapes import SERVICE, change_info, escaped, find, page_size


@serves(SERVICE, "ListHostedZonesByVPC")
def list_hosted_zones_by_vpc(account: Account, params: Params) -> Wire:
    """List the private zones that are associated with a VPC, other accounts' too, but not those of a Profile.

    A zone that Cloud Map made shows its account as the owner.
    https://docs.aws.amazon.com/Route53/latest/APIReference/API_ListHostedZonesByVPC.html
    """
    state = account.state
    vpc = state.vpcs.get(params["VPCId"])
    if vpc is None or params["VPCRegion"] != state.region:
        raise invalid(SERVICE, f"The VPC {params['VPCId']} in region {params['VPCRegion']} is not valid.")
    zones = [z for z in state.zones.values() if z.private and params["VPCId"] in z.vpcs]
    size = page_size(params, 100)
    page, token = account.page(zones, params.get("NextToken"), size)
    return {
        "HostedZoneSummaries": [
            {
                "HostedZoneId": z.id,
                "Name": escaped(z.name),
                "Owner": {"OwningService" if "." in z.owner else "OwningAccount": z.owner},
            }
            for z in page
        ],
        "MaxItems": str(size),
        "NextToken": token,
    }


@serves(SERVICE, "AssociateVPCWithHostedZone")
def associate_vpc(account: Account, params: Params) -> Wire:
    """Associate a VPC of this account with a private zone; another account's zone must have authorized it.

    https://docs.aws.amazon.com/Route53/latest/APIReference/API_AssociateVPCWithHostedZone.html
    """
    state = account.state
    vpc_id = params["VPC"].get("VPCId", "")
    zone = state.zones.get(params["HostedZoneId"])
    if zone is None:
        raise ApiError("NoSuchHostedZone", f"No hosted zone found with ID: {params['HostedZoneId']}", 404)
    if zone.owner != state.account and vpc_id not in zone.authorized_vpcs:
        raise ApiError(
            "NotAuthorizedException", f"The VPC: {vpc_id} is not authorized to associate with the zone.", 401
        )
    if vpc_id not in state.vpcs:
        raise ApiError("InvalidVPCId", f"The VPC: {vpc_id} in region {state.region} that you provided is not valid.")
    if not zone.private:
        raise ApiError("PublicZoneVPCAssociation", "You're trying to associate a VPC with a public hosted zone.")
    for other in state.zones.values():
        if other.name == zone.name and vpc_id in other.vpcs:
            raise ApiError(
                "ConflictingDomainExists", f"The VPC {vpc_id} is already associated with the zone {zone.name}"
            )
    zone.vpcs.append(vpc_id)
    state.changed()
    return change_info(params.get("Comment"))


@serves(SERVICE, "DisassociateVPCFromHostedZone")
def disassociate_vpc(account: Account, params: Params) -> Wire:
    """Disassociate a VPC from a private zone, which must keep one.

    https://docs.aws.amazon.com/Route53/latest/APIReference/API_DisassociateVPCFromHostedZone.html
    """
    zone = find(account, params["HostedZoneId"], "route53:DisassociateVPCFromHostedZone")
    vpc_id = params["VPC"].get("VPCId", "")
    if vpc_id not in zone.vpcs:
        raise ApiError("VPCAssociationNotFound", f"The VPC {vpc_id} is not associated with the zone.", 404)
    if len(zone.vpcs) == 1:
        raise ApiError("LastVPCAssociation", "The VPC is the last one of the private hosted zone.")
    zone.vpcs.remove(vpc_id)
    account.state.changed()
    return change_info(params.get("Comment"))


@serves(SERVICE, "CreateVPCAssociationAuthorization")
def create_vpc_association_authorization(account: Account, params: Params) -> Wire:
    """Allow another account's VPC to be associated."""
    zone = find(account, params["HostedZoneId"], "route53:CreateVPCAssociationAuthorization")
    zone.authorized_vpcs.append(params["VPC"].get("VPCId", ""))
    account.state.changed()
    return {"HostedZoneId": zone.id, "VPC": params["VPC"]}
