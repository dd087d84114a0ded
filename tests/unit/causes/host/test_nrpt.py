"""The recorded Windows host, whose rule lacks the leading dot, in an otherwise sound world."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import sddoctor.lab
from sddoctor.bundle.codec import decode
from sddoctor.causes.registry import BY_CODE
from sddoctor.lab.runner import Lab
from sddoctor.lab.world import load
from sddoctor.trail.trail import Trail

ROOT = Path(__file__).parents[3] / "data" / "host-roots" / "windows11-nrpt-exact-name"
WORLDS = Path(sddoctor.lab.__file__).parent / "worlds"


def _trail(tmp_path: Path) -> Trail:
    with Lab(load(WORLDS / "article.yaml")) as lab:
        saved = tmp_path / "case.json"
        done = lab.run(["check", "dev-api.example.internal", "--root", str(ROOT), "--save", str(saved)])
        assert "Traceback" not in done.stderr
    return Trail(decode(saved.read_bytes()))


def test_a_rule_without_the_leading_dot_is_named(tmp_path: Path) -> None:
    finding = BY_CODE["nrpt-rule-missing"].decide(_trail(tmp_path))
    assert finding is not None
    assert "leading dot" in finding.summary
    assert finding.fixes[0].commands == (
        "Add-DnsClientNrptRule -Namespace '.example.internal' -NameServers '10.10.0.2'",
    )


def test_split_dns_missing_leaves_windows_to_the_rule(tmp_path: Path) -> None:
    assert BY_CODE["split-dns-missing"].decide(_trail(tmp_path)) is None


@pytest.mark.parametrize("root", ["client-vpn-without-dns", "rebind-protection", "dnssec-rejects-zone"])
def test_without_a_rule_whatever_should_have_made_it_needless_leads(root: str) -> None:
    """What the VPN does not hand out no rule can name, and a router that takes the addresses out knows the name."""
    with Lab(load(WORLDS / f"{root}.yaml")) as lab:
        done = lab.run(["check", "dev-api.example.internal", "--root", str(ROOT), "-o", "json"])
    (report,) = json.loads(done.stdout)["reports"]
    of = {f["code"]: (f["role"], f["of"]) for f in report["findings"]}
    assert of[root] == ("root-cause", None)
    assert of["nrpt-rule-missing"] == ("consequence", root)
