"""The recorded Windows host, whose rule lacks the leading dot, in an otherwise sound world."""

from __future__ import annotations

from pathlib import Path

import sddoctor.lab
from sddoctor.bundle.codec import decode
from sddoctor.causes.registry import BY_CODE
from sddoctor.lab.runner import Lab
from sddoctor.lab.world import load
from sddoctor.trail.trail import Trail
from tests.recorded_worlds import WINDOWS

WORLD = Path(sddoctor.lab.__file__).parent / "worlds" / "article.yaml"


def _trail(tmp_path: Path) -> Trail:
    with Lab(load(WORLD)) as lab:
        saved = tmp_path / "case.json"
        done = lab.run(["check", "dev-api.example.internal", "--root", str(WINDOWS), "--save", str(saved)])
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
