"""Containers of each product: what each is, and what forwards for it."""

from __future__ import annotations

from tests.product_files import COPIED, DMI, ENGINE, ID, LINUXKIT, ORB, WSL2, Place, conf

CONTAINERS: dict[str, Place] = {
    "docker, copied list": (
        conf(f"{ENGINE}nameserver 192.168.178.1\n", **{".dockerenv": ""}),
        "eth0 172.17.0.2/16",
        "container (Docker)",
        "the list that Docker wrote",
    ),
    "docker before 26, copied list": (
        {".dockerenv": ""},
        "eth0 172.17.0.2/16",
        "container (Docker)",
        COPIED,
    ),
    "docker, user network": (
        conf("nameserver 127.0.0.11\noptions ndots:0\n", **{".dockerenv": ""}),
        "eth0 172.18.0.3/16",
        "container (Docker)",
        "Docker's forwarder",
    ),
    "docker desktop": (
        conf("nameserver 192.168.65.7\n", **{".dockerenv": "", "proc/version": LINUXKIT}),
        "eth0 172.17.0.2/16",
        "container (Docker) in virtual machine (Docker Desktop)",
        "the forwarder of Docker Desktop's virtual machine",
    ),
    "podman, its own network": (
        conf("search dns.podman\nnameserver 10.89.0.1\n", **{"run/.containerenv": 'engine="podman-5.2.2"\n'}),
        "eth0 10.89.0.5/24",
        "container (Podman)",
        "Podman's forwarder",
    ),
    "podman, rootful default network": (
        conf("nameserver 192.168.178.1\n", **{"run/.containerenv": ""}),
        "eth0 10.88.0.7/16",
        "container (Podman)",
        COPIED,
    ),
    "podman, rootless with pasta": (
        conf("nameserver 169.254.1.1\n", **{"run/.containerenv": 'engine="podman-5.4.0"\nrootless=1\n'}),
        "eth0 192.168.178.61/24",
        "container (Podman)",
        "the forwarder of a user-mode network (pasta)",
    ),
    "podman, rootless with slirp4netns": (
        conf("nameserver 10.0.2.3\nnameserver 192.168.178.1\n", **{"run/.containerenv": ""}),
        "tap0 10.0.2.100/24",
        "container (Podman)",
        "the forwarder of a user-mode network (slirp)",
    ),
    "container in orbstack": (
        conf(f"{ENGINE}nameserver 0.250.250.200\n", **{".dockerenv": "", "proc/version": ORB}),
        "eth0 192.168.215.2/24",
        "container (Docker) in virtual machine (OrbStack)",
        "OrbStack's forwarder",
    ),
    "docker in wsl": (
        conf(f"{ENGINE}nameserver 10.255.255.254\n", **{".dockerenv": "", "proc/version": WSL2}),
        "eth0 172.17.0.2/16",
        "container (Docker) in WSL 2",
        "WSL's forwarder",
    ),
    "lxd": (
        conf("search lxd\nnameserver 10.7.118.1\n", **{"run/systemd/container": "lxc\n"}),
        "eth0 10.7.118.9/24",
        "container (LXC)",
        "the forwarder of the container's bridge",
    ),
    "lxc on the network of its host": ({"run/systemd/container": "lxc\n"}, "eth0 192.168.178.9/24", "container (LXC)", None),
    "crostini": (
        conf("nameserver 100.115.92.193\n", **{"dev/.cros_milestone": "131\n"}),
        "eth0 100.115.92.204/28",
        "container (Crostini)",
        "the forwarder of ChromeOS",
    ),
    "docker by what mount prints": (
        conf("nameserver 192.168.178.1\n", **{"commands/mount": "overlay on / type overlay (rw,upperdir=/var/lib/docker/overlay2/af64/diff)\n"}),
        "eth0 172.17.0.2/16",
        "container (Docker)",
        COPIED,
    ),
    "docker without root": (
        conf(f"{ENGINE}nameserver 10.0.2.3\n", **{".dockerenv": ""}),
        "eth0 172.17.0.2/16",
        "container (Docker)",
        "the forwarder of a user-mode network (slirp)",
    ),
    "docker in a virtual machine of virtualbox": (
        conf(f"{ENGINE}nameserver 10.0.2.3\n", **{".dockerenv": "", f"{DMI}/sys_vendor": "innotek GmbH\n"}),
        "eth0 172.17.0.2/16",
        "container (Docker) in virtual machine (VirtualBox)",
        "the forwarder of a user-mode network (slirp)",
    ),
    "podman by its control group": (
        {"proc/1/cgroup": f"0::/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-{ID}.scope/container\n"},
        "eth0 10.88.0.7/16",
        "container (Podman)",
        COPIED,
    ),
    "codespace by its folder": (
        {".dockerenv": "", "workspaces/.codespaces/shared/x": ""},
        "eth0 172.17.0.2/16",
        "dev container (GitHub Codespaces)",
        COPIED,
    ),
    "container of gitlab's docker executor": (
        conf(f"{ENGINE}nameserver 127.0.0.11\noptions ndots:0\n", **{".dockerenv": "", "builds/x": ""}),
        "eth0 172.18.0.3/16",
        "container (Docker)",
        "Docker's forwarder",
    ),
    "incus": (
        conf("search incus\nnameserver 10.128.5.1\n", **{"dev/incus/sock": ""}),
        "eth0 10.128.5.9/24",
        "container (Incus)",
        "the forwarder of the container's bridge",
    ),
    "proxmox": (
        conf("# --- BEGIN PVE ---\nnameserver 192.168.178.1\n# --- END PVE ---\n"),
        "eth0 192.168.178.9/24",
        "container (LXC)",
        None,
    ),
    "toolbox": (
        {"run/.containerenv": 'engine="podman-5.2.2"\n', "run/.toolboxenv": ""},
        "wlp1s0 192.168.178.9/24",
        "container (toolbox)",
        COPIED,
    ),
    "host of containers": (
        {
            f"{DMI}/chassis_type": "10\n",
            "proc/1/cgroup": "0::/init.scope\n",
            "proc/self/mountinfo": (
                "24 1 8:2 / / rw,relatime shared:1 - ext4 /dev/sda2 rw\n"
                "910 24 0:61 / /var/lib/docker/overlay2/af64/merged rw shared:99 - overlay overlay rw,upperdir=/var/lib/docker/overlay2/af64/diff\n"
            ),
        },
        "wlan0 192.168.178.61/24, docker0 172.17.0.1/16",
        "laptop",
        None,
    ),
    "docker in colima": (
        conf(f"{ENGINE}nameserver 192.168.5.2\n", **{".dockerenv": "", f"{DMI}/product_name": "Apple Virtualization Generic Platform\n"}),
        "eth0 172.17.0.2/16",
        "container (Docker) in virtual machine (Lima)",
        "Lima's forwarder",
    ),
    "docker in a virtual machine of a mac": (
        conf(f"{ENGINE}nameserver 192.168.178.1\n", **{".dockerenv": "", f"{DMI}/product_name": "Apple Virtualization Generic Platform\n"}),
        "eth0 172.17.0.2/16",
        "container (Docker) in virtual machine (macOS: apple/container, Multipass or another)",
        "the list that Docker wrote",
    ),
    "docker on an instance, with servers of its own": (
        conf(f"{ENGINE}nameserver 8.8.8.8\n# Overrides: [nameservers]\n", **{".dockerenv": "", f"{DMI}/sys_vendor": "Amazon EC2\n"}),
        "eth0 172.17.0.2/16",
        "container (Docker) in instance (Amazon EC2)",
        "the list that Docker was given (--dns, or dns in daemon.json)",
    ),
}  # fmt: skip
