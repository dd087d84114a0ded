"""The hosts in ``data/cases/near``: what a check with ``--root`` sees on them while all of AWS is sound.

The VPC's resolver answers with the tasks, and no other server is asked, as when somebody looks at another machine's files.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from sddoctor.case.case import Case
from sddoctor.lab.world import World, parse
from sddoctor.observe.dns.network import MappedNetwork
from tests import yaml_files
from tests.case_terms import Terms
from tests.world_cases import observed_in

FOLDER = Path(__file__).parent / "data" / "cases" / "near"
#: The tasks by the range of the VPC.
_TASKS = {
    "10.64.0.0/16": ("10.64.20.11", "10.64.36.12"),
    "172.20.0.0/16": ("172.20.9.140", "172.20.77.31"),
    "10.128.0.0/16": ("10.128.40.6", "10.128.56.201"),
}
#: Symbolic links to nowhere, which nothing copies reliably: made when the host is looked at.
_LINKS = {"debian13-resolv-conf-link-to-nowhere": ("etc/resolv.conf", "../run/resolvconf/resolv.conf")}


def names() -> list[str]:
    """Return the names of the hosts."""
    return sorted(p.name for p in FOLDER.iterdir() if p.is_dir())


@cache
def expected(name: str) -> dict[str, Any]:
    """Return what follows for a host, as ``expect.yaml`` says it."""
    found: dict[str, Any] = yaml_files.read(FOLDER / name / "expect.yaml")
    return found


def terms_of(name: str) -> Terms:
    """Return what must be said about a host."""
    given = expected(name)
    return Terms(
        finding=given["finding"],
        first_root_cause_one_of=tuple(given["first_root_cause_one_of"]),
        or_a_new_code_that_says=given.get("or_a_new_code_that_says"),
        must_not=tuple(given["must_not_name"]),
        verdict_one_of=tuple(given.get("verdict_one_of", ["broken"])),
        breaks=given["break"] if isinstance(given["break"], str) else tuple(given["break"]),
        says=tuple(given.get("says", ())),
        no_root_cause_but_the_first=given.get("no_root_cause_but_the_first", False),
    )


@cache
def root_of(name: str) -> Path:
    """Return the directory of a host, copied where a link is to be made in it."""
    if name not in _LINKS:
        return FOLDER / name
    copy = Path(tempfile.mkdtemp(prefix="sddoctor-near-")) / name
    shutil.copytree(FOLDER / name, copy)
    link, target = _LINKS[name]
    (copy / link).symlink_to(target)
    return copy


@cache
def case_of(name: str) -> Case:
    """Return what a check of the host's name observes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(MappedNetwork, "has_host", lambda _network, root: root is None)
        return observed_in(f"near-case-{name}", _world(name)).case


def _world(name: str) -> World:
    given = expected(name)
    return world_of(name, given["name"], given["vpc"], root_of(name))


def world_of(title: str, name: str, cidr: str, root: Path) -> World:
    """Return the world of a host whose files lie in ``root``, in which all of AWS is sound for the name."""
    service, _, namespace = name.partition(".")
    digest = hashlib.sha256()
    for path in sorted(p for p in root.rglob("*") if p.is_file()):
        digest.update(str(path.relative_to(root)).encode() + path.read_bytes())
    tasks = [{"id": f"{n:032x}", "address": a} for n, a in enumerate(_TASKS[cidr], 1)]
    ecs = {"name": service, "task_definition": service, "registries": [{"service": "srv-1"}], "tasks": tasks}
    check = {"command": ["CMD", "/ready"]}
    return parse(
        {
            "title": f"{title} {digest.hexdigest()[:16]}",
            "name": name,
            "args": ["--root", str(root)],
            "vpcs": [{"id": "vpc-0near", "cidr": cidr}],
            "namespaces": [
                {
                    "id": "ns-1",
                    "name": namespace,
                    "zone": "Z0NEAR",
                    "vpcs": ["vpc-0near"],
                    "services": [{"id": "srv-1", "name": service}],
                }
            ],
            "clusters": [{"name": "main", "services": [ecs]}],
            "task_definitions": [
                {"family": service, "containers": [{"name": "web", "port": 80, "health_check": check}]}
            ],
        }
    )
