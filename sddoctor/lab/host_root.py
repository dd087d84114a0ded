"""The host of a world as a directory that ``sddoctor check --root`` reads.

Files lie at their path below it, and the output of commands in ``commands/``, with blanks and slashes as ``_``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

from sddoctor.lab import host_files, host_text, routing_text, windows_text
from sddoctor.lab.dns.result import SERVFAIL, Reply
from sddoctor.lab.dns.service import NameService
from sddoctor.lab.lookup import HostLookup
from sddoctor.lab.routes import route_to, transports
from sddoctor.lab.state import LabState

_VERSIONS = {"macos": "14.5", "linux": "12", "windows": "10.0.22631"}
_HOSTS = {
    "macos": ("/etc/hosts", host_text.MACOS_HOSTS),
    "linux": ("/etc/hosts", host_text.LINUX_HOSTS),
    "windows": (windows_text.HOSTS, windows_text.HOSTS_TEXT),
}
#: Addresses of instances to which a route is written.
MAX_ROUTES = 200
#: Lookups that are recorded where their results may vary: a multiple of two and of three.
LOOKUPS = 6
_ADDRESS = re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}\b")


class HostRoot:
    """Writes the host's directory, and keeps the recorded lookups and routes up to date."""

    def __init__(self, state: LabState, service: NameService, root: Path) -> None:
        self._state = state
        self._service = service
        self._world = state.world
        self.root = root

    def write(self) -> None:
        """Write everything. The world's own ``files`` and ``commands`` replace what is derived."""
        host = self._world.host
        version = host.version or _VERSIONS[host.platform]
        self._file("/os-release.json", json.dumps({"platform": host.platform, "version": version}) + "\n")
        path, text = _HOSTS[host.platform]
        self._file(path, text + "".join(f"{address}\t{name}\n" for name, address in host.hosts.items()))
        if host.platform != "windows":
            self._file("/etc/resolv.conf", host_text.resolv_conf(self._world))
        if host.platform == "macos":
            for name, content in (host.resolver_files or {}).items():
                self._file(f"/etc/resolver/{name}", content)
        if host.platform == "linux":
            self._file("/etc/nsswitch.conf", host_text.NSSWITCH)
            name = "Debian GNU/Linux"
            release = f'PRETTY_NAME="{name} {version}"\nNAME="{name}"\nVERSION_ID="{version}"\nVERSION="{version}"\n'
            self._file("/etc/os-release", f"{release}ID=debian\n")
        if host.in_vpc is not None:
            self._file("/sys/devices/virtual/dmi/id/sys_vendor", "Amazon EC2\n")
        for path, content in host.files.items():
            self._file(path, content)
        self._commands(version)
        self.refresh()

    def named_servers(self) -> list[str]:
        """Return all IPv4 servers of the lab, and every IPv4 address that the host's resolver files or rules contain."""
        found = [a for a in (*self._service.addresses(), *self._world.host.nrpt.values()) if ":" not in a]
        for path in sorted([self.root / "etc/resolv.conf", *(self.root / "etc/resolver").glob("*")]):
            if path.is_file():
                found += _ADDRESS.findall(path.read_text(encoding="utf-8", errors="replace"))
        return [a for a in dict.fromkeys(found) if all(int(octet) < 256 for octet in a.split("."))]

    def refresh(self) -> None:
        """Record again the lookups of the world's name, of all services and of zones by hand, with and without the final dot."""
        host = self._world.host
        lookup = HostLookup(self._service, self.root, host, self._reaches)
        for plain in dict.fromkeys((self._world.name.lower().rstrip("."), *self._service_names(), *self._zone_names())):
            for name in (plain, f"{plain}."):
                self._lookups(name, [lookup.look_up(name) for _ in range(LOOKUPS if self._varies else 1)])
        self._routes()
        for line, output in host.commands.items():
            self._command(line, output)

    def _service_names(self) -> Iterator[str]:
        """Yield the names that Cloud Map publishes."""
        for service in self._state.services.values():
            namespace = self._state.namespaces.get(service.namespace_id)
            if namespace is not None and service.records:
                yield f"{service.name}.{namespace.name}".lower().rstrip(".")

    def _zone_names(self) -> Iterator[str]:
        """Yield the names of zones by hand that programs may look up."""
        for zone in self._world.zones:
            for record in zone.records:
                if record.alias is not None or record.type in ("A", "AAAA", "CNAME"):
                    name = record.name.lower().rstrip(".")
                    if name and not name.startswith(("*", "_")):
                        yield name

    @property
    def _varies(self) -> bool:
        """Whether one lookup may get another result than the next: a rule acts on some questions only."""
        rules = (*self._world.host.answers, *(r for of_server in self._world.answers.values() for r in of_server))
        return any(rule.every > 1 for rule in rules)

    def _lookups(self, name: str, results: list[Reply]) -> None:
        """Record what the platform's own tool prints, and where that does not say it all what getaddrinfo returns.

        The tools tell no failure from a name that does not exist, and their output is recorded once.
        """
        first = results[0]
        found = first.addresses if first is not None else ()
        if self._world.host.platform == "macos":
            self._command(f"dscacheutil -q host -a name {name}", host_text.dscacheutil(name, found))
        elif self._world.host.platform == "windows":
            error = "" if first != SERVFAIL else "UNSECURE" if self._world.host.nrpt_dnssec else "SERVFAIL"
            self._command(f"Resolve-DnsName {name}", windows_text.resolve_dnsname(name, found, error))
        else:
            self._command(f"getent ahosts {name}", host_text.getent_ahosts(name, found))
        if self._world.host.answers or self._varies or (self._world.host.platform == "linux" and first == SERVFAIL):
            for number, result in enumerate(results, 1):
                self._command(f"getaddrinfo {name}{'' if number == 1 else f'.{number}'}", host_text.getaddrinfo(result))

    def _reaches(self, server: str) -> bool:
        return transports(self._state, self._service, server)[0]

    def _commands(self, version: str) -> None:
        world = self._world
        if world.host.platform == "macos":
            self._command("sw_vers", f"ProductName:\t\tmacOS\nProductVersion:\t\t{version}\nBuildVersion:\t\t23F79\n")
            self._command(
                "scutil --dns", host_text.scutil(world, host_files.resolver_entries(self.root / "etc/resolver"))
            )
            self._command("ifconfig", routing_text.ifconfig(world))
            self._command("netstat -rn -f inet", routing_text.netstat(world))
        elif world.host.platform == "windows":
            self._command("Get-DnsClientNrptRule", windows_text.nrpt_rules(world.host))
            self._command("Get-DnsClientNrptPolicy -Effective", windows_text.nrpt_policy(world.host))
            self._command("Get-DnsClientServerAddress", windows_text.server_addresses(world))
            self._command("Get-DnsClient", windows_text.suffixes(world))
            self._command("Get-NetIPInterface", windows_text.interface_metrics(world))
            self._command("ipconfig /all", windows_text.ipconfig(world))
        else:
            self._command("ldd --version", "ldd (Debian GLIBC 2.36-9+deb12u7) 2.36\n")
            self._command("ip -brief address", routing_text.ip_brief_address(world))
            self._command("ip route", routing_text.ip_route(world))

    def _routes(self) -> None:
        """Record the route to every server and to the addresses of instances."""
        instances = [i for s in self._state.services.values() for i in s.instances]
        addresses = [i.ipv4 for i in instances if i.ipv4][:MAX_ROUTES]
        for address in dict.fromkeys([*self.named_servers(), *addresses]):
            route = route_to(self._world, address)
            if self._world.host.platform == "macos":
                self._command(f"route -n get {address}", routing_text.route_get_macos(address, route))
            elif self._world.host.platform == "windows":
                self._command(f"Find-NetRoute -RemoteIPAddress {address}", windows_text.find_netroute(route))
            else:
                self._command(f"ip route get {address}", routing_text.ip_route_get(address, route))

    def _command(self, line: str, output: str) -> None:
        self._file("/commands/" + line.replace(" ", "_").replace("/", "_"), output)

    def _file(self, path: str, content: str) -> None:
        """Write a file of the host, never outside the root whatever its path is."""
        target = (self.root / path.lstrip("/")).resolve()
        if not target.is_relative_to(self.root.resolve()):
            raise ValueError(f"The host has no file {path!r}: it would be outside of its directory.")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content.encode())
