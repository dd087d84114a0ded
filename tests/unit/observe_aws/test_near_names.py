"""What of a zone is kept for "did you mean": names that are spelled like the one that was asked for, and no others."""

from __future__ import annotations

from pathlib import Path

import pytest

import sddoctor.lab
from sddoctor.case.case import Asked
from sddoctor.lab.runner import Lab
from sddoctor.lab.world import merge, parse
from sddoctor.observe.observer import observe
from sddoctor.observe.options import ObserveOptions
from tests import yaml_files
from tests.in_process import in_lab

ARTICLE = Path(sddoctor.lab.__file__).parent / "worlds" / "article.yaml"
ZONE = {
    "id": "Z0CORP",
    "name": "corp.internal",
    "vpcs": ["vpc-0a1b2c3d4e5f60718"],
    "records": [
        {"name": "ledger.corp.internal", "values": ["10.10.9.1"]},
        {"name": "web.corp.internal", "values": ["10.10.9.2"]},
        {"name": "ledgers.corp.internal", "type": "TXT", "values": ['"owned"']},
        {"name": "_ledger.corp.internal", "type": "CNAME", "values": ["x.acme.example"]},
    ],
}


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("legder.corp.internal", ("ledger.corp.internal",)),
        ("orders.corp.internal", ()),  # the zone is the same, and nothing else
        ("ledger.corp.internal", ()),
    ],
)
def test_only_names_that_are_spelled_alike_are_near(name: str, near: tuple[str, ...]) -> None:
    with Lab(parse(merge(yaml_files.read(ARTICLE), {"zones": [ZONE], "name": name}))) as lab, in_lab(lab):
        case = observe(name, Asked(name), ObserveOptions(root=lab.root)).case
    (zone,) = case.aws.zones.seen_or(())
    assert zone.near == near
