"""Reverse names, and what only looks like one."""

from __future__ import annotations

import pytest

from sddoctor.case.name import address_of_reverse

LOOPBACK6 = ".".join("1" + "0" * 31) + ".ip6.arpa"


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("50.211.10.10.in-addr.arpa", "10.10.211.50"),
        (LOOPBACK6, "::1"),
        ("211.10.10.in-addr.arpa", None),
        ("300.211.10.10.in-addr.arpa", None),
        ("api.50.211.10.10.in-addr.arpa", None),
        ("50.211.10.10.in-addr.arpa.example.internal", None),
        ("in-addr.arpa", None),
        ("x" + LOOPBACK6, None),
        ("dev-api.example.internal", None),
    ],
)
def test_the_address_of_a_reverse_name(name: str, address: str | None) -> None:
    assert address_of_reverse(name) == address
