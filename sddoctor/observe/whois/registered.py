"""Where in Cloud Map some addresses are registered: every service has to be searched.

No call of Cloud Map finds an instance by its address, so the instances of each service are read, page by page.
https://docs.aws.amazon.com/cloud-map/latest/api/API_ListInstances.html
"""

from __future__ import annotations

from functools import partial
from typing import Any

from msgspec import structs

from sddoctor.case.address import usual_form
from sddoctor.case.cloudmap import CloudMapService, Instance, Namespace
from sddoctor.case.seen import Fact, NotAttempted, Seen
from sddoctor.case.whois import NamespaceInstances, ServiceInstances
from sddoctor.formats.aws import cloudmap
from sddoctor.observe.aws.calls import Calls
from sddoctor.observe.aws.cloudmap_lists import SD, list_namespaces, list_services, service_key
from sddoctor.observe.aws.identity import CallerIdentity

#: Services of one namespace whose instances are read: a bound for very large accounts. Those with most instances first.
MOST_SERVICES = 400


class RegistrationReader:
    """Reads the instances that have one of the addresses."""

    def __init__(self, calls: Calls, identity: CallerIdentity, addresses: frozenset[str]) -> None:
        self._calls = calls
        self._identity = identity
        self._addresses = addresses

    def namespaces(self) -> Fact[tuple[NamespaceInstances, ...]]:
        """Search every namespace. One that was not seen is in the result, with the gap."""
        listed = list_namespaces(self._calls, self._identity)
        if not isinstance(listed, Seen):
            return listed
        begun = [
            (n, self._calls.pending(partial(self._namespace, n), f"the services of {n.name}")) for n in listed.value
        ]
        return Seen(tuple(NamespaceInstances(n, f.fact()) for n, f in begun), listed.source, listed.at)

    def _namespace(self, namespace: Namespace) -> Fact[tuple[ServiceInstances, ...]]:
        listed = list_services(self._calls, namespace, self._identity.account())
        if not isinstance(listed, Seen):
            return listed
        services = sorted(listed.value, key=lambda s: (-(s.instance_count or 0), s.name, s.id))
        begun = [
            (s, self._calls.pending(partial(self._instances, namespace, s), _what(namespace, s)))
            for s in services[:MOST_SERVICES]
        ]
        found = [self._with_health(namespace, s, f.fact()) for s, f in begun]
        for service in services[MOST_SERVICES:]:
            why = f"the namespace has more than the {MOST_SERVICES} services that are read"
            found.append(ServiceInstances(service, NotAttempted(_what(namespace, service), why)))
        return Seen(tuple(found), listed.source, listed.at)

    def _instances(self, namespace: Namespace, service: CloudMapService) -> Fact[tuple[Instance, ...]]:
        fact = self._calls.pages(
            SD, "ListInstances", _what(namespace, service), "Instances",
            ServiceId=service_key(namespace, service), MaxResults=100,
        )  # fmt: skip
        if not isinstance(fact, Seen):
            return fact
        instances = (cloudmap.instance(i) for i in fact.value)
        found = tuple(i for i in instances if any(usual_form(a) in self._addresses for a in i.addresses))
        if found:
            # Begun here, so that it need not wait for the other services.
            self._health(namespace, service, found)
        return Seen(found, fact.source, fact.at)

    def _with_health(
        self, namespace: Namespace, service: CloudMapService, fact: Fact[tuple[Instance, ...]]
    ) -> ServiceInstances:
        found = ServiceInstances(service, fact)
        if not isinstance(fact, Seen) or not fact.value:
            return found
        health = self._health(namespace, service, fact.value).fact()
        return structs.replace(found, health=health.map(lambda seen: cloudmap.health(seen.get("Status") or {})))

    def _health(self, namespace: Namespace, service: CloudMapService, instances: tuple[Instance, ...]) -> Any:
        """Begin to read the health of these instances, at most the hundred that one call may name."""
        return self._calls.start(
            SD, "GetInstancesHealthStatus", f"the health of the instances of {service.name}.{namespace.name}",
            ServiceId=service_key(namespace, service), Instances=sorted(i.id for i in instances)[:100], MaxResults=100,
        )  # fmt: skip


def _what(namespace: Namespace, service: CloudMapService) -> str:
    return f"the instances of {service.name}.{namespace.name}"
