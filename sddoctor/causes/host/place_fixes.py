"""Sending one domain to one server from inside a container, pod, WSL or virtual machine: by the settings of that product.

docker-run(1) https://docs.docker.com/reference/cli/dockerd/ podman-run(1) containers.conf(5)
https://containers.dev/implementors/json_reference/ https://docs.orbstack.dev/docker/ https://lima-vm.io/docs/config/network/user/
https://github.com/abiosoft/colima/blob/main/docs/FAQ.md https://github.com/apple/container/blob/main/docs/command-reference.md
https://documentation.ubuntu.com/lxd/latest/reference/network_bridge/ https://learn.microsoft.com/windows/wsl/wsl-config
"""

from __future__ import annotations

from collections.abc import Iterator

from sddoctor.case.surroundings import Trace
from sddoctor.causes.commands import write
from sddoctor.causes.host.cluster_fixes import of_cluster
from sddoctor.causes.host.linux_fixes import linux
from sddoctor.causes.host.wsl_fixes import of_wsl
from sddoctor.causes.model import Fix, Where
from sddoctor.formats.host.addresses import is_loopback
from sddoctor.resolution.surroundings import DOCKERS_GIVEN_LIST, DOCKERS_LIST, Surroundings
from sddoctor.text.shell import command
from sddoctor.trail.cluster_dns import cluster_dns
from sddoctor.trail.meant_entries import domain_to_route
from sddoctor.trail.trail import Trail

#: Virtual machines with a setting of their own: the mark, the title, and the setting.
_MACHINES: tuple[tuple[Trace, str, str], ...] = (
    ("colima", "Start colima with that resolver", "colima start --dns {server}"),
    (
        "rancher-desktop",
        "In Rancher Desktop's lima/_config/override.yaml, then start it anew",
        'hostResolver:\n  enabled: false\ndns: ["{server}"]',
    ),
    (
        "lima",
        "In the lima.yaml of the instance (limactl edit): that resolver in place of Lima's",
        'hostResolver:\n  enabled: false\ndns: ["{server}"]',
    ),
    (
        "libvirt",
        "On the host of the machine, in its network (virsh net-edit, then net-destroy and net-start)",
        "<dns>\n  <forwarder domain='{zone}' addr='{server}'/>\n</dns>",
    ),
    (
        "virtualbox",
        "On the host of the machine (MACHINE is its name there), while it is off: let its NAT ask the resolver of that host, if that has the entry",
        "VBoxManage modifyvm MACHINE --natdnshostresolver1 on",
    ),
)
#: What stands before Docker's containers where no mark names Docker.
_OF_DOCKER = (DOCKERS_LIST, DOCKERS_GIVEN_LIST, "Docker's forwarder")
_OF_FIRMWARE: tuple[Trace, ...] = ("virtualbox", "qemu", "vmware")


def of_place(trail: Trail, server: str) -> tuple[Fix, ...]:
    """Return how this place gets the domain from the VPC resolver: its own setting first, then that of what is around it."""
    around = trail.host.surroundings
    if around.has("cluster-dns", "kubernetes", "openshift"):
        fixes = of_cluster(trail, server)
        return fixes if cluster_dns(trail) is not None else fixes[::-1]
    kinds = {layer.kind for layer in around.layers}
    if kinds & {"container", "dev-container", "ci-runner"} or around.forwarder in _OF_DOCKER:
        return tuple(_of_container(trail, around, server))
    if "wsl" in kinds or around.has("wsl1", "wsl2") or (around.forwarder or "").endswith("that WSL wrote"):
        return of_wsl(trail, server)
    return (*_of_machine(trail, around, server), *linux(trail, domain_to_route(trail), server))


def _of_container(trail: Trail, around: Surroundings, server: str) -> Iterator[Fix]:
    zone = domain_to_route(trail)
    verify = f"A container that is started anew gets the addresses of {trail.name}."

    def setting(title: str, config: str, where: Where = "container", changes: str = "") -> Fix:
        return Fix(title, where, config=config, changes=changes, verified_by=verify)

    if around.has("toolbox"):
        yield _on_the_host(
            trail, server, f"Send {zone} to {server} on the host: a toolbox has the network and the list of its host"
        )
        return
    if (stub := _stub_of_the_host(trail)) is not None:
        yield _on_the_host(
            trail,
            server,
            f"Send {zone} to {server} on the host, whose network this container has: {stub} is its resolver",
        )
    if around.has("codespaces", "dev-container"):
        yield setting("In devcontainer.json, then rebuild the container", f'"runArgs": ["--dns={server}"]')
        return
    if around.has("github-actions"):
        yield setting("In the job's container", f"container:\n  options: --dns {server}")
        return
    if around.has("lxc", "incus"):
        rule, tool = f"raw.dnsmasq=server=/{zone}/{server}", "incus" if around.has("incus") else "lxc"
        title = "On the host, for the containers of one bridge (BRIDGE is its name there)"
        yield setting(title, f"{tool} network set BRIDGE '{rule}'", "linux")
        return
    if around.has("crostini", "nspawn"):
        yield from linux(trail, zone, server)
        return
    if _asks_vmnet(around) and not around.has("docker", "podman", "nerdctl"):
        yield setting("Give the container the resolver", f"container run --dns {server}")
        return
    if around.has("podman") or (around.has("pasta", "slirp", "gvproxy") and not around.has("docker", "nerdctl")):
        yield setting("Give the container the resolver", f"podman run --dns {server}")
        path, text = f"/etc/containers/containers.conf.d/{zone}.conf", f'[containers]\ndns_servers = ["{server}"]\n'
        inside = " (in podman's virtual machine: podman machine ssh)" if around.has("gvproxy") else ""
        make = command("sudo", "mkdir", "-p", "/etc/containers/containers.conf.d")
        fix = write("", path, text, f"Writes {path}; it holds for new containers.", verify)
        title = f"Or for all containers, on their host{inside}"
        yield Fix(title, "linux", (make, *fix.commands), fix.changes, verify, file=path, content=text)
        return
    if around.has("docker") or around.forwarder in _OF_DOCKER:
        yield setting("Give the container the resolver", f"docker run --dns {server}")
        yield from _of_docker(trail, around, server)
    elif around.has("nerdctl"):
        yield setting("Give the container the resolver", f"nerdctl run --dns {server}")
    else:
        yield setting("Give the container the resolver, by the option of its engine for DNS servers", f"--dns {server}")


def _of_docker(trail: Trail, around: Surroundings, server: str) -> Iterator[Fix]:
    text = f'{{\n  "dns": ["{server}"]\n}}\n'
    verify = f"A container that is started anew gets the addresses of {trail.name}."
    if around.has("orbstack"):
        yield Fix("Or for all containers: OrbStack, Settings, Docker", "macos", config=text, verified_by=verify)
    elif around.has("docker-desktop"):
        title = "Or for all containers: Docker Desktop, Settings, Docker Engine"
        yield Fix(title, "container", config=text, verified_by=verify)
    elif around.has("wsl1", "wsl2"):
        title = "Or for all containers: Docker Desktop, Settings, Docker Engine; or, where Docker runs in WSL itself, /etc/docker/daemon.json there"
        yield Fix(title, "container", config=text, verified_by=verify)
    elif around.has("lima", "colima", "rancher-desktop"):
        title = "Or for the virtual machine of all containers, if it is colima's; with Lima or Rancher Desktop by dns in its lima.yaml"
        yield Fix(title, "container", config=f"colima start --dns {server}", verified_by=verify)
    elif around.has("slirp", "pasta") and not around.has(*_OF_FIRMWARE):
        title = "Or for all containers, on their host: in ~/.config/docker/daemon.json of the user whose rootless Docker it is"
        yield Fix(title, "linux", config=text, changes="Restart that Docker afterwards.", verified_by=verify)
    else:
        path = "/etc/docker/daemon.json"
        title = f"Or for all containers, in {path} on their host, then restart Docker there"
        yield Fix(title, "linux", verified_by=verify, config=text.removesuffix("\n"))
    yield from _followed(trail, server)


def _followed(trail: Trail, server: str) -> Iterator[Fix]:
    """Yield the setting of the host, where its resolver is what the container's forwarder asks."""
    conf = trail.host.facts.resolv_conf.seen_or(None)
    if conf is not None and any(a.startswith("host(127.") for a in conf.forwards_to):
        zone = domain_to_route(trail)
        title = f"Or send {zone} to {server} on the host: Docker's forwarder asks the resolver there"
        yield _on_the_host(trail, server, title)


def _stub_of_the_host(trail: Trail) -> str | None:
    """Return the loopback server of a container on the network of its host. Docker's own is 127.0.0.11."""
    conf = trail.host.facts.resolv_conf.seen_or(None)
    first = conf.listed[0] if conf is not None and conf.listed else ""
    return first if is_loopback(first) and first != "127.0.0.11" and not trail.host.facts.forwarders else None


def _on_the_host(trail: Trail, server: str, title: str) -> Fix:
    run = command("sudo", "sddoctor", "resolver", "install", domain_to_route(trail), "--nameserver", server)
    verify = f"The look-up in the container, and on its host, prints the addresses of {trail.name}."
    return Fix(title, "linux", (run,), "Writes split DNS on the host, after it was shown there.", verify)


def _of_machine(trail: Trail, around: Surroundings, server: str) -> Iterator[Fix]:
    zone = domain_to_route(trail)
    verify = f"In the machine {command('getent', 'ahosts', trail.name)} prints the addresses."
    for mark, title, config in _MACHINES:
        if around.has(mark):
            yield Fix(title, "container", config=config.format(server=server, zone=zone), verified_by=verify)
            return
    if _asks_vmnet(around):
        yield Fix(
            "With apple/container: give the container the resolver",
            "container",
            config=f"container run --dns {server}",
            verified_by=verify,
        )
    elif around.has("docker-desktop"):
        yield from _of_container(trail, around, server)


def _asks_vmnet(around: Surroundings) -> bool:
    """Tell whether the server is the one of macOS's own network: other products' machines run on its hypervisor too."""
    return any(m.of == "vmnet" and m.forwards for m in around.marks)
