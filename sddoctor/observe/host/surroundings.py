"""The marks of what a host itself is: files that only such a place has, its firmware, its kernel, and names of variables.

No list of them is complete: what the servers and search domains of a host show is read from the facts as well
(``sddoctor.resolution.surroundings``). Of variables only the presence counts, or one of a few known values.
https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/identify_ec2_instances.html
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-metadata-endpoint-v4.html
https://docs.podman.io/en/latest/markdown/podman-run.1.html (/run/.containerenv)
https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/ (the folder of the service account)
https://systemd.io/CONTAINER_INTERFACE/ (/run/systemd/container)
https://github.com/sindresorhus/is-wsl https://github.com/lima-vm/lima (/run/lima-boot-done)
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from sddoctor.case.seen import Absent, NotAttempted, Seen
from sddoctor.case.surroundings import OF_MACHINES, Mark, Trace, WslSettings
from sddoctor.formats.host import container_marks, wsl
from sddoctor.observe.host.source import HostSource

#: Files and folders whose presence is the mark.
PRESENT: dict[str, Trace] = {
    "/.dockerenv": "docker",
    "/run/.containerenv": "podman",
    "/var/run/secrets/kubernetes.io/serviceaccount/namespace": "kubernetes",
    "/run/secrets/kubernetes.io/serviceaccount/namespace": "kubernetes",
    "/dev/termination-log": "kubernetes",
    "/var/run/secrets/kubernetes.io/serviceaccount/service-ca.crt": "openshift",
    "/run/secrets/kubernetes.io/serviceaccount/service-ca.crt": "openshift",
    "/etc/kubernetes/kubelet.conf": "kubernetes-node",
    "/etc/rancher/k3s/k3s.yaml": "kubernetes-node",
    "/run/lima-boot-done": "lima",
    "/dev/.cros_milestone": "crostini",
    "/dev/lxd/sock": "lxc",
    "/dev/incus/sock": "incus",
    "/run/.toolboxenv": "toolbox",
    "/etc/profile.d/distrobox_profile.sh": "toolbox",
    "/workspaces/.codespaces": "codespaces",
    "/vscode/vscode-server": "dev-container",
    "/__e": "github-actions",
    "/home/runner/work/_temp": "github-actions",
    "/opt/hostedtoolcache": "ci",
    "/proc/sys/fs/binfmt_misc/WSLInterop": "wsl2",
}
_KERNEL = ("/proc/version", "/proc/sys/kernel/osrelease")
#: What the firmware says of the machine; the second is a link to the first.
DMI = "/sys/devices/virtual/dmi/id"
_DMI_BY_CLASS = "/sys/class/dmi/id"
#: Files, and how the trace begins in each, in lower case.
CONTENTS: tuple[tuple[str, str, Trace], ...] = (
    (f"{DMI}/sys_vendor", "amazon ec2", "ec2"),
    (f"{DMI}/board_asset_tag", "i-", "ec2"),
    ("/sys/hypervisor/uuid", "ec2", "ec2"),
    (f"{DMI}/chassis_asset_tag", "7783-7084-3265-9085-8269-3286-77", "azure"),
    (f"{DMI}/sys_vendor", "google", "gcp"),
    (f"{DMI}/sys_vendor", "qemu", "qemu"),
    (f"{DMI}/sys_vendor", "vmware", "vmware"),
    (f"{DMI}/sys_vendor", "innotek", "virtualbox"),
    (f"{DMI}/sys_vendor", "parallels", "parallels"),
    (f"{DMI}/sys_vendor", "xen", "xen"),
    (f"{DMI}/product_name", "apple virtualization", "vmnet"),
    (f"{DMI}/product_name", "virtual machine", "hyper-v"),
    (f"{DMI}/product_name", "google compute engine", "gcp"),
    (f"{DMI}/product_name", "virtualbox", "virtualbox"),
    (f"{DMI}/product_name", "vmware", "vmware"),
    (f"{DMI}/bios_vendor", "amazon ec2", "ec2"),
    ("/run/cloud-init/cloud-id", "aws", "ec2"),
    ("/run/cloud-init/cloud-id", "azure", "azure"),
    ("/run/cloud-init/cloud-id", "gce", "gcp"),
    ("/etc/hosts", "# kubernetes-managed hosts file", "kubernetes"),
    ("/run/systemd/container", "docker", "docker"),
    ("/run/systemd/container", "podman", "podman"),
    ("/run/systemd/container", "lxc", "lxc"),
    ("/run/systemd/container", "systemd-nspawn", "nspawn"),
    ("/run/systemd/container", "oci", "container"),
    ("/run/host/container-manager", "systemd-nspawn", "nspawn"),
    ("/etc/hostname", "lima-rancher-desktop", "rancher-desktop"),
    ("/etc/hostname", "colima", "colima"),
)
#: The types of a chassis by SMBIOS (https://www.dmtf.org/standards/smbios, 7.4.1).
_CHASSIS: dict[str, Trace] = {
    **dict.fromkeys(("8", "9", "10", "11", "14", "30", "31", "32"), "laptop"),
    **dict.fromkeys(("3", "4", "6", "7", "13", "15", "16", "35"), "desktop"),
    **dict.fromkeys(("17", "23", "25", "28", "29"), "server"),
}
#: Variables, and the value that is looked for; ``""`` where the presence is the mark.
VARIABLES: tuple[tuple[str, str, Trace], ...] = (
    ("KUBERNETES_SERVICE_HOST", "", "kubernetes"),
    ("ECS_CONTAINER_METADATA_URI_V4", "", "ecs"),
    ("ECS_CONTAINER_METADATA_URI", "", "ecs"),
    ("AWS_EXECUTION_ENV", "AWS_ECS_FARGATE", "ecs-fargate"),
    ("AWS_EXECUTION_ENV", "AWS_ECS_EC2", "ecs-ec2"),
    ("AWS_EXECUTION_ENV", "", "aws"),
    ("AWS_LAMBDA_FUNCTION_NAME", "", "lambda"),
    ("CODESPACES", "", "codespaces"),
    ("REMOTE_CONTAINERS", "", "dev-container"),
    ("GITHUB_ACTIONS", "", "github-actions"),
    ("GITLAB_CI", "", "gitlab-ci"),
    ("CI", "", "ci"),
    ("WSL_DISTRO_NAME", "rancher-desktop", "rancher-desktop"),
)
_GROUPS = ("/proc/1/cgroup", "/proc/self/cgroup")
_MOUNTS = ("/proc/self/mountinfo", "/proc/1/mountinfo", "/proc/mounts")
#: Of which no kernel of Amazon Linux is on AWS.
_NOT_AWS: tuple[Trace, ...] = (
    "vmware",
    "virtualbox",
    "qemu",
    "hyper-v",
    "parallels",
    "vmnet",
    "gcp",
    "azure",
    *OF_MACHINES,
)
#: What the runtime of a function has, on a kernel of Amazon Linux and outside of engines that run its image elsewhere.
_RUNTIME = "/var/runtime/bootstrap"
#: The files of Windows users, as WSL mounts them.
_USERS, _MOST_USERS = "/mnt/c/Users", 20


def marks(source: HostSource) -> tuple[Mark, ...]:
    """Return the marks that were seen; none seen says nothing."""
    found = [*_of_variables(source)]
    if source.platform == "linux":
        found = [*_of_files(source), *_of_kernel(source), *_of_processes(source), *found]
        found += _of_amazon_linux(source, {m.of for m in found})
    return tuple({(m.of, m.source): m for m in found}.values())


def wsl_settings(source: HostSource, found: tuple[Mark, ...]) -> WslSettings | None:
    """Return how WSL is set, if the host has a mark of it."""
    if not any(m.of in ("wsl1", "wsl2") for m in found):
        return None
    names = source.list(_USERS).seen_or(())[:_MOST_USERS]
    contents = (source.read(f"{_USERS}/{name}/.wslconfig") for name in names)
    of_windows = next((f.value for f in contents if isinstance(f, Seen)), b"")
    mode = source.run(wsl.MODE_COMMAND).seen_or("")
    return wsl.settings(source.read(wsl.CONF).seen_or(b""), of_windows, mode)


def _of_files(source: HostSource) -> Iterator[Mark]:
    for path, trace in PRESENT.items():
        if not isinstance(source.read(path), (Absent, NotAttempted)):
            yield Mark(trace, path, "it exists")
    for path, beginning, trace in CONTENTS:
        there, first = _of_firmware(source, path)
        if first.lower().startswith(beginning):
            yield Mark(trace, there, first)
    there, kind = _of_firmware(source, f"{DMI}/chassis_type")
    if kind in _CHASSIS:
        yield Mark(_CHASSIS[kind], there, kind)


def _of_firmware(source: HostSource, path: str) -> tuple[str, str]:
    """Return where a file was read, by either path of what the firmware says, and its first line."""
    first = _first_line(source, path)
    if first or not path.startswith(DMI):
        return path, first
    there = path.replace(DMI, _DMI_BY_CLASS)
    return there, _first_line(source, there)


def _of_kernel(source: HostSource) -> Iterator[Mark]:
    for path in _KERNEL:
        text = _first_line(source, path)
        name = re.sub(r"^Linux version ", "", text).split(" ", 1)[0]
        if (number := wsl.version(text)) is not None:
            yield Mark("wsl1" if number == 1 else "wsl2", path, name)
        elif "orbstack" in text.lower():
            yield Mark("orbstack", path, name)
        elif "linuxkit" in text.lower():
            yield Mark("docker-desktop", path, name)


def _of_processes(source: HostSource) -> Iterator[Mark]:
    """Yield what the control groups and mounts show: that of the first process, which may be the host's, and one's own."""
    for path in _GROUPS:
        for trace, shown in container_marks.of_control_groups(_text(source, path)):
            yield Mark(trace, path, shown)
    for path in _MOUNTS:
        if text := _text(source, path):
            yield from (Mark(trace, path, shown) for trace, shown in container_marks.of_mounts(text))
            return
    yield from (
        Mark(trace, "mount", shown) for trace, shown in container_marks.of_mounts(source.run(("mount",)).seen_or(""))
    )


def _of_amazon_linux(source: HostSource, found: set[Trace]) -> Iterator[Mark]:
    """Yield what a kernel of Amazon Linux says: it runs on AWS, unless the firmware is of another place."""
    name = next((t for path in _KERNEL if (t := _first_line(source, path))), "")
    kernel = re.search(r"\S+\.amzn\d+\.\S+", name)
    if kernel is None or found & {*_NOT_AWS}:
        return
    yield Mark("aws", "/proc/version", kernel[0])
    if not found & {"docker", "podman"} and not isinstance(source.read(_RUNTIME), (Absent, NotAttempted)):
        yield Mark("lambda", _RUNTIME, "it exists")


def _of_variables(source: HostSource) -> Iterator[Mark]:
    for name, value, trace in VARIABLES:
        said = source.variable(name)
        if said and (not value or said == value):
            yield Mark(trace, f"the variable {name}", f"it is {value}" if value else "it is set")


def _text(source: HostSource, path: str) -> str:
    return source.read(path).seen_or(b"").decode("utf-8", "replace")


def _first_line(source: HostSource, path: str) -> str:
    lines = _text(source, path).splitlines()
    return lines[0].strip()[:120] if lines else ""
