"""Which namespace and service the name means, and what is registered there."""

from __future__ import annotations

import re
from functools import cached_property

from sddoctor.case.case import Case
from sddoctor.case.cloudmap import CloudMapService, Instance, InstanceHealth, Namespace, NamespaceView
from sddoctor.case.name import is_below, relative
from sddoctor.case.route53 import Record
from sddoctor.case.seen import Absent, AbsentFactError, Seen, is_unseen
from sddoctor.trail.views import best

#: ECS names instances by task id: 32 hex digits, or a UUID in the years before.
#: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-account-settings.html
_TASK_ID = re.compile(r"^(?:[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$")


def is_task_id(text: str) -> bool:
    """Tell whether the text has the shape of an ECS task id."""
    return bool(_TASK_ID.match(text))


class CloudMapTrail:
    """The Cloud Map side of one case."""

    def __init__(self, case: Case) -> None:
        self._case = case
        self.facts = case.aws.cloudmap

    @cached_property
    def view(self) -> NamespaceView:
        """The namespace that the name is followed in."""
        if not self.facts.views:
            self.facts.namespaces.value  # noqa: B018 - raises when the namespaces were not seen
            raise AbsentFactError("a namespace that the name ends in")
        return best(self._case)

    @cached_property
    def namespace(self) -> Namespace:
        """The namespace of :attr:`view`."""
        return self.view.namespace

    @cached_property
    def namesakes(self) -> tuple[NamespaceView, ...]:
        """Other DNS namespaces that have the very same name."""
        return tuple(
            v
            for v in self.facts.views
            if v.namespace.name == self.namespace.name
            and v.namespace.id != self.namespace.id
            and v.namespace.type != "HTTP"
        )

    @property
    def _owned_name(self) -> str:
        """The name that the namespace may have: the last one of the aliases, unless those lead out of every namespace."""
        subject = self._case.subject
        return subject if is_below(subject, self.namespace.name) else self._case.name

    @cached_property
    def label(self) -> str:
        """The labels of the name in front of the namespace."""
        return relative(self._owned_name, self.namespace.name)

    @cached_property
    def service(self) -> CloudMapService:
        """The Cloud Map service with that label."""
        return self.view.service.value

    @property
    def service_missing(self) -> bool:
        """Whether the namespace is known to have no service of this label. Raises when that was not seen."""
        return isinstance(self.view.service, Absent) or self.view.service.value is None

    @cached_property
    def target_instance(self) -> str | None:
        """The instance id in front of the service label, when the name is the target of an SRV record."""
        service = self.view.service.seen_or(None)
        if service is None or self.label.lower() == service.name.lower():
            return None
        return self.label.split(".", 1)[0]

    @cached_property
    def instances(self) -> tuple[Instance, ...]:
        """The registered instances of the service."""
        return self.view.instances.value

    @cached_property
    def is_empty(self) -> bool:
        """Whether no instance is registered.

        When the instances could not be listed, the service's own count tells zero from some (it may lag).
        https://docs.aws.amazon.com/cloud-map/latest/api/API_Service.html
        """
        count = self.service.instance_count
        if is_unseen(self.view.instances) and count is not None:
            return count == 0
        return not self.instances

    @cached_property
    def _health(self) -> dict[str, str]:
        fact = self.view.health
        if self.service.health == "none" and not isinstance(fact, Seen):
            return {}  # an error is one of the documented answers without a health check
        seen: tuple[InstanceHealth, ...] = fact.value
        return {h.id: h.status for h in seen}

    def health(self, instance_id: str) -> str | None:
        """Return the current health of an instance, ``None`` while Cloud Map does not know it yet.

        A service without health configuration says ``UNKNOWN`` for every instance.
        https://docs.aws.amazon.com/cloud-map/latest/api/API_GetInstancesHealthStatus.html
        """
        if self.service.health == "none":
            return self._health.get(instance_id, "UNKNOWN")
        return self._health.get(instance_id)

    def instance(self, instance_id: str) -> Instance | None:
        """Return the instance with this id, or ``None``."""
        return self._by_id.get(instance_id)

    @cached_property
    def _by_id(self) -> dict[str, Instance]:
        return {i.id: i for i in self.instances}

    @cached_property
    def addresses(self) -> frozenset[str]:
        """Every address of every instance."""
        return frozenset(a for i in self.instances for a in i.addresses)

    @cached_property
    def records(self) -> tuple[Record, ...]:
        """The records of the namespace's zone at the name that Cloud Map has."""
        return tuple(r for r in self.view.records.value if r.name == self._owned_name)

    @property
    def published_types(self) -> frozenset[str]:
        """The record types that the service publishes."""
        return self.service.record_types

    @property
    def srv_only(self) -> bool:
        """Whether the service publishes SRV records alone."""
        return self.published_types == {"SRV"}
