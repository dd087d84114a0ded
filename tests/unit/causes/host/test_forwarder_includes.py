"""How a file of a forwarder comes to be read: in a folder that it reads, else by a line that includes it."""

from __future__ import annotations

import pytest

from sddoctor.case.forwarder import ForwarderConfig
from sddoctor.causes.host.forwarder_includes import have_read, restart
from sddoctor.trail.trail import Trail
from tests.changed_cases import Change, host
from tests.world_cases import observed

FILE = "/etc/dnsmasq.d/vpc.conf"


def trail(*changes: Change) -> Trail:
    case = observed("forwarder-file-not-included").case
    for change in changes:
        case = change(case)
    return Trail(case)


def config(program: str, path: str, *folders: str) -> ForwarderConfig:
    return ForwarderConfig(program, path, folders=folders)


@pytest.mark.parametrize(
    ("folders", "path", "command"),
    [
        ((), FILE, f"printf '%s\\n' conf-file={FILE} | sudo tee -a /etc/dnsmasq.conf"),
        (("/etc/dnsmasq.d",), "/etc/dnsmasq.d/vpc", f"sudo mv /etc/dnsmasq.d/vpc {FILE}"),
        (("/etc/other.d",), FILE, f"sudo mv {FILE} /etc/other.d/vpc.conf"),
    ],
)
def test_a_file_comes_to_be_read(folders: tuple[str, ...], path: str, command: str) -> None:
    fix = have_read(trail(), config("dnsmasq", "/etc/dnsmasq.conf", *folders), path)
    assert fix.commands[0] == command


@pytest.mark.parametrize(
    ("path", "programs", "commands"),
    [
        ("/etc/dnsmasq.conf", ("dnsmasq", "systemctl"), ("sudo systemctl restart dnsmasq",)),
        ("/etc/NetworkManager/dnsmasq.d", ("systemctl",), ("sudo systemctl restart NetworkManager",)),
        ("/etc/dnsmasq.conf", ("dnsmasq",), ()),
    ],
)
def test_who_is_started_anew(path: str, programs: tuple[str, ...], commands: tuple[str, ...]) -> None:
    assert restart(trail(host(programs=programs)), config("dnsmasq", path)) == commands
