"""What two addresses are to each other stays, whatever they become."""

from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sddoctor.bundle.anonymous.addresses import Addresses, kept_bits, read

KEYS = st.binary(min_size=4, max_size=4)
PRIVATE = [ip_network(n) for n in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")]


def _common(a: object, b: object) -> int:
    x, y = int(ip_address(str(a))), int(ip_address(str(b)))
    return 128 - (x ^ y).bit_length()


@settings(max_examples=100)
@given(KEYS, st.lists(st.ip_addresses(v=4), min_size=2, max_size=6))
def test_two_share_as_many_leading_bits_as_before(key: bytes, some: list[object]) -> None:
    mapping = Addresses(key, [])
    for a, b in combinations(some, 2):
        x, y = (mapping.address(ip_address(str(i))) for i in (a, b))
        assert (x == y) == (a == b)
        if min(kept_bits(ip_address(str(i))) for i in (a, b)) < 32:
            assert _common(x, y) == _common(a, b)


@settings(max_examples=100)
@given(KEYS, st.sampled_from(PRIVATE), st.integers(0, 2**20 - 1))
def test_private_stays_private_of_the_same_kind(key: bytes, kind: IPv4Network, offset: int) -> None:
    address = kind[offset % kind.num_addresses]
    assert Addresses(key, []).address(address) in kind


@settings(max_examples=100)
@given(KEYS, st.ip_addresses(v=4) | st.ip_addresses(v=6))
def test_public_stays_public_and_the_family_stays(key: bytes, address: object) -> None:
    before = ip_address(str(address))
    after = Addresses(key, []).address(before)
    for trait in ("version", "is_private", "is_loopback", "is_link_local", "is_multicast", "is_global"):
        assert getattr(after, trait) == getattr(before, trait), (before, after, trait)


@settings(max_examples=60)
@given(KEYS, st.integers(16, 28), st.integers(0, 2**16 - 1))
def test_the_resolver_of_a_vpc_stays_its_base_plus_two(key: bytes, length: int, which: int) -> None:
    vpc = ip_network((int(ip_address("10.0.0.0")) + (which << 8) & 0xFFFFFFFF, length), strict=False)
    mapping = Addresses(key, [vpc])
    made = mapping.network(vpc)
    assert made.prefixlen == length
    for first in range(4):
        assert mapping.address(vpc[first]) == made[first]
    assert mapping.address(vpc[-1]) in made


SAME = """
    127.0.0.1 127.0.0.11 127.0.0.53 169.254.169.253 169.254.169.254 fd00:ec2::253 0.0.0.0 ::1 :: 192.0.2.1 255.255.255.255
    8.8.8.8 1.1.1.1 10.255.255.254 fe80::1 224.0.0.251 2001:1::1 2001:4:112::1
"""


@pytest.mark.parametrize("address", SAME.split())
def test_what_means_the_same_everywhere_stays(address: str) -> None:
    assert str(Addresses(b"key", []).address(ip_address(address))) == address


def test_most_others_become_others() -> None:
    mapping = Addresses(b"key", [ip_network("10.10.0.0/16")])
    some = [ip_address(f"10.10.{n}.{n}") for n in range(1, 200)]
    assert sum(mapping.address(a) != a for a in some) > 190
    assert len({mapping.address(a) for a in some}) == len(some)


def test_what_is_no_address_is_none() -> None:
    assert read("10.10.0.0/99") is None
    assert read("10.10.0.300") is None


def test_an_embedded_address_becomes_what_it_becomes_alone() -> None:
    mapping = Addresses(b"key", [])
    alone = mapping.address(ip_address("10.20.30.40"))
    assert mapping.address(ip_address("64:ff9b::10.20.30.40")) == ip_address(f"64:ff9b::{alone}")


#: RFC 6052, section 2.4, with 10.20.30.40 for its address.
BEHIND = (
    ("2a0c:db8::/32", "2a0c:db8:a14:1e28::"),
    ("2a0c:db8:100::/40", "2a0c:db8:10a:141e:28::"),
    ("2a0c:db8:122::/48", "2a0c:db8:122:a14:1e:2800::"),
    ("2a0c:db8:122:300::/56", "2a0c:db8:122:30a:14:1e28::"),
    ("2a0c:db8:122:344::/64", "2a0c:db8:122:344:a:141e:2800:0"),
    ("2a0c:db8:122:344::/96", "2a0c:db8:122:344::a14:1e28"),
    ("2001:db8:122:344::/96", "2001:db8:122:344::a14:1e28"),
    ("64:ff9b:1:ffff::/64", "64:ff9b:1:ffff:a:141e:2800:0"),
)


@pytest.mark.parametrize(("prefix", "address"), BEHIND)
def test_behind_a_prefix_of_dns64_an_address_becomes_what_it_becomes_alone(prefix: str, address: str) -> None:
    network = IPv6Network(prefix)
    mapping = Addresses(b"key", [], [network])
    alone = mapping.address(ip_address("10.20.30.40"))
    made = mapping.address(ip_address(address))
    assert made in mapping.network(network)
    number = int(alone)
    bits = f"{int(made):0128b}"
    behind = bits[network.prefixlen :] if network.prefixlen == 96 else bits[network.prefixlen : 64] + bits[72:]
    assert behind == f"{number:032b}".ljust(len(behind), "0")
    assert bits[64:72] == "0" * 8
    assert made != ip_address(address)


@pytest.mark.parametrize(
    ("prefix", "shown", "kept"),
    [
        ("2a0c:db8:122:344::/96", "2a0c:db8:122:344::c000:aa", 0xC00000AA),
        ("2a0c:db8:122:344::/64", "2a0c:db8:122:344:c0:0:aa00:0", 0xC0_0000_AA00_0000),
    ],
)
def test_the_answer_that_shows_the_prefix_still_shows_it(prefix: str, shown: str, kept: int) -> None:
    network = IPv6Network(prefix)
    made = int(Addresses(b"key", [], [network]).address(ip_address(shown)))
    assert made & (1 << 128 - network.prefixlen) - 1 == kept
    assert made != int(ip_address(shown))


def test_an_address_with_more_behind_it_than_one_of_ipv4_is_not_taken_for_a_translated_one() -> None:
    network = IPv6Network("2a0c:db8::/32")
    native = ip_address("2a0c:db8:a14:1e28:3456:789a:bcde:f012")
    assert Addresses(b"key", [], [network]).address(native) == Addresses(b"key", []).address(native)
