"""What is printed as the fix on Linux, run there: programs then resolve the name, with the real forwarders."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.system import resolved
from tests.system.conftest import Check
from tests.system.topology import HOME, LAPTOP, ROUTER, VPC, VPC_RESOLVER, Network, inside, sh

pytestmark = pytest.mark.system

NAME = "dev-api.example.internal"
ADDRESSES = {"10.10.211.50", "10.10.212.150"}
needs_resolved = pytest.mark.skipif(
    resolved.program() is None and not resolved.REQUIRED,
    reason=f"unpack Debian's systemd-resolved into {resolved.UNPACKED}, as .ci/run does",
)
#: The laptop has neither sudo nor systemd as init; what would be started anew is so by the test.
SHELL = 'sudo() { "$@"; }; systemctl() { echo "restart $2"; }\n'
Env = dict[str, str]


def _report(network: Network, check: Check, scratch: Path, env: Env | None = None) -> dict[str, Any]:
    """Judge what a check of the laptop saw, without the marks of the machine on which the test runs."""
    path = scratch / "case.json"
    check("--save", str(path), env=env)
    case = json.loads(path.read_text())
    case["places"][0]["host"]["value"]["marks"] = []
    path.write_text(json.dumps(case))
    words = [sys.executable, "-m", "sddoctor", "check", "--from", str(path), "-o", "json"]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    report: dict[str, Any] = json.loads(done.stdout)["reports"][0]
    return report


def _heal(network: Network, check: Check, env: Env | None = None, restart: Callable[[], None] | None = None) -> str:
    """Run the first fix that has commands, and look the name up. Returns the commands."""
    report = _report(network, check, network.scratch, env)
    (cause,) = [f for f in report["findings"] if f["role"] == "root-cause"]
    assert cause["code"] == "split-dns-missing", report["headline"]
    fix = next(x for x in cause["fixes"] if x["commands"])
    pasted = "\n".join(fix["commands"])
    done = network.run("sh", "-ec", SHELL + pasted, env=env)
    assert done.returncode == 0, done.stderr
    if restart is not None:
        assert "restart" in done.stdout, pasted
        restart()
    network.wait_until("sh", "-c", f"getent ahosts {NAME} | grep -q 10.10.211.50", env=env)
    found = network.run("getent", "ahosts", NAME, env=env).stdout
    assert {line.split()[0] for line in found.splitlines()} == ADDRESSES, pasted
    return pasted


def test_a_plain_list(network: Network, check: Check) -> None:
    network.own_etc()
    network.files(resolv_conf=f"# by hand\nsearch lan\nnameserver {ROUTER}\noptions timeout:1\n")
    _heal(network, check)
    said = (network.etc / "resolv.conf").read_text()
    assert said == f"nameserver {VPC_RESOLVER}\nnameserver {ROUTER}\nsearch lan\noptions timeout:1\n"


@pytest.mark.parametrize("folder", ["", "conf-dir=/etc/dnsmasq.d/,*.conf\n"], ids=["main file", "folder"])
def test_a_dnsmasq(network: Network, check: Check, folder: str) -> None:
    network.own_etc()
    network.files(resolv_conf="nameserver 127.0.0.1\n")
    own = f"listen-address=127.0.0.1\nbind-interfaces\nno-resolv\nuser=root\n{folder}"
    (network.etc / "dnsmasq.conf").write_text(own if folder else f"{own}server={ROUTER}\n")
    (network.etc / "dnsmasq.d").mkdir(exist_ok=True)
    if folder:
        (network.etc / "dnsmasq.d/home.conf").write_text(f"server={ROUTER}\n")
    start = ("dnsmasq", "--keep-in-foreground", "--pid-file=")
    first = network.start(LAPTOP, *start)
    network.wait_for(LAPTOP, "127.0.0.1")

    def restart() -> None:
        first.terminate()
        first.wait(60)
        network.start(LAPTOP, *start)

    assert "/etc/dnsmasq" in _heal(network, check, restart=restart)


def test_an_unbound(network: Network, check: Check) -> None:
    network.own_etc()
    network.files(resolv_conf="nameserver 127.0.0.1\n")
    (network.etc / "unbound").mkdir(exist_ok=True)
    (network.etc / "unbound/unbound.conf").write_text(
        'server:\n    interface: 127.0.0.1\n    do-ip6: no\n    username: ""\n    chroot: ""\n    pidfile: ""\n    use-syslog: no\n'
        f'    module-config: "iterator"\nforward-zone:\n    name: "."\n    forward-addr: {ROUTER}\n'
    )
    start = ("unbound", "-d", "-c", "/etc/unbound/unbound.conf")
    first = network.start(LAPTOP, *start)
    network.wait_for(LAPTOP, "127.0.0.1")

    def restart() -> None:
        first.terminate()
        first.wait(60)
        network.start(LAPTOP, *start)

    _heal(network, check, restart=restart)


@needs_resolved
def test_resolved_on_the_link_that_leads_there(network: Network, check: Check) -> None:
    resolved.start(network, {}, settings="LLMNR=no\nMulticastDNS=no\n")
    pasted = _heal(network, check, resolved.ENVIRONMENT)
    assert "resolvectl dns tun0" in pasted


@needs_resolved
def test_resolved_where_the_default_route_leads_there(network: Network, check: Check) -> None:
    """No link can be given the server without losing the one that it has."""
    network.vpn_down()
    network.cable(HOME, "dx0", "10.98.0.1/30", VPC, "dx1", "10.98.0.2/30")
    sh(*inside(HOME, "sysctl", "-qw", "net.ipv4.ip_forward=1"))
    network.ip(HOME, "route", "add", "10.10.0.0/16", "via", "10.98.0.2")
    network.ip(VPC, "route", "add", "192.168.1.0/24", "via", "10.98.0.1")
    resolved.start(network, {}, settings="LLMNR=no\nMulticastDNS=no\n")

    def restart() -> None:
        network.processes[-1].terminate()
        network.processes[-1].wait(60)
        network.start(LAPTOP, str(resolved.program()))

    pasted = _heal(network, check, resolved.ENVIRONMENT, restart)
    assert "/etc/systemd/resolved.conf.d/example.internal.conf" in pasted
