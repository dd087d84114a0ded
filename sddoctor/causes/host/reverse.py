"""A reverse lookup cannot name the service."""

from __future__ import annotations

import re

from msgspec import structs

from sddoctor.case.name import address_of_reverse
from sddoctor.case.seen import Seen
from sddoctor.causes.commands import read_only
from sddoctor.causes.host.forwarder_fixes import add
from sddoctor.causes.model import Evidence, Finding, Fix, cause
from sddoctor.text.shell import aws, command
from sddoctor.text.words import listed
from sddoctor.trail.forwarders import its_configuration
from sddoctor.trail.trail import Trail, optional

#: What the VPC resolver makes of an address: ``ip-10-10-211-50.ap-northeast-1.compute.internal``.
#: https://docs.aws.amazon.com/vpc/latest/userguide/vpc-dns.html
_GENERIC = re.compile(r"^(?:ip|i)-[0-9a-f-]+\.(?:ec2|[a-z0-9-]+\.compute)\.internal$")


#: The reverse zones that resolvers deny unless told otherwise (RFC 6303), as far as VPCs have their ranges.
_DENIED = {"10.": "10.in-addr.arpa.", "192.168.": "168.192.in-addr.arpa."}


@cause(
    "reverse-lookup-generic",
    hop="host",
    at=("registry",),
    symptoms=("missing",),
    kind="note",
    severity="info",
    title="A reverse lookup cannot name the service",
    for_any_client=True,
)
def reverse_lookup_generic(trail: Trail) -> Finding | None:
    """The name is that of a reverse lookup, and no zone with names of its own answers it.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-discovery.html
    """
    address = address_of_reverse(trail.name)
    if address is None or trail.cloudmap.facts.views:
        return None
    answers = [p.outcome.value for p in trail.answers.probes_for(rdtype="PTR") if isinstance(p.outcome, Seen)]
    names = [r.data for answer in answers for r in answer.answers if r.type == "PTR"]
    if any(not _GENERIC.match(n) for n in names):
        return None
    reply = listed(dict.fromkeys(names)) or listed(dict.fromkeys(answer.rcode for answer in answers))
    tasks = (t for tasks in trail.case.aws.ecs.tasks for t in tasks.running.seen_or(()))
    task = next((t for t in tasks if address in t.addresses), None)
    whose = f" Task {task.id} in cluster {task.cluster_name} has it today." if task else ""
    return Finding(
        summary=f"ECS service discovery makes no reverse names, so no look-up of {address} can name its service.{whose}",
        detail=(
            "The VPC resolver makes a generic name of every address, and home routers and unbound deny private ranges. "
            f"Neither says anything about the service's own name: check that one. sddoctor whois {address} says whose it is."
        ),
        evidence=(Evidence("dns PTR", trail.name, reply or "not asked", "a generic name, or none"),),
        fixes=(
            read_only(
                "Ask who owns the address",
                aws(
                    "ec2", "describe-network-interfaces", filters=f"Name=addresses.private-ip-address,Values={address}"
                ),
                verified_by="The interface names its task or service.",
            ),
            *_generic_names_by_unbound(trail, address),
        ),
        kind="fault",
    )


def _generic_names_by_unbound(trail: Trail, address: str) -> tuple[Fix, ...]:
    """Return how unbound, which denies reverse names of private ranges, can return the VPC resolver's. unbound.conf(5)"""
    zone = next((z for start, z in _DENIED.items() if address.startswith(start)), None)
    server = optional(lambda: trail.answers.vpc_server.address)
    if zone is None or server is None:
        return ()
    text = (
        f'server:\n    local-zone: "{zone}" nodefault\nforward-zone:\n    name: "{zone}"\n    forward-addr: {server}\n'
    )
    title, verify = "For at least the generic names", f"{command('dig', '+short', '-x', address)} prints a name."
    own = optional(lambda: its_configuration(trail))
    if own is not None and own.program == "unbound":
        return (structs.replace(add(trail, own, "reverse", text, f"{title}, through unbound"), verified_by=verify),)
    return (Fix(f"{title}, where the server that is asked runs unbound", "linux", config=text, verified_by=verify),)
