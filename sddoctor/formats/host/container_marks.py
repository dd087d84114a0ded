"""What of a container shows in its control group and in its mounts, where no file of an engine marks it.

cgroups(7) proc_pid_mountinfo(5) mount(8) https://systemd.io/CONTROL_GROUP_INTERFACE/
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-cpu-memory-error.html (``/ecs/TASK``)
"""

from __future__ import annotations

import re
from typing import TypeAlias

from sddoctor.case.surroundings import Trace

#: What it is a trace of, and what was seen, without any id.
Shown: TypeAlias = tuple[Trace, str]

_ID = r"[0-9a-f]{12,64}"
#: A daemon's own group (``/system.slice/docker.service``) is no container's, and neither is that of Podman's monitor.
_GROUPS: tuple[tuple[str, Trace], ...] = (
    (r"kubepods", "kubernetes"),
    (r"/ecs/|/ecstasks-", "ecs"),
    (rf"/docker/(?:buildkit/)?(?={_ID})|/docker-(?={_ID})|/docker/buildkit/", "docker"),
    (rf"/libpod-(?={_ID})|/libpod_parent/", "podman"),
    (r"/lxc\.payload|/\.lxc\b|/lxc/", "lxc"),
    (r"/systemd-nspawn@", "nspawn"),
    (r"/cri-containerd-|/crio-|/garden/", "container"),
)
#: Files that an engine mounts over those of the image, and what their own place says.
_MOUNTED = ("/etc/resolv.conf", "/etc/hosts", "/etc/hostname")
_PLACES: tuple[tuple[str, Trace], ...] = (
    (r"kubelet/pods/|/pods/[0-9a-f-]{36}/etc-hosts|io\.containerd\.grpc\.v1\.cri/", "kubernetes"),
    (r"/nerdctl/", "nerdctl"),
    (r"docker/containers/", "docker"),
    (r"/overlay-containers/|/vfs-containers/", "podman"),
)
#: Where the layers of the root lie. Docker can keep its own with containerd too.
_ROOTS: tuple[tuple[str, Trace], ...] = (
    (r"docker/(?:overlay2|btrfs|zfs|rootfs|\d+\.\d+/overlay2)/", "docker"),
    (r"/containerd/io\.containerd\.snapshotter|/containers/storage/", "container"),
)
_BY_COMMAND = re.compile(r"^(\S+) on (\S+) type (\S+) \((.*)\)$")


def of_control_groups(text: str) -> tuple[Shown, ...]:
    """Read ``/proc/PID/cgroup``, whose lines are ``NUMBER:CONTROLLERS:PATH``. Version 2 inside a container says nothing."""
    paths = [line.split(":", 2)[2] for line in text.splitlines() if line.count(":") >= 2]
    return _found(_GROUPS, paths)


def of_mounts(text: str) -> tuple[Shown, ...]:
    """Read ``/proc/PID/mountinfo``, ``/proc/PID/mounts`` or what ``mount`` prints.

    Only the root and the files over those of the image count: a host has mounts of its containers elsewhere.
    """
    last: dict[str, str] = {}
    for line in text.splitlines():
        if (mount := _mount(line)) is not None:
            last[mount[0]] = mount[1]
    root = [last["/"]] if "/" in last else []
    return (*_found(_PLACES, [last[p] for p in _MOUNTED if p in last]), *_found(_ROOTS, root))


def _mount(line: str) -> tuple[str, str] | None:
    """Return where a mount is, and what its source, its place there and its options say."""
    by_command = _BY_COMMAND.match(line)
    if by_command is not None:
        return by_command[2], f"{by_command[1]} {by_command[4]}"
    words = line.split(" ")
    if " - " in line and len(words) >= 10:
        return words[4], f"{words[3]} {line.partition(' - ')[2]}"
    return (words[1], f"{words[0]} {words[3]}") if len(words) == 6 and words[1].startswith("/") else None


def _found(patterns: tuple[tuple[str, Trace], ...], texts: list[str]) -> tuple[Shown, ...]:
    found: dict[Trace, str] = {}
    for pattern, trace in patterns:
        for text in texts:
            if trace not in found and (match := re.search(pattern, text)) is not None:
                found[trace] = match[0].strip("/-") or match[0]
    return tuple(found.items())
