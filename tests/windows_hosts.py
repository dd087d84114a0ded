"""The Windows hosts in ``data/cases/windows``: what was recorded on each, with the terms of its case in the same file.

``commands`` are outputs by command line, as they were printed; ``encoding`` says how the console wrote one, where not in UTF-8.
``gets`` are the addresses that Resolve-DnsName prints; without any it says that the name does not exist. All of AWS is sound.
"""

from __future__ import annotations

import json
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from sddoctor.case.case import Case
from sddoctor.lab import windows_text
from sddoctor.observe.dns.network import MappedNetwork
from tests import yaml_files
from tests.case_terms import Terms
from tests.near_cases import world_of
from tests.world_cases import observed_in

FOLDER = Path(__file__).parent / "data" / "cases" / "windows"


def names() -> list[str]:
    """Return the names of the hosts."""
    return sorted(p.stem for p in FOLDER.glob("*.yaml"))


@cache
def given(name: str) -> dict[str, Any]:
    """Return the file of a host."""
    found: dict[str, Any] = yaml_files.read(FOLDER / f"{name}.yaml")
    return found


def terms_of(name: str) -> Terms:
    """Return what must be said about a host."""
    host = given(name)
    breaks = host.get("break", "program .*|servers .*")
    return Terms(
        first_root_cause_one_of=tuple(host["first"]),
        must_not=tuple(host.get("must_not", ())),
        verdict_one_of=(host.get("verdict", "broken"),),
        breaks=breaks if isinstance(breaks, str) else tuple(breaks),
        says=tuple(host.get("says", ())),
        says_not=tuple(host.get("says_not", ())),
        never_certain=tuple(host.get("never_certain", ())),
    )


@cache
def case_of(name: str) -> Case:
    """Return what a check of the host's name observes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(MappedNetwork, "has_host", lambda _network, root: root is None)
        return observed_in(
            f"windows-host-{name}", world_of(name, given(name)["name"], given(name)["vpc"], root_of(name))
        ).case


@cache
def root_of(name: str) -> Path:
    """Write the directory of a host."""
    host = given(name)
    root = Path(tempfile.mkdtemp(prefix="sddoctor-windows-")) / name
    _write(root / "os-release.json", json.dumps({"platform": "windows", "version": "10.0.22631"}).encode())
    _write(root / windows_text.HOSTS.lstrip("/"), windows_text.HOSTS_TEXT.encode())
    looked_up = tuple(host.get("gets", ()))
    lookups = {
        f"Resolve-DnsName {n}": windows_text.resolve_dnsname(n, looked_up) for n in (host["name"], f"{host['name']}.")
    }
    for command, text in (lookups | host["commands"]).items():
        encoding = host.get("encoding", {}).get(command, "utf-8")
        _write(root / "commands" / command.replace(" ", "_").replace("/", "_"), text.encode(encoding))
    return root


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
