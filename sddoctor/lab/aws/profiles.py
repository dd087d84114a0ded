"""Amazon Route 53 Profiles: DNS settings that VPCs share.

https://docs.aws.amazon.com/Route53/latest/APIReference/API_Operations_Amazon_Route_53_Profiles.html
"""

from __future__ import annotations

import json

from msgspec.structs import replace

from sddoctor.lab.aws.account import Account, Params, Wire, serves
from sddoctor.lab.aws.errors import ApiError

SERVICE = "route53profiles"


@serves(SERVICE, "ListProfileAssociations")
def list_profile_associations(account: Account, params: Params) -> Wire:
    """List the VPCs of each Profile, those of this account."""
    state = account.state
    found = [
        {
            "Id": f"rpassoc-{vpc.id.removeprefix('vpc-')}-{profile_id}",
            "Name": state.profiles[profile_id].name,
            "OwnerId": state.account,
            "ProfileId": profile_id,
            "ResourceId": vpc.id,
            "Status": "COMPLETE",
            "StatusMessage": "",
            "CreationTime": state.ago(86400),
            "ModificationTime": state.ago(86400),
        }
        for vpc in state.vpcs.values()
        for profile_id in vpc.profiles
        if profile_id in state.profiles
        and account.owns_vpc(vpc.id)
        and params.get("ResourceId", vpc.id) == vpc.id
        and params.get("ProfileId", profile_id) == profile_id
    ]
    page, token = account.page(found, params.get("NextToken"), params.get("MaxResults"))
    return {"ProfileAssociations": page, "NextToken": token}


@serves(SERVICE, "ListProfileResourceAssociations")
def list_profile_resource_associations(account: Account, params: Params) -> Wire:
    """List the resources of a Profile."""
    state = account.state
    profile = state.profiles.get(params["ProfileId"])
    if profile is None:
        raise ApiError("ResourceNotFoundException", f"Profile {params['ProfileId']} not found.", 404)
    resources = [("PRIVATE_HOSTED_ZONE", z, f"arn:aws:route53:::hostedzone/{z}") for z in profile.zones]
    resources += [("RESOLVER_RULE", r, state.arn("route53resolver", f"resolver-rule/{r}")) for r in profile.rules]
    resources += [
        ("FIREWALL_RULE_GROUP", g, state.arn("route53resolver", f"firewall-rule-group/{g}"))
        for g in profile.firewall_groups
    ]
    wanted = params.get("ResourceType")
    found = [
        {
            "Id": f"rpr-{name}",
            "Name": name,
            "OwnerId": state.account,
            "ProfileId": profile.id,
            "ResourceArn": arn,
            "ResourceType": kind,
            "ResourceProperties": _properties(account, kind, name),
            "Status": "COMPLETE",
            "StatusMessage": "",
            "CreationTime": state.ago(86400),
            "ModificationTime": state.ago(86400),
        }
        for kind, name, arn in resources
        if wanted in (None, kind)
    ]
    page, token = account.page(found, params.get("NextToken"), params.get("MaxResults"))
    return {"ProfileResourceAssociations": page, "NextToken": token}


@serves(SERVICE, "DisassociateResourceFromProfile")
def disassociate_resource_from_profile(account: Account, params: Params) -> Wire:
    """Remove a zone, a rule or a firewall group from a Profile, at once."""
    state = account.state
    profile = state.profiles.get(params["ProfileId"])
    name = params["ResourceArn"].rsplit("/", 1)[-1]
    if profile is None or name not in (*profile.zones, *profile.rules, *profile.firewall_groups):
        raise ApiError("ResourceNotFoundException", f"{name} is not in the Profile {params['ProfileId']}.", 404)
    kept = {k: tuple(n for n in getattr(profile, k) if n != name) for k in ("zones", "rules", "firewall_groups")}
    state.profiles[profile.id] = replace(profile, **kept)
    state.changed()
    return {
        "ProfileResourceAssociation": {
            "Id": f"rpr-{name}",
            "ProfileId": params["ProfileId"],
            "ResourceArn": params["ResourceArn"],
            "Status": "DELETING",
        }
    }


def _properties(account: Account, kind: str, name: str) -> str | None:
    """Return further properties of a resource: only the priority of a firewall group is documented."""
    group = account.state.firewall_groups.get(name)
    return json.dumps({"priority": group.priority}) if kind == "FIREWALL_RULE_GROUP" and group else None
