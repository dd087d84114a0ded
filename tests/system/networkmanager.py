"""NetworkManager on the laptop, with a message bus of its own and one connection for the house and one for the VPN."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.system import resolved
from tests.system.topology import LAPTOP, ROUTER, Network

#: Unpacked only: NetworkManager must not take over the network of the machine.
UNPACKED = Path("/opt/network-manager")
NMCLI = shutil.which("nmcli") or str(UNPACKED / "usr/bin/nmcli")
PROGRAM = (shutil.which("NetworkManager") or str(UNPACKED / "usr/sbin/NetworkManager"), "--no-daemon")
READY = (NMCLI, "general", "status")
HOME = f"""\
[connection]
id=home
type=ethernet
interface-name=eth0
[ipv4]
method=manual
address1=192.168.1.23/24,{ROUTER}
dns={ROUTER};
[ipv6]
method=disabled
"""


def start(network: Network, dns: str, vpn: str) -> None:
    """Start it with ``dns=`` and the DNS part of the VPN's connection, and bring both connections up."""
    if dns == "systemd-resolved":
        resolved.start(network, {})
    else:
        network.own_etc()
        resolved.start_bus(network)
    files = network.etc / "NetworkManager"
    for directory in ("system-connections", "conf.d", "dnsmasq.d"):  # as the package makes them
        (files / directory).mkdir(parents=True, exist_ok=True)
    (files / "NetworkManager.conf").write_text(
        f"[main]\nplugins=keyfile\ndns={dns}\nrc-manager=file\nno-auto-default=*\n"
    )
    tunnel = (
        f"{vpn}[ipv4]\nmethod=manual\naddress1=10.99.0.2/24\nroute1=10.10.0.0/16\n[ipv6]\nmethod=disabled\n"
        "[connection]\nid=vpn\ntype=ethernet\ninterface-name=tun0\n"
    )
    for name, text in {"home": HOME, "vpn": tunnel}.items():
        path = files / f"system-connections/{name}.nmconnection"
        path.write_text(text)
        path.chmod(0o600)
    done = network.run("sh", "-ec", "mount -t tmpfs tmpfs /var/lib; mkdir /var/lib/NetworkManager")
    assert done.returncode == 0, done.stderr
    network.start(LAPTOP, *PROGRAM)
    network.wait_until(*READY)
    for connection in ("home", "vpn"):
        done = network.run(NMCLI, "connection", "up", connection)
        assert done.returncode == 0, done.stderr
