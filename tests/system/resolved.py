"""systemd-resolved and systemd-networkd on the laptop, with a message bus of their own and without systemd as init."""

from __future__ import annotations

import os
from pathlib import Path

from tests.system.topology import LAPTOP, ROUTER, Network

#: The package takes over /etc/resolv.conf of the machine when it is installed, so it may be unpacked here instead.
UNPACKED = Path("/opt/systemd-resolved")
ENVIRONMENT = {"PATH": f"{UNPACKED}/usr/bin:{os.environ.get('PATH', '')}"}
REQUIRED = bool(os.environ.get("CI"))
_BUS = """\
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>system</type><listen>unix:path=/run/dbus/system_bus_socket</listen>
<policy context="default"><allow user="*"/><allow own="*"/><allow send_destination="*"/><allow receive_sender="*"/></policy>
</busconfig>
"""


def program() -> Path | None:
    """Return the program, installed or unpacked."""
    places = (Path("/usr/lib/systemd/systemd-resolved"), *UNPACKED.glob("**/systemd/systemd-resolved"))
    return next((p for p in places if p.is_file()), None)


def start(network: Network, networks: dict[str, str], default: str = ROUTER, settings: str = "") -> None:
    """Start both with these .network files and settings of systemd-resolved; resolv.conf names its stub.

    The link ``eth0`` has the default server.
    """
    found = program()
    assert found is not None, f"systemd-resolved is neither installed nor unpacked in {UNPACKED}"
    network.own_etc()
    directory = network.etc / "systemd/network"
    directory.mkdir(parents=True, exist_ok=True)
    home = f"[Match]\nName=eth0\n[Network]\nDNS={default}\nDNSDefaultRoute=yes\nKeepConfiguration=yes\n"
    for name, text in {"60-home.network": home, **networks}.items():
        (directory / name).write_text(text)
    (network.etc / "systemd/resolved.conf").write_text(f"[Resolve]\n{settings}")
    network.files(resolv_conf="nameserver 127.0.0.53\n", nsswitch="hosts: files dns\n")
    start_bus(network)
    network.start(LAPTOP, "/usr/lib/systemd/systemd-networkd")
    network.start(LAPTOP, str(found))
    network.wait_until("sh", "-c", f"resolvectl dns eth0 | grep -q {default}", env=ENVIRONMENT)


def start_bus(network: Network) -> None:
    """Start a message bus on the laptop, on which everything is allowed. /sys is read-only, as where there is no udev."""
    bus = network.scratch / "bus.conf"
    bus.write_text(_BUS)
    network.start(LAPTOP, "sh", "-c", "mkdir -p /run/dbus /run/systemd; mount -o remount,ro /sys; touch /run/ready")
    network.wait_until("test", "-e", "/run/ready")
    network.start(LAPTOP, "dbus-daemon", f"--config-file={bus}", "--nofork", "--nopidfile")
    network.wait_until("test", "-e", "/run/dbus/system_bus_socket")
