"""What shows VPN clients on a host, and the DNS policy that they show themselves. Commands run side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from sddoctor.case.seen import Absent, Fact, NotAttempted, Seen
from sddoctor.case.vpn_client import VpnMark, VpnPolicy
from sddoctor.formats.host import vpn_marks, vpn_status
from sddoctor.observe.host.source import HostSource
from sddoctor.observe.work import run_all

_INTERFACES = "/sys/class/net"
#: The units that systemd starts at boot. https://www.freedesktop.org/software/systemd/man/latest/systemd.unit.html
_ENABLED = "/etc/systemd/system/multi-user.target.wants"

_POLICIES: tuple[tuple[str, Callable[[str], Fact[VpnPolicy]]], ...] = (
    (vpn_status.TAILSCALE_COMMAND, vpn_status.parse_tailscale),
    (vpn_status.NETBIRD_COMMAND, vpn_status.parse_netbird),
)


def marks(source: HostSource) -> tuple[VpnMark, ...]:
    """Return what shows VPN clients, beside what addresses, resolvers and resolv.conf show."""
    if source.platform == "windows":
        return vpn_status.parse_adapters(_output(source, vpn_status.ADAPTERS_COMMAND))
    found = [*vpn_status.parse_programs(_output(source, vpn_status.PROGRAMS_COMMAND))]
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


def _output(source: HostSource, line: str) -> str:
    return source.run(tuple(line.split())).seen_or("")


def _units(source: HostSource) -> Iterator[VpnMark]:
    for name in source.list(_ENABLED).seen_or(()):
        if product := vpn_marks.of_unit(name):
            yield VpnMark(product, _ENABLED, f"{name} is enabled")


def _tunnels(source: HostSource) -> Iterator[VpnMark]:
    """Yield the tunnels of the kernel: WireGuard's own say so, those of programs have flags of tun(4).

    https://docs.kernel.org/networking/tuntap.html
    """
    for name in source.list(_INTERFACES).seen_or(()):
        if b"DEVTYPE=wireguard" in source.read(f"{_INTERFACES}/{name}/uevent").seen_or(b""):
            product = vpn_marks.of_interface(name) or vpn_marks.WIREGUARD
            yield VpnMark(product, f"{_INTERFACES}/{name}/uevent", "DEVTYPE=wireguard", name, connected=True)
        elif isinstance(source.read(f"{_INTERFACES}/{name}/tun_flags"), Seen):
            yield VpnMark(vpn_marks.of_interface(name), f"{_INTERFACES}/{name}/tun_flags", "a tunnel", name)
