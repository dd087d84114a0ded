"""The least policy is what is called: with nothing else everything works, and without any one action that one is named."""

from __future__ import annotations

import contextlib
import io
from functools import cache

import pytest
from msgspec.structs import replace

from sddoctor.cli.main import run
from sddoctor.lab.parts.network import Profile, Rule
from sddoctor.lab.parts.route53 import Zone
from sddoctor.lab.runner import Lab
from sddoctor.lab.world import Faults, World
from sddoctor.observe.aws.policy import CHECK, RESOLVER
from tests.in_process import Said, in_lab, judge
from tests.matrix.cases import world as packaged

#: Needs no permission. https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
FREE = {"sts:GetCallerIdentity"}
#: Together their checks call everything that a check can.
WORLDS = (
    "article",
    "client-vpn-without-dns",
    "dhcp-custom-dns",
    "unmanaged-instance",
    "inbound-endpoint-blocked",
    "agent-disconnected",
    "service-not-attached",
    "zone-shadowed-profile",
    "resolver-rule-overrides",
    "dns-firewall-blocks",
    "registration-failed",
    "api-only",
    "many-rules",
    "target-not-serving",
    "target-not-serving-database",
    "target-not-serving-cluster",
    "target-not-serving-proxy",
    "target-not-serving-lookalike-endpoint",
    "namespace-creation-failed-again",
)


def world(name: str) -> World:
    """Return a world of the package, or one whose VPC has so many rules that they are listed, not read one by one."""
    if name != "many-rules":
        return packaged(name)
    base = packaged("article")
    vpcs = (base.vpcs[0].id,)
    rules = (Rule(id=f"rslvr-rr-{n}", domain=f"{n}.example.com", targets=("10.10.9.9",), vpcs=vpcs) for n in range(9))
    return replace(base, rules=tuple(rules))


@cache
def allowed(name: str, without: str = "") -> Said:
    """Check the world with the policy, and nothing else, allowed."""
    return judge(replace(world(name), faults=Faults(allow=tuple(a for a in CHECK if a != without))))


@cache
def free(name: str) -> Said:
    """Check the world with everything allowed."""
    return judge(world(name))


def caller(action: str) -> str:
    """Return the first world whose check calls the operation."""
    return next(name for name in WORLDS if action in allowed(name).asked)


def test_the_policy_of_a_check_is_what_is_called() -> None:
    assert {action for name in WORLDS for action in free(name).asked} - FREE == set(CHECK)


@pytest.mark.parametrize("name", WORLDS)
def test_with_nothing_else_allowed_the_same_is_said(name: str) -> None:
    before, after = free(name), allowed(name)
    assert after.status == before.status
    for part in ("verdict", "headline", "root_causes", "gaps"):
        assert after.report[part] == before.report[part], after.in_words()
    assert [f["code"] for f in after.report["findings"]] == [f["code"] for f in before.report["findings"]]


@pytest.mark.parametrize("action", CHECK)
def test_without_one_action_a_gap_names_it(action: str) -> None:
    name = caller(action)
    said = allowed(name, without=action)
    assert action in {g["needs"] for g in said.report["gaps"]}, said.in_words()
    assert action not in {g["needs"] for g in allowed(name).report["gaps"]}


def generate(*allow: str) -> tuple[int, str, str, set[str]]:
    """Run ``resolver generate`` for a zone that only a Profile brings: status, output, messages, and what was called."""
    base = packaged("inbound-endpoint-blocked")
    vpcs = tuple(replace(v, profiles=("rp-1",)) for v in base.vpcs)
    by_hand = Zone(id="Z0BYPROFILE", name="corp.internal", vpcs=())
    with_profile = replace(base, vpcs=vpcs, profiles=(Profile(id="rp-1", zones=("Z0BYPROFILE",)),), zones=(by_hand,))
    out, errors = io.StringIO(), io.StringIO()
    with Lab(replace(with_profile, faults=Faults(allow=allow))) as lab, in_lab(lab):
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(errors):
            status = run(["resolver", "generate", "corp.internal", "--format", "dnsmasq", "--reverse"])
        return status, out.getvalue(), errors.getvalue(), {c.action for c in lab.aws_log}


def test_the_policy_of_the_resolver_commands_is_what_is_called() -> None:
    status, out, errors, called = generate(*RESOLVER)
    assert status == 0
    assert "server=/corp.internal/10.10." in out
    assert "denied" not in errors
    assert called - FREE == set(RESOLVER)


@pytest.mark.parametrize("action", RESOLVER)
def test_without_one_action_the_resolver_commands_name_it(action: str) -> None:
    status, out, errors, _ = generate(*(a for a in RESOLVER if a != action))
    assert f"{action} is denied" in errors
    assert (status, out) == (3, "") or (status == 0 and "server=/" in out)
