"""A saved case in which nothing could be seen, and stand-ins for the judgement."""

from sddoctor.case.case import Asked, AwsFacts, Case, Place
from sddoctor.case.cloudmap import CloudMapFacts
from sddoctor.case.dns import DnsFacts
from sddoctor.case.ecs import EcsFacts
from sddoctor.case.seen import Denied, Unreachable
from sddoctor.case.vpc import VpcFacts
from tests.unit.report.diagnoses import AT, NAME

_DARK = Unreachable("everything", "it is dark", "light")


def unseen_case(name: str = NAME, label: str = "laptop") -> Case:
    denied = Denied("the namespaces", "servicediscovery:ListNamespaces")
    aws = AwsFacts(
        region="eu-west-1",
        identity=_DARK,
        ecs=EcsFacts(services=_DARK, clusters=_DARK),
        cloudmap=CloudMapFacts(namespaces=denied),
        vpc=VpcFacts(vpcs=_DARK, client=_DARK),
    )
    return Case(name=name, asked=Asked(name), at=AT, aws=aws, places=(Place(label, _DARK, DnsFacts(_DARK)),))
