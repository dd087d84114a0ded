"""What of a case has nothing to do with its name, and is left out of a file."""

from msgspec import structs

from sddoctor.bundle.related import without_unrelated
from sddoctor.case.case import Case
from sddoctor.case.cloudmap import CloudMapService, Namespace, NamespaceServices
from sddoctor.case.ecs import ClusterWalk, EcsService, Registry, Task
from sddoctor.case.seen import Seen
from sddoctor.case.vpc import ClientVpn, InboundEndpoint, IngressRule, NetworkInterface, Vpc
from tests.cases import NAME, empty_case

_HERE = "arn:aws:ecs:eu-west-1:111122223333"


def _account() -> Case:
    namespaces = tuple(
        Namespace(f"ns-{n}", f"arn:ns-{n}", n, "DNS_PRIVATE") for n in ("example.internal", "payroll.internal")
    )
    services = (CloudMapService("srv-1", "arn:srv-1", "payroll", "ns-payroll.internal"),)
    walk = tuple(
        EcsService(f"{_HERE}:service/c/{n}", n, "c", "ACTIVE", 1, 1, 0, registries=(Registry(f"arn:service/{r}"),))
        for n, r in (("wages", "srv-wages"), ("api", "srv-mentioned"))
    )
    loose = Task(f"{_HERE}:task/c/0123", "c", "RUNNING", "RUNNING", addresses=("10.0.0.9",))
    case = empty_case()
    aws = structs.replace(
        case.aws,
        cloudmap=structs.replace(
            case.aws.cloudmap,
            namespaces=Seen(namespaces, "s"),
            elsewhere=(NamespaceServices("ns-payroll.internal", Seen(services, "s")),),
        ),
        ecs=structs.replace(
            case.aws.ecs,
            clusters=Seen((f"{_HERE}:cluster/c", f"{_HERE}:cluster/hr"), "s"),
            walks=(ClusterWalk(f"{_HERE}:cluster/c", Seen(walk, "s")),),
            loose_tasks=Seen((loose,), "s"),
        ),
        vpc=structs.replace(
            case.aws.vpc,
            vpcs=Seen((Vpc("vpc-1", "10.0.0.0/16"), Vpc("vpc-2", "10.1.0.0/16")), "s"),
            endpoints=Seen((InboundEndpoint("rslvr-in-1", "vpc-1", "OPERATIONAL", ("10.0.0.5",)),), "s"),
            security_groups=Seen((IngressRule("sg-1", "udp"),), "s"),
            client_vpns=Seen((ClientVpn("cvpn-1", "vpc-2", "10.9.0.0/22"),), "s"),
            interfaces=Seen((NetworkInterface("10.0.0.9", "eni-1"),), "s"),
        ),
    )
    return structs.replace(case, aws=aws)


def test_only_what_is_mentioned_or_could_hold_the_name_stays() -> None:
    fewer = without_unrelated(_account(), "asked of 10.0.0.5: srv-mentioned", lambda _: True).aws
    assert [n.name for n in fewer.cloudmap.namespaces.value] == ["example.internal"]
    assert fewer.cloudmap.elsewhere == ()
    assert fewer.ecs.clusters.value == ()
    assert [s.name for s in fewer.ecs.walks[0].services.value] == ["api"]
    assert fewer.ecs.loose_tasks.value == ()
    assert [e.id for e in fewer.vpc.endpoints.value] == ["rslvr-in-1"]
    assert fewer.vpc.security_groups.value == ()
    assert fewer.vpc.interfaces.value == ()


def test_vpcs_stay_for_the_places_that_are_to_come() -> None:
    fewer = without_unrelated(_account(), "", lambda _: True)
    assert [v.id for v in fewer.aws.vpc.vpcs.value] == ["vpc-1", "vpc-2"]


def test_a_list_without_which_the_report_differs_stays_whole_and_the_others_do_not() -> None:
    def says_the_same(case: Case) -> bool:
        return len(case.aws.cloudmap.namespaces.value) == 2

    fewer = without_unrelated(_account(), NAME, says_the_same)
    assert len(fewer.aws.cloudmap.namespaces.value) == 2
    assert fewer.aws.vpc.security_groups.value == ()
