"""The check as the process that a user starts: what it writes on both streams, its status, and what it saves.

A few worlds of different kinds; what is said of every world is tested in ``test_worlds.py``.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from sddoctor.bundle import codec
from sddoctor.cli.sharing import gist, redacted
from sddoctor.lab.runner import Lab
from tests.world_cases import observed, world_of

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "report.schema.json").read_text())
#: Worlds, the status of their check, and why a process of each is worth its second.
WORLDS = {
    "article": 0,  # a Mac
    "healthy-linux": 0,
    "resolver-file-malformed-windows": 1,
    "vpn-down": 1,  # servers that are silent
    "inconclusive-cloudmap-denied": 3,
    "service-scaled-to-zero-small-pages": 1,  # every answer of AWS comes in pages
    "name-not-fully-qualified-completed": 1,  # says on standard error which name is meant
    "namespace-duplicate": 1,  # --cluster and --service
    "inbound-endpoint-blocked": 1,  # --nameserver
    "dhcp-custom-dns-client-vpc": 1,  # --client-vpc
    "client-runtime": 0,  # --program-error
    "namespace-not-delegated": 1,  # a public namespace
    "healthy-srv": 0,
    "large-answers-lost": 1,
    "health-check-failing": 1,  # tasks are connected to
}
SAID = {
    "name-not-fully-qualified-completed": "A search domain completes dev-api to dev-api.example.internal: that name is judged.\n"
}


@pytest.mark.parametrize("name", WORLDS)
def test_a_check_as_a_process(name: str, tmp_path: Path) -> None:
    world, saved = world_of(name), tmp_path / "case.json"
    with Lab(world) as lab:
        done = lab.run([*lab.check_args, "-o", "json", "--save", str(saved)])
    assert (done.stderr, done.returncode) == (SAID.get(name, ""), WORLDS[name])
    report: dict[str, Any] = json.loads(done.stdout)
    jsonschema.validate(report, SCHEMA)
    (said,) = report["reports"]
    assert (said["verdict"], said["root_causes"]) == (world.expect.verdict, list(world.expect.root_causes))
    assert gist(codec.decode(saved.read_bytes())) == gist(redacted(observed(name).case))
