"""Recordings of earlier versions, which hold states alone: the smallest first case by which these can be judged."""

from __future__ import annotations

from msgspec import structs

from sddoctor.case.case import Asked, AwsFacts, Case, Place
from sddoctor.case.cloudmap import Attribute, CloudMapFacts, CloudMapService, InstanceHealth, Namespace, NamespaceView
from sddoctor.case.dns import DnsFacts
from sddoctor.case.ecs import EcsFacts, EcsService, Registry
from sddoctor.case.seen import NotAttempted, Seen
from sddoctor.case.vpc import VpcFacts
from sddoctor.case.watch import InstanceState, Recording, State, TaskState

_KEPT = "the recording"
_NOT_KEPT = NotAttempted("a detail", "the recording does not hold it")
_SERVICE = "srv-recorded"
_ECS = EcsService("recorded", "recorded", "", "ACTIVE", 0, 0, 0, registries=(Registry(_SERVICE),))


def first_case(recording: Recording) -> Case:
    """Return a case with one Cloud Map service, in which one ECS service registers."""
    label, _, rest = recording.name.partition(".")
    namespace = Namespace("ns-recorded", "", rest, "DNS_PRIVATE")
    routing = "WEIGHTED" if recording.most == 1 else "MULTIVALUE"
    service = CloudMapService(_SERVICE, "", label, namespace.id, routing_policy=routing, health="custom")
    view = NamespaceView(
        namespace, _NOT_KEPT, Seen(service, _KEPT), _NOT_KEPT, _NOT_KEPT, _NOT_KEPT, _NOT_KEPT, _NOT_KEPT, _NOT_KEPT
    )
    aws = AwsFacts(
        region=None,
        identity=_NOT_KEPT,
        ecs=EcsFacts(services=Seen((_ECS,), _KEPT), clusters=_NOT_KEPT),
        cloudmap=CloudMapFacts(namespaces=Seen((namespace,), _KEPT), views=(view,)),
        vpc=VpcFacts(vpcs=_NOT_KEPT, client=_NOT_KEPT),
    )
    place = Place("this host", _NOT_KEPT, DnsFacts(resolvers=_NOT_KEPT))
    return Case(recording.name, Asked(recording.name), recording.began, aws, (place,))


def completed(state: State) -> State:
    """Return the state with what it implies: the ECS service, its tasks, and the health in Cloud Map."""
    tasks = state.tasks.seen_or(())
    ids = {t.id for t in tasks}
    service = structs.replace(_ECS, running=sum(t.last_status == "RUNNING" for t in tasks))
    return structs.replace(
        state,
        tasks=state.tasks.map(lambda seen: tuple(_of_service(t) for t in seen)),
        instances=state.instances.map(lambda seen: tuple(_with_attributes(i, i.id in ids) for i in seen)),
        services=state.desired.map(lambda desired: (structs.replace(service, desired=desired),)),
        health=state.instances.map(lambda seen: tuple(InstanceHealth(i.id, i.health) for i in seen if i.health)),
    )


def _of_service(task: TaskState) -> TaskState:
    return structs.replace(task, arn=task.id, cluster=_ECS.cluster, group=f"service:{_ECS.name}")


def _with_attributes(instance: InstanceState, of_task: bool) -> InstanceState:
    found = [("AWS_INSTANCE_IPV6" if ":" in a else "AWS_INSTANCE_IPV4", a) for a in instance.addresses]
    found += [("ECS_SERVICE_NAME", _ECS.name)] if of_task else []
    return structs.replace(instance, attributes=tuple(Attribute(k, v) for k, v in found))
