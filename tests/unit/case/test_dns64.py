"""Which prefix an address made by DNS64 lies behind; the examples are those of RFC 6052, section 2.4."""

import pytest

from sddoctor.case.dns64 import may_be_made_of

MADE = (
    "2001:db8:c000:221::",
    "2001:db8:1c0:2:21::",
    "2001:db8:122:c000:2:2100::",
    "2001:db8:122:3c0:0:221::",
    "2001:db8:122:344:c0:2:2100::",
    "2001:db8:122:344::192.0.2.33",
    "64:ff9b::192.0.2.33",
)


@pytest.mark.parametrize("address", MADE)
def test_the_ipv4_address_is_found_behind_a_prefix_of_any_length(address: str) -> None:
    assert may_be_made_of(address, ["10.0.0.1", "192.0.2.33"])
    assert not may_be_made_of(address, ["192.0.2.34"])


@pytest.mark.parametrize("address", ["192.0.2.33", "fe80::1%eth0", "no address"])
def test_what_is_no_such_address_is_made_of_nothing(address: str) -> None:
    assert not may_be_made_of(address, ["192.0.2.33", "2001:db8::1"])
