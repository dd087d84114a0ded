"""The choice on Windows: the hosts file, NRPT rules in force, then the interfaces."""

import pytest

from sddoctor.case.host import HostFacts, HostsFile, InterfaceServers, NrptRule
from sddoctor.case.seen import Absent, Fact, NotAttempted, Seen
from sddoctor.case.windows_host import InterfaceMetric
from sddoctor.formats.host import hosts_file, nrpt, windows
from sddoctor.resolution.choose import choose
from sddoctor.resolution.model import Choice

NAME = "dev-api.example.internal"
WIFI = (InterfaceServers("Wi-Fi", ("192.168.1.1",)),)


def choice_of(
    rules: Fact[tuple[NrptRule, ...]],
    interfaces: tuple[InterfaceServers, ...] = WIFI,
    hosts: str = "",
    name: str = NAME,
) -> Fact[Choice]:
    entries: Fact[HostsFile] = Seen(hosts_file.parse(hosts.encode(), windows.HOSTS_PATH, name), "hosts")
    servers = Seen(interfaces, "Get-DnsClientServerAddress")
    return choose(name, HostFacts("windows", hosts=entries, nrpt=rules, interface_servers=servers))


def rule(namespace: str, server: str = "10.10.0.2", in_force: bool | None = None) -> NrptRule:
    return NrptRule((namespace,), (server,) if server else (), in_force=in_force)


def seen(*rules: NrptRule) -> Fact[tuple[NrptRule, ...]]:
    return Seen(rules, "Get-DnsClientNrptRule")


@pytest.mark.parametrize("namespace", [".example.internal", ".Example.Internal", NAME, ".internal", "."])
def test_rules_that_cover(namespace: str) -> None:
    found = choice_of(seen(rule(namespace))).value
    assert (found.kind, found.matched, found.servers[0].address) == ("nrpt", namespace, "10.10.0.2")
    assert found.bypass_servers is not None
    assert found.bypass_servers[0].address == "192.168.1.1"


@pytest.mark.parametrize(
    "not_covering",
    [
        rule("example.internal"),
        rule(".ample.internal"),
        rule(".dev.example.internal"),
        rule(".example.internal", in_force=False),
        rule(".example.internal", server=""),
    ],
)
def test_rules_that_do_not_cover(not_covering: NrptRule) -> None:
    found = choice_of(seen(not_covering)).value
    assert (found.kind, found.link, found.servers[0].address) == ("interface-dns", "Wi-Fi", "192.168.1.1")


@pytest.mark.parametrize("namespaces", [(".example.internal", ".Example.Internal"), (NAME, NAME)])
def test_of_two_rules_for_a_namespace_with_other_servers_none_is_known_to_win(namespaces: tuple[str, str]) -> None:
    first, second = namespaces
    found = choice_of(seen(rule(first), rule(second, "10.9.9.9")))
    assert isinstance(found, NotAttempted)
    assert "10.10.0.2 and 10.9.9.9" in found.why
    assert choice_of(seen(rule(first), rule(second))).value.servers[0].address == "10.10.0.2"
    assert choice_of(seen(rule(first), rule(second, "10.9.9.9", in_force=False))).value.matched == first
    assert choice_of(seen(rule(first), rule(".other.internal", "10.9.9.9"))).value.matched == first


def test_without_their_metrics_the_first_of_several_adapters_is_not_known() -> None:
    found = choice_of(seen(), (*WIFI, InterfaceServers("vpn", ("10.10.0.2",)))).value
    assert (found.link, found.together) == (None, True)
    assert "Get-NetIPInterface" in found.why


def test_what_is_in_force_is_what_is_missing_where_that_failed() -> None:
    rules = Seen((rule(".example.internal"),), nrpt.RULES_COMMAND, None, (f"{nrpt.POLICY_COMMAND}: access is denied",))
    found = choice_of(rules)
    assert isinstance(found, NotAttempted)
    assert (found.why, found.needs) == (
        f"which rules are in force ({nrpt.POLICY_COMMAND}): access is denied",
        f"the output of {nrpt.POLICY_COMMAND}",
    )


def test_most_specific_rule_wins() -> None:
    rules = seen(rule(".", "9.9.9.9"), rule(".internal", "8.8.8.8"), rule(".example.internal"))
    assert choice_of(rules).value.servers[0].address == "10.10.0.2"
    assert choice_of(seen(rule(f".{NAME}", "8.8.8.8"), rule(NAME))).value.servers[0].address == "10.10.0.2"


def test_hosts_file_comes_first() -> None:
    found = choice_of(seen(rule(".example.internal")), hosts=f"1.2.3.4 {NAME}\r\n").value
    assert (found.kind, found.servers) == ("hosts-file", ())


def test_unseen_rules_are_a_gap() -> None:
    gap = NotAttempted("Get-DnsClientNrptRule", "it was not recorded")
    assert choice_of(gap) == gap
    hosts = Absent("hosts", "hosts")
    assert (
        choose(
            NAME, HostFacts("windows", hosts=hosts, nrpt=seen(rule(".")), interface_servers=gap)
        ).value.bypass_servers
        is None
    )


def test_group_policy_overrides_local_rules() -> None:
    local = nrpt.parse("Namespace   : {.example.internal}\r\nNameServers : 10.10.0.2\r\n").value
    assert [r.in_force for r in nrpt.in_force(local, ())] == [False]
    policy = nrpt.parse("Namespace : .corp.example\nNameServers : {10.1.0.1, 10.1.0.2}\n", nrpt.POLICY_COMMAND).value
    both = nrpt.in_force(local, policy)
    assert [(r.namespaces, r.in_force, r.source) for r in both] == [
        ((".example.internal",), False, "Get-DnsClientNrptRule"),
        ((".corp.example",), True, "Get-DnsClientNrptPolicy -Effective"),
    ]


def test_several_namespaces_and_dnssec() -> None:
    text = "Namespace                : {.a.example, .b.example}\nNameServers              : {10.0.0.1}\n"
    (found,) = nrpt.parse(text + "DnsSecValidationRequired : True\n").value
    assert found.namespaces == (".a.example", ".b.example")
    assert found.dnssec_required


def test_interface_servers() -> None:
    text = (
        "InterfaceAlias               Interface Address ServerAddresses\r\n"
        "                             Index     Family\r\n"
        "--------------               --------- ------- ---------------\r\n"
        "Ethernet 2                          14 IPv4    {192.168.1.1, 8.8.8.8}\r\n"
        "Ethernet 2                          14 IPv6    {fec0:0:0:ffff::1, fec0:0:0:ffff::2}\r\n"
        "Loopback Pseudo-Interface 1          1 IPv4    {}\r\n"
    )
    found = windows.parse_server_addresses(text).value
    assert found == (InterfaceServers("Ethernet 2", ("192.168.1.1", "8.8.8.8"), 14),)
    listed = "InterfaceAlias  : VPN\r\nInterfaceIndex  : 9\r\nServerAddresses : {10.10.0.2}\r\n"
    assert windows.parse_server_addresses(listed).value == (InterfaceServers("VPN", ("10.10.0.2",), 9),)


CUT = "Namespace {.a...} is cut"


def test_what_a_cut_rule_hides_has_its_own_servers() -> None:
    shown = NrptRule((".example.internal",), ("10.10.0.2",), cut=True)
    other = NrptRule((".corp.example",), ("10.1.1.1",), cut=True)

    def of(*rules: NrptRule, unread: tuple[str, ...]) -> Fact[Choice]:
        return choice_of(Seen(rules, "Get-DnsClientNrptRule", None, unread))

    assert of(shown, unread=(CUT,)).value.servers[0].address == "10.10.0.2"
    assert isinstance(of(shown, other, unread=(CUT, CUT)), NotAttempted)
    assert isinstance(of(shown, unread=(CUT, "its JSON is cut")), NotAttempted)
    assert isinstance(of(other, unread=(CUT,)), NotAttempted)
    assert of(rule(NAME), other, unread=(CUT,)).value.matched == NAME


def test_a_rule_without_servers_exempts_from_a_shorter_one() -> None:
    rules = seen(rule(".internal", "9.9.9.9"), rule(".example.internal", server=""))
    assert choice_of(rules).value.servers[0].address == "192.168.1.1"


def test_servers_that_were_not_read_whole_are_a_gap_and_the_rank_orders_adapters() -> None:
    both = (InterfaceServers("Wi-Fi", ("192.168.1.1",), 9), InterfaceServers("VPN", ("10.10.0.2",), 10))
    metrics = Seen((InterfaceMetric("?", 4, 35, 9, True), InterfaceMetric("?", 4, 5, 10, True)), "Get-NetIPInterface")
    facts = HostFacts("windows", nrpt=seen(), interface_servers=Seen(both, "x"), interface_metrics=metrics)
    found = choose(NAME, facts).value
    assert [s.address for s in found.servers] == ["10.10.0.2", "192.168.1.1"]
    assert "VPN 5, Wi-Fi 35" in found.why
    cut = HostFacts("windows", nrpt=seen(), interface_servers=Seen(both, "x", None, (CUT,)))
    assert isinstance(choose(NAME, cut), NotAttempted)
