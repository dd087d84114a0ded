"""What a report prints for a forwarder on a Linux host is pasted there, and the name resolves afterwards."""

from __future__ import annotations

import pytest

from tests.system import servers
from tests.system.healing import FORWARD, Heal, Service, dnsmasq, unbound
from tests.system.topology import HOME, ROUTER, SIGNED, VPC, VPC_RESOLVER, Network

pytestmark = pytest.mark.system


def test_a_rule_for_dnsmasq(network: Network, heal: Heal) -> None:
    service = dnsmasq(network, "conf-dir=/etc/dnsmasq.d")
    heal("split-dns-missing", dnsmasq=service)


def test_a_rule_for_a_dnsmasq_with_rebind_protection(network: Network, heal: Heal) -> None:
    rule = f"server=/example.internal/{VPC_RESOLVER}"
    service = dnsmasq(network, "conf-dir=/etc/dnsmasq.d", "stop-dns-rebind", rule)
    heal("rebind-protection", dnsmasq=service)


def test_a_file_of_dnsmasq_is_included(network: Network, heal: Heal) -> None:
    service = dnsmasq(network)
    (network.etc / "dnsmasq.d/depot.conf").write_text(f"server=/example.internal/{VPC_RESOLVER}\n")
    heal("forwarder-file-not-included", dnsmasq=service)


def test_a_file_of_unbound_gets_a_name_that_it_reads(network: Network, heal: Heal) -> None:
    service = unbound(network)
    text = f"{FORWARD}server:\n    domain-insecure: example.internal\n"
    (network.etc / "unbound/unbound.conf.d/vpc").write_text(text)
    heal("forwarder-file-not-included", unbound=service)


def test_a_rule_for_unbound(network: Network, heal: Heal) -> None:
    heal("split-dns-missing", unbound=unbound(network))


def test_unbound_lets_private_addresses_through(network: Network, heal: Heal) -> None:
    service = unbound(network, f"{FORWARD}server:\n    private-address: 10.0.0.0/8\n")
    heal("rebind-protection", unbound=service)


def test_unbound_does_not_validate_the_namespace(network: Network, heal: Heal) -> None:
    anchor = servers.signed_internet(network)
    service = unbound(network, f'{FORWARD}server:\n    trust-anchor-file: "{anchor}"\n', upstream=SIGNED)
    heal("dnssec-rejects-zone", unbound=service)


def test_a_rule_for_a_dnsmasq_with_a_main_file_alone(network: Network, heal: Heal) -> None:
    heal("split-dns-missing", dnsmasq=dnsmasq(network))


@pytest.mark.parametrize(
    "lines",
    [
        (f"server=/example.internal/{ROUTER}",),
        (f"server=/.Example.internal/lan/{ROUTER}", "local=/internal/"),
    ],
    ids=["one", "several domains"],
)
def test_a_wrong_rule_of_dnsmasq_is_corrected(network: Network, heal: Heal, lines: tuple[str, ...]) -> None:
    """Servers of the same domain add up, so a second rule would be one of two that are asked."""
    service = dnsmasq(network, "conf-dir=/etc/dnsmasq.d")
    (network.etc / "dnsmasq.d/vpn.conf").write_text("\n".join(lines))  # the last line is not ended
    service.restart()
    heal("resolver-file-wrong-nameserver", dnsmasq=service)


def test_a_wrong_zone_of_unbound_is_corrected(network: Network, heal: Heal) -> None:
    """Of two zones of the same name unbound takes the first."""
    zone = f"forward-zone:\n    name: example.internal\n    forward-addr: {ROUTER}\n"
    other = f"forward-zone:\n    name: lan\n    forward-addr: {ROUTER}\n"
    heal("resolver-file-wrong-nameserver", unbound=unbound(network, zone + other))
    assert network.dig("127.0.0.1", "one.one.one.one", "+short").strip() == "1.1.1.1"


OFFICE = "192.168.1.53"


def test_another_server_lets_private_addresses_through(network: Network, heal: Heal) -> None:
    """The dnsmasq of the office filters; this host only asks it."""
    network.ip(HOME, "address", "add", f"{OFFICE}/24", "dev", "lan0")
    conf = network.scratch / "office.conf"
    conf.write_text(
        f"no-resolv\nno-hosts\nlisten-address={OFFICE}\nbind-interfaces\nuser=root\nserver={ROUTER}\n"
        f"stop-dns-rebind\nserver=/example.internal/{VPC_RESOLVER}\n"
    )
    network.cable(HOME, "dx0", "10.98.0.1/30", VPC, "dx1", "10.98.0.2/30")
    network.ip(HOME, "route", "add", "10.10.0.0/16", "via", "10.98.0.2")
    words = ("dnsmasq", "--keep-in-foreground", f"--conf-file={conf}", "--pid-file=")
    ready = ("dig", f"@{OFFICE}", "+time=1", "+tries=1", "version.bind", "TXT", "CH")
    service = Service(network, *words, ready=ready, namespace=HOME)
    network.own_etc()
    network.files(resolv_conf=f"nameserver {OFFICE}\n")
    heal("rebind-protection", which=1, include=conf, dnsmasq=service)


def test_another_server_does_not_validate_the_namespace(network: Network, heal: Heal) -> None:
    anchor = servers.signed_internet(network)
    network.ip(HOME, "address", "add", f"{OFFICE}/24", "dev", "lan0")
    network.cable(HOME, "dx0", "10.98.0.1/30", VPC, "dx1", "10.98.0.2/30")
    network.ip(HOME, "route", "add", "10.10.0.0/16", "via", "10.98.0.2")
    conf = network.scratch / "office.conf"
    conf.write_text(
        f'server:\n    interface: {OFFICE}\n    access-control: 192.168.1.0/24 allow\n    do-ip6: no\n    username: ""\n'
        f'    chroot: ""\n    pidfile: ""\n    use-syslog: no\n    trust-anchor-file: "{anchor}"\n'
        f"remote-control:\n    control-enable: no\nforward-zone:\n    name: .\n    forward-addr: {SIGNED}\n{FORWARD}"
    )
    ready = ("dig", f"@{OFFICE}", "+time=1", "+tries=1", "version.bind", "TXT", "CH")
    service = Service(network, "unbound", "-d", "-c", str(conf), ready=ready, namespace=HOME)
    network.own_etc()
    network.files(resolv_conf=f"nameserver {OFFICE}\n")
    heal("dnssec-rejects-zone", include=conf, unbound=service)
