"""Who denied a call, by AWS's own words."""

from __future__ import annotations

import pytest

from sddoctor.case.seen import Denied

ACTION = "servicediscovery:ListNamespaces"
SAID = f"User: arn:aws:sts::310987654321:assumed-role/ReadOnly/kim is not authorized to perform: {ACTION} "


@pytest.mark.parametrize(
    ("because", "policy"),
    [
        ("with an explicit deny in a service control policy: arn:aws:organizations::1:policy/o-1/p-1", "service control policy"),
        ("with an explicit deny in a permissions boundary", "permissions boundary"),
        (f"because no permissions boundary allows the {ACTION} action", "permissions boundary"),
        (f"because no session policy allows the {ACTION} action", "session policy"),
        (f"because no VPC endpoint policy allows the {ACTION} action", "VPC endpoint policy"),
        ("with an explicit deny in a resource control policy", "resource control policy"),
    ],
)  # fmt: skip
def test_a_policy_that_no_permission_of_the_role_goes_round(because: str, policy: str) -> None:
    gap = Denied("the namespaces", ACTION, message=SAID + because).gap()
    assert (gap.why, gap.needs) == (f"{ACTION} is denied by a {policy}", f"a {policy} that allows {ACTION}")


@pytest.mark.parametrize(
    "because",
    [
        f"because no identity-based policy allows the {ACTION} action",
        "with an explicit deny in an identity-based policy",
        "",
    ],
)
def test_a_permission_that_the_role_lacks(because: str) -> None:
    gap = Denied("the namespaces", ACTION, message=SAID + because).gap()
    assert (gap.why, gap.needs) == (f"{ACTION} is denied", ACTION)
