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
        ("with an explicit deny in a resource-based policy", "resource-based policy"),
        (f"because no resource-based policy allows the {ACTION} action", "resource-based policy"),
    ],
)  # fmt: skip
def test_a_policy_that_no_permission_of_the_role_goes_round(because: str, policy: str) -> None:
    gap = Denied("the namespaces", ACTION, message=SAID + because).gap()
    assert (gap.why, gap.needs) == (f"{ACTION} is denied by a {policy}", f"a {policy} that allows {ACTION}")


@pytest.mark.parametrize(
    "because",
    [
        f"because no identity-based policy allows the {ACTION} action",
        "",
    ],
)
def test_a_permission_that_the_role_lacks(because: str) -> None:
    gap = Denied("the namespaces", ACTION, message=SAID + because).gap()
    assert (gap.why, gap.needs, gap.said) == (f"{ACTION} is denied", ACTION, (SAID + because).strip())


def test_a_policy_of_the_role_that_denies() -> None:
    gap = Denied("it", ACTION, message=f"{SAID}with an explicit deny in an identity-based policy").gap()
    assert gap.why == f"{ACTION} is denied by an explicit deny in an identity-based policy"
    assert gap.needs == ACTION


def test_a_policy_of_a_kind_that_is_not_known() -> None:
    gap = Denied("it", ACTION, message=f"{SAID}with an explicit deny in a data perimeter policy").gap()
    assert gap.needs == f"a data perimeter policy that allows {ACTION}"


def test_what_aws_says_is_quoted_in_one_line() -> None:
    encoded = "Encoded authorization failure message: " + "x" * 900
    gap = Denied("the VPCs", "ec2:DescribeVpcs", message=f"You are\nnot\x1b[31m allowed\u202e to. {encoded}").gap()
    assert gap.said == "You are not [31m allowed to."
    assert gap.text() == 'the VPCs: ec2:DescribeVpcs is denied; it says: "You are not [31m allowed to."'
    assert len(Denied("it", ACTION, message="long " * 400).gap().said) < 420
    assert Denied("it", ACTION).gap().text() == f"it: {ACTION} is denied"
