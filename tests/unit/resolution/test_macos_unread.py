"""What is not understood of ``scutil --dns``, or is cut: it makes the choice unknown only where it could decide."""

import pytest

from sddoctor.case.seen import Absent, NotAttempted, Seen
from sddoctor.formats.host import scutil
from tests.unit.resolution.test_macos import MDNS, NAME, PRIMARY, SUPPLEMENTAL, asks, choice_of, dns, entry

REACH = "  reach    : 0x00000002 (Reachable)\n"
WHOLE = PRIMARY + REACH
VPN = entry("corp.example", "10.9.0.1", SUPPLEMENTAL, REACH)
SPLIT = entry("example.internal", "10.10.0.2", SUPPLEMENTAL, REACH)


#: The fields in the order in which they are printed; others come last.
PRINTED = ("domain", "search domain", "nameserver", "options", "port", "timeout", "if_index", "flags", "reach", "order")


def with_line(block: str, line: str) -> str:
    """Return the lines of a resolver with one more, in its place."""

    def place(one: str) -> int:
        label = one.strip().partition(":")[0].partition("[")[0].strip()
        return PRINTED.index(label) if label in PRINTED else len(PRINTED)

    return "".join(sorted([*block.splitlines(keepends=True), f"  {line}\n"], key=place))


def is_unknown(output: str, files: dict[str, str] | None = None, name: str = NAME) -> bool:
    found = choice_of(output, files, name=name)
    assert isinstance(found, NotAttempted | Seen)
    return isinstance(found, NotAttempted)


@pytest.mark.parametrize(
    "line",
    [
        "proxy : none",
        "proxy    : off",
        "transport : https",
        "discovered : yes",
        "reach    : 0x00000002 (Reachable,Some New Word)",
        "timeout  : soon",
        "if_index : fourteen",
        "search domain[0] : corp...",
        "config id : ...",
    ],
)
def test_a_field_that_says_nothing_of_servers_leaves_the_choice_known(line: str) -> None:
    assert asks(choice_of(dns(with_line(WHOLE, line), VPN))) == ["192.168.1.1"]
    assert asks(choice_of(dns(WHOLE, with_line(SPLIT, line), VPN))) == ["10.10.0.2"]
    assert asks(choice_of(dns(WHOLE, SPLIT, with_line(VPN, line)))) == ["10.10.0.2"]


@pytest.mark.parametrize(
    "line",
    [
        "server[0] : 10.10.0.2",
        "endpoint : 2001:db8::53",
        "nameserver[1] : 10.10...",
        "port     : five",
        "gate : 5353",
        "flags    : Encrypted, Request A records",
        "marks    : Scoped, Request A records",
        "choices : mdns",
        "note     : 10.10.0.\u2026",
    ],
)
def test_a_field_that_may_say_which_server_makes_the_choice_unknown(line: str) -> None:
    assert is_unknown(dns(with_line(WHOLE, line), VPN))
    assert is_unknown(dns(WHOLE, with_line(SPLIT, line), VPN))
    assert not is_unknown(dns(WHOLE, SPLIT, with_line(VPN, line), MDNS))


@pytest.mark.parametrize("line", ["zone     : example.internal", "zone     : internal", "zone     : corp.example."])
def test_a_field_that_may_be_the_domain_makes_the_choice_unknown(line: str) -> None:
    assert is_unknown(dns(WHOLE, f"  {line}\n  nameserver[0] : 10.10.0.2\n{REACH}"))
    assert is_unknown(dns(f"  {line}\n{WHOLE}"))
    assert is_unknown(dns(WHOLE, f"  {line}\n  nameserver[0] : 10.10.0.2\n{REACH}"), name="api.dev")


def test_one_word_may_be_the_domain_of_any_resolver_but_the_first() -> None:
    assert is_unknown(dns(WHOLE, f"  zone : consul\n  nameserver[0] : 10.10.0.2\n{REACH}"))


@pytest.mark.parametrize(
    "tail",
    [
        "\nres",
        "\nresolver",
        "\nresolver #",
        "\nresolver #3",
        "\nresolver #3\n",
        "\nresolver #3\n  dom",
        "\nresolver #3\n  domain",
        "\nresolver #3\n  domain   :",
        "\nresolver #3\n  domain   : exa",
        "\nresolver #3\n  domain   : example.internal\n",
        "\nresolver #3\n  domain   : example.internal\n  namese",
        "\nresolver #3\n  domain   : example.internal\n  nameserver[",
        "\nresolver #3\n  domain   : other.example\n  nameserver[0",
        "\nresolver #3\n  domain   : other.example\n  nameserver[0]",
        "\nresolver #3\n  domain   : other.example\n  nameserver[1...\n  flags    : Request A records\n",
        "\nresolver #3\n  domain   : example.internal\n  nameserver[0] :",
        "\nresolver #3\n  domain   : example.internal\n  nameserver[0] : 10.10.",
        "\nresolver #3\n  domain   : other.example\n  nameserver[0] : 10.10.0.2\n",
        "\nresolver #3\n  domain   : other.example\n  nameserver[0] : 10.10.0.2\n  flags    : Request A rec",
        "\nresolver #3\n  domain   : other.example\n  nameserver[0] : 10.10.0.2\n  flags    : Request A records\n",
        "\nresolver #3\n  domain   : other.example\n  nameserver[0] : 10.10.0.2\n  flags    : Request A records\n  rea",
        "\nresolver #3\n  domain   : other.example\n  nameserver[0] : 10.10.0.2\n  flags    :\n  reach    : 0x0000",
        "\nresolver #3\n  domain   : other.example\n  nameserver[0] : 10.10.0.2\n  flags    :\n  reach    : 0x00000002 (Re",
        "\nresolver #3\n  domain   : other.example\n  options",
    ],
)
def test_output_that_ends_in_the_middle_makes_the_choice_unknown(tail: str) -> None:
    whole = dns(WHOLE, VPN)
    assert asks(choice_of(whole)) == ["192.168.1.1"]
    assert is_unknown(whole + tail)
    assert is_unknown(whole + tail, {"example.internal": "nameserver 10.10.0.2\n"})


@pytest.mark.parametrize("tail", ["\n  namese", "\nresolver #", "\nresolver #2\n  nameserver[0] : 10.10.0"])
def test_what_is_cut_behind_the_first_section_decides_nothing(tail: str) -> None:
    assert asks(choice_of(dns(WHOLE, SPLIT, scoped=(WHOLE,)) + tail)) == ["10.10.0.2"]
    assert asks(choice_of(dns(WHOLE, SPLIT) + "DNS configuration (for sco")) == ["10.10.0.2"]


def test_a_domain_without_a_server_makes_the_choice_unknown() -> None:
    bare = f"  domain   : example.internal\n{SUPPLEMENTAL}{REACH}"
    assert is_unknown(dns(WHOLE, bare, VPN))
    assert is_unknown(dns(WHOLE, bare, SPLIT))
    assert is_unknown(dns(WHOLE, bare.replace("example.internal", "internal"), VPN))
    longer = entry("dev-api.example.internal", "10.10.0.3", SUPPLEMENTAL, REACH)
    assert asks(choice_of(dns(WHOLE, bare, longer))) == ["10.10.0.3"]
    assert asks(choice_of(dns(WHOLE, bare.replace("example.internal", "example.org"), VPN))) == ["192.168.1.1"]


def test_a_file_without_a_server_explains_why_there_is_none() -> None:
    bare = "  domain   : example.internal\n  flags    : Request A records\n  reach    : 0x00000000 (Not Reachable)\n"
    found = choice_of(dns(WHOLE, MDNS, bare), {"example.internal": "search_order 1\n"})
    assert asks(found) == ["192.168.1.1"]
    assert is_unknown(dns(WHOLE, MDNS, bare), {"example.internal": "nameserver 10.10.0.2\n"})
    assert is_unknown(dns(WHOLE, MDNS, bare), {})


def test_a_default_without_a_server_is_none_where_no_network_is_there() -> None:
    bare = "  flags    : Request A records\n"
    found = choice_of(dns(f"{bare}Not Reachable\n", MDNS))
    assert asks(found) == []
    assert is_unknown(dns(bare + REACH, MDNS))


def test_orders_that_are_not_printed() -> None:
    vpn = f"  nameserver[0] : 100.100.100.100\n{SUPPLEMENTAL}"
    for blocks in ((vpn, PRIMARY), (PRIMARY, vpn)):
        found = choice_of(dns(*blocks))
        assert asks(found) == ["100.100.100.100", "192.168.1.1"]
        assert found.value.kind == "supplemental"


def test_no_configuration_is_that_of_the_whole_output_only() -> None:
    assert isinstance(scutil.parse("No DNS configuration available\n"), Absent)
    both = scutil.parse(dns(WHOLE, VPN) + "\nNo DNS configuration available\n")
    assert isinstance(both, Seen)
    assert both.unread


def test_a_line_without_a_label_may_be_cut_too() -> None:
    bare = f"{PRIMARY}Reachable,Directly Reachable Address\n"
    assert asks(choice_of(dns(bare).rstrip("\n") + "\n")) == ["192.168.1.1"]
    assert is_unknown(dns(bare).rstrip("\n").removesuffix("chable Address"))


def test_output_in_which_nothing_is_understood_is_not_replaced_by_files() -> None:
    files = {"internal": "nameserver 10.10.0.2\n"}
    assert not isinstance(choice_of("DNS confi", files), Seen)
    assert asks(choice_of(None, files)) == ["10.10.0.2"]  # it was not recorded
    assert choice_of("DNS confi", files, hosts=f"10.1.1.1 {NAME}\n").value.kind == "hosts-file"
