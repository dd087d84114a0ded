"""What is printed as a fix at each place: the settings of that product, and no program that was not seen there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from msgspec import structs

from sddoctor.case.case import Case
from sddoctor.case.host import HostFacts, HostsFile, Lookup, LookupResult, Route, RouteTo
from sddoctor.causes.host.cluster_fixes import block
from sddoctor.causes.host.split_dns_fixes import route_domain
from sddoctor.causes.model import Fix
from sddoctor.causes.registry import BY_CODE
from sddoctor.causes.run import run
from sddoctor.trail.trail import Trail
from tests.cases import NAME
from tests.in_process import command
from tests.places_of_products import PLACES, facts_of
from tests.product_files import DMI, POD
from tests.resolver_cases import ADDRESS, SERVER, addresses, case, probe, seen

#: For each place what the fixes must say, and what they may say of programs besides ``tee`` for files.
SAYS: dict[str, str] = {
    "plain host": "nameserver 10.10.0.2.* /etc/resolv.conf",
    "docker, copied list": "docker run --dns 10.10.0.2.*daemon.json",
    "docker before 26, copied list": "docker run --dns 10.10.0.2.*daemon.json",
    "docker, user network": "docker run --dns 10.10.0.2",
    "docker desktop": "docker run --dns 10.10.0.2.*Docker Desktop, Settings",
    "podman, its own network": "podman run --dns 10.10.0.2.*containers.conf.d",
    "podman, rootful default network": "podman run --dns 10.10.0.2",
    "podman, rootless with pasta": "podman run --dns 10.10.0.2",
    "podman, rootless with slirp4netns": "podman run --dns 10.10.0.2",
    "podman machine": "nameserver 10.10.0.2",
    "apple/container": "container run --dns 10.10.0.2",
    "multipass on a mac": "resolved.conf.d",
    "multipass on linux": "nameserver 10.10.0.2",
    "multipass on windows": "nameserver 10.10.0.2",
    "kubeadm": "CoreDNS.*forward . 10.10.0.2.*dnsConfig",
    "pod without a token, of a cluster with a domain of its own": "CoreDNS.*forward . 10.10.0.2",
    "pod with its node's servers": "dnsConfig",
    "eks": "forward . 10.10.0.2",
    "orbstack machine": "nameserver 10.10.0.2",
    "container in orbstack": "docker run --dns 10.10.0.2.*OrbStack, Settings",
    "lima with qemu": 'limactl edit.*dns: \\["10.10.0.2"\\]',
    "colima with vz": "colima start --dns 10.10.0.2",
    "rancher desktop on a mac": 'override.yaml.*dns: \\["10.10.0.2"\\]',
    "wsl 2 with nat": "dnsTunneling=true",
    "wsl 2 with a tunnel": "Add-DnsClientNrptRule",
    "wsl 2 by hand": "dnsTunneling=true.*generateResolvConf",
    "wsl 1": "nameserver 10.10.0.2",
    "docker in wsl": "docker run --dns 10.10.0.2.*Docker Desktop, Settings, Docker Engine.*daemon.json",
    "nitro instance": "nameserver 10.10.0.2' \\|",
    "lxd": "raw.dnsmasq=server=/example.internal/10.10.0.2",
    "crostini": "nameserver 10.10.0.2",
    "libvirt": "<forwarder domain='example.internal' addr='10.10.0.2'/>.*nameserver 10.10.0.2",
    "docker in colima": "docker run --dns 10.10.0.2.*colima start --dns 10.10.0.2",
    "docker in a virtual machine of a mac": "docker run --dns 10.10.0.2",
    "docker on an instance, with servers of its own": "docker run --dns 10.10.0.2",
    "wsl 2 with systemd-resolved": "dnsTunneling=true.*resolved.conf.d",
    "vagrant with libvirt": "<forwarder domain=",
    "parallels": "nameserver 10.10.0.2",
    "virtualbox": "natdnshostresolver1 on",
    "docker without root": r"docker run --dns 10.10.0.2.*~/\.config/docker/daemon\.json",
    "docker in a virtual machine of virtualbox": r"docker run --dns 10.10.0.2.*/etc/docker/daemon\.json",
    "podman by its control group": "podman run --dns 10.10.0.2",
    "openshift": "oc edit dns.operator/default.*forwardPlugin",
    "aks": "coredns-custom",
    "incus": "incus network set BRIDGE 'raw.dnsmasq=server=/example.internal/10.10.0.2'",
    "proxmox": "nameserver 10.10.0.2",
    "toolbox": "resolver install example.internal",
    "host of containers": "nameserver 10.10.0.2",
    "codespace by its folder": "devcontainer.json.*--dns=10.10.0.2",
}
#: Programs that only a fix for a host that has them may run.
PROGRAMS = re.compile(r"\b(resolvectl|nmcli|unbound|systemctl|tun0)\b|/etc/dnsmasq")


def _case(facts: HostFacts) -> Case:
    it = case(probe(addresses(ADDRESS)), how="zone")
    look = Lookup(NAME, final_dot=False, outcome=seen(LookupResult(error="not found")))
    route = RouteTo(SERVER.address, seen(Route("default", "eth0", "192.168.178.1")))
    host = structs.replace(facts, hosts=seen(HostsFile("/etc/hosts")), lookups=(look,), routes=(route,))
    asked = structs.replace(it.asked, client_vpc=None)
    return structs.replace(it, asked=asked, places=(structs.replace(it.place, host=seen(host)),))


def fixes_at(place: str, tmp_path: Path) -> tuple[Fix, ...]:
    """Return how a domain is sent to a server at a place."""
    files, own, _, _ = PLACES[place]
    return route_domain(Trail(_case(facts_of(tmp_path, files, own))))


def _fixes(tmp_path: Path, place: str) -> str:
    fixes = fixes_at(place, tmp_path)
    return " ".join(f"{x.title} {' '.join(x.commands)} {x.config} {x.content}" for x in fixes).replace("\n", " ")


@pytest.mark.parametrize("place", SAYS)
def test_the_settings_of_that_product(tmp_path: Path, place: str) -> None:
    said = _fixes(tmp_path, place)
    assert re.search(SAYS[place], said), said
    if place not in ("multipass on a mac", "wsl 2 with systemd-resolved"):  # which have it
        assert not re.search(r"container run", said) or place == "apple/container", said
        assert not PROGRAMS.search(said.replace("dnsmasq=server", "")), said


@pytest.mark.parametrize("place", [p for p in PLACES if p not in ("node with a cache", "wsl 2, an early build")])
def test_from_inside_alone_there_is_a_cause(tmp_path: Path, place: str) -> None:
    """It is likely at most: what the host around the place has was not seen."""
    files, own, _, _ = PLACES[place]
    codes = ("split-dns-missing", "cluster-dns-forwards-elsewhere")
    trail = Trail(_case(facts_of(tmp_path, files, own)))
    found = [o.finding for o in run([BY_CODE[c] for c in codes], trail) if o.finding is not None]
    if "nameserver 10.10.0.2" in files.get("etc/resolv.conf", ""):
        assert not found  # its only server is the VPC's
        return
    (finding,) = found
    assert finding.would_tell is not None
    assert finding.fixes


def test_an_interface_is_one_that_the_route_showed(tmp_path: Path) -> None:
    status = "Global\n\nLink 2 (eth0)\n    Current Scopes: DNS\nDNS Servers: 192.168.178.1\n\nLink 5 (wt0)\n    Current Scopes: none\n"
    files = {"etc/resolv.conf": "nameserver 127.0.0.53\n", "commands/resolvectl_status": status}
    it = _case(
        facts_of(tmp_path, {**files, f"{DMI}/chassis_type": "10\n"}, "eth0 192.168.178.9/24, wt0 100.112.4.66/16")
    )
    facts = it.place.host.value
    tunnel = RouteTo(SERVER.address, seen(Route("tunnel", "wt0")))
    place = structs.replace(it.place, host=seen(structs.replace(facts, routes=(tunnel,))))
    first = route_domain(Trail(structs.replace(it, places=(place,))))[0]
    assert first.commands == ("sudo resolvectl dns wt0 10.10.0.2", "sudo resolvectl domain wt0 '~example.internal'")


def test_the_block_is_the_one_that_is_generated() -> None:
    """Port 53 is what a block without one listens on."""
    args = ("resolver", "generate", "example.internal", "--nameserver", "10.10.0.2", "--format", "coredns")
    generated = [line for line in command(*args, env={}).stdout.splitlines() if line and not line.startswith("#")]
    assert block("example.internal", "10.10.0.2").replace(":53", "").splitlines() == generated


def test_the_cache_of_a_node_binds_the_address_that_pods_ask(tmp_path: Path) -> None:
    files = {"etc/resolv.conf": POD.format("169.254.25.10"), "dev/termination-log": ""}
    first, second, *_ = route_domain(Trail(_case(facts_of(tmp_path, files, "eth0 10.244.1.7/24"))))
    assert first.commands == ("kubectl -n kube-system edit configmap node-local-dns",)
    assert "    bind 169.254.25.10\n" in (first.config or "")
    assert second.commands == ("kubectl -n kube-system edit configmap coredns",)
    assert "bind" not in (second.config or "")


@pytest.mark.parametrize("place", ["pod with its node's servers", "pod by its control group"])
def test_a_pod_that_does_not_ask_the_clusters_dns_is_mended_by_itself(tmp_path: Path, place: str) -> None:
    said = _fixes(tmp_path, place)
    assert 'nameservers: ["10.10.0.2"]' in said
    assert "Corefile" not in said
