"""The answer of a server that the host queries, where the user named another one to query in its place.

With ``--nameserver`` the VPC resolver is queried at another address than the host would use, for instance through a
forwarded port. For a host whose packets get there, its answer is what base plus two of the client's VPC would return.
"""

from __future__ import annotations

from sddoctor.case.dns import Answer, Server
from sddoctor.case.seen import FactError
from sddoctor.trail.answers import AnswersTrail
from sddoctor.trail.host import HostTrail
from sddoctor.trail.vpc import VpcTrail


def answer_of(answers: AnswersTrail, host: HostTrail, vpc: VpcTrail, server: Server, rdtype: str) -> Answer:
    """Return the server's answer for the name. Raises when neither it nor a stand-in was seen to answer."""
    if not answers.was_queried(server) and _stands_for(host, vpc, server):
        return answers.vpc(rdtype)
    return answers.answer(server, rdtype)


def _stands_for(host: HostTrail, vpc: VpcTrail, server: Server) -> bool:
    """Tell whether the server is the resolver of the client's VPC, and no route is known to lead the host elsewhere."""
    try:
        own = vpc.with_resolver(server.address)
        client = vpc.client
    except FactError:
        return False
    if own is None or own.id != client.vpc_id or server.port != 53:
        return False
    try:
        # The default route of a host in AWS leads to the router of its VPC.
        return host.surroundings.in_aws or host.route(server.address).kind not in ("default", "unreachable")
    except FactError:
        return True
