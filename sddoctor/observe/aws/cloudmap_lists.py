"""The lists of Cloud Map: namespaces, services, instances and their health."""

from __future__ import annotations

from functools import partial

from msgspec import Struct

from sddoctor.case.cloudmap import CloudMapService, Instance, InstanceHealth, Namespace, NamespaceServices
from sddoctor.case.seen import Absent, Fact, Seen
from sddoctor.formats.aws import cloudmap as shapes
from sddoctor.observe.aws.calls import Calls, incomplete
from sddoctor.observe.aws.identity import CallerIdentity
from sddoctor.text.likeness import spelled_alike

SD = "servicediscovery"
#: Namespaces whose services are read for "did you mean", when none matches the name.
MOST_ELSEWHERE = 20


class Guess(Struct, frozen=True):
    """Service and namespace as the name suggests them; only the lists tell."""

    service: str
    namespace: str


def guess(name: str) -> Guess:
    """Split a name: one label in front, two when it begins with an underscore (``_http._tcp``, RFC 2782)."""
    labels = name.split(".")
    front = 2 if name.startswith("_") and len(labels) > 2 else 1
    return Guess(".".join(labels[:front]), ".".join(labels[front:]))


def list_namespaces(calls: Calls, identity: CallerIdentity) -> Fact[tuple[Namespace, ...]]:
    """Read all namespaces of account and region, shared ones included."""
    what = "the namespaces"
    fact = calls.pages(SD, "ListNamespaces", what, "Namespaces", MaxResults=100)
    if not isinstance(fact, Seen):
        return fact
    account = identity.account()
    return fact.map(lambda seen: tuple(shapes.namespace(n, account) for n in seen))


def list_services(calls: Calls, namespace: Namespace, account: str | None) -> Fact[tuple[CloudMapService, ...]]:
    """Read all services of a namespace. The filter is applied again here, in case a server ignores it."""
    what = f"the services of {namespace.name}"
    key = namespace.id if namespace.owner == "SELF" else namespace.arn
    filters = [{"Name": "NAMESPACE_ID", "Values": [key], "Condition": "EQ"}]
    fact = calls.pages(SD, "ListServices", what, "Services", Filters=filters, MaxResults=100)
    if not isinstance(fact, Seen):
        return fact
    found = tuple(shapes.service(s, namespace.id, account) for s in fact.value)
    own = tuple(s for s in found if s.namespace_id.rsplit("/", 1)[-1] == namespace.id)
    return Seen(own, fact.source, fact.at, fact.unread)


def services_elsewhere(
    calls: Calls, name: str, namespaces: tuple[Namespace, ...], account: str | None
) -> tuple[NamespaceServices, ...]:
    """Read the services of other namespaces, for "did you mean": those of the namespaces most like the name's end."""
    some = sorted(namespaces, key=lambda n: spelled_alike(n.name, name), reverse=True)[:MOST_ELSEWHERE]
    begun = [calls.pending(partial(list_services, calls, n, account), f"the services of {n.name}") for n in some]
    return tuple(NamespaceServices(n.id, f.fact()) for n, f in zip(some, begun, strict=True))


def service_key(namespace: Namespace, service: CloudMapService) -> str:
    """Return the id of a service in calls. A shared one must be named by ARN.

    https://docs.aws.amazon.com/cloud-map/latest/dg/sharing-namespaces.html
    """
    return service.id if namespace.owner == "SELF" else service.arn


def list_instances(calls: Calls, key: str, what: str) -> Fact[tuple[Instance, ...]]:
    """Read all instances of a service."""
    return calls.pages(SD, "ListInstances", what, "Instances", ServiceId=key, MaxResults=100).map(
        lambda seen: tuple(shapes.instance(i) for i in seen)
    )


def list_health(calls: Calls, key: str, what: str) -> Fact[tuple[InstanceHealth, ...]]:
    """Read the health of all instances of a service."""
    return calls.pages(SD, "GetInstancesHealthStatus", what, "Status", ServiceId=key, MaxResults=100).map(
        lambda seen: shapes.health(dict(seen))
    )


def discover(calls: Calls, name: str) -> Fact[tuple[Instance, ...]]:
    """Read the instances of a name by the name alone.

    https://docs.aws.amazon.com/cloud-map/latest/api/API_DiscoverInstances.html
    """
    guessed = guess(name)
    if not guessed.namespace:
        return Absent("instances", "the name has no namespace")
    what = f"the instances of {name}"
    fact = calls.get(
        SD,
        "DiscoverInstances",
        what,
        NamespaceName=guessed.namespace,
        ServiceName=guessed.service,
        HealthStatus="ALL",
        MaxResults=1000,
    )
    if not isinstance(fact, Seen):
        return fact
    if "Instances" not in fact.value:
        return incomplete(what, fact.source, "Instances")
    return fact.map(lambda seen: tuple(shapes.instance(i) for i in seen["Instances"]))
