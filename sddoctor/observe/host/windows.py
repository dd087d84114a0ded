"""The settings and addresses of a Windows host, by PowerShell; by older commands where a cmdlet was not recorded or fails."""

from __future__ import annotations

from functools import partial

from sddoctor.case.host import HostFacts, HostsFile, InterfaceAddress, InterfaceServers
from sddoctor.case.seen import Absent, Fact, Seen, Unreachable
from sddoctor.formats.host import ipconfig, netsh, nrpt, powershell, windows
from sddoctor.observe.host.source import HostSource
from sddoctor.observe.work import run_all


def settings(source: HostSource, hosts: Fact[HostsFile]) -> HostFacts:
    """Return the rules and servers of the host, and by which metrics interfaces are ranked, and what completes short names."""
    of_adapters = (windows.SERVERS_COMMAND, windows.METRICS_COMMAND, windows.SUFFIXES_COMMAND)
    lines = (nrpt.RULES_COMMAND, nrpt.POLICY_COMMAND, *of_adapters)
    configured, effective, servers, metrics, suffixes = run_all([partial(_output, source, line) for line in lines])
    return HostFacts(
        "windows",
        hosts=hosts,
        nrpt=nrpt.together(
            configured.then(nrpt.parse), effective.then(partial(nrpt.parse, source=nrpt.POLICY_COMMAND))
        ),
        interface_servers=_servers(source, servers, servers.then(windows.parse_server_addresses)),
        suffixes=suffixes.then(windows.parse_suffixes),
        interface_metrics=metrics.then(windows.parse_interface_metrics),
    )


def addresses(source: HostSource) -> Fact[tuple[InterfaceAddress, ...]]:
    """Return the addresses of the interfaces."""
    found = _output(source, windows.ADDRESSES_COMMAND).then(windows.parse_addresses)
    return found if isinstance(found, Seen) else _output(source, ipconfig.COMMAND).then(ipconfig.parse)


def _servers(
    source: HostSource, printed: Fact[str], by_cmdlet: Fact[tuple[InterfaceServers, ...]]
) -> Fact[tuple[InterfaceServers, ...]]:
    """Return the servers of the adapters: that nobody understands what the cmdlet printed is no reason to believe another."""
    if isinstance(by_cmdlet, Seen) or (isinstance(printed, Seen) and not powershell.is_missing(by_cmdlet)):
        return by_cmdlet
    by_ipconfig = _output(source, ipconfig.COMMAND).then(ipconfig.parse_servers)
    if isinstance(by_ipconfig, Seen):
        return by_ipconfig
    by_netsh = netsh.of_both_versions(
        *(_output(source, line).then(partial(netsh.parse, line)) for line in netsh.COMMANDS)
    )
    return by_netsh if isinstance(by_netsh, Seen) else by_cmdlet


def _output(source: HostSource, line: str) -> Fact[str]:
    found = source.run(tuple(line.split()))
    if isinstance(found, Absent):
        return Unreachable(line, f"{found.what} is not installed", found.what)
    return found
