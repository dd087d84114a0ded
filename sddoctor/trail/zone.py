"""The hosted zone that the name lies in, and what of its records answers for it, whoever keeps them."""

from __future__ import annotations

from functools import cached_property

from msgspec import Struct

from sddoctor.case.case import Case
from sddoctor.case.cloudmap import NamespaceView
from sddoctor.case.dns import Answer
from sddoctor.case.name import is_below, label_count
from sddoctor.case.route53 import HostedZone, Record, Zone
from sddoctor.case.seen import AbsentFactError, Fact, FactError, Seen, is_unseen
from sddoctor.resolution.zones import answering, chosen, delegation, lacks_name
from sddoctor.trail.cloudmap import CloudMapTrail


class NameZone(Struct, frozen=True):
    """The zone of the name ``asked``. ``of_namespace``: Cloud Map keeps it. ``found`` are its records at and around the name."""

    name: str
    id: str | None
    private: bool
    zone: Fact[Zone]
    found: Fact[tuple[Record, ...]]
    of_namespace: bool = False
    owner: str = ""
    via_profile: str | None = None
    near: tuple[str, ...] = ()
    asked: str = ""

    @property
    def records(self) -> tuple[Record, ...]:
        """The records that answer for the name: its own, or those of a wildcard. Raises where they were not seen."""
        if self.of_namespace:
            return tuple(r for r in self.found.value if r.name == self.asked)
        return answering(self.found.value, self.name, self.asked)

    @property
    def records_seen(self) -> tuple[Record, ...]:
        """The records that answer for the name, as far as they were seen."""
        return self.records if isinstance(self.found, Seen) else ()

    @property
    def is_of_aws(self) -> bool:
        """Whether a service of AWS keeps the zone, which shows its records to nobody."""
        return bool(self.owner) and not self.owner.isdigit()


class ZoneTrail:
    """The zones of one case: that of the name, and that of the name at the end of its aliases."""

    def __init__(self, case: Case, cloudmap: CloudMapTrail) -> None:
        self._case = case
        self._cloudmap = cloudmap

    @cached_property
    def of_name(self) -> NameZone:
        """The zone of the name that was asked for. Raises where there is none, or the zones were not seen."""
        if self._case.aws.alias:
            return self._best(self._case.name, self._case.aws.zones, with_namespaces=False)
        return self._best(self._case.name, self._case.aws.zones, with_namespaces=True)

    @cached_property
    def of_subject(self) -> NameZone:
        """The zone of the name at the end of the aliases; the same where there are none."""
        if not self._case.aws.alias:
            return self.of_name
        return self._best(self._case.subject, self._case.aws.target_zones, with_namespaces=True)

    @property
    def name(self) -> str:
        """The name of the zone."""
        return self.of_name.name

    @property
    def id(self) -> str | None:
        """The id of the zone."""
        return self.of_name.id

    @property
    def is_private(self) -> bool:
        """Whether only VPCs see the zone."""
        return self.of_name.private

    @property
    def is_public(self) -> bool:
        """Whether everybody sees the zone. A namespace without DNS has none."""
        return not self.of_name.private and self.of_name.id is not None

    def behind(self, answer: Answer) -> str:
        """Return the zone whose denial is right: that of the name, or after aliases that of the name at their end."""
        if self._case.aws.alias and any(r.type == "CNAME" for r in answer.answers):
            try:
                return self.of_subject.name
            except FactError:
                return self.name
        return self.name

    @cached_property
    def on_the_way(self) -> tuple[NameZone, ...]:
        """The zones that the name is answered from, in their order: its own, and that of the name at the end of its aliases.

        Raises where the first was not seen; the end of the aliases may be in no zone.
        """
        first = self.of_name
        try:
            last = self.of_subject
        except FactError:
            return (first,)
        return (first,) if last == first else (first, last)

    @cached_property
    def records(self) -> tuple[Record, ...]:
        """The records that answer for the name: its own, or those of a wildcard. Raises where they were not seen."""
        return self.of_name.records

    @cached_property
    def subject_records(self) -> tuple[Record, ...]:
        """The records that answer for the name at the end of the aliases."""
        zone = self.of_subject
        return answering(zone.found.value, zone.name, zone.asked)

    @cached_property
    def delegation(self) -> Record | None:
        """The NS record of the zone that hands the name to other servers, or ``None``. Raises where that was not seen."""
        zone = self.of_name
        return None if zone.of_namespace else delegation(zone.found.value, zone.name, self._case.name)

    @cached_property
    def all_covering(self) -> tuple[HostedZone, ...]:
        """The zones over the name that are no namespace's, as far as they were seen."""
        return self._case.aws.zones.seen_or(())

    def _best(self, name: str, fact: Fact[tuple[HostedZone, ...]], *, with_namespaces: bool) -> NameZone:
        view = self._cloudmap.view if with_namespaces and self._cloudmap.facts.views else None
        if view is not None and not is_below(name, view.namespace.name):
            view = None
        if view is not None and (view.publishes or (isinstance(view.service, Seen) and not fact.seen_or(()))):
            return self._of_namespace(name)
        client = self._case.aws.vpc.client.seen_or(None)
        visible = [z.id for k in self._case.aws.vpc.looks for f in (k.zones, k.profile_zones) for z in f.seen_or(())]
        plain = chosen(fact.seen_or(()), name, client.vpc_id if client is not None else None, visible)
        if view is not None and view.namespace.hosted_zone_id is None and plain is not None:
            view = None  # the namespace is for the API alone
        if view is not None and (plain is None or not _comes_before(plain, view, name)):
            return self._of_namespace(name)
        if plain is not None:
            return of_plain(plain, name)
        if is_unseen(fact) and view is None and with_namespaces:
            self._cloudmap.facts.namespaces.value  # noqa: B018 - raises where they were not seen
        fact.value  # noqa: B018 - raises where the zones were not seen
        raise AbsentFactError(f"a hosted zone that {name} ends in")

    def _of_namespace(self, name: str) -> NameZone:
        view = self._cloudmap.view
        namespace = view.namespace
        return NameZone(
            namespace.name,
            namespace.hosted_zone_id,
            namespace.type == "DNS_PRIVATE",
            view.zone,
            view.records,
            of_namespace=True,
            owner=namespace.account if namespace.owner != "SELF" else "",
            asked=name,
        )

    def lies_in(self, zone: str) -> bool:
        """Tell whether the name lies in a zone of that name."""
        return is_below(self._case.name, zone)


def of_plain(zone: HostedZone, name: str) -> NameZone:
    """Return a zone that is no namespace's as that of the name."""
    return NameZone(
        zone.name,
        zone.id,
        zone.private,
        zone.zone,
        zone.records,
        owner=zone.owner,
        via_profile=zone.via_profile,
        near=zone.near,
        asked=name,
    )


def _comes_before(plain: HostedZone, view: NamespaceView, name: str) -> bool:
    """Tell whether the zone, not that of the namespace, is meant: it is private and longer, and not the one of both without the name."""
    if not plain.private or label_count(plain.name) <= label_count(view.namespace.name):
        return False
    return not (lacks_name(plain, name) and any(r.name == name for r in view.records.seen_or(())))
