"""What a named resolver shows although nothing of Cloud Map may be read."""

from __future__ import annotations

import json
from pathlib import Path

import sddoctor.lab
from sddoctor.lab.runner import Lab
from sddoctor.lab.world import load
from tests.in_process import run_in

WORLD = Path(sddoctor.lab.__file__).parent / "worlds" / "split-dns-missing-cloudmap-denied.yaml"


def test_a_named_resolver_shows_what_the_host_lacks() -> None:
    """The resolver is named here and not in the world: without the lab's network it would be a real address."""
    with Lab(load(WORLD)) as lab:
        assert "10.10.0.2" in json.loads(Path(lab.env["SDDOCTOR_NETWORK"]).read_text())["servers"]
        done = run_in(lab, [*lab.check_args, "--nameserver", "10.10.0.2", "-o", "json"])
    (report,) = json.loads(done.stdout)["reports"]
    assert (report["verdict"], report["root_causes"]) == ("broken", ["split-dns-missing"])
    assert "servicediscovery:ListNamespaces" in {g["needs"] for g in report["gaps"]}
