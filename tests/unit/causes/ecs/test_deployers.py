"""Fixes for services that ECS does not deploy itself: AWS refuses most of UpdateService for them."""

from __future__ import annotations

import pytest

from sddoctor.case.ecs import EcsService
from sddoctor.causes.cloudmap.attach import attach, create_and_attach
from sddoctor.causes.commands import deployer, may_overlap, new_tasks
from sddoctor.causes.ecs.check_fixes import deploy

_REFUSED = ("--force-new-deployment", "--service-registries", "--task-definition")


def service(controller: str = "ECS", scheduling: str = "REPLICA", strategy: str | None = None) -> EcsService:
    return EcsService(
        "arn:aws:ecs:eu-central-1:111122223333:service/main/web",
        "web",
        "arn:aws:ecs:eu-central-1:111122223333:cluster/main",
        "ACTIVE",
        2,
        2,
        0,
        controller=controller,
        scheduling=scheduling,
        strategy=strategy,
        task_definition="arn:aws:ecs:eu-central-1:111122223333:task-definition/web:1",
    )


def commands_for(one: EcsService) -> list[str]:
    registry = "arn:aws:servicediscovery:eu-central-1:111122223333:service/srv-1"
    fixes = (new_tasks("Start new tasks", one, ""), attach(one, registry), *deploy(one))
    return [*(c for f in fixes for c in f.commands), *create_and_attach("web", "ns-1", one)]


@pytest.mark.parametrize("controller", ["CODE_DEPLOY", "EXTERNAL"])
def test_no_command_is_advised_that_aws_refuses(controller: str) -> None:
    assert not [c for c in commands_for(service(controller)) if "update-service" in c and any(r in c for r in _REFUSED)]


def test_what_ecs_deploys_is_updated() -> None:
    assert {r for r in _REFUSED if any("update-service" in c and r in c for c in commands_for(service()))} == {
        *_REFUSED
    }


def test_who_deploys_is_named() -> None:
    assert "CodeDeploy" in new_tasks("Start new tasks", service("CODE_DEPLOY"), "").title
    assert deployer(service()) is None


@pytest.mark.parametrize(
    "one",
    [service("CODE_DEPLOY"), service(scheduling="DAEMON"), service(strategy="BLUE_GREEN")],
    ids=("code-deploy", "daemon", "blue-green"),
)
def test_percentages_do_not_decide_everywhere(one: EcsService) -> None:
    assert not may_overlap(one)
    assert may_overlap(service(strategy="ROLLING"))
