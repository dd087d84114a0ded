"""Hosts, virtual machines and WSL of each product: what each is, and what forwards for it."""

from __future__ import annotations

from tests.product_files import BY_WSL, DMI, ORB, WSL2, Place, conf

MACHINES: dict[str, Place] = {
    "laptop": ({f"{DMI}/chassis_type": "10\n"}, "wlan0 192.168.178.61/24", "laptop", None),
    "rack server": ({f"{DMI}/chassis_type": "23\n"}, "eno1 10.1.2.3/24", "server", None),
    "plain host": ({}, "eth0 192.168.178.61/24", "", None),
    "podman machine": (
        conf("nameserver 192.168.127.1\n"),
        "enp0s1 192.168.127.2/24",
        "virtual machine (podman machine)",
        "the forwarder of podman's virtual machine (gvproxy)",
    ),
    "apple/container": (
        conf("nameserver 192.168.64.1\n"),
        "eth0 192.168.64.3/24",
        "virtual machine (macOS: apple/container, Multipass or another)",
        "the forwarder of macOS for virtual machines",
    ),
    "multipass on a mac": (
        conf(
            "nameserver 127.0.0.53\n",
            **{"commands/resolvectl_status": "Global\n\nLink 2 (enp0s1)\n    Current Scopes: DNS\nDNS Servers: 192.168.64.1\n"},
        ),
        "enp0s1 192.168.64.9/24",
        "virtual machine (macOS: apple/container, Multipass or another)",
        "the forwarder of macOS for virtual machines",
    ),
    "multipass on linux": (
        conf("search multipass\nnameserver 10.62.101.1\n", **{f"{DMI}/sys_vendor": "QEMU\n"}),
        "ens3 10.62.101.44/24",
        "virtual machine (Multipass)",
        "Multipass's forwarder",
    ),
    "multipass on windows": (
        conf("search mshome.net\nnameserver 172.22.128.1\n", **{f"{DMI}/product_name": "Virtual Machine\n"}),
        "eth0 172.22.131.5/20",
        "virtual machine (Hyper-V)",
        "the forwarder of Windows for virtual machines",
    ),
    "orbstack machine": (
        conf("nameserver 0.250.250.200\nsearch .\n", **{"proc/version": ORB}),
        "eth0 198.19.249.31/24",
        "virtual machine (OrbStack)",
        "OrbStack's forwarder",
    ),
    "orbstack before 1.7": (
        conf("nameserver 198.19.248.200\n"),
        "eth0 198.19.249.31/24",
        "virtual machine (OrbStack)",
        "OrbStack's forwarder",
    ),
    "lima with qemu": (
        conf("nameserver 192.168.5.3\n", **{"run/lima-boot-done": "iid-1\n", "etc/hostname": "lima-default\n"}),
        "eth0 192.168.5.15/24",
        "virtual machine (Lima)",
        "Lima's forwarder",
    ),
    "colima with vz": (
        conf("nameserver 192.168.5.2\n", **{"run/lima-boot-done": "iid-1\n", "etc/hostname": "colima\n"}),
        "eth0 192.168.5.15/24",
        "virtual machine (colima)",
        "Lima's forwarder",
    ),
    "rancher desktop on a mac": (
        conf("nameserver 192.168.5.3\n", **{"run/lima-boot-done": "x\n", "etc/hostname": "lima-rancher-desktop\n"}),
        "eth0 192.168.5.15/24",
        "virtual machine (Rancher Desktop)",
        "Lima's forwarder",
    ),
    "wsl 2 with nat": (
        conf(f"{BY_WSL}nameserver 172.25.112.1\n", **{"proc/version": WSL2}),
        "eth0 172.25.119.7/20",
        "WSL 2",
        "the list that WSL wrote",
    ),
    "wsl 2 with a tunnel": (
        conf(f"{BY_WSL}nameserver 10.255.255.254\n", **{"proc/version": WSL2}),
        "lo 10.255.255.254/32, eth0 172.25.119.7/20",
        "WSL 2",
        "WSL's forwarder",
    ),
    "wsl 2, an early build": (conf(f"{BY_WSL}nameserver 127.0.0.42\n", **{"proc/version": WSL2}), "", "WSL 2", "WSL's forwarder"),
    "wsl 2 by hand": (conf("nameserver 8.8.8.8\n", **{"proc/version": WSL2}), "", "WSL 2", "a list that WSL did not write"),
    "wsl 2 with a kernel of its own": (
        conf("nameserver 8.8.8.8\n", **{"proc/sys/fs/binfmt_misc/WSLInterop": "enabled\n"}),
        "",
        "WSL 2",
        "a list that WSL did not write",
    ),
    "wsl 1": (
        conf(f"{BY_WSL}nameserver 192.168.178.1\n", **{"proc/version": "Linux version 4.4.0-19041-Microsoft (Microsoft@Microsoft.com) (gcc 5.4.0)\n"}),
        "",
        "WSL 1",
        "the list that WSL wrote",
    ),
    "libvirt": (
        conf("nameserver 192.168.122.1\n", **{f"{DMI}/sys_vendor": "QEMU\n"}),
        "enp1s0 192.168.122.57/24",
        "virtual machine (libvirt)",
        "libvirt's forwarder",
    ),
    "virtualbox": (
        conf("nameserver 10.0.2.3\n", **{f"{DMI}/sys_vendor": "innotek GmbH\n"}),
        "enp0s3 10.0.2.15/24",
        "virtual machine (VirtualBox)",
        "the forwarder of a user-mode network (slirp)",
    ),
    "wsl 2 with systemd-resolved": (
        conf(
            "nameserver 127.0.0.53\n",
            **{"proc/version": WSL2, "commands/resolvectl_status": "Global\n\nLink 2 (eth0)\n    Current Scopes: DNS\nDNS Servers: 172.25.112.1\n"},
        ),
        "eth0 172.25.119.7/20",
        "WSL 2",
        "a list that WSL did not write",
    ),
    "vagrant with libvirt": (
        conf("nameserver 192.168.121.1\n", **{f"{DMI}/sys_vendor": "QEMU\n"}),
        "eth0 192.168.121.57/24",
        "virtual machine (libvirt)",
        "libvirt's forwarder",
    ),
    "parallels": (
        conf("search localdomain\nnameserver 10.211.55.1\n", **{f"{DMI}/sys_vendor": "Parallels International GmbH.\n"}),
        "enp0s5 10.211.55.12/24",
        "virtual machine (Parallels)",
        "the forwarder of Parallels",
    ),
}  # fmt: skip
