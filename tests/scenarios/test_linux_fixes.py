"""Every fix on Linux of a cause on the network or the host is run by a system test, or stands in a short list with a reason."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from sddoctor.causes.model import Fix
from sddoctor.causes.registry import BY_CODE
from sddoctor.diagnosis.diagnose import diagnose
from sddoctor.diagnosis.model import Diagnosis
from tests import host_cases, near_cases
from tests.linux_fixes import NOT_RUN, RUN, shape
from tests.places_of_products import PLACES
from tests.unit.causes.host.test_place_fixes import fixes_at
from tests.world_cases import all_cases, observed_in

SYSTEM = Path(__file__).parents[1] / "system"


def _diagnoses() -> Iterator[Diagnosis]:
    yield from (diagnose(case) for case in all_cases().values())
    yield from (diagnose(observed_in(host_cases.kept_as(n), host_cases.world_of(n)).case) for n in host_cases.names())
    yield from (diagnose(near_cases.case_of(name)) for name in near_cases.names())


def _fixes(scratch: Path) -> Iterator[Fix]:
    """Yield the fixes of every world and host, and what is said at each place of a product."""
    for finding in (f for diagnosis in _diagnoses() for f in diagnosis.findings):
        yield from finding.fixes if BY_CODE[finding.code].hop in ("network", "host") else ()
    for number, place in enumerate(PLACES):
        yield from fixes_at(place, scratch / str(number))


@pytest.mark.timeout(1200)  # alone, it observes every world
def test_each_is_run_or_has_a_reason_why_not(tmp_path: Path) -> None:
    shown = {shape(x.commands, x.config or x.content, x.title) for x in _fixes(tmp_path) if x.where == "linux"}
    assert shown - {*RUN, *NOT_RUN} == set()
    assert {*NOT_RUN} - shown == set()
    assert not {*RUN} & {*NOT_RUN}


def test_the_tests_that_run_them_exist() -> None:
    trees = [
        ast.parse((SYSTEM / f).read_text()) for f in ("test_linux_fixes.py", "test_forwarder_fixes.py", "test_nscd.py")
    ]
    known = {node.name for tree in trees for node in tree.body if isinstance(node, ast.FunctionDef)}
    assert {test.partition("[")[0] for test in RUN.values()} <= known


def test_a_shape_says_what_is_done_and_not_to_what() -> None:
    one = shape(
        [
            "sudo mkdir -p /etc/systemd/resolved.conf.d",
            "printf '%s\\n' A | sudo tee /etc/systemd/resolved.conf.d/a.conf",
        ]
    )
    assert one == shape(
        ["printf '%s\\n' B | sudo tee /etc/systemd/resolved.conf.d/b.c.conf", "sudo systemctl restart x"]
    )
    assert one == "tee /etc/systemd/resolved.conf.d/*"
    assert shape(["sudo resolvectl dns tun0 10.10.0.2"]) == "resolvectl dns"
    assert shape([], "server:\n    edns-buffer-size: 512") == "by hand: server edns-buffer-size"
