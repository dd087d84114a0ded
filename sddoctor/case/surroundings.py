"""What a host itself is: a machine, or a container, pod, WSL or virtual machine that shares the network of another one."""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import Struct

#: What a mark is a trace of: a product, or only a kind of place where no product shows.
Trace: TypeAlias = Literal[
    "kubernetes", "openshift", "cluster-dns", "k3s", "kubernetes-node", "lambda", "ecs-fargate", "ecs-ec2", "ecs",
    "codespaces", "dev-container", "toolbox", "docker", "podman", "nerdctl", "lxc", "incus", "proxmox", "nspawn", "crostini",
    "container",
    "github-actions", "gitlab-ci", "ci", "wsl1", "wsl2",
    "pasta", "slirp", "gvproxy", "docker-desktop", "orbstack", "lima", "colima", "rancher-desktop", "vmnet",
    "multipass", "hyper-v", "libvirt", "virtualbox", "vmware", "parallels", "qemu", "xen",
    "ec2", "aws", "azure", "gcp", "laptop", "desktop", "server",
]  # fmt: skip


#: Traces of an EC2 instance, an ECS task, a function, or of AWS alone.
OF_AWS: frozenset[Trace] = frozenset(("ec2", "ecs", "ecs-ec2", "ecs-fargate", "lambda", "aws"))


#: Traces of a machine of its own, which says nothing of what stands around it.
OF_MACHINES: frozenset[Trace] = frozenset(("laptop", "desktop", "server"))


#: Traces of containers that an engine starts for one program, from an image.
OF_ENGINES: frozenset[Trace] = frozenset(
    ("docker", "podman", "nerdctl", "toolbox", "container", "dev-container", "codespaces")
)


class Mark(Struct, frozen=True):
    """Something that only such a place has. ``source`` is where it was seen, ``observed`` what.

    ``forwards``: a server that this host queries is the mark, or comes with it, so the product forwards queries.
    """

    of: Trace
    source: str
    observed: str
    forwards: bool = False


class WslSettings(Struct, frozen=True):
    """How WSL is set to resolve names; ``None`` where that was not seen.

    ``generates``: it writes /etc/resolv.conf (``generateResolvConf`` of /etc/wsl.conf); ``tunnels``: queries are handed to
    Windows (``dnsTunneling``); ``mode``: ``nat``, ``mirrored`` and others.
    https://learn.microsoft.com/windows/wsl/wsl-config
    """

    generates: bool | None = None
    tunnels: bool | None = None
    mode: str | None = None
