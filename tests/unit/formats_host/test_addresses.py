"""Addresses as systemd-resolved and lookups print them."""

import pytest

from sddoctor.case.dns import Server
from sddoctor.formats.host.addresses import read_result, read_server


@pytest.mark.parametrize(
    ("text", "server"),
    [
        ("10.40.16.2%9#vpc.shop.internal", Server("10.40.16.2")),
        ("10.40.16.2:5353%9#vpc.shop.internal", Server("10.40.16.2", 5353)),
        ("10.40.16.2%9", Server("10.40.16.2")),
        ("[fd00::1]:5353%2#dns.example", Server("fd00::1%2", 5353)),
        ("fe80::1%2", Server("fe80::1%2")),
        ("10.40.16.2%eth0", None),
        ("10.40.16.2%", None),
        ("10.40.16%2", None),
    ],
)
def test_a_server_with_the_number_of_its_link(text: str, server: Server | None) -> None:
    assert read_server(text) == server


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("::ffff:10.40.18.21", "10.40.18.21"),
        ("::FFFF:0a28:1215", "10.40.18.21"),
        ("10.40.18.21", "10.40.18.21"),
        ("fd00::1", "fd00::1"),
        ("fe80::1%eth0", "fe80::1%eth0"),
        ("::ffff:10.40.18", None),
    ],
)
def test_an_address_that_is_mapped_is_the_one_that_it_is(text: str, address: str | None) -> None:
    assert read_result(text) == address
