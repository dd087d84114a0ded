"""Addresses in one form, and ranges."""

from __future__ import annotations

import pytest

from sddoctor.case.address import contains, usual_form


@pytest.mark.parametrize(
    ("cidr", "address", "inside"),
    [
        ("10.10.0.0/16", "10.10.211.50", True),
        ("10.10.0.0/16", "10.11.0.1", False),
        ("10.10.3.4/16", "10.10.211.50", True),  # host bits of the range do not matter
        ("fd00:ec2::/32", "fd00:ec2::253", True),
        ("fe80::/10", "fe80::1%eth0", True),
        ("::/0", "10.10.0.2", False),
        ("10.10.0.0/16", "no address", False),
        ("no range", "10.10.0.2", False),
    ],
)
def test_a_range_holds_an_address(cidr: str, address: str, inside: bool) -> None:
    assert contains(cidr, address) is inside


@pytest.mark.parametrize(
    ("text", "usual"), [("FD00:EC2:0:0::253", "fd00:ec2::253"), ("10.10.0.2", "10.10.0.2"), ("i-0abc", "i-0abc")]
)
def test_an_address_has_one_usual_form(text: str, usual: str) -> None:
    assert usual_form(text) == usual
