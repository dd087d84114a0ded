"""Amazon VPC Lattice: services, reading.

https://docs.aws.amazon.com/vpc-lattice/latest/APIReference/API_Operations.html
"""

from __future__ import annotations

from sddoctor.lab.aws.account import Account, Params, Wire, serves
from sddoctor.lab.aws.errors import ApiError
from sddoctor.lab.lattice import service_id, service_name
from sddoctor.lab.parts.lattice import LatticeService

SERVICE = "vpc-lattice"


def _shape(account: Account, service: LatticeService) -> Wire:
    made = service_id(service)
    return {
        "id": made,
        "name": service.name,
        "arn": account.state.arn(SERVICE, f"service/{made}"),
        "createdAt": account.state.ago(30 * 86400),
        "lastUpdatedAt": account.state.ago(30 * 86400),
        "dnsEntry": {"domainName": service_name(account.state.world, service), "hostedZoneId": "Z09127221KTH2CFUOHIZH"},
        "customDomainName": service.custom_domain,
        "status": service.status,
    }


@serves(SERVICE, "ListServices")
def list_services(account: Account, params: Params) -> Wire:
    """List the services of this account."""
    found = [_shape(account, s) for s in account.state.world.lattice_services]
    page, token = account.page(found, params.get("nextToken"), params.get("maxResults"))
    return {"items": page, "nextToken": token}


@serves(SERVICE, "GetService")
def get_service(account: Account, params: Params) -> Wire:
    """Return a service, by id or ARN."""
    wanted = params["serviceIdentifier"].rsplit("/", 1)[-1]
    found = next((s for s in account.state.world.lattice_services if service_id(s) == wanted), None)
    if found is None:
        raise ApiError("ResourceNotFoundException", f"Service {wanted} not found", 404)
    return {**_shape(account, found), "authType": "NONE"}
