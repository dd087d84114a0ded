"""Fixes on Linux: what each does, whatever it does it to, and which system test runs it.

``RUN`` names, for every such shape, a test of ``tests/system`` that pastes it beside the real programs and sees the name
resolve. What none can run stands in ``NOT_RUN``, with the reason.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable

#: Paths, addresses and domains of a title.
_NAMES = re.compile(r"/\S+|\S*[0-9a-z]\.[0-9a-z]\S*")
_FOLDER = re.compile(r"(/etc/[a-zA-Z/.-]+\.d/(?:99-)?)[^/]+")


def shape(commands: Iterable[str], config: str | None = None, title: str = "") -> str:
    """Return what a fix does: its commands without values, else the keys of what is written by hand, else its title."""
    done = [part for c in commands for part in _commands(c)]
    if done:
        return ", ".join(dict.fromkeys(done))
    keys = re.findall(r"^\W*([a-zA-Z_-]+)", config or "", re.MULTILINE)
    return f"by hand: {' '.join(dict.fromkeys(keys)) or _NAMES.sub('X', title)}"


def _commands(line: str) -> Iterable[str]:
    """Yield what a command line does; that a program is started anew goes without saying."""
    words = [w for w in shlex.split(line) if w != "sudo"]
    path = next((_whose(w) for w in reversed(words) if re.fullmatch(r"/[\w./*-]+", w)), "")
    if words[0] in ("mkdir", "systemctl"):
        return
    if "tee" in words:
        yield f"{'rm, ' if words[0] == 'rm' else ''}tee {'-a ' if '-a' in words else ''}{path}"
    elif path:
        yield f"{words[0]} {path}"
    else:
        yield " ".join(words[:2])


def _whose(path: str) -> str:
    """Return a file without what varies: its name in a folder, or where a forwarder has its files."""
    program = next((p for p in ("dnsmasq", "unbound") if p in path and "NetworkManager" not in path), None)
    return f"a file of {program}" if program else _FOLDER.sub(r"\1*", path)


RUN: dict[str, str] = {
    "resolvectl dns, resolvectl domain": "test_resolvectl_on_the_tunnel[nothing]",
    "ln /etc/resolv.conf": "test_resolv_conf_is_linked_to_systemd_resolved",
    "resolvectl dnsovertls": "test_tls_is_not_demanded_of_the_vpc_resolver[0]",
    "tee /etc/systemd/resolved.conf.d/*": "test_tls_is_not_demanded_of_the_vpc_resolver[1]",
    "tee /etc/systemd/resolved.conf.d/99-*": "test_the_default_route_leads_there[others]",
    "by hand: Resolve DNS Domains": "test_the_global_servers_are_corrected",
    "resolvectl dns": "test_the_link_has_the_vpc_resolver_alone",
    "tee /etc/NetworkManager/conf.d/*, tee /etc/NetworkManager/dnsmasq.d/*": "test_networkmanager_runs_a_dnsmasq_for_the_namespace",
    "resolvectl dnssec": "test_systemd_resolved_does_not_validate_the_namespace[0-changes0]",
    "tee /etc/dnssec-trust-anchors.d/*": "test_systemd_resolved_does_not_validate_the_namespace[1-changes0]",
    "tee a file of dnsmasq": "test_a_rule_for_dnsmasq",
    "tee -a a file of dnsmasq": "test_a_rule_for_a_dnsmasq_with_a_main_file_alone",
    "sed a file of dnsmasq, tee -a a file of dnsmasq": "test_a_wrong_rule_of_dnsmasq_is_corrected[several domains]",
    "tee a file of unbound": "test_a_rule_for_unbound",
    "sed a file of unbound": "test_a_wrong_zone_of_unbound_is_corrected",
    "mv a file of unbound": "test_a_file_of_unbound_gets_a_name_that_it_reads",
    "by hand: server rebind-domain-ok": "test_another_server_lets_private_addresses_through",
    "by hand: server domain-insecure forward-zone name forward-addr": "test_another_server_does_not_validate_the_namespace",
    "tee /etc/resolv.conf": "test_the_fourth_of_the_list_comes_first",
    "rm, tee /etc/resolv.conf": "test_a_list_that_is_a_link_to_nowhere",
    "sed /etc/nsswitch.conf": "test_nsswitch_conf_leads_to_dns[no dns, with more]",
    "sed /etc/nsswitch.conf, tee /etc/resolv.conf": "test_multicast_no_longer_ends_the_look_up[changes0-the router]",
    "sed /etc/hosts": "test_a_line_of_the_hosts_file_goes[among others]",
    "nscd --invalidate": "test_it_is_named_and_forgets[changes0]",
    "by hand: options": "test_a_search_domain_is_tried_last",
}
#: What no system test runs, and why.
NOT_RUN: dict[str, str] = {
    "by hand: Put a cache in front on the host, so that fewer questions are sent": "advice, in words",
    "by hand: Take X out of the configuration of dnsmasq, then restart it": "where the line is, in words",
    "by hand: Take X out of the configuration of dnsmasq, forward X to X then restart it": "where the line is, in words",
    "by hand: Take X out of the configuration of unbound, then restart it": "where the line is, in words",
    "by hand: Restart dnsmasq": "in words; test_cases_live.py has a dnsmasq that is older than its file",
    "by hand: forward-addr forward-tls-upstream": "where the zone is, in words",
    "tee -a /etc/named.conf": "Fedora's main file; test_splitdns.py runs the same lines with Debian's",
    "by hand: bip default-address-pools": "Docker is not in the test's machine",
    "by hand: dns": "Docker is not in the test's machine",
    "by hand: lxc": "LXD is not in the test's machine",
    "by hand: server edns-buffer-size": "unbound finds a smaller size by itself, after time-outs",
    "by hand: server local-zone forward-zone name forward-addr": "a note; test_splitdns.py runs the same lines of generate --reverse",
    "by hand: ethtool": "it only shows",
    "by hand: forward-zone name forward-addr server private-domain domain-insecure": "the lines that the fix of an own unbound writes",
    "by hand: incus": "Incus is not in the test's machine",
    "by hand: Start dnsmasq, which should answer there": "the test's machine has no systemd that runs",
    "by hand: Start systemd-resolved, which should answer there": "the test's machine has no systemd that runs",
    "getent ahosts": "it only shows",
    "rm /etc/resolv.conf, wsl.exe --shutdown": "Windows starts the host anew",
    "sed /etc/wsl.conf, rm /etc/resolv.conf, wsl.exe --shutdown": "Windows starts the host anew",
    "sddoctor resolver": "test_splitdns.py runs resolver install, on a host that has a forwarder",
    "tailscale set": "Tailscale is not in the test's machine",
    "tee /etc/containers/containers.conf.d/*": "podman is not in the test's machine",
    "tee /etc/systemd/dns-delegate.d/*": "Debian's systemd is older than 258",
}
