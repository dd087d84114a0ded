"""What a report prints for a Linux host is pasted there, and the name resolves afterwards: libc, systemd-resolved, managers."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from sddoctor.causes.host.cache import _FLUSH
from tests.system import networkmanager, resolved, servers
from tests.system.healing import DNSMASQ, NAME, Heal, Service, VpnClient, dnsmasq, plain, systemd_resolved, unbound
from tests.system.test_resolvers import _AVAHI as AVAHI
from tests.system.topology import HOME, LAPTOP, ROUTER, VPC, VPC_RESOLVER, Network, inside, sh

pytestmark = pytest.mark.system

needs_resolved = pytest.mark.skipif(
    resolved.program() is None and not resolved.REQUIRED,
    reason=f"unpack Debian's systemd-resolved into {resolved.UNPACKED}, as .ci/run does",
)
needs_networkmanager = pytest.mark.skipif(
    not Path(networkmanager.NMCLI).exists() and not resolved.REQUIRED,
    reason=f"unpack Debian's network-manager into {networkmanager.UNPACKED}, as .ci/run does",
)
TUNNEL = f"[Match]\nName=tun0\n[Network]\nDNS={VPC_RESOLVER}\nDNSDefaultRoute=no\nKeepConfiguration=yes\n"


@needs_resolved
@pytest.mark.parametrize(
    "tunnel", [TUNNEL, "[Match]\nName=tun0\n[Network]\nKeepConfiguration=yes\n"], ids=["its server", "nothing"]
)
def test_resolvectl_on_the_tunnel(network: Network, heal: Heal, tunnel: str) -> None:
    resolved.start(network, {"50-tunnel.network": tunnel})
    heal("split-dns-missing")


@needs_resolved
def test_resolv_conf_is_linked_to_systemd_resolved(network: Network, heal: Heal) -> None:
    resolved.start(network, {"50-tunnel.network": f"{TUNNEL}Domains=~example.internal\n"})
    network.files(resolv_conf=f"nameserver {ROUTER}\n")
    heal("entry-not-in-force")
    assert (network.etc / "resolv.conf").is_symlink()


TLS = "LLMNR=no\nMulticastDNS=no\nDNSOverTLS=yes\n"


@needs_resolved
@pytest.mark.parametrize("which", [0, 1])
def test_tls_is_not_demanded_of_the_vpc_resolver(network: Network, heal: Heal, which: int) -> None:
    service = systemd_resolved(network, f"{TUNNEL}Domains=~example.internal\n", TLS)
    heal("dns-over-tls-enforced", which=which, systemd_resolved=service)


@needs_resolved
def test_the_link_has_the_vpc_resolver_alone(network: Network, heal: Heal) -> None:
    """Both are asked over the tunnel, and the first of them stays the current one while it answers."""
    network.ip(VPC, "address", "add", "10.10.0.9/32", "dev", "lo")
    servers.bind(network, VPC, "10.10.0.9", {})
    both = TUNNEL.replace(VPC_RESOLVER, f"10.10.0.9 {VPC_RESOLVER}")
    systemd_resolved(network, f"{both}Domains=~example.internal\n")
    heal("nameserver-order")


@needs_resolved
def test_a_link_with_other_names_keeps_its_server(network: Network, heal: Heal) -> None:
    """The company's server is asked for all that ends in ``internal``, and knows a part of it."""
    network.ip(VPC, "address", "add", "10.10.0.9/32", "dev", "lo")
    office = "$TTL 60\n@ IN SOA ns admin 1 7200 900 1209600 60\n@ IN NS ns\nns IN A 10.9.9.9\n"
    servers.bind(network, VPC, "10.10.0.9", {"corp.internal": office})
    settings = "LLMNR=no\nMulticastDNS=no\n"
    service = systemd_resolved(network, TUNNEL.replace(VPC_RESOLVER, "10.10.0.9") + "Domains=~internal\n", settings)
    heal("resolver-file-wrong-nameserver", systemd_resolved=service)
    assert network.dig("127.0.0.53", "ns.corp.internal", "+short").strip() == "10.9.9.9"


@needs_resolved
def test_a_wrong_global_server_is_passed_by(network: Network, heal: Heal) -> None:
    settings = f"LLMNR=no\nMulticastDNS=no\nDNS={ROUTER}\nDomains=~example.internal\n"
    service = systemd_resolved(network, "[Match]\nName=tun0\n[Network]\nKeepConfiguration=yes\n", settings)
    heal("resolver-file-wrong-nameserver", systemd_resolved=service)


@needs_resolved
def test_the_global_servers_are_corrected(network: Network, heal: Heal) -> None:
    settings = f"LLMNR=no\nMulticastDNS=no\nDNS={ROUTER}\nDomains=~example.internal\n"
    service = systemd_resolved(network, "[Match]\nName=tun0\n[Network]\nKeepConfiguration=yes\n", settings)
    file = network.etc / "systemd/resolved.conf"

    def correct(config: str) -> None:
        file.write_text(config)

    heal("resolver-file-wrong-nameserver", which=1, by_hand=correct, systemd_resolved=service)


@needs_resolved
@pytest.mark.parametrize("others", ["", f"DNS={ROUTER}\n"], ids=["none", "others"])
def test_the_default_route_leads_there(network: Network, heal: Heal, others: str) -> None:
    """No link can be given the server without losing the one that it has."""
    network.vpn_down()
    network.cable(HOME, "dx0", "10.98.0.1/30", VPC, "dx1", "10.98.0.2/30")
    sh(*inside(HOME, "sysctl", "-qw", "net.ipv4.ip_forward=1"))
    network.ip(HOME, "route", "add", "10.10.0.0/16", "via", "10.98.0.2")
    network.ip(VPC, "route", "add", "192.168.1.0/24", "via", "10.98.0.1")
    service = systemd_resolved(network, TUNNEL.split("DNS=", maxsplit=1)[0], f"LLMNR=no\nMulticastDNS=no\n{others}")
    heal("split-dns-missing", systemd_resolved=service)


def test_programs_come_to_ask_the_dnsmasq_that_has_the_entry(network: Network, heal: Heal) -> None:
    dnsmasq(network, f"server=/example.internal/{VPC_RESOLVER}")
    network.files(resolv_conf=f"nameserver {ROUTER}\n")
    heal("entry-not-in-force")


@needs_networkmanager
def test_networkmanager_runs_a_dnsmasq_for_the_namespace(network: Network, heal: Heal) -> None:
    networkmanager.start(network, "default", "")
    manager = Service(network, *networkmanager.PROGRAM, ready=networkmanager.READY, running=True)
    heal("split-dns-missing", NetworkManager=manager)


def _in_zone(zone: str) -> dict[str, Any]:
    return {"name": f"dev-api.{zone}", "namespaces": {"ns-exampleinternal01": {"name": zone}}}


@needs_resolved
@pytest.mark.parametrize("changes", [_in_zone("corp.local")])
def test_resolvectl_declares_a_local_domain(network: Network, heal: Heal) -> None:
    network.ip(VPC, "address", "add", "10.10.0.9/32", "dev", "lo")
    servers.bind(network, VPC, "10.10.0.9", {"corp.local": servers.ZONE})
    resolved.start(network, {"50-tunnel.network": TUNNEL.replace(VPC_RESOLVER, "10.10.0.9")})
    heal("local-suffix", "--nameserver", "10.10.0.9", name="dev-api.corp.local")


@needs_resolved
@pytest.mark.parametrize("changes", [_in_zone("depot.example")])
@pytest.mark.parametrize("which", [0, 1])
def test_systemd_resolved_does_not_validate_the_namespace(network: Network, heal: Heal, which: int) -> None:
    """The root is signed and knows no ``example``, which systemd-resolved does not except by itself, as ``internal``."""
    anchor = servers.signed_internet(network)
    network.ip(VPC, "address", "add", "10.10.0.9/32", "dev", "lo")
    servers.bind(network, VPC, "10.10.0.9", {"depot.example": servers.ZONE})
    tunnel = f"{TUNNEL.replace(VPC_RESOLVER, '10.10.0.9')}Domains=~depot.example\nDNSSEC=yes\n"
    service = systemd_resolved(network, tunnel)
    (network.etc / "dnssec-trust-anchors.d").mkdir(exist_ok=True)
    (network.etc / "dnssec-trust-anchors.d/root.positive").write_text(anchor.read_text())
    service.restart()
    args = ("--nameserver", "10.10.0.9")
    heal("dnssec-rejects-zone", *args, which=which, name="dev-api.depot.example", systemd_resolved=service)


def forgets(network: Network, tools: Path, program: str, stub: str, service: Service | None = None) -> None:
    """Run what empties the cache of a program, which remembers the denial of before the VPN."""
    assert "NXDOMAIN" in network.dig(stub, NAME)
    env = {"PATH": f"{tools}:{resolved.ENVIRONMENT['PATH']}"}
    done = network.run("bash", "-c", _FLUSH.get(program, f"sudo systemctl restart {program}"), env=env)
    assert done.returncode == 0, done.stderr
    if service is not None:
        assert (tools / "told").read_text() == f"restart {program}\n"
        service.restart()
    assert sorted(network.dig(stub, NAME, "+short").split()) == ["10.10.211.50", "10.10.212.150"]


def test_unbound_forgets_what_was_before_the_vpn(network: Network, tools: Path, vpn_client: VpnClient) -> None:
    service = unbound(network, "server:\n    do-not-query-localhost: no\n", upstream="127.0.0.2")
    vpn_client()
    forgets(network, tools, "unbound", "127.0.0.1", service)


def test_dnsmasq_forgets_what_was_before_the_vpn(network: Network, tools: Path, vpn_client: VpnClient) -> None:
    service = dnsmasq(network)
    (network.etc / "dnsmasq.conf").write_text(DNSMASQ.replace(ROUTER, "127.0.0.2"))
    service.restart()
    vpn_client()
    forgets(network, tools, "dnsmasq", "127.0.0.1", service)


@needs_resolved
def test_systemd_resolved_forgets_what_was_before_the_vpn(network: Network, tools: Path, vpn_client: VpnClient) -> None:
    resolved.start(network, {}, default="127.0.0.2", settings="CacheFromLocalhost=yes\n")
    vpn_client()
    forgets(network, tools, "systemd-resolved", "127.0.0.53")


@pytest.mark.parametrize(
    ("code", "resolv_conf"),
    [
        ("split-dns-missing", f"nameserver {ROUTER}\n"),
        ("nameserver-order", f"nameserver {ROUTER}\nnameserver {VPC_RESOLVER}\n"),
        ("resolver-conf-malformed", f"nameserver={VPC_RESOLVER}\n"),
    ],
)
def test_the_list_of_libc(network: Network, heal: Heal, code: str, resolv_conf: str) -> None:
    plain(network, resolv_conf=resolv_conf)
    heal(code)


def test_the_fourth_of_the_list_comes_first(network: Network, heal: Heal) -> None:
    for last in (4, 5, 6):
        network.ip(HOME, "address", "add", f"192.168.1.{last}/24", "dev", "lan0")
        servers.bind(network, HOME, f"192.168.1.{last}", {})
    first = "".join(f"nameserver 192.168.1.{n}\n" for n in (4, 5, 6))
    plain(network, resolv_conf=f"{first}nameserver {VPC_RESOLVER}\n")
    heal("nameserver-beyond-third")


def test_a_list_that_is_a_link_to_nowhere(network: Network, heal: Heal) -> None:
    network.own_etc()
    (network.etc / "resolv.conf").unlink()
    (network.etc / "resolv.conf").symlink_to("../run/systemd/resolve/stub-resolv.conf")
    heal("no-working-resolver", which=-1)


@pytest.mark.parametrize(
    "hosts",
    [
        "hosts: files\n",
        "hosts: files [NOTFOUND=return] dns\n",
        "passwd: files\nhosts:  files mymachines\n",
    ],
    ids=["no dns", "files", "no dns, with more"],
)
def test_nsswitch_conf_leads_to_dns(network: Network, heal: Heal, hosts: str) -> None:
    plain(network, resolv_conf=f"nameserver {VPC_RESOLVER}\n", nsswitch=hosts)
    heal("nss-stops-before-dns")
    sources = (network.etc / "nsswitch.conf").read_text().partition("hosts:")[2].split()
    assert [s for s in hosts.partition("hosts:")[2].split() if s not in ("dns", "[NOTFOUND=return]")] == [
        s for s in sources if s not in ("dns", "[NOTFOUND=return]")
    ]


@pytest.mark.parametrize("server", ["10.10.0.9", ROUTER], ids=["the right server", "the router"])
@pytest.mark.parametrize("changes", [_in_zone("corp.local")])
def test_multicast_no_longer_ends_the_look_up(network: Network, heal: Heal, server: str) -> None:
    network.ip(VPC, "address", "add", "10.10.0.9/32", "dev", "lo")
    servers.bind(network, VPC, "10.10.0.9", {"corp.local": servers.ZONE})
    hosts = "hosts: files mdns4 [NOTFOUND=return] dns myhostname\n"
    plain(network, resolv_conf=f"nameserver {server}\n", nsswitch=hosts)
    (network.etc / "mdns.allow").write_text(".local\n")
    network.start(LAPTOP, sys.executable, "-c", AVAHI)
    network.wait_until("test", "-S", "/run/avahi-daemon/socket")
    heal("local-suffix", "--nameserver", "10.10.0.9", name="dev-api.corp.local")


def test_a_search_domain_is_tried_last(network: Network, heal: Heal) -> None:
    network.ip(VPC, "address", "add", "10.10.0.9/32", "dev", "lo")
    zone = "$TTL 60\n@ IN SOA ns admin 1 7200 900 1209600 60\n@ IN NS ns\nns IN A 192.168.1.1\n* IN A 198.51.100.7\n"
    servers.bind(network, VPC, "10.10.0.9", {"example.internal": servers.ZONE, "corp.example": zone})
    plain(network, resolv_conf="nameserver 10.10.0.9\nsearch corp.example\noptions ndots:5\n")
    heal("search-domain-wildcard", include=network.etc / "resolv.conf")


@pytest.mark.parametrize(
    "line",
    ["10.10.211.99 dev-api.example.internal\n", "10.10.211.99\tother Dev-Api.Example.Internal # old\n"],
    ids=["plain", "among others"],
)
def test_a_line_of_the_hosts_file_goes(network: Network, heal: Heal, line: str) -> None:
    plain(network, resolv_conf=f"nameserver {VPC_RESOLVER}\n", hosts=f"127.0.0.1 localhost\n{line}")
    heal("hosts-file-override")
    assert (network.etc / "hosts").read_text() == "127.0.0.1 localhost\n"
