"""What control groups and mounts say of a container, by files as people showed them."""

from __future__ import annotations

import pytest

from sddoctor.formats.host.container_marks import of_control_groups, of_mounts

ID = "2403ccfe427f1dc7b6120dccb9ac58c2f8456950380d587a9f33ea7f00dd303d"


@pytest.mark.parametrize(
    ("text", "traces"),
    [
        (f"12:net_cls,net_prio:/docker/{ID}\n10:rdma:/\n0::/system.slice/containerd.service\n", ["docker"]),
        (f"0::/system.slice/docker-{ID}.scope\n", ["docker"]),
        ("0::/docker/buildkit/x0k1m7q2lwzqk8ks1ue2ntv4x\n", ["docker"]),
        (f"11:memory:/kubepods/besteffort/pod4c1f-9c/{ID}\n", ["kubernetes"]),
        (
            f"0::/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod4c1f.slice/cri-containerd-{ID}.scope\n",
            ["kubernetes", "container"],
        ),
        (f"9:perf_event:/ecs/5d1b2f2e4f6a/{ID}\n", ["ecs"]),
        (f"0::/ecstasks-5d1b2f2e4f6a.slice/docker-{ID}.scope\n", ["ecs", "docker"]),
        (f"0::/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-{ID}.scope/container\n", ["podman"]),
        ("0::/lxc.payload.web1/init.scope\n", ["lxc"]),
        ("12:devices:/lxc/web1\n", ["lxc"]),
        ("0::/machine.slice/systemd-nspawn@deb.service/payload\n", ["nspawn"]),
        ("0::/\n", []),
        ("0::/init.scope\n", []),
        ("0::/system.slice/docker.service\n", []),
        (f"0::/user.slice/libpod-conmon-{ID}.scope\n", []),
        ("0::/user.slice/user-1000.slice/session-2.scope\n", []),
        ("no such file\n", []),
        ("", []),
    ],
)
def test_control_groups(text: str, traces: list[str]) -> None:
    found = of_control_groups(text)
    assert [t for t, _ in found] == traces
    assert not [shown for _, shown in found if ID in shown]


OVERLAY = "overlay overlay rw,lowerdir=/var/lib/docker/overlay2/l/HOY5,upperdir=/var/lib/docker/overlay2/af64/diff"
DISK = "24 1 8:2 / / rw,relatime shared:1 - ext4 /dev/sda2 rw\n"


@pytest.mark.parametrize(
    ("text", "traces"),
    [
        (f"473 387 0:143 / / rw,relatime master:181 - {OVERLAY}\n", ["docker"]),
        (f"505 496 254:1 /docker/containers/{ID}/resolv.conf /etc/resolv.conf rw - ext4 /dev/vda1 rw\n", ["docker"]),
        ("1629 1448 0:29 /@/var/lib/docker/btrfs/subvolumes/a8c7 / rw master:1 - btrfs /dev/sda2 rw\n", ["docker"]),
        (
            f"1344 1323 0:176 /tmp/podman-run-1000/containers/vfs-containers/{ID}/userdata/hosts /etc/hosts rw - overlay overlay rw\n",
            ["podman"],
        ),
        (
            "71 60 8:1 /var/lib/kubelet/pods/0d3c/etc-hosts /etc/hosts rw - ext4 /dev/sda1 rw\n"
            f"72 60 8:1 /var/lib/containerd/io.containerd.grpc.v1.cri/sandboxes/{ID}/resolv.conf /etc/resolv.conf rw - ext4 /dev/sda1 rw\n",
            ["kubernetes"],
        ),
        (
            f"602 600 8:1 /var/lib/nerdctl/1935/containers/default/{ID}/resolv.conf /etc/resolv.conf rw - ext4 /dev/sda1 rw\n",
            ["nerdctl"],
        ),
        ("overlay / overlay rw,upperdir=/var/lib/docker/overlay2/af64/diff 0 0\n", ["docker"]),
        ("overlay on / type overlay (rw,relatime,upperdir=/var/lib/docker/overlay2/af64/diff)\n", ["docker"]),
        ("overlay on / type overlay (rw,upperdir=/var/lib/containers/storage/overlay/2f/diff)\n", ["container"]),
        (DISK, []),
        (f"{DISK}910 24 0:61 / /var/lib/docker/overlay2/af64/merged rw shared:99 - {OVERLAY}\n", []),
        ("overlay on /var/lib/docker/overlay2/af64/merged type overlay (rw,upperdir=/var/lib/docker/overlay2/x)\n", []),
        ("composefs on / type overlay (ro,lowerdir=/run/ostree/.private/cfsroot-lower)\n", []),
        ("/dev/sdc on / type ext4 (rw,relatime,discard)\nnone on /mnt/wsl type tmpfs (rw)\n", []),
        ("mount: command not found\n", []),
        ("", []),
    ],
)
def test_mounts(text: str, traces: list[str]) -> None:
    found = of_mounts(text)
    assert [t for t, _ in found] == traces
    assert not [shown for _, shown in found if ID in shown]
