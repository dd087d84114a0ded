"""``resolver show`` of hosts with systemd-resolved: the scope that decides, and what was not understood of it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from sddoctor.cli.resolver import resolver

NEAR = Path(__file__).parents[2] / "data" / "cases" / "near"
DELEGATE, STATUS = NEAR / "ubuntu2604-dns-delegate-old-server", "commands/resolvectl_status"
NAME = "search-api.staging.acme.internal"


def run(*args: str) -> Result:
    return CliRunner().invoke(resolver, ["show", *args], standalone_mode=False)


def words(*args: str) -> str:
    return " ".join(run(*args).output.split())


def as_json(root: Path, name: str = NAME) -> tuple[int, dict[str, Any]]:
    done = run(name, "--root", str(root), "-o", "json")
    return done.return_value, json.loads(done.output)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DELEGATE, tmp_path / "root"))


def test_a_delegate_is_named() -> None:
    said = words(NAME, "--root", str(DELEGATE))
    assert "asks 172.20.5.53: the longest matching domain is ~acme.internal on delegate staging." in said
    assert "acme.internal: 172.20.5.53 of delegate staging" in said
    status, data = as_json(DELEGATE)
    assert (status, data["choice"]["decided_by"]["kind"], data["gaps"]) == (0, "resolved-delegate", [])
    assert [e["delegate"] for e in data["considered"] if e["domain"] == "acme.internal"] == ["staging"]


def test_of_several_servers_the_current_one_is_named() -> None:
    said = words("payments.fin.internal", "--root", str(NEAR / "fedora43-two-servers-one-scope"))
    assert (
        "asks 213.133.100.100, 10.64.0.2: the longest matching domain is ~fin.internal on the global servers; of the"
        in said
    )
    assert "only the current one (213.133.100.100) is queried while it answers" in said


def test_a_header_that_is_not_known_leaves_it_unknown(root: Path) -> None:
    text = (root / STATUS).read_text()
    (root / STATUS).write_text(text.replace("Delegate staging", "Tunnel staging"))
    said = words(NAME, "--root", str(root))
    assert "Which server is asked could not be seen: part of it is not understood: 'Tunnel staging'" in said
    assert "172.20.5.53" not in said
    status, data = as_json(root)
    assert (status, data["choice"]) == (3, None)
    assert {g["what"] for g in data["gaps"]} == {"resolvectl status"}


def test_a_label_that_cannot_decide_is_told_beside_what_is_known(root: Path) -> None:
    with (root / STATUS).open("a") as status:
        status.write("             Hurry: yes\n")
    said = words(NAME, "--root", str(root))
    assert "An ordinary program asks 172.20.5.53" in said
    assert "Not understood: resolvectl status: part of it is not understood: 'Hurry: yes'" in said
    assert as_json(root)[0] == 0


def test_json_of_the_status_comes_before_its_text(root: Path) -> None:
    """Both were recorded, and the text is older."""
    server = {"addressString": "172.20.0.2", "address": [172, 20, 0, 2], "family": 2, "port": 53, "accessible": True}
    domain = {"name": "acme.internal", "routeOnly": True}
    status = [{"resolvConfMode": "stub"}, {"delegate": "staging", "servers": [server], "searchDomains": [domain]}]
    (root / "commands/resolvectl_--json=short_status").write_text(json.dumps(status))
    assert as_json(root)[1]["choice"]["asks"] == [{"address": "172.20.0.2", "port": 53}]
