"""What is generated is accepted by the real programs, and works: the name resolves through each of them."""

from __future__ import annotations

import configparser
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.system import networkmanager, resolved, servers, tunnels
from tests.system.conftest import Check
from tests.system.topology import LAPTOP, ROUTER, SIGNED, VPC, VPC_RESOLVER, Network

pytestmark = pytest.mark.system

NAME, PTR = "dev-api.example.internal", ("-x", "10.10.211.50")
ADDRESSES = ["10.10.211.50", "10.10.212.150"]


def generated(form: str, server: str = VPC_RESOLVER) -> str:
    words = [sys.executable, "-m", "sddoctor", "resolver", "generate", "example.internal", "--format", form]
    words += ["--nameserver", server, "--cidr", "10.10.0.0/16"]
    return subprocess.run(words, capture_output=True, text=True, check=True).stdout


def through(network: Network, server: str = "127.0.0.1") -> tuple[list[str], str]:
    """Return the addresses of the name, and the name of one of them."""
    return sorted(network.dig(server, NAME, "+short").split()), network.dig(server, *PTR, "+short").strip()


RIGHT = (ADDRESSES, "ip-10-10-211-50.ap-northeast-1.compute.internal.")


def test_dnsmasq_resolves_with_rebind_protection_and_bogus_priv(network: Network, check: Check) -> None:
    file = network.scratch / "example.internal.conf"
    file.write_text(generated("dnsmasq"))
    assert subprocess.run(["dnsmasq", "--test", f"--conf-file={file}"], check=False).returncode == 0
    servers.dnsmasq(network, f"server={ROUTER}", "stop-dns-rebind", "bogus-priv", f"conf-file={file}")
    network.files(resolv_conf="nameserver 127.0.0.1\n")
    assert through(network) == RIGHT
    assert network.dig("127.0.0.1", "one.one.one.one", "+short").strip() == "1.1.1.1"
    report = check()
    assert (report["verdict"], report["root_causes"]) == ("healthy", []), report["headline"]


def test_unbound_resolves_with_rebind_protection_and_validation(network: Network, check: Check) -> None:
    anchor = servers.signed_internet(network)
    strict = f'server:\n    private-address: 10.0.0.0/8\n    trust-anchor-file: "{anchor}"\n'
    servers.unbound(network, strict + generated("unbound"), upstream=SIGNED)
    network.files(resolv_conf="nameserver 127.0.0.1\n")
    assert through(network) == RIGHT
    assert "flags: qr rd ra ad" in network.dig("127.0.0.1", "one.one.one.one", "+dnssec")  # it does validate
    report = check()
    assert (report["verdict"], report["root_causes"]) == ("healthy", []), report["headline"]


@pytest.mark.parametrize("options", [True, False], ids=["with its options", "alone"])
def test_named_resolves_with_validation_and_its_empty_zones(network: Network, check: Check, options: bool) -> None:
    """What the comments say belongs there: without it named rejects the unsigned zone, and denies private reverse zones."""
    anchor = servers.signed_internet(network)
    key = anchor.read_text().partition("DNSKEY ")[2].split()
    text = generated("bind")
    said = "\n".join(line.partition("named: ")[2] for line in text.splitlines() if "named: " in line)
    conf = network.scratch / "named.conf"
    conf.write_text(
        f'options {{ directory "{network.scratch}"; pid-file none; listen-on {{ 127.0.0.1; }}; listen-on-v6 {{ none; }};\n'
        f"forwarders {{ {SIGNED}; }}; forward only; dnssec-validation yes;\n{said if options else ''}\n}};\n"
        f'controls {{ }};\ntrust-anchors {{ . static-key {" ".join(key[:3])} "{"".join(key[3:])}"; }};\n{text}'
    )
    subprocess.run(["named-checkconf", str(conf)], check=True)
    network.start(LAPTOP, "named", "-g", "-c", str(conf))
    network.wait_for(LAPTOP, "127.0.0.1")
    network.files(resolv_conf="nameserver 127.0.0.1\n")
    assert "flags: qr rd ra ad" in network.dig("127.0.0.1", "one.one.one.one", "+dnssec")  # it does validate
    if not options:
        assert through(network) == ([], "")
        return
    assert through(network) == RIGHT
    report = check()
    assert (report["verdict"], report["root_causes"]) == ("healthy", []), report["headline"]


needs_resolved = pytest.mark.skipif(
    resolved.program() is None and not resolved.REQUIRED,
    reason=f"unpack Debian's systemd-resolved into {resolved.UNPACKED}, as .ci/run does",
)


@needs_resolved
def test_systemd_resolved_and_networkd_resolve(network: Network, check: Check) -> None:
    resolved.start(network, {"50-example.internal.network": generated("systemd-resolved")})
    status = network.run("resolvectl", "status", env=resolved.ENVIRONMENT).stdout
    assert "~example.internal" in status, status
    assert through(network, "127.0.0.53") == RIGHT
    assert network.dig("127.0.0.53", "one.one.one.one", "+short").strip() == "1.1.1.1"
    report = check(env=resolved.ENVIRONMENT)
    assert (report["verdict"], report["root_causes"]) == ("healthy", []), report["headline"]


@needs_resolved
def test_wireguard_resolves_through_its_tunnel(network: Network, check: Check) -> None:
    tunnels.by_way_of_home(network)
    resolved.start(network, {})
    assert through(network, "127.0.0.53") != RIGHT
    tunnels.wireguard(network, generated("wireguard"))
    resolves_by_the_tunnel(network, check)


@needs_resolved
def test_openvpn_resolves_through_its_tunnel(network: Network, check: Check) -> None:
    tunnels.by_way_of_home(network)
    resolved.start(network, {})
    tunnels.openvpn(network, f'{generated("openvpn")}push "route 10.10.0.0 255.255.0.0"\n')
    resolves_by_the_tunnel(network, check)


@needs_resolved
def test_openvpn_resolves_by_a_server_with_ipv6(network: Network) -> None:
    tunnels.by_way_of_home(network)
    resolved.start(network, {})
    network.ip(VPC, "address", "add", "fd00:10::2/128", "dev", "lo")
    words = (
        "--no-resolv",
        "--no-hosts",
        "--bind-interfaces",
        "--listen-address=fd00:10::2",
        "--user=root",
        "--pid-file=",
    )
    network.start(VPC, "dnsmasq", "--keep-in-foreground", f"--server={VPC_RESOLVER}", *words)
    network.wait_for(VPC, "fd00:10::2")
    tunnels.openvpn(network, generated("openvpn", "fd00:10::2"))
    assert "dev tun0" in network.run("ip", "route", "get", "fd00:10::2").stdout
    assert through(network, "127.0.0.53") == RIGHT
    assert network.dig("127.0.0.53", "one.one.one.one", "+short").strip() == "1.1.1.1"


@needs_resolved
def test_nebula_carries_the_queries_of_systemd_resolved(network: Network, check: Check) -> None:
    tunnels.by_way_of_home(network)
    tunnel = generated("systemd-resolved")
    resolved.start(network, {"50-example.internal.network": tunnel})
    tunnels.nebula(network, generated("nebula"))
    network.wait_until("sh", "-c", f"resolvectl dns tun0 | grep -q {VPC_RESOLVER}", env=resolved.ENVIRONMENT)
    resolves_by_the_tunnel(network, check)


def resolves_by_the_tunnel(network: Network, check: Check) -> None:
    assert "dev tun0" in network.run("ip", "route", "get", VPC_RESOLVER).stdout
    assert through(network, "127.0.0.53") == RIGHT
    assert network.dig("127.0.0.53", "one.one.one.one", "+short").strip() == "1.1.1.1"
    report = check(env=resolved.ENVIRONMENT)
    assert (report["verdict"], report["root_causes"]) == ("healthy", []), report["headline"]


CONNECTION = """\
[connection]
id=vpn
type=vpn
uuid=5f2b0d3c-0a55-4b6b-9a0e-0c2f7bb8a6aa
[vpn]
service-type=org.freedesktop.NetworkManager.openvpn
"""
needs_networkmanager = pytest.mark.skipif(
    not Path(networkmanager.NMCLI).exists() and not resolved.REQUIRED,
    reason=f"unpack Debian's network-manager into {networkmanager.UNPACKED}, as .ci/run does",
)


@needs_networkmanager
def test_networkmanager_reads_its_keyfile_as_meant(network: Network) -> None:
    """What it does not understand it leaves out of what it writes."""
    merged = network.scratch / "vpn.nmconnection"
    merged.write_text(f"{CONNECTION}{generated('networkmanager')}method=auto\n")
    modify = f"{networkmanager.NMCLI} --offline connection modify connection.autoconnect no < {merged}"
    done = network.run("sh", "-c", modify)
    assert done.returncode == 0, done.stderr
    read = configparser.ConfigParser(strict=True, interpolation=None)
    read.read_string(done.stdout)
    assert read["ipv4"]["dns"] == f"{VPC_RESOLVER};"
    assert read["ipv4"]["dns-search"] == "~example.internal;~10.10.in-addr.arpa;"
    assert "never-default" not in read["ipv4"]


@needs_networkmanager
@pytest.mark.parametrize(
    ("dns", "stub"), [("dnsmasq", "127.0.0.1"), pytest.param("systemd-resolved", "127.0.0.53", marks=needs_resolved)]
)
def test_networkmanager_resolves_and_leaves_the_routes_alone(
    network: Network, check: Check, dns: str, stub: str
) -> None:
    networkmanager.start(network, dns, generated("networkmanager"))
    assert through(network, stub) == RIGHT
    assert network.dig(stub, "one.one.one.one", "+short").strip() == "1.1.1.1"
    assert "via 192.168.1.1 dev eth0" in network.run("ip", "route", "show", "default").stdout
    report = check(env=resolved.ENVIRONMENT)
    assert (report["verdict"], report["root_causes"]) == ("healthy", []), report["headline"]


INSTALL = (sys.executable, "-m", "sddoctor", "resolver", "install", "example.internal", "--format", "dnsmasq")
REMOVE = (sys.executable, "-m", "sddoctor", "resolver", "remove", "example.internal", "--format", "dnsmasq", "--yes")


@pytest.fixture
def with_dnsmasq(network: Network) -> Iterator[Path]:
    """A laptop whose dnsmasq reads /etc/dnsmasq.d and is restarted by a ``systemctl`` of its own. Yields its /etc."""
    network.own_etc()
    network.files(resolv_conf="nameserver 127.0.0.1\n")
    (network.etc / "dnsmasq.d").mkdir(exist_ok=True)
    conf = network.etc / "dnsmasq.conf"
    conf.write_text(
        f"no-resolv\nlisten-address=127.0.0.1\nbind-interfaces\nuser=root\nserver={ROUTER}\nstop-dns-rebind\n"
        "pid-file=/run/dnsmasq.pid\nconf-dir=/etc/dnsmasq.d\n"
    )
    tools = network.scratch / "tools"
    tools.mkdir()
    script = tools / "systemctl"
    script.write_text(
        '#!/bin/sh\n[ "$*" = "restart dnsmasq" ] || exit 1\nkill "$(cat /run/dnsmasq.pid)" && sleep 0.3\n'
        "exec dnsmasq </dev/null >/dev/null 2>&1\n"
    )
    script.chmod(0o755)
    assert network.run("dnsmasq").returncode == 0
    yield network.etc
    network.run("sh", "-c", 'kill "$(cat /run/dnsmasq.pid)"')


def put(network: Network, *words: str) -> subprocess.CompletedProcess[str]:
    done = network.run(*words, env={"PATH": f"{network.scratch / 'tools'}:{os.environ['PATH']}"})
    assert "Traceback" not in done.stderr, done.stderr
    return done


def test_install_verify_and_remove_on_a_running_host(network: Network, with_dnsmasq: Path) -> None:
    before = sorted(p.name for p in with_dnsmasq.iterdir())
    done = put(network, *INSTALL, "--nameserver", VPC_RESOLVER, "--yes", "--verify", NAME)
    assert done.returncode == 0, done.stderr
    assert f"{NAME} resolves to 10.10.21" in done.stderr
    file = with_dnsmasq / "dnsmasq.d/example.internal.conf"
    assert "+server=/example.internal/10.10.0.2" in done.stdout
    assert file.stat().st_mode & 0o777 == 0o644
    assert sorted(network.run("getent", "ahostsv4", NAME).stdout.split())[0] == ADDRESSES[0]
    shown = put(network, sys.executable, "-m", "sddoctor", "resolver", "show", NAME).stdout
    assert "An ordinary program asks 10.10.0.2: dnsmasq on this host forwards example.internal" in " ".join(
        shown.split()
    )
    assert "by way of" in shown
    assert "tunnel by tun0" in shown
    again = put(network, *INSTALL, "--nameserver", VPC_RESOLVER, "--verify", NAME)
    assert (again.returncode, again.stdout) == (0, "")
    done = put(network, *REMOVE)
    assert done.returncode == 0, done.stderr
    assert network.run("getent", "ahostsv4", NAME).stdout == ""
    assert not file.exists()
    assert sorted(p.name for p in with_dnsmasq.iterdir()) == before  # nothing is left lying about


def test_a_server_that_does_not_know_the_name_is_told_by_the_verification(network: Network, with_dnsmasq: Path) -> None:
    done = put(network, *INSTALL, "--nameserver", ROUTER, "--yes", "--verify", NAME)
    assert done.returncode == 1
    assert f"{NAME} does not resolve (not found)" in done.stderr


def test_a_configuration_that_the_program_refuses_is_taken_back(network: Network, with_dnsmasq: Path) -> None:
    """Something else in the directory is broken, so a restart would take DNS away from the whole host."""
    foreign = with_dnsmasq / "dnsmasq.d/example.internal.conf"
    foreign.write_text("server=/example.internal/10.10.0.9\n")
    (with_dnsmasq / "dnsmasq.d/broken.conf").write_text("no-such-option\n")
    done = put(network, *INSTALL, "--nameserver", VPC_RESOLVER, "--yes", "--force")
    assert done.returncode == 2
    assert "everything is as it was" in done.stderr
    assert "'dnsmasq --test' failed" in done.stderr
    assert foreign.read_text() == "server=/example.internal/10.10.0.9\n"
    assert sorted(p.name for p in (with_dnsmasq / "dnsmasq.d").iterdir()) == ["broken.conf", "example.internal.conf"]
    assert not (with_dnsmasq / "sddoctor-backups").exists()
    assert network.dig("127.0.0.1", "one.one.one.one", "+short").strip() == "1.1.1.1"  # it still runs


def test_a_restart_that_fails_brings_the_old_state_back_to_life(network: Network, with_dnsmasq: Path) -> None:
    """The restart fails the first time only: the second one must have read the old files again."""
    script = network.scratch / "tools/systemctl"
    flag = network.scratch / "failed"
    text = script.read_text().replace("#!/bin/sh\n", f"#!/bin/sh\n[ -e {flag} ] || {{ touch {flag}; exit 1; }}\n")
    script.write_text(text)
    done = put(network, *INSTALL, "--nameserver", VPC_RESOLVER, "--yes")
    assert done.returncode == 2
    assert "'systemctl restart dnsmasq' failed" in done.stderr
    assert list((with_dnsmasq / "dnsmasq.d").glob("example*")) == []
    assert network.dig("127.0.0.1", NAME, "+short") == ""
    assert network.dig("127.0.0.1", "one.one.one.one", "+short").strip() == "1.1.1.1"
