"""Sending one domain to one server from inside a container, pod, WSL or virtual machine: by the settings of that product.

docker-run(1) https://docs.docker.com/reference/cli/dockerd/ podman-run(1) containers.conf(5)
https://containers.dev/implementors/json_reference/ https://docs.orbstack.dev/docker/ https://lima-vm.io/docs/config/network/user/
https://github.com/abiosoft/colima/blob/main/docs/FAQ.md https://github.com/apple/container/blob/main/docs/command-reference.md
https://documentation.ubuntu.com/lxd/latest/reference/network_bridge/ https://learn.microsoft.com/windows/wsl/wsl-config
"""

from __future__ import annotations

from collections.abc import Iterator

from sddoctor.causes.commands import write
from sddoctor.causes.host.linux_fixes import linux
from sddoctor.causes.host.wsl_fixes import of_wsl
from sddoctor.causes.model import Fix, Where
from sddoctor.resolution.surroundings import Surroundings
from sddoctor.text.shell import command
from sddoctor.trail.cluster_dns import cluster_dns
from sddoctor.trail.meant_entries import domain_to_route
from sddoctor.trail.trail import Trail

#: Virtual machines with a setting of their own: the mark, the title, and the setting.
_MACHINES = (
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
)


def of_place(trail: Trail, server: str) -> tuple[Fix, ...]:
    """Return how this place gets the domain from the VPC resolver: its own setting first, then that of what is around it."""
    around = trail.host.surroundings
    if around.has("cluster-dns", "kubernetes"):
        fixes = of_cluster(trail, server)
        return fixes if cluster_dns(trail) is not None else fixes[::-1]
    kinds = {layer.kind for layer in around.layers}
    if kinds & {"container", "dev-container", "ci-runner"} or around.forwarder == "the list that Docker wrote":
        return tuple(_of_container(trail, around, server))
    if "wsl" in kinds or around.has("wsl1", "wsl2") or (around.forwarder or "").endswith("that WSL wrote"):
        return of_wsl(trail, server)
    return (*_of_machine(trail, around, server), *linux(trail, domain_to_route(trail), server))


def of_cluster(trail: Trail, server: str) -> tuple[Fix, ...]:
    """Return the block for CoreDNS, which is what ``resolver generate --format coredns`` prints, and the setting of one pod."""
    zone = domain_to_route(trail)
    block = f"{zone}:53 {{\n    errors\n    cache 10\n    forward . {server}\n}}\n"
    edit = command("kubectl", "-n", "kube-system", "edit", "configmap", "coredns")
    verify = f"In a new pod {command('getent', 'ahosts', trail.name)} prints the addresses."
    cached = any(s.address.startswith("169.254.") for s in trail.host.servers)
    also = ", and to that of node-local-dns, which the pods of this node ask" if cached else ""
    return (
        Fix(
            f"{'Add' if cluster_dns(trail) is not None else 'Or, if it is the cluster whose DNS this is, add'} a block to the Corefile of the cluster's CoreDNS{also}",
            "container",
            (edit,),
            f"Pods then ask {server} for {zone}; all other names keep their resolver.",
            verify,
            config=block,
        ),
        Fix(
            f"{'Or for' if cluster_dns(trail) is not None else 'For'} this pod alone, in its specification: cluster names then need their full form",
            "container",
            config=f'dnsPolicy: "None"\ndnsConfig:\n  nameservers: ["{server}"]\n',
            verified_by=verify,
        ),
    )


def _of_container(trail: Trail, around: Surroundings, server: str) -> Iterator[Fix]:
    zone = domain_to_route(trail)
    verify = f"A container that is started anew gets the addresses of {zone}."

    def setting(title: str, config: str, where: Where = "container", changes: str = "") -> Fix:
        return Fix(title, where, config=config, changes=changes, verified_by=verify)

    if around.has("codespaces", "dev-container"):
        yield setting("In devcontainer.json, then rebuild the container", f'"runArgs": ["--dns={server}"]')
        return
    if around.has("github-actions"):
        yield setting("In the job's container", f"container:\n  options: --dns {server}")
        return
    if around.has("lxc"):
        rule = f"raw.dnsmasq=server=/{zone}/{server}"
        yield setting("On the host, for the containers of one bridge", f"lxc network set BRIDGE '{rule}'", "linux")
        return
    if around.has("crostini", "nspawn"):
        yield from linux(trail, zone, server)
        return
    if around.has("vmnet"):
        yield setting("Give the container the resolver", f"container run --dns {server}")
        return
    if around.has("podman", "pasta", "slirp", "gvproxy"):
        yield setting("Give the container the resolver", f"podman run --dns {server}")
        path, text = f"/etc/containers/containers.conf.d/{zone}.conf", f'[containers]\ndns_servers = ["{server}"]\n'
        inside = " (in podman's virtual machine: podman machine ssh)" if around.has("gvproxy") else ""
        make = command("sudo", "mkdir", "-p", "/etc/containers/containers.conf.d")
        fix = write("", path, text, f"Writes {path}; it holds for new containers.", verify)
        title = f"Or for all containers, on their host{inside}"
        yield Fix(title, "linux", (make, *fix.commands), fix.changes, verify, file=path, content=text)
        return
    yield setting("Give the container the resolver", f"docker run --dns {server}")
    text = f'{{\n  "dns": ["{server}"]\n}}\n'
    if around.has("orbstack"):
        yield setting("Or for all containers: OrbStack, Settings, Docker", text, "macos")
    elif around.has("docker-desktop"):
        yield setting("Or for all containers: Docker Desktop, Settings, Docker Engine", text)
    else:
        path = "/etc/docker/daemon.json"
        changes = f"Replaces {path}: merge by hand if it exists."
        yield write("Or for all containers, on their host, then restart Docker there", path, text, changes, verify)
    yield from _followed(trail, server)


def _followed(trail: Trail, server: str) -> Iterator[Fix]:
    """Yield the setting of the host, where its resolver is what the container's forwarder asks."""
    conf = trail.host.facts.resolv_conf.seen_or(None)
    if conf is not None and any(a.startswith("host(127.") for a in conf.forwards_to):
        zone = domain_to_route(trail)
        title = f"Or send {zone} to {server} on the host: Docker's forwarder asks the resolver there"
        run = command("sudo", "sddoctor", "resolver", "install", zone, "--nameserver", server)
        verify = f"The look-up in the container, and on its host, prints the addresses of {trail.name}."
        yield Fix(title, "linux", (run,), "Writes split DNS on the host, after it was shown there.", verify)


def _of_machine(trail: Trail, around: Surroundings, server: str) -> Iterator[Fix]:
    verify = f"In the machine {command('getent', 'ahosts', trail.name)} prints the addresses."
    for mark, title, config in _MACHINES:
        if around.has(mark):  # type: ignore[arg-type]
            yield Fix(title, "container", config=config.format(server=server), verified_by=verify)
            return
    if around.has("vmnet"):
        yield Fix(
            "With apple/container: give the container the resolver",
            "container",
            config=f"container run --dns {server}",
            verified_by=verify,
        )
    elif around.has("docker-desktop"):
        yield from _of_container(trail, around, server)
