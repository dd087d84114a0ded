"""A reverse look-up cannot name the service."""

from __future__ import annotations

import re

from sddoctor.case.name import address_of_reverse
from sddoctor.case.seen import Seen
from sddoctor.causes.model import Evidence, Finding, Fix, cause
from sddoctor.text.shell import aws, command, write_file
from sddoctor.text.words import listed
from sddoctor.trail.trail import Trail, optional

#: What the VPC resolver makes of an address: ``ip-10-10-211-50.ap-northeast-1.compute.internal``.
#: https://docs.aws.amazon.com/vpc/latest/userguide/vpc-dns.html
_GENERIC = re.compile(r"^(?:ip|i)-[0-9a-f-]+\.(?:ec2|[a-z0-9-]+\.compute)\.internal$")


#: The reverse zones that resolvers deny unless told otherwise (RFC 6303), as far as VPCs have their ranges.
_DENIED = {"10.": "10.in-addr.arpa.", "192.168.": "168.192.in-addr.arpa."}


@cause(
    "reverse-lookup-generic",
    hop="host",
    kind="note",
    severity="info",
    title="A reverse lookup cannot name the service",
    for_any_client=True,
)
def reverse_lookup_generic(trail: Trail) -> Finding | None:
    """The name asked for is that of a reverse look-up, and no zone with names of its own answers it.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-discovery.html
    """
    address = address_of_reverse(trail.name)
    if address is None or trail.cloudmap.facts.views:
        return None
    asked = list(trail.answers.probes_for(rdtype="PTR"))
    names = [r.data for p in asked if isinstance(p.outcome, Seen) for r in p.outcome.value.answers if r.type == "PTR"]
    if any(not _GENERIC.match(n) for n in names):
        return None
    said = listed(dict.fromkeys(names)) or listed(
        dict.fromkeys(p.outcome.value.rcode for p in asked if isinstance(p.outcome, Seen))
    )
    task = next(
        (t for look in trail.case.aws.ecs.tasks for t in look.running.seen_or(()) if address in t.addresses), None
    )
    whose = f" Task {task.id} in cluster {task.cluster_name} has it today." if task else ""
    return Finding(
        summary=f"ECS service discovery makes no reverse names, so no look-up of {address} can name its service.{whose}",
        detail=(
            "The VPC resolver makes a generic name of every address, and home routers and unbound deny private ranges. "
            f"Neither says anything about the service's own name: check that one. sddoctor whois {address} says whose it is."
        ),
        evidence=(Evidence("dns PTR", trail.name, said or "not asked", "a generic name, or none"),),
        fixes=(
            Fix(
                "Ask who owns the address",
                "aws",
                (
                    aws(
                        "ec2",
                        "describe-network-interfaces",
                        filters=f"Name=addresses.private-ip-address,Values={address}",
                    ),
                ),
                "Nothing: it only reads.",
                "The interface names its task or service.",
            ),
            *_generic_names_by_unbound(trail, address),
        ),
        kind="fault",
    )


def _generic_names_by_unbound(trail: Trail, address: str) -> tuple[Fix, ...]:
    """Return how an unbound, which denies reverse names of private ranges, hands out the VPC resolver's. unbound.conf(5)"""
    zone = next((z for start, z in _DENIED.items() if address.startswith(start)), None)
    server = optional(lambda: trail.answers.vpc_server.address)
    if zone is None or server is None:
        return ()
    path = "/etc/unbound/unbound.conf.d/reverse.conf"
    text = (
        f'server:\n    local-zone: "{zone}" nodefault\nforward-zone:\n    name: "{zone}"\n    forward-addr: {server}\n'
    )
    return (
        Fix(
            "For at least the generic names, through unbound",
            "linux",
            (write_file(path, text),),
            f"Writes {path}; restart unbound afterwards.",
            f"{command('dig', '+short', '-x', address)} prints a name.",
            file=path,
            content=text,
        ),
    )
