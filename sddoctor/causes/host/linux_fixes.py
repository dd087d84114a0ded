"""Sending one domain to one server on a Linux host: only with what was seen there, in the file that is in force."""

from __future__ import annotations

from sddoctor.case.host import ResolvedLink
from sddoctor.case.name import is_below
from sddoctor.causes.commands import write
from sddoctor.causes.host.forwarder_fixes import send_zone
from sddoctor.causes.host.resolved_files import global_server, has_delegates, zone_delegate
from sddoctor.causes.model import Fix
from sddoctor.text.shell import command
from sddoctor.trail.forwarders import its_configuration
from sddoctor.trail.trail import Trail, optional

_STUB = "../run/systemd/resolve/stub-resolv.conf"
#: Who writes resolv.conf, and where it takes a server from that is to come first.
#: https://man.archlinux.org/man/resolvconf.conf.5 dhclient.conf(5) https://man.archlinux.org/man/dhcpcd.8
_WRITERS = {
    "NetworkManager": "the connection's ipv4.dns, with an ipv4.dns-priority below those of the others",
    "resolvconf": "name_servers in /etc/resolvconf.conf (openresolv), or /etc/resolvconf/resolv.conf.d/head (Debian's resolvconf)",
    "dhclient": "prepend domain-name-servers in /etc/dhcp/dhclient.conf",
    "dhcpcd": "/etc/resolv.conf.head",
    "connman": "the nameservers of the connman service",
    "docker": "the --dns option of docker run",
    "Proxmox VE": "the DNS settings of the container there (pct set, on its node)",
}


def linux(trail: Trail, zone: str, server: str) -> tuple[Fix, ...]:
    """Return the fixes that fit: where the programs of this host send their queries decides which."""
    choice = optional(lambda: trail.host.choice)
    if trail.host.facts.resolved.seen_or(None) is not None:
        return (*bring_into_force(trail), *_resolved(trail, zone, server))
    own = optional(lambda: its_configuration(trail))
    if own is not None:
        return (send_zone(trail, own, zone, server),)
    if choice is not None and choice.stub is not None:
        return (Fix(f"Have the forwarder at {choice.stub} send {zone} to {server}", "linux"),)
    return (*_networkmanager(trail, zone, server), first_in_list(trail, zone, server))


def bring_into_force(trail: Trail) -> tuple[Fix, ...]:
    """Return how programs come to ask systemd-resolved, if they do not. systemd-resolved.service(8)"""
    choice = optional(lambda: trail.host.choice)
    if choice is None or choice.stub_is == "systemd-resolved" or choice.kind != "resolv.conf":
        return ()
    paste = command("sudo", "ln", "-sf", _STUB, "/etc/resolv.conf")
    changes = "Replaces /etc/resolv.conf: programs then ask systemd-resolved for every name."
    return (Fix("Let programs ask systemd-resolved", "linux", (paste,), changes, _verified(trail)),)


def _resolved(trail: Trail, zone: str, server: str) -> tuple[Fix, ...]:
    """Return the commands for a link that leads to the server, and a file where a link has servers to keep, or for good.

    Without a link a server cannot be tied to a domain before version 258: the global servers are asked beside those of
    default routes for other names too. resolved.conf(5)
    """
    link = _link(trail, server)
    for_good = (zone_delegate(trail, zone, server),) if has_delegates(trail) else ()
    verify = f"{command('resolvectl', 'query', trail.name)} prints the addresses."
    if link is not None:
        domains = [*link.domains, *(() if f"~{zone}" in link.domains else (f"~{zone}",))]
        name = link.interface or ""
        commands = (
            command("sudo", "resolvectl", "dns", name, server),
            command("sudo", "resolvectl", "domain", name, *domains),
        )
        changes = f"Sends {zone} to {server}, until the link goes down."
        on_link = Fix(f"With systemd-resolved, on {name}, which leads there", "linux", commands, changes, verify)
        return (on_link, *for_good)
    return for_good or (global_server(trail, zone, server),)


def _link(trail: Trail, server: str) -> ResolvedLink | None:
    """Return the link of systemd-resolved that the observed route to the server leaves by, if nothing is lost on it."""
    route = optional(lambda: trail.host.route(server))
    resolved = trail.host.facts.resolved.seen_or(None)
    if route is None or resolved is None or route.kind not in ("tunnel", "gateway") or not route.interface:
        return None
    found = next((x for x in resolved.links if x.interface == route.interface), ResolvedLink(route.interface))
    return found if set(found.servers) <= {server} else None


def _networkmanager(trail: Trail, zone: str, server: str) -> tuple[Fix, ...]:
    """Return how NetworkManager runs a dnsmasq of its own, where both are here. NetworkManager.conf(5)"""
    conf = trail.host.facts.resolv_conf.seen_or(None)
    programs = trail.host.facts.programs
    if conf is None or conf.generator != "NetworkManager" or "dnsmasq" not in programs or "systemctl" not in programs:
        return ()
    plugin, path = "/etc/NetworkManager/conf.d/dns-dnsmasq.conf", f"/etc/NetworkManager/dnsmasq.d/{zone}.conf"
    rule = f"server=/{zone}/{server}\n"
    first = write("", plugin, "[main]\ndns=dnsmasq\n", "", "")
    second = write("", path, rule, "", "")
    return (
        Fix(
            "With NetworkManager and its dnsmasq",
            "linux",
            (*first.commands, *second.commands, "sudo systemctl restart NetworkManager"),
            f"Writes {plugin} and {path}: {zone} goes to {server}, all other names as before. Connections are made anew.",
            _verified(trail),
            file=path,
            content=rule,
        ),
    )


def first_in_list(trail: Trail, zone: str, server: str) -> Fix:
    """Return the file with the VPC resolver first: libc knows no servers for single domains, and it resolves every name.

    musl asks all servers at once, so there it is the only one. resolv.conf(5)
    """
    facts = trail.host.facts
    conf = facts.resolv_conf.seen_or(None)
    path = conf.path if conf is not None else "/etc/resolv.conf"
    alone = facts.libc == "musl" or trail.host.surroundings.in_aws
    others = [a for a in (conf.effective if conf and conf.listed else ()) if a != server]
    lines = [f"nameserver {a}" for a in (server, *(() if alone else others[:2]))]
    lines += [f"search {' '.join(conf.search)}"] if conf and conf.search else []
    lines += [f"options {' '.join(conf.options)}"] if conf and conf.options else []
    writer = conf.generator if conf is not None else None
    lasting = _WRITERS.get(writer or "")
    again = f" {writer} writes it anew; to stay, the server belongs into {lasting}." if lasting else ""
    lost = (
        f" Names of {', '.join(conf.search)} that only {', '.join(others)} can resolve are then not found: the first denial is final."
        if conf is not None and others and [d for d in conf.search if d.strip(".") and not is_below(d, zone)]
        else ""
    )
    return write(
        f"Name the VPC resolver {'alone' if alone else 'first'} in the list of servers: without a local forwarder "
        f"{zone} cannot be sent there alone",
        path,
        "\n".join(lines) + "\n",
        f"Replaces {path}: every name is then asked of {server}, while the VPN is up.{lost}{again}"
        if not (trail.host.surroundings.in_aws or optional(lambda: trail.vpc.host_is_inside))
        else f"Replaces {path}: every name is then asked of {server}.{lost}{again}",
        _verified(trail),
    )


def _verified(trail: Trail) -> str:
    return f"{command('getent', 'ahosts', trail.name)} prints the addresses."
