"""Whose a name is: Cloud Map's, a zone's that somebody keeps, AWS's own, a Resolver rule's, the public DNS's, nobody's."""

from __future__ import annotations

from functools import cached_property
from typing import Literal, TypeAlias

from msgspec import Struct

from sddoctor.case.case import Case
from sddoctor.case.name import label_count
from sddoctor.case.route53 import Record
from sddoctor.case.seen import FactError, Seen, is_unseen
from sddoctor.resolution.zones import alias_of, answering, chosen
from sddoctor.trail.answers import AnswersTrail
from sddoctor.trail.aws_names import in_words, kind_of
from sddoctor.trail.cloudmap import CloudMapTrail
from sddoctor.trail.vpc import VpcTrail
from sddoctor.trail.zone import NameZone, ZoneTrail

OwnerKind: TypeAlias = Literal[
    "cloud-map", "hosted-zone", "load-balancer", "rds", "vpc-endpoint", "resolver-rule", "public", "unknown"
]
#: How external-dns marks the records that it keeps.
#: https://kubernetes-sigs.github.io/external-dns/latest/docs/registry/txt/
_EXTERNAL_DNS = "heritage=external-dns"


class Owner(Struct, frozen=True):
    """Whose a name is. ``says`` completes the sentence "the name is ...", ``source`` is where that was seen."""

    kind: OwnerKind
    says: str
    source: str = ""


class OwnerTrail:
    """The owner of one case's name."""

    def __init__(
        self, case: Case, cloudmap: CloudMapTrail, zone: ZoneTrail, vpc: VpcTrail, answers: AnswersTrail
    ) -> None:
        self._case = case
        self._cloudmap = cloudmap
        self._zone = zone
        self._vpc = vpc
        self._answers = answers

    @cached_property
    def owner(self) -> Owner:
        """Whose the name is, as far as was seen. Never raises."""
        if (of_zone := self._of_zone) is not None:
            return of_zone
        if self.is_of_cloud_map:
            return self._of_cloud_map()
        found = (None if self._is_in_a_namespaces_zone else self._of_rule) or self._of_aws
        if found is None and not is_unseen(self._cloudmap.facts.namespaces):
            found = self._of_public
        return found or Owner("unknown", "nobody's, as far as was seen")

    @cached_property
    def is_of_cloud_map(self) -> bool:
        """Whether a Cloud Map service has the name, or the name at the end of its aliases."""
        if not self._cloudmap.facts.views or not isinstance(self._cloudmap.view.service, Seen):
            return False
        return self._cloudmap.view.publishes or not self._has_records_by_hand

    @property
    def _has_records_by_hand(self) -> bool:
        """Whether a zone beside Cloud Map has records of the name: a service for the API alone publishes none."""
        zones = self._case.aws.zones.seen_or(())
        zone = chosen(zones, self._case.name, None, (z.id for z in zones))
        return zone is not None and bool(answering(zone.records.seen_or(()), zone.name, self._case.name))

    @cached_property
    def is_of_records(self) -> bool:
        """Whether the name is what somebody's records, a rule or AWS make of it, and no matter of Cloud Map."""
        if self.is_of_cloud_map or self._leads_into_a_namespace:
            return False
        return self.owner.kind not in ("cloud-map", "unknown")

    @cached_property
    def _leads_into_a_namespace(self) -> bool:
        """Whether aliases end at a name of a namespace that has neither a service nor a record for it."""
        if not self._case.aws.alias or not self._cloudmap.facts.views:
            return False
        try:
            zone = self._zone.of_subject
        except FactError:
            return False
        return zone.of_namespace and not any(r.name == zone.asked for r in zone.found.seen_or(()))

    def _of_cloud_map(self) -> Owner:
        service, namespace = self._cloudmap.service, self._cloudmap.namespace
        return Owner(
            "cloud-map", f"the Cloud Map service {service.name} in {namespace.name}", "servicediscovery:ListServices"
        )

    @cached_property
    def _of_zone(self) -> Owner | None:
        """The owner by the hosted zone that the name lies in, unless that is Cloud Map's and has no record by hand."""
        if self.is_of_cloud_map and not self._case.aws.alias:
            return None
        try:
            zone = self._zone.of_name
        except FactError:
            return None
        if zone.is_of_aws and kind_of(self._case.name) is not None:
            return None  # the private DNS of a VPC endpoint, which has AWS's own name
        if is_unseen(self._cloudmap.facts.namespaces) and _may_be_of_cloud_map(zone):
            return None
        if (rule := self._of_rule) is not None and self._rule_owns(zone):
            return rule
        records = zone.found.seen_or(None)
        where = f"the hosted zone {zone.name} ({zone.id})"
        if zone.of_namespace:
            if _may_be_of_cloud_map(zone):
                return None  # nobody else can write there
            own = [r for r in records or () if r.name == self._case.name and r.set_identifier is None]
            return Owner("hosted-zone", f"a record by hand in {where}, beside Cloud Map's", _RECORDS) if own else None
        if zone.owner and records is None:
            whose = f"account {zone.owner}" if zone.owner.isdigit() else f"the service {zone.owner}"
            return Owner("hosted-zone", f"in {where} of {whose}", "route53:ListHostedZonesByVPC")
        if records is None or self._zone.delegation is not None:
            return Owner("hosted-zone", f"in {where}", "route53:ListHostedZonesByName")
        here = self._zone.records
        end = self._case.subject if self._case.aws.alias else next(iter(alias_of(here)), "")
        kind = kind_of(end)
        if kind in ("load-balancer", "rds", "vpc-endpoint"):
            says = f"an alias of {in_words(kind)} ({end}) in {where}"
            return Owner(kind, says, _RECORDS)
        if not here:
            return Owner("hosted-zone", f"in {where}, which has no record of it", _RECORDS)
        return Owner("hosted-zone", f"{_described(here)} in {where}{self._kept_by(records)}", _RECORDS)

    @property
    def _is_in_a_namespaces_zone(self) -> bool:
        """Whether a private namespace covers the name at least as closely as the rule: its zone comes first."""
        private = [v.namespace.name for v in self._cloudmap.facts.views if v.namespace.type == "DNS_PRIVATE"]
        return max(map(label_count, private), default=0) > self._rule_length()

    def _rule_owns(self, zone: NameZone) -> bool:
        """Tell whether the rule comes before the zone, and does not just take away what the zone has."""
        if zone.private and self._rule_length() < label_count(zone.name):
            return False
        return not (zone.private and zone.records_seen and self._is_answered_without_address)

    @property
    def _is_answered_without_address(self) -> bool:
        try:
            return not self._answers.vpc_addresses
        except FactError:
            return False

    def _kept_by(self, records: tuple[Record, ...]) -> str:
        marked = (r for r in records if r.type == "TXT" and any(_EXTERNAL_DNS in v for v in r.values))
        return ", kept by external-dns" if any(marked) else ""

    def _rule_length(self) -> int:
        try:
            rule = self._vpc.forward_rule(self._case.name)
        except FactError:
            return 0
        return label_count(rule.domain) if rule is not None else 0

    @cached_property
    def _of_rule(self) -> Owner | None:
        try:
            rule = self._vpc.forward_rule(self._case.name)
        except FactError:
            return None
        if rule is None or not rule.domain:
            return None
        says = f"forwarded by the Resolver rule {rule.id} for {rule.domain}"
        return Owner("resolver-rule", says, "route53resolver:ListResolverRules")

    @cached_property
    def _of_aws(self) -> Owner | None:
        kind = kind_of(self._case.name)
        if kind is None:
            return None
        if kind == "service":
            return self._of_service()
        return Owner(kind, f"the DNS name of {in_words(kind)}", "its domain")

    def _of_service(self) -> Owner:
        """A VPC endpoint with private DNS takes the public name of a service in its VPC.

        https://docs.aws.amazon.com/vpc/latest/privatelink/interface-endpoints.html
        """
        endpoint = self._case.aws.target.seen_or(None)
        if endpoint is None or endpoint.kind != "vpc-endpoint":
            return Owner("public", "a name of AWS itself", "its domain")
        says = f"the public name of a service, which {endpoint.words} takes in {endpoint.vpc_id}"
        return Owner("vpc-endpoint", says, "ec2:DescribeVpcEndpoints")

    @cached_property
    def _of_public(self) -> Owner | None:
        """Somebody answers for it, although no zone that was seen has it."""
        if self._cloudmap.facts.views or not any(self._answered()):
            return None
        return Owner("public", "answered by the public DNS, or by a zone that was not seen", "an answer")

    def _answered(self) -> list[str]:
        probes = [p.outcome.seen_or(None) for p in self._answers.probes if p.name == self._case.name]
        return [a for answer in probes if answer is not None for a in answer.carried]


def _may_be_of_cloud_map(zone: NameZone) -> bool:
    """Tell whether Cloud Map keeps the zone, or may: the zone itself was not seen.

    https://docs.aws.amazon.com/Route53/latest/APIReference/API_LinkedService.html
    """
    seen = zone.zone.seen_or(None)
    return seen is None or seen.linked_service is not None


_RECORDS = "route53:ListResourceRecordSets"


def _described(records: tuple[Record, ...]) -> str:
    if records[0].name.startswith("*."):
        return f"the wildcard {records[0].name}"
    return "an alias" if alias_of(records) else "a record"
