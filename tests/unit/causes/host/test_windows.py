"""Causes of Windows hosts with one fact replaced, and the fixes that fit the rules that are there."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from sddoctor.case.host import InterfaceAddress, InterfaceServers, NrptRule, Route, RouteTo
from sddoctor.case.seen import NotAttempted, Seen, UnseenFactError
from sddoctor.case.windows_host import InterfaceMetric
from tests.changed_cases import ADDRESS, Change, a, answers, gets, host, said

ROUTER, RESOLVER, ZONE = "192.168.1.1", "10.10.0.2", ".example.internal"
POLICY = "Get-DnsClientNrptPolicy -Effective"
METRIC, DNSSEC, MISSING = "interface-metric-decides", "nrpt-requires-dnssec", "nrpt-rule-missing"
WIFI, VPN = InterfaceServers("Wi-Fi", (ROUTER,), 9), InterfaceServers("Ethernet 5", (RESOLVER,), 10)
ADDING = f"Add-DnsClientNrptRule -Namespace '{ZONE}' -NameServers '{RESOLVER}'"


def rules(*found: NrptRule, unread: tuple[str, ...] = ()) -> Change:
    return host(nrpt=Seen(found, "Get-DnsClientNrptRule", None, unread))


def rule(*namespaces: str, server: str = RESOLVER, **more: object) -> NrptRule:
    return NrptRule(namespaces, (server,), **more)  # type: ignore[arg-type]


def ranked(wifi: int, vpn: int, connected: bool = True) -> Change:
    found = (InterfaceMetric("Wi-Fi", 4, wifi, 9, True), InterfaceMetric("Ethernet 5", 4, vpn, 10, connected))
    return host(interface_metrics=found)


@pytest.mark.parametrize(
    ("code", "change"),
    [
        (METRIC, ranked(35, 5)),
        (METRIC, ranked(35, 55, connected=False)),
        (METRIC, gets(ADDRESS)),
        (METRIC, host(interface_servers=(WIFI,))),
        (METRIC, host(interface_servers=(InterfaceServers("Wi-Fi", (ROUTER, RESOLVER), 9),))),
        (METRIC, rules(rule(ZONE, server=ROUTER))),
        (METRIC, rules(rule(ZONE))),
        (METRIC, answers(a(ADDRESS), of=ROUTER)),
        (DNSSEC, rules(rule(ZONE))),
        (DNSSEC, rules(rule(ZONE, dnssec_required=True, in_force=False))),
        (DNSSEC, rules(rule("other.internal", dnssec_required=True))),
        (DNSSEC, rules(rule(ZONE, dnssec_required=True), rule("dev-api.example.internal"))),
        (DNSSEC, gets(ADDRESS)),
        (DNSSEC, host(platform="linux")),
        (DNSSEC, answers(replace(a(ADDRESS), flags=("AD",)), of=RESOLVER)),
        (MISSING, rules(rule(ZONE))),
        (MISSING, rules(rule("."))),
        (MISSING, gets(ADDRESS)),
        (MISSING, host(platform="macos", resolver_files=())),
    ],
)
def test_it_is_not_named_when(code: str, change: Change) -> None:
    assert said(code, code) is not None
    assert said(code, code, change) is None


@pytest.mark.parametrize(
    ("code", "change"),
    [
        (DNSSEC, rules(rule(ZONE, dnssec_required=None))),
        (MISSING, rules(unread=("Namespace {.a, .b, .c, .d...} is cut",))),
        (MISSING, host(interface_servers=Seen((WIFI,), "Get-DnsClientServerAddress", None, ("x is cut",)))),
    ],
)
def test_what_was_not_seen_leaves_it_open(code: str, change: Change) -> None:
    with pytest.raises(UnseenFactError):
        said(code, code, change)


UNRANKED = (
    host(interface_metrics=NotAttempted("Get-NetIPInterface", "it was not recorded")),
    host(interface_metrics=(InterfaceMetric("Wi-Fi", 4, 35, 9),)),
    host(interface_metrics=Seen((), "Get-NetIPInterface", None, ("its JSON is cut",))),
)
#: Addresses of the adapters: that of the VPN has none.
WITHOUT_VPN = host(addresses=(InterfaceAddress("Wi-Fi", "192.168.1.23", 24),), routes=())


@pytest.mark.parametrize("change", UNRANKED)
def test_without_the_metrics_another_adapter_may_be_first(change: Change) -> None:
    found = said(METRIC, METRIC, change)
    assert found is not None
    assert found.summary.startswith("Windows may query 192.168.1.1 of Wi-Fi before the VPC resolver of Ethernet 5")
    assert found.would_tell is not None
    assert found.would_tell.startswith("Get-NetIPInterface")
    with pytest.raises(UnseenFactError):
        said(MISSING, METRIC, change)


@pytest.mark.parametrize("change", UNRANKED)
def test_an_adapter_without_an_address_is_hardly_one_that_is_queried(change: Change) -> None:
    assert said(METRIC, METRIC, change, WITHOUT_VPN) is None
    found = said(MISSING, METRIC, change, WITHOUT_VPN)
    assert found is not None
    assert found.would_tell == "Get-NetIPInterface -ConnectionState Connected"


@pytest.mark.parametrize(
    "addresses",
    [
        NotAttempted("ipconfig /all", "it was not recorded"),
        Seen((InterfaceAddress("Wi-Fi", "192.168.1.23", 24),), "ipconfig /all", None, ("a line",)),
        (InterfaceAddress("Wi-Fi", "192.168.1.23", 24), InterfaceAddress("Ethernet 5", "10.250.0.2", 24)),
    ],
)
def test_only_addresses_that_were_read_whole_show_that_there_is_none(addresses: object) -> None:
    assert said(METRIC, METRIC, UNRANKED[0], host(addresses=addresses, routes=())) is not None


def test_an_adapter_that_a_route_leaves_by_is_in_use() -> None:
    route = RouteTo(RESOLVER, Seen(Route("tunnel", "Ethernet 5"), "Find-NetRoute"))
    assert said(METRIC, METRIC, UNRANKED[0], WITHOUT_VPN, host(routes=(route,))) is not None


def test_adapters_that_all_have_the_vpc_resolver_are_no_rivals() -> None:
    both = (InterfaceServers("Wi-Fi", (RESOLVER,), 9), VPN)
    assert said(METRIC, METRIC, UNRANKED[0], host(interface_servers=both)) is None


def test_a_rule_without_servers_is_named_as_what_exempts_the_name() -> None:
    name = "dev-api.example.internal"
    found = said(MISSING, MISSING, rules(rule(ZONE), NrptRule((name,))))
    assert found is not None
    assert f"The NRPT rule for {name} names no server" in found.summary
    (fix,) = found.fixes
    assert fix.commands == (
        f"Get-DnsClientNrptRule | Where-Object Namespace -contains '{name}' | Remove-DnsClientNrptRule -Force",
    )
    assert fix.changes == f"Removes the exemption of {name}."


def test_a_rule_that_takes_the_name_from_a_right_one_is_replaced() -> None:
    named = said(
        "resolver-file-shadowed", "nrpt-rule-missing-lookalike", rules(rule(".internal"), rule(ZONE, server=ROUTER))
    )
    assert named is not None
    (fix,) = named.fixes
    assert "; ".join(fix.commands) == f"{FOUND} | Remove-DnsClientNrptRule -Force; {ADDING}"


def test_a_demand_for_dnssec_is_only_likely_where_the_name_is_said_not_to_exist() -> None:
    found = said(DNSSEC, DNSSEC)
    assert found is not None
    assert found.would_tell is None
    denied = said(DNSSEC, DNSSEC, gets())
    assert denied is not None
    assert denied.would_tell == "Clear-DnsClientCache; Resolve-DnsName dev-api.example.internal"


def commands(*changes: Change, code: str = MISSING) -> list[str]:
    found = said(code, code, *changes)
    assert found is not None
    return [f"{fix.title}: {'; '.join(fix.commands)}" for fix in found.fixes]


def test_a_rule_is_added_where_there_is_none() -> None:
    (fix,) = commands(rules(rule(".corp.example", server="10.1.1.1", in_force=True)))
    assert fix.endswith(f": {ADDING}")


def test_what_a_policy_left_over_goes_first_and_no_identical_rule_is_added() -> None:
    (fix,) = commands(rules(rule(ZONE, in_force=False)))
    assert "Remove-Item -Recurse" in fix
    first, second = commands(rules(rule(".other.internal", in_force=False)))
    assert "Remove-Item -Recurse" in first
    assert second.endswith(f": {ADDING}")


@pytest.mark.parametrize("local", [rule(ZONE, in_force=False), rule(".other.internal", in_force=False)])
def test_a_policy_with_rules_gets_the_rule(local: NrptRule) -> None:
    (fix,) = commands(rules(local, rule(".corp.example", server="10.1.1.1", source=POLICY, in_force=True)))
    assert f"Add-DnsClientNrptRule -GpoName $policy -Namespace '{ZONE}' -NameServers '{RESOLVER}'" in fix
    assert "Remove-" not in fix


def test_rules_that_are_all_a_policys_would_switch_a_local_one_off() -> None:
    first, second = commands(rules(rule(".corp.example", server="10.1.1.1", source=POLICY, in_force=True)))
    assert "-GpoName $policy" in first
    assert second.endswith(f": {ADDING}")


WRONG, FOUND = "resolver-file-wrong-nameserver", f"Get-DnsClientNrptRule | Where-Object Namespace -contains '{ZONE}'"


def replaced(*found: NrptRule) -> list[str]:
    named = said(WRONG, "nrpt-rule-missing-lookalike", rules(*found))
    assert named is not None
    return [f"{fix.title}: {'; '.join(fix.commands)}" for fix in named.fixes]


def test_a_rule_with_a_wrong_server_is_replaced() -> None:
    (fix,) = replaced(rule(ZONE, server=ROUTER))
    assert fix.endswith(f": {FOUND} | Remove-DnsClientNrptRule -Force; {ADDING}")


def test_other_domains_of_the_rule_keep_it() -> None:
    (fix,) = replaced(rule(".corp.example", ZONE, server=ROUTER))
    taken = f"ForEach-Object {{ Set-DnsClientNrptRule -Name $_.Name -Namespace @($_.Namespace -ne '{ZONE}') }}"
    assert fix.endswith(f": {FOUND} | {taken}; {ADDING}")


def test_a_more_specific_rule_leaves_where_the_right_one_is_there() -> None:
    name = "dev-api.example.internal"
    (fix,) = replaced(rule(ZONE), rule(name, server=ROUTER))
    assert fix.endswith(f"Where-Object Namespace -contains '{name}' | Remove-DnsClientNrptRule -Force")


@pytest.mark.parametrize("namespace", [".", ".internal"])
def test_a_rule_for_more_than_the_domain_stays(namespace: str) -> None:
    (fix,) = replaced(rule(namespace, server=ROUTER))
    assert fix.endswith(f": {ADDING}")


def test_a_wrong_rule_of_a_policy_is_replaced_there() -> None:
    first, second = replaced(rule(ZONE, server=ROUTER, source=POLICY, in_force=True))
    assert "Remove-DnsClientNrptRule -GpoName $policy -Force; Add-DnsClientNrptRule -GpoName $policy" in first
    assert second.startswith("If a VPN brings the rule")


@pytest.mark.parametrize("order", [(WIFI, VPN), (VPN, WIFI)])
def test_of_equal_ranks_none_comes_first(order: tuple[InterfaceServers, ...]) -> None:
    changes = ranked(25, 25), host(interface_servers=order)
    assert said(METRIC, METRIC, *changes) is not None
    assert said(MISSING, METRIC, *changes) is None


@pytest.mark.parametrize(("lowest", "metric"), [(35, 5), (5, 4), (1, 1)])
def test_the_adapter_is_ranked_before_the_first(lowest: int, metric: int) -> None:
    named = said(METRIC, METRIC, ranked(lowest, 75))
    assert named is not None
    assert named.fixes[0].commands == (ADDING,)
    assert named.fixes[1].commands == (
        f"Set-NetIPInterface -InterfaceAlias 'Ethernet 5' -AddressFamily IPv4 -InterfaceMetric {metric}",
    )
