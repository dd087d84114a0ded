"""Route 53 Global Resolver: resolvers, their DNS views and the zones from which they answer, reading.

https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/gr-what-is-global-resolver.html
"""

from __future__ import annotations

from sddoctor.lab.aws.account import Account, Params, Wire, serves
from sddoctor.lab.aws.errors import ApiError
from sddoctor.lab.derive import made_up_id
from sddoctor.lab.parts.lattice import GlobalResolver

SERVICE = "route53globalresolver"


def _arn(account: Account, resource: str) -> str:
    """Return an ARN, which has no region."""
    return f"arn:aws:{SERVICE}::{account.state.account}:{resource}"


def _view_id(resolver: GlobalResolver) -> str:
    return "dnsv-" + made_up_id("dns-view", resolver.id)


def _times(account: Account) -> Wire:
    return {"createdAt": account.state.ago(86400), "updatedAt": account.state.ago(86400)}


def _page(account: Account, name: str, items: list[Wire], params: Params) -> Wire:
    page, token = account.page(items, params.get("nextToken"), params.get("maxResults"))
    return {name: page, "nextToken": token}


@serves(SERVICE, "ListGlobalResolvers")
def list_global_resolvers(account: Account, params: Params) -> Wire:
    """List the resolvers of this account."""
    found: list[Wire] = [
        {
            "id": r.id,
            "arn": _arn(account, f"global-resolver/{r.id}"),
            "clientToken": f"lab-{r.id}",
            "dnsName": f"{r.id}.route53globalresolver.global.on.aws",
            "name": r.name,
            "regions": [account.state.region],
            "status": "OPERATIONAL",
            "ipv4Addresses": [a for a in r.addresses if ":" not in a],
            **_times(account),
        }
        for r in account.state.world.global_resolvers
    ]
    return _page(account, "globalResolvers", found, params)


@serves(SERVICE, "ListDNSViews")
def list_dns_views(account: Account, params: Params) -> Wire:
    """List the one view of a resolver."""
    wanted = params["globalResolverId"]
    resolver = next((r for r in account.state.world.global_resolvers if r.id == wanted), None)
    if resolver is None:
        raise ApiError("ResourceNotFoundException", f"Global resolver {wanted} not found", 404)
    view: Wire = {
        "id": _view_id(resolver),
        "arn": _arn(account, f"dns-view/{_view_id(resolver)}"),
        "clientToken": f"lab-{resolver.id}",
        "dnssecValidation": "DISABLED",
        "ednsClientSubnet": "DISABLED",
        "firewallRulesFailOpen": "DISABLED",
        "name": resolver.name,
        "globalResolverId": resolver.id,
        "status": "OPERATIONAL",
        **_times(account),
    }
    return _page(account, "dnsViews", [view], params)


@serves(SERVICE, "ListHostedZoneAssociations")
def list_hosted_zone_associations(account: Account, params: Params) -> Wire:
    """List the zones of all views of this account, or of one view."""
    state = account.state
    found: list[Wire] = [
        {
            "id": "hza-" + made_up_id("hza", r.id, zone_id),
            "resourceArn": _arn(account, f"dns-view/{_view_id(r)}"),
            "hostedZoneId": zone_id,
            "hostedZoneName": state.zones[zone_id].name,
            "name": state.zones[zone_id].name,
            "status": r.status,
            **_times(account),
        }
        for r in state.world.global_resolvers
        for zone_id in r.zones
        if zone_id in state.zones
    ]
    wanted = params.get("resourceArn")
    found = [f for f in found if wanted in (None, f["resourceArn"])]
    return _page(account, "hostedZoneAssociations", found, params)
