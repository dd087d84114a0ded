"""Configuration files of forwarders below a root, and what is read of them."""

from __future__ import annotations

from pathlib import Path

from sddoctor.case.forwarder import ForwarderConfig
from sddoctor.case.seen import Seen
from sddoctor.observe.host import forwarders
from sddoctor.observe.host.source import open_root

NAME = "dev-api.example.internal"
MAIN = "/etc/dnsmasq.conf"
TO_VPC, TO_OLD = "server=/example.internal/10.10.0.2\n", "server=/example.internal/10.10.8.10\n"
ZONE = 'forward-zone:\n  name: "example.internal"\n  forward-addr: {}\n'
DEBIAN = {"etc/os-release": "ID=debian\nVERSION_ID=12\n"}


def rules(found: ForwarderConfig) -> list[tuple[str, list[str]]]:
    return [(e.domain, [str(s) for s in e.servers]) for e in found.entries]


def read(root: Path, files: dict[str, str]) -> tuple[ForwarderConfig, ...]:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    return forwarders.read(open_root(root), NAME)


def only(root: Path, files: dict[str, str]) -> ForwarderConfig:
    (found,) = read(root, files)
    return found


def unread(found: ForwarderConfig) -> tuple[str, ...]:
    assert isinstance(found.files, Seen)
    return found.files.unread
