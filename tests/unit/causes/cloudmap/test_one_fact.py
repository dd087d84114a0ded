"""Causes of Cloud Map that are named in a world, and not when one fact of it is another."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from sddoctor.case.case import Case
from sddoctor.case.cloudmap import CloudMapService, Namespace, NamespaceServices
from sddoctor.case.ecs import EcsService
from sddoctor.case.seen import Seen
from tests.changed_cases import (
    ADDRESS,
    UNSEEN,
    Change,
    a,
    answers,
    asked,
    denied_by,
    each_ecs_service,
    gets,
    said,
    service,
    view,
    vpc,
)

ANSWERED = answers(a(ADDRESS), role="vpc", type_="A")


def as_the_other_has(index: int) -> Change:
    """One of two namespaces has the service and the instances of the other."""

    def change(case: Case) -> Case:
        other = case.aws.cloudmap.views[1 - index]
        return view(index, service=other.service, instances=other.instances)(case)

    return change


NOT_NAMED: dict[str, tuple[str, str, tuple[Change, ...]]] = {
    "the other namespace has the instances too": (
        "namespace-duplicate",
        "namespace-duplicate",
        (as_the_other_has(1),),
    ),
    "the VPC resolver answers": ("namespace-duplicate", "namespace-duplicate", (ANSWERED,)),
    "the DNS namespace has the instances too": (
        "namespace-duplicate",
        "namespace-duplicate-api-only",
        (as_the_other_has(0),),
    ),
    "the DNS namespace answers": ("namespace-duplicate", "namespace-duplicate-api-only", (ANSWERED,)),
    "a program gets the short name": ("name-not-fully-qualified", "name-not-fully-qualified", (gets(ADDRESS),)),
    "the service is for API discovery": (
        "registration-unsupported",
        "registration-unsupported",
        (service(records=()),),
    ),
}


@pytest.mark.parametrize("why", NOT_NAMED)
def test_it_is_not_named_when(why: str) -> None:
    code, world, changes = NOT_NAMED[why]
    assert said(code, world) is not None
    assert said(code, world, *changes) is None


@pytest.mark.parametrize(
    ("code", "world"),
    [("namespace-duplicate", "namespace-not-delegated"), ("task-outside-service", "article")],
)
def test_it_is_known_not_to_hold_though_not_all_was_seen(code: str, world: str) -> None:
    assert said(code, world) is None


def test_a_name_in_a_namespace_is_not_short_whatever_services_are_called_elsewhere() -> None:
    def called_so_elsewhere(case: Case) -> Case:
        other = Namespace("ns-9", "arn", "other", "HTTP")
        look = NamespaceServices("ns-9", Seen((CloudMapService("srv-9", "arn", case.name, "ns-9", "HTTP"),), "test"))
        facts = case.aws.cloudmap
        facts = replace(facts, namespaces=Seen((*facts.namespaces.value, other), "test"), elsewhere=(look,))
        return replace(case, aws=replace(case.aws, cloudmap=facts))

    assert said("name-not-fully-qualified", "split-dns-missing", called_so_elsewhere) is None


def test_a_service_that_only_looks_published_has_its_name_from_service_connect() -> None:
    """Cloud Map has a service of the name with records, and the ECS service does not register in it."""
    gone = view(records=()), gets(), answers(denied_by("example.internal"), role="vpc")
    unattached = each_ecs_service(lambda s: replace(s, registries=()))
    assert said("service-connect-only", "service-connect-only-lookalike", *gone) is None
    assert said("service-connect-only", "service-connect-only-lookalike", *gone, unattached) is not None


def test_without_a_primary_deployment_no_member_is_called_older() -> None:
    def no_primary(of: EcsService) -> EcsService:
        return replace(of, deployments=tuple(replace(d, status="ACTIVE") for d in of.deployments))

    found = said("service-connect-only", "service-connect-only", each_ecs_service(no_primary))
    assert found is not None
    assert "older than it" not in found.detail


def test_no_namespace_is_made_for_a_vpc_that_was_not_seen() -> None:
    make, discover = (
        "Make a DNS namespace with the service in it",
        "Or let the client find the instances through the API",
    )
    seen = said("api-only", "api-only-namespace")
    unseen = said("api-only", "api-only-namespace", vpc(vpcs=UNSEEN, client=UNSEEN))
    assert seen is not None
    assert unseen is not None
    assert [f.title for f in seen.fixes] == [make, discover]
    assert [f.title for f in unseen.fixes] == [discover]


def test_no_service_is_made_in_the_namespace_of_another_account() -> None:
    found = said("no-health-config", "healthy-reconciler")
    assert found is not None
    assert [f.where for f in found.fixes] == ["terraform"]


def test_the_service_that_was_asked_for_is_the_one_that_is_meant() -> None:
    """Without it the name alone does not tell, and what would is a check that names the service."""
    unnamed = said("registry-arn-mismatch", "registry-arn-mismatch")
    named = said("registry-arn-mismatch", "registry-arn-mismatch", asked(service="dev-api-service"))
    assert unnamed is not None
    assert named is not None
    assert (unnamed.only_fits, named.only_fits) == (True, False)
