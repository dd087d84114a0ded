"""The Cloud Map side of a name in one namespace: its service, instances and health, and the zone's records."""

from __future__ import annotations

from functools import partial
from typing import Any, TypeVar

from sddoctor.case.cloudmap import CloudMapService, Instance, InstanceHealth, Namespace, NamespaceView, Operation, Tag
from sddoctor.case.route53 import Record, Zone
from sddoctor.case.seen import Absent, Denied, Fact, NotAttempted, Opaque, Seen, is_unseen
from sddoctor.formats.aws import cloudmap as shapes
from sddoctor.observe.aws.calls import incomplete
from sddoctor.observe.aws.cloudmap_lists import SD, list_health, list_instances, service_key
from sddoctor.observe.aws.cloudmap_operations import failed_operations
from sddoctor.observe.aws.shared import Reads
from sddoctor.observe.work import Pending, guarded

T = TypeVar("T")


class ViewObserver:
    """Observes a namespace whose name is a suffix of ``name``. Each part is read in a thread of its own."""

    def __init__(self, name: str, namespace: Namespace, reads: Reads) -> None:
        self.namespace = namespace
        self._name = name
        self._calls = reads.calls
        self._reads = reads
        begin: Any = reads.calls.pending
        label = namespace.name
        self.services: Pending[tuple[CloudMapService, ...]] = reads.services(namespace)
        self.zone: Pending[Zone] = begin(self._zone, f"the zone of {label}")
        self.records: Pending[tuple[Record, ...]] = begin(self._records, f"the records of {name}")
        self.service: Pending[CloudMapService] = begin(self._service, f"the service of {name}")
        self.instances: Pending[tuple[Instance, ...]] = begin(self._instances, f"the instances of {name}")
        self.health: Pending[tuple[InstanceHealth, ...]] = begin(self._health, f"the health of the instances of {name}")
        self.tags: Pending[tuple[Tag, ...]] = begin(self._tags, f"the tags of {name}")

    def _zone(self) -> Fact[Zone]:
        if self.namespace.hosted_zone_id is None:
            return Absent(f"a hosted zone of {self.namespace.name}", "servicediscovery:ListNamespaces")
        return self._foreign(self._reads.zone(self.namespace.hosted_zone_id).fact())

    def _records(self) -> Fact[tuple[Record, ...]]:
        if self.namespace.hosted_zone_id is None:
            return Absent(f"a hosted zone of {self.namespace.name}", "servicediscovery:ListNamespaces")
        return self._foreign(self._reads.records(self.namespace.hosted_zone_id, self._name))

    def _foreign(self, fact: Fact[T]) -> Fact[T]:
        """A zone of another account cannot be read from here, and no permission would change that."""
        if self.namespace.owner != "SELF" and isinstance(fact, (Denied, Absent)):
            needs = "a look from the account that owns the namespace"
            return Opaque(
                f"the hosted zone of {self.namespace.name}", self.namespace.account or "another account", needs
            )
        return fact

    def _service(self) -> Fact[CloudMapService]:
        fact = self.services.fact()
        if not isinstance(fact, Seen):
            return fact if is_unseen(fact) else Absent(f"a service of {self._name}", "servicediscovery:ListServices")
        label = self._name.removesuffix(self.namespace.name).rstrip(".")
        # The target of an SRV record is INSTANCE.SERVICE.NAMESPACE.
        found = _named(fact.value, label) or _named(fact.value, label.partition(".")[2])
        if not label:
            return Absent(f"a service that has the name of {self.namespace.name} itself", fact.source, fact.at)
        if found is None:
            return Absent(f"a service {label} in {self.namespace.name}", fact.source, fact.at)
        return Seen(found, fact.source, fact.at)

    def _with_service(self, what: str) -> tuple[CloudMapService | None, Fact[Any]]:
        fact = self.service.fact()
        if isinstance(fact, Seen):
            return fact.value, fact
        return None, fact if is_unseen(fact) else Absent(what, "servicediscovery:ListServices")

    def _instances(self) -> Fact[tuple[Instance, ...]]:
        what = f"the instances of {self._name}"
        service, missing = self._with_service(what)
        if service is None:
            return missing
        return list_instances(self._calls, service_key(self.namespace, service), what)

    def _health(self) -> Fact[tuple[InstanceHealth, ...]]:
        what = f"the health of the instances of {self._name}"
        service, missing = self._with_service(what)
        if service is None:
            return missing
        return list_health(self._calls, service_key(self.namespace, service), what)

    def _tags(self) -> Fact[tuple[Tag, ...]]:
        """Tags tell a Service Connect endpoint from an API-only service: only those of type HTTP can be either."""
        what = f"the tags of {self._name}"
        service, missing = self._with_service(what)
        if service is None:
            return missing
        if service.type != "HTTP" and self.namespace.type != "HTTP":
            return NotAttempted(what, "nothing that was seen made them matter")
        fact = self._calls.get(SD, "ListTagsForResource", what, ResourceARN=service.arn)
        if not isinstance(fact, Seen):
            return fact
        if "Tags" not in fact.value:
            return incomplete(what, fact.source, "Tags")
        return fact.map(lambda seen: shapes.tags(seen["Tags"]))

    def operations(self) -> Fact[tuple[Operation, ...]]:
        """Read the failed operations of the service, newest first, each with its reason."""
        what = f"the operations of {self._name}"
        return guarded(partial(self._operations, what), what)

    def _operations(self, what: str) -> Fact[tuple[Operation, ...]]:
        service, missing = self._with_service(what)
        if service is None:
            return missing
        return failed_operations(self._calls, what, "SERVICE_ID", service.id)

    def addresses(self) -> frozenset[str]:
        """Return the addresses of the registered instances, as far as they were seen."""
        return frozenset(a for i in self.instances.fact().seen_or(()) for a in i.addresses)

    def view(self, operations: Fact[tuple[Operation, ...]]) -> NamespaceView:
        """Wait for every part."""
        return NamespaceView(
            namespace=self.namespace,
            services=self.services.fact(),
            service=self.service.fact(),
            instances=self.instances.fact(),
            health=self.health.fact(),
            tags=self.tags.fact(),
            operations=operations,
            zone=self.zone.fact(),
            records=self.records.fact(),
        )


def _named(services: tuple[CloudMapService, ...], label: str) -> CloudMapService | None:
    """Return the service with this label. Of several that differ only in case, one at most can be in DNS.

    https://docs.aws.amazon.com/cloud-map/latest/api/API_CreateService.html
    """
    alike = [s for s in services if s.name.lower() == label]
    return max(alike, key=lambda s: (s.type != "HTTP", s.name == label), default=None)
