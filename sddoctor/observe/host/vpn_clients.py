"""What shows VPN clients on a host, and the DNS policy that they show themselves. Commands run side by side."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial

from sddoctor.case.seen import Absent, Fact, NotAttempted, Seen
from sddoctor.case.vpn_client import VpnMark, VpnPolicy
from sddoctor.formats.host import ipconfig, vpn_marks, vpn_status
from sddoctor.observe.host.source import HostSource
from sddoctor.observe.work import run_all

_INTERFACES = "/sys/class/net"
_WG_QUICK = "/etc/wireguard"
#: The units that systemd starts at boot. https://www.freedesktop.org/software/systemd/man/latest/systemd.unit.html
_ENABLED = "/etc/systemd/system/multi-user.target.wants"

_POLICIES: tuple[tuple[str, Callable[[str], Fact[VpnPolicy]]], ...] = (
    (vpn_status.TAILSCALE_COMMAND, vpn_status.parse_tailscale),
    (vpn_status.NETBIRD_COMMAND, vpn_status.parse_netbird),
)


def marks(source: HostSource) -> tuple[VpnMark, ...]:
    """Return what shows VPN clients, beside what addresses, resolvers and resolv.conf show."""
    if source.platform == "windows":
        adapters = vpn_status.parse_adapters(_output(source, vpn_status.ADAPTERS_COMMAND))
        return (*adapters, *vpn_status.parse_ipconfig(_output(source, ipconfig.COMMAND)))
    found = [*_programs(source)]
    if source.platform == "macos":
        return (*found, *vpn_status.parse_services(_output(source, vpn_status.SERVICES_COMMAND)))
    return (*found, *_units(source), *_tunnels(source))


def policies(source: HostSource) -> tuple[Fact[VpnPolicy], ...]:
    """Return the policies of the clients that are installed and show one."""
    outputs: list[Fact[str]] = run_all([partial(source.run, tuple(line.split())) for line, _ in _POLICIES])
    return tuple(
        output.then(parse)
        for output, (_, parse) in zip(outputs, _POLICIES, strict=True)
        if not isinstance(output, (Absent, NotAttempted))
    )


def _programs(source: HostSource) -> tuple[VpnMark, ...]:
    for line in (vpn_status.PROGRAMS_COMMAND, *vpn_status.OTHER_PROGRAMS_COMMANDS):
        if found := vpn_status.parse_programs(_output(source, line), line):
            return found
        if source.label is None and line == vpn_status.OTHER_PROGRAMS_COMMANDS[0]:
            break  # the others are forms of recordings
    return ()


def _output(source: HostSource, line: str) -> str:
    return source.run(tuple(line.split())).seen_or("")


def _units(source: HostSource) -> Iterator[VpnMark]:
    """Yield the units that start at boot, and the files of wg-quick: an instance of its unit is called after its interface.

    https://man7.org/linux/man-pages/man8/wg-quick.8.html
    """
    for name in source.list(_ENABLED).seen_or(()):
        if product := vpn_marks.of_unit(name):
            interface = re.fullmatch(r"wg-quick@(.+)\.service", name)
            seen = f"{name} is enabled"
            yield VpnMark(product, _ENABLED, seen, _unescaped(interface[1]) if interface is not None else None)
    for name in source.list(_WG_QUICK).seen_or(()):
        if name.endswith(".conf"):
            interface_name = name.removesuffix(".conf")
            product = vpn_marks.of_interface(interface_name) or vpn_marks.WIREGUARD
            yield VpnMark(product, f"{_WG_QUICK}/{name}", f"configures {interface_name}", interface_name)


def _unescaped(instance: str) -> str:
    """Return the interface of a unit's instance. systemd-escape(1)"""
    return re.sub(r"\\x([0-9a-f]{2})", lambda m: chr(int(m[1], 16)), instance)


def _tunnels(source: HostSource) -> Iterator[VpnMark]:
    """Yield the tunnels of the kernel: WireGuard's own say so, those of programs have flags of tun(4).

    One at a bridge is the port of a virtual machine or a container.
    https://docs.kernel.org/networking/tuntap.html
    """
    for name in source.list(_INTERFACES).seen_or(()):
        if b"DEVTYPE=wireguard" in source.read(f"{_INTERFACES}/{name}/uevent").seen_or(b""):
            product = vpn_marks.of_interface(name) or vpn_marks.WIREGUARD
            yield VpnMark(product, f"{_INTERFACES}/{name}/uevent", "DEVTYPE=wireguard", name)
            continue
        is_tunnel = isinstance(source.read(f"{_INTERFACES}/{name}/tun_flags"), Seen)
        if is_tunnel and not isinstance(source.list(f"{_INTERFACES}/{name}/brport"), Seen):
            yield VpnMark(vpn_marks.of_interface(name), f"{_INTERFACES}/{name}/tun_flags", "a tunnel", name)
