"""Cases made by hand, for tests of pure code."""

from __future__ import annotations

from datetime import UTC, datetime

from sddoctor.case.case import Asked, AwsFacts, Case, Place
from sddoctor.case.cloudmap import CloudMapFacts
from sddoctor.case.dns import DnsFacts
from sddoctor.case.ecs import EcsFacts
from sddoctor.case.seen import NotAttempted
from sddoctor.case.vpc import VpcFacts

NAME = "dev-api.example.internal"
AT = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


def empty_case(name: str = NAME) -> Case:
    """A case in which nothing was seen."""
    nothing = NotAttempted("anything", "nobody looked", "a look")
    aws = AwsFacts(
        region="ap-northeast-1",
        identity=nothing,
        ecs=EcsFacts(services=nothing, clusters=nothing),
        cloudmap=CloudMapFacts(namespaces=nothing),
        vpc=VpcFacts(vpcs=nothing, client=nothing),
    )
    place = Place("here", nothing, DnsFacts(resolvers=nothing))
    return Case(name=name, asked=Asked(name), at=AT, aws=aws, places=(place,))
