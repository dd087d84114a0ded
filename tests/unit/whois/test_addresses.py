"""Addresses are found in any text, and nothing else is taken for one."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sddoctor.whois.addresses import in_text, only


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("connect to 10.10.211.50:3000 failed, then 10.10.212.150", ("10.10.211.50", "10.10.212.150")),
        ("dial tcp [2406:da14:1:d300::50]:443: i/o timeout", ("2406:da14:1:d300::50",)),
        ("peer=fe80::1%eth0 via ::1", ("fe80::1", "::1")),
        ("twice 10.0.0.1, 10.0.0.1 and 010.0.0.1", ("10.0.0.1",)),
        ("::ffff:10.10.211.50 is IPv4", ("10.10.211.50",)),
        ("2406:DA14:0001:D300:0:0:0:50.", ("2406:da14:1:d300::50",)),
        ("ip-10-10-211-50.eu-west-1.compute.internal answered", ("10.10.211.50",)),
        ("upstream: http://10.0.0.7/24hours and 10.0.0.8/24", ("10.0.0.7", "10.0.0.8")),
        ("order: 10.0.0.9, 10.0.0.10.", ("10.0.0.9", "10.0.0.10")),
        ("from=10.0.0.1;to=10.0.0.2|x(10.0.0.3)", ("10.0.0.1", "10.0.0.2", "10.0.0.3")),
        ("\x1b[31m10.0.0.1\x1b[0m", ("10.0.0.1",)),
    ],
)
def test_addresses_of_a_text(text: str, found: tuple[str, ...]) -> None:
    assert in_text(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-24T12:30:45.123Z 12:30:45",
        "version 1.2.3, build 1.2.3.4.5, 999.1.1.1",
        "mac 0a:58:0a:0a:d3:32, std::string, face::bed",
        "cidr 10.10.0.0/16 0.0.0.0/0",
        "sha256:abcdef0123456789 arn:aws:ecs:eu-west-1:111122223333:task/dev/0f4a1c5be0d34e7f",
        "v10.0.0.1beta a10.0.0.1",
        "",
    ],
)
def test_what_is_no_address(text: str) -> None:
    assert in_text(text) == ()


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("10.10.211.50", "10.10.211.50"),
        (" 10.10.211.50:3000 ", "10.10.211.50"),
        ("[2406:da14::50]:443", "2406:da14::50"),
        ("ip-10-10-211-50.ap-northeast-1.compute.internal", "10.10.211.50"),
        ("fe80::1%eth0", "fe80::1"),
        ("10.10.0.0/16", None),
        ("dev-api.example.internal", None),
        ("10.0.0.1 10.0.0.2", None),
        ("10.0.0.300", None),
        ("", None),
    ],
)
def test_one_argument(text: str, address: str | None) -> None:
    assert only(text) == address


@given(st.text(alphabet="0123456789abcdefx.:-/% []\x1bip", max_size=60))
def test_whatever_is_found_is_an_address_in_its_usual_form(text: str) -> None:
    found = in_text(text)
    assert [str(ip_address(a)) for a in found] == list(found)
    assert len(set(found)) == len(found)


@given(st.ip_addresses(), st.sampled_from([" ", ",", "(", '"', "=", "\n", "'"]))
def test_every_address_is_found_between_other_text(address: IPv4Address | IPv6Address, mark: str) -> None:
    mapped = getattr(address, "ipv4_mapped", None)
    expected = str(mapped or address)
    assume(any(c.isdigit() for c in str(address)))
    assert in_text(f"to{mark}{address}{mark} x") == (expected,)
