"""From the output of a probe to a case: a place, and nothing of AWS."""

from __future__ import annotations

from msgspec import structs

from sddoctor.bundle.secrets import without_secrets
from sddoctor.case.case import Asked, AwsFacts, Case, Place
from sddoctor.case.cloudmap import CloudMapFacts
from sddoctor.case.dns import DnsFacts, Role, Server, VpcResolver
from sddoctor.case.ecs import EcsFacts
from sddoctor.case.seen import Fact, NotAttempted, Seen
from sddoctor.case.vpc import VpcFacts
from sddoctor.formats.probe import answers
from sddoctor.formats.probe.transcript import Question, Transcript, parse
from sddoctor.observe.budget import Budget
from sddoctor.observe.host.observer import HostObserver
from sddoctor.observe.probe.host import ProbedHost
from sddoctor.resolution.choose import choose
from sddoctor.resolution.surroundings import surroundings, with_marks

#: The VPC resolver inside every VPC: https://docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html
LINK_LOCAL = Server("169.254.169.253")
_SECONDS = 60.0


def read(data: bytes) -> Case:
    """Return the case. Raises ``TranscriptError`` if the text is not the complete output of a probe."""
    seen = parse(data)
    source = ProbedHost(seen)
    observer = HostObserver(seen.name, source, Budget(_SECONDS))
    facts = observer.facts()
    resolvers = _resolvers(seen, in_aws=surroundings(facts).in_aws)
    of_vpc = {r.server for r in resolvers.seen_or(())}
    choice = choose(seen.name, facts).seen_or(None)
    of_host = choice.servers if choice is not None else ()
    probes = tuple(answers.probe(q, _role(q, seen.name, of_vpc, of_host)) for q in seen.questions)
    routes = observer.routes(tuple(dict.fromkeys(p.server.address for p in probes)))
    facts = with_marks(structs.replace(facts, routes=routes, addresses=observer.addresses()))
    place = Place(
        source.label or "the probe",
        Seen(facts, "sddoctor probe", seen.at, seen.unread.get("", ())),
        DnsFacts(resolvers, probes),
    )
    asked = Asked(seen.name, tuple(seen.given))
    return without_secrets(Case(name=seen.name, asked=asked, at=seen.at, aws=_no_aws(), places=(place,)))


def _resolvers(seen: Transcript, *, in_aws: bool) -> Fact[tuple[VpcResolver, ...]]:
    if seen.given:
        return Seen(tuple(VpcResolver(s, None, "nameserver") for s in seen.given), "--nameserver")
    if in_aws:
        return Seen((VpcResolver(LINK_LOCAL, None, "link-local"),), "a host in AWS")
    return NotAttempted(
        "the address of the VPC resolver",
        "a probe asks nothing of AWS",
        "--nameserver, or a check with AWS credentials",
    )


def _role(question: Question, name: str, of_vpc: set[Server], of_host: tuple[Server, ...]) -> Role:
    """Return why that server was queried; another name than the case's was queried for comparison."""
    if question.name != name:
        return "other"
    return "vpc" if question.server in of_vpc else "host" if question.server in of_host else "other"


def _no_aws() -> AwsFacts:
    def unread(what: str) -> NotAttempted:
        return NotAttempted(
            what, "a probe asks nothing of AWS", "a check with AWS credentials, given with --from as well"
        )

    return AwsFacts(
        region=None,
        identity=unread("who asks AWS"),
        ecs=EcsFacts(services=unread("the ECS services"), clusters=unread("the ECS clusters")),
        cloudmap=CloudMapFacts(namespaces=unread("the Cloud Map namespaces")),
        vpc=VpcFacts(vpcs=unread("the VPCs"), client=unread("the VPC whose resolver should answer")),
    )
