"""What a host is, and what stands between it and the DNS of the host around it: from its marks and settings.

The addresses of forwarders: https://docs.docker.com/engine/network/#dns-services (127.0.0.11),
https://github.com/orbstack/orbstack/issues/2184 and 1163 (OrbStack), https://lima-vm.io/docs/config/network/user/ (Lima),
https://github.com/apple/container/issues/402 (192.168.64.1 of vmnet, of Multipass too), slirp4netns(1) (10.0.2.3),
https://github.com/containers/gvisor-tap-vsock (192.168.127.1), https://github.com/podman-container-tools/podman/issues/22044 (169.254.1.1 of pasta),
https://learn.microsoft.com/windows/wsl/networking (10.255.255.254; 127.0.0.42 in early builds, microsoft/WSL#10561),
https://wiki.libvirt.org/VirtualNetworking.html (192.168.122.1), https://chromium.googlesource.com/chromiumos/platform2 (100.115.92.193),
https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16, https://cloud.google.com/compute/docs/internal-dns
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Literal, TypeAlias

from msgspec import Struct, structs

from sddoctor.case.address import contains
from sddoctor.case.host import HostFacts
from sddoctor.case.surroundings import OF_AWS, OF_ENGINES, OF_MACHINES, Mark, Trace

Kind: TypeAlias = Literal[
    "pod", "function", "task", "dev-container", "container", "ci-runner", "node", "wsl", "virtual-machine", "instance",
    "machine",
]  # fmt: skip


class Layer(Struct, frozen=True):
    """One thing that a host is, and whose."""

    kind: Kind
    product: str

    @property
    def words(self) -> str:
        """The kind with the product: ``container (Docker)``, ``WSL 2``."""
        kind = self.kind.replace("-", " ").replace("ci ", "CI ")
        return self.product if self.kind in ("wsl", "machine") else f"{kind} ({self.product})" if self.product else kind


class Surroundings(Struct, frozen=True):
    """What a host is, from the innermost to the outermost; ``forwarder``: what stands between it and its host's DNS, in words."""

    layers: tuple[Layer, ...] = ()
    forwarder: str | None = None
    marks: tuple[Mark, ...] = ()

    def has(self, *traces: Trace) -> bool:
        """Tell whether a mark of one of these was seen."""
        return any(m.of in traces for m in self.marks)

    @property
    def in_aws(self) -> bool:
        """Whether it is evidently in AWS; false says only that nothing shows that."""
        return self.has(*OF_AWS)

    @property
    def is_inside(self) -> bool:
        """Whether it is a container, pod, WSL or virtual machine whose queries something else forwards."""
        return self.forwarder is not None

    @property
    def words(self) -> str:
        """What it is, empty where nothing shows that."""
        return " in ".join(layer.words for layer in self.layers)


#: Servers that only networks of a product have, the product, and whether the host's own address has to be in that network too.
_SERVERS: tuple[tuple[str, Trace, str | None], ...] = (
    ("127.0.0.11/32", "docker", None),
    ("10.255.255.254/32", "wsl2", None),
    ("127.0.0.42/32", "wsl2", None),
    ("169.254.1.1/32", "pasta", None),
    ("0.250.250.200/32", "orbstack", None),
    ("198.19.248.200/32", "orbstack", None),
    ("100.115.92.193/32", "crostini", None),
    ("168.63.129.16/32", "azure", None),
    ("169.254.169.254/32", "gcp", None),
    ("192.168.65.0/24", "docker-desktop", None),
    ("192.168.5.2/31", "lima", "192.168.5.15/32"),
    ("192.168.64.1/32", "vmnet", "192.168.64.0/24"),
    ("192.168.122.1/32", "libvirt", "192.168.122.0/24"),
    ("192.168.121.1/32", "libvirt", "192.168.121.0/24"),
    ("10.211.55.1/32", "parallels", "10.211.55.0/24"),
    ("192.168.127.1/32", "gvproxy", "192.168.127.0/24"),
    ("10.0.2.3/32", "slirp", "10.0.2.0/24"),
)
_SEARCHED: dict[str, Trace] = {
    "dns.podman": "podman",
    "mshome.net": "hyper-v",
    "multipass": "multipass",
    "lxd": "lxc",
    "incus": "incus",
    "google.internal": "gcp",
}
#: The range of services that k3s and RKE2 have unless told otherwise: another cluster can have it too.
_K3S = "10.43.0.0/16"
#: Ends of search domains that only networks of a product have.
_SEARCHED_BELOW: dict[str, Trace] = {".internal.cloudapp.net": "azure"}
#: Places whose own settings, and no host around them, say which servers they query.
_GIVEN: tuple[Trace, ...] = ("kubernetes", "openshift", "ecs", "ecs-ec2", "ecs-fargate", "lambda")
#: Everything that a host can be, from the innermost; of a kind only the first counts.
_LAYERS: dict[Trace, tuple[Kind, str]] = {
    "openshift": ("pod", "OpenShift"),
    "kubernetes": ("pod", "Kubernetes"),
    "cluster-dns": ("pod", "Kubernetes"),
    "lambda": ("function", "AWS Lambda"),
    "ecs-fargate": ("task", "Amazon ECS on Fargate"),
    "ecs-ec2": ("task", "Amazon ECS on EC2"),
    "ecs": ("task", "Amazon ECS"),
    "codespaces": ("dev-container", "GitHub Codespaces"),
    "dev-container": ("dev-container", ""),
    "toolbox": ("container", "toolbox"),
    "docker": ("container", "Docker"),
    "podman": ("container", "Podman"),
    "nerdctl": ("container", "containerd"),
    "pasta": ("container", "Podman"),
    "crostini": ("container", "Crostini"),
    "lxc": ("container", "LXC"),
    "incus": ("container", "Incus"),
    "proxmox": ("container", "LXC"),
    "nspawn": ("container", "systemd-nspawn"),
    "container": ("container", ""),
    "github-actions": ("ci-runner", "GitHub Actions"),
    "gitlab-ci": ("ci-runner", "GitLab CI"),
    "ci": ("ci-runner", ""),
    "kubernetes-node": ("node", "Kubernetes"),
    "wsl2": ("wsl", "WSL 2"),
    "wsl1": ("wsl", "WSL 1"),
    "orbstack": ("virtual-machine", "OrbStack"),
    "colima": ("virtual-machine", "colima"),
    "rancher-desktop": ("virtual-machine", "Rancher Desktop"),
    "lima": ("virtual-machine", "Lima"),
    "docker-desktop": ("virtual-machine", "Docker Desktop"),
    "gvproxy": ("virtual-machine", "podman machine"),
    "multipass": ("virtual-machine", "Multipass"),
    "vmnet": ("virtual-machine", "macOS: apple/container, Multipass or another"),
    "parallels": ("virtual-machine", "Parallels"),
    "virtualbox": ("virtual-machine", "VirtualBox"),
    "vmware": ("virtual-machine", "VMware"),
    "ec2": ("instance", "Amazon EC2"),
    "azure": ("virtual-machine", "Azure"),
    "gcp": ("virtual-machine", "Google Cloud"),
    "hyper-v": ("virtual-machine", "Hyper-V"),
    "libvirt": ("virtual-machine", "libvirt"),
    "slirp": ("virtual-machine", "user-mode network"),
    "qemu": ("virtual-machine", "QEMU"),
    "xen": ("virtual-machine", "Xen"),
    "laptop": ("machine", "laptop"),
    "desktop": ("machine", "desktop"),
    "server": ("machine", "server"),
}
_FORWARDERS: dict[Trace, str] = {
    "docker": "Docker's forwarder",
    "podman": "Podman's forwarder",
    "pasta": "the forwarder of a user-mode network (pasta)",
    "slirp": "the forwarder of a user-mode network (slirp)",
    "gvproxy": "the forwarder of podman's virtual machine (gvproxy)",
    "docker-desktop": "the forwarder of Docker Desktop's virtual machine",
    "wsl2": "WSL's forwarder",
    "orbstack": "OrbStack's forwarder",
    "lima": "Lima's forwarder",
    "vmnet": "the forwarder of macOS for virtual machines",
    "multipass": "Multipass's forwarder",
    "hyper-v": "the forwarder of Windows for virtual machines",
    "libvirt": "libvirt's forwarder",
    "parallels": "the forwarder of Parallels",
    "crostini": "the forwarder of ChromeOS",
    "lxc": "the forwarder of the container's bridge",
    "incus": "the forwarder of the container's bridge",
    "cluster-dns": "the DNS of the cluster",
}


#: What stands before the programs of a container of Docker, without a forwarder.
DOCKERS_LIST = "the list that Docker wrote"
DOCKERS_GIVEN_LIST = "the list that Docker was given (--dns, or dns in daemon.json)"


def surroundings(facts: HostFacts) -> Surroundings:
    """Return what a host is by everything that was seen of it. No mark says nothing."""
    marks = tuple({(m.of, m.source): m for m in (*facts.marks, *of_settings(facts))}.values())
    traces = {m.of for m in marks}
    layers: dict[Kind, Layer] = {}
    for trace, (kind, product) in _LAYERS.items():
        if trace in traces and _is_shown(trace, kind, layers):
            layers.setdefault(kind, Layer(kind, product))
    return Surroundings(tuple(layers.values()), _forwarder(facts, marks), marks)


def _is_shown(trace: Trace, kind: Kind, inner: dict[Kind, Layer]) -> bool:
    """Tell whether a kind adds anything: what runs a pod, a task or a development container is a container as well.

    A container has a user-mode network where its engine runs without root; that is no virtual machine.
    """
    if trace == "slirp" and "container" in inner:
        return False
    of_container: tuple[Kind, ...] = ("pod", "task", "function", "dev-container")
    return not (kind in ("container", *of_container) and any(k in inner for k in of_container if k != kind))


def with_marks(facts: HostFacts) -> HostFacts:
    """Return the facts with the marks that only all of them together show, as they are saved: addresses may be replaced there."""
    return structs.replace(facts, marks=surroundings(facts).marks)


def of_settings(facts: HostFacts) -> tuple[Mark, ...]:
    """Return the marks in the servers, the search domains and the interfaces of a host."""
    return tuple(_of_settings(facts)) if facts.platform == "linux" else ()


def cluster_domain(facts: HostFacts) -> str | None:
    """Return the search domain ``svc.cluster.local`` of a pod, by whatever name the cluster has its own domain.

    The kubelet writes three: that of the pod's namespace, that of all services, and the cluster's own.
    """
    domains = set(facts.search_domains)
    for domain in facts.search_domains:
        prefix, _, own = domain.partition(".")
        if prefix == "svc" and own in domains and any(d.endswith(f".{domain}") for d in domains):
            return domain
    return None


def _of_settings(facts: HostFacts) -> Iterator[Mark]:
    conf, resolved = facts.resolv_conf.seen_or(None), facts.resolved.seen_or(None)
    links = resolved.links if resolved else ()
    servers = [(conf.path, a) for a in conf.listed] if conf else []
    servers += [("resolvectl status", a.split("#")[0]) for link in links for a in link.servers]
    own = facts.addresses.seen_or(())
    physical = any(m.of in OF_MACHINES for m in facts.marks)
    marked = {m.of for m in facts.marks}
    inside = bool(marked & OF_ENGINES)
    for source, server in servers:
        for network, trace, needed in _networks_of(server):
            if any(a.address == server and a.interface != "lo" for a in own):
                continue
            there = any(contains(needed or network, a.address) for a in own)
            if needed is not None:
                fits = inside or trace in marked or (there and not physical)
            else:
                fits = network.endswith("/32") or inside or not there
            if fits:
                yield Mark(trace, source, f"nameserver {server}", forwards=trace in _FORWARDERS)
    for domain in facts.search_domains:
        of = _SEARCHED.get(domain) or next((t for end, t in _SEARCHED_BELOW.items() if domain.endswith(end)), None)
        if of is not None:
            yield Mark(of, "search domains", domain, forwards=of in _FORWARDERS)
    if conf is not None and conf.generator == "Proxmox VE":
        yield Mark("proxmox", conf.path, "BEGIN PVE")
    if (of_cluster := cluster_domain(facts)) is not None:
        yield Mark("cluster-dns", "search domains", of_cluster, forwards=True)
        yield from (Mark("k3s", source, f"nameserver {a}") for source, a in servers if contains(_K3S, a))
    for address in own:
        if address.interface == "nodelocaldns":
            yield Mark("kubernetes-node", "addresses", f"{address.interface} {address.address}")


@lru_cache(maxsize=256)
def _networks_of(server: str) -> tuple[tuple[str, Trace, str | None], ...]:
    return tuple(row for row in _SERVERS if contains(row[0], server))


def _forwarder(facts: HostFacts, marks: tuple[Mark, ...]) -> str | None:
    """Return in words what stands between the host and the DNS of the host around it."""
    forwarding = [m.of for m in marks if m.forwards]
    named = next((_FORWARDERS[t] for t in _LAYERS if t in forwarding and t in _FORWARDERS), None)
    if named is not None:
        return named
    traces = {m.of for m in marks}
    conf = facts.resolv_conf.seen_or(None)
    generator = conf.generator if conf else None
    if traces & set(_GIVEN):
        return None
    if generator == "docker":
        told = any("Overrides:" in c and "nameservers" in c for c in conf.comments) if conf else False
        return DOCKERS_GIVEN_LIST if told else DOCKERS_LIST
    if generator == "wsl":
        return "the list that WSL wrote"
    if traces & OF_AWS:
        return None
    if traces & OF_ENGINES:
        return "the list that was copied into the container"
    return "a list that WSL did not write" if traces & {"wsl1", "wsl2"} else None
