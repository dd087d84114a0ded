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
from sddoctor.observe.host.cloud import runs_in_aws
from sddoctor.observe.host.observer import HostObserver
from sddoctor.observe.probe.host import ProbedHost
from sddoctor.resolution.choose import choose

#: The VPC resolver inside every VPC: https://docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html
LINK_LOCAL = Server("169.254.169.253")
_SECONDS = 60.0


def read(data: bytes) -> Case:
    """Return the case. Raises ``TranscriptError`` when the text is no whole output of a probe."""
    seen = parse(data)
    source = ProbedHost(seen)
    observer = HostObserver(seen.name, source, Budget(_SECONDS))
    facts = observer.facts()
    in_aws = "aws" in seen.marks or runs_in_aws(source)
    resolvers = _resolvers(seen, in_aws=in_aws)
    right = {r.server for r in resolvers.seen_or(())}
    choice = choose(seen.name, facts).seen_or(None)
    asks = choice.servers if choice is not None else ()
    probes = tuple(answers.probe(q, _role(q, seen.name, right, asks)) for q in seen.questions)
    routes = observer.routes(tuple(dict.fromkeys(p.server.address for p in probes)))
    facts = structs.replace(facts, in_aws=in_aws, routes=routes, addresses=observer.addresses())
    place = Place(source.label or "the probe", Seen(facts, "sddoctor probe", seen.at), DnsFacts(resolvers, probes))
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


def _role(question: Question, name: str, right: set[Server], asks: tuple[Server, ...]) -> Role:
    """Say why that server was asked; another name than the case's was asked for comparison."""
    if question.name != name:
        return "other"
    return "vpc" if question.server in right else "host" if question.server in asks else "other"


def _no_aws() -> AwsFacts:
    def nobody(what: str) -> NotAttempted:
        return NotAttempted(
            what, "a probe asks nothing of AWS", "a check with AWS credentials, given with --from as well"
        )

    return AwsFacts(
        region=None,
        identity=nobody("who asks AWS"),
        ecs=EcsFacts(services=nobody("the ECS services"), clusters=nobody("the ECS clusters")),
        cloudmap=CloudMapFacts(namespaces=nobody("the Cloud Map namespaces")),
        vpc=VpcFacts(vpcs=nobody("the VPCs"), client=nobody("the VPC whose resolver should answer")),
    )
