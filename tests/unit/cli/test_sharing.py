"""What goes into a file that is handed on: without secrets, without what is unrelated, and without names if so asked."""

import json
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from sddoctor.bundle import codec
from sddoctor.case.case import Case
from sddoctor.case.cloudmap import Namespace
from sddoctor.case.seen import Seen
from sddoctor.cli import sharing
from sddoctor.cli.main import run

BUNDLES = Path(__file__).parents[2] / "data" / "bundles"
SAVED = BUNDLES / "split-dns-missing.v1.json"
Capture = pytest.CaptureFixture[str]


def _case() -> Case:
    return codec.decode(SAVED.read_bytes())


def _report(path: Path, capsys: Capture) -> dict[str, Any]:
    run(["check", "--from", str(path), "-o", "json"])
    report: dict[str, Any] = json.loads(capsys.readouterr().out)["reports"][0]
    return report


def test_an_unrelated_namespace_and_a_secret_are_not_saved(tmp_path: Path, capsys: Capture) -> None:
    case = _case()
    cloudmap = case.aws.cloudmap
    more = Namespace("ns-payroll", "arn:ns-payroll", "payroll.internal", "DNS_PRIVATE", description="password=hunter2")
    namespaces = Seen((*cloudmap.namespaces.value, more), "servicediscovery:ListNamespaces")
    whole = structs.replace(
        case, aws=structs.replace(case.aws, cloudmap=structs.replace(cloudmap, namespaces=namespaces))
    )
    before, after = tmp_path / "before.json", tmp_path / "after.json"
    before.write_bytes(codec.encode(whole))
    assert run(["check", "--from", str(before), "--save", str(after)]) == 1
    assert "payroll" in before.read_text()
    assert "payroll" not in after.read_text()
    assert "hunter2" not in after.read_text()
    capsys.readouterr()
    assert _report(after, capsys) == _report(before, capsys)


def test_anonymous_files_give_the_same_diagnosis_with_other_names(tmp_path: Path, capsys: Capture) -> None:
    saved = tmp_path / "case.json"
    assert run(["check", "--from", str(SAVED), "--save", str(saved), "--anonymise"]) == 1
    capsys.readouterr()
    before, after = _report(SAVED, capsys), _report(saved, capsys)
    for field in ("verdict", "root_causes"):
        assert after[field] == before[field]
    assert [(f["code"], f["role"]) for f in after["findings"]] == [(f["code"], f["role"]) for f in before["findings"]]
    assert after["name"].endswith(".internal")
    text = saved.read_text()
    for original in ("dev-api", "example.internal", "111122223333", "10.10.0.2", "10.10.211.50", "0a1b2c3d4e5f60718"):
        assert original in SAVED.read_text()
        assert original not in text


def test_every_file_gets_names_of_its_own(tmp_path: Path) -> None:
    one, other = sharing.anonymous([_case()]), sharing.anonymous([_case()])
    assert one[0].name != other[0].name


def test_several_names_of_one_file_are_replaced_alike() -> None:
    first = _case()
    second = structs.replace(first, name="web.example.internal")
    one, other = sharing.anonymous([first, second])
    assert one.name != other.name
    assert one.name.partition(".")[2] == other.name.partition(".")[2]
    assert one.aws.vpc.vpcs == other.aws.vpc.vpcs


def test_where_no_names_keep_the_diagnosis_nothing_is_saved(
    tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sharing, "gist", lambda _: object())
    saved = tmp_path / "case.json"
    assert run(["check", "--from", str(SAVED), "--save", str(saved), "--anonymise"]) == 2
    assert "Nothing was saved" in capsys.readouterr().err
    assert not saved.exists()


def test_anonymise_needs_a_file(capsys: Capture) -> None:
    assert run(["check", "--from", str(SAVED), "--anonymise"]) == 2
    assert "give --save as well" in capsys.readouterr().err


def test_names_that_hold_a_region_can_be_replaced() -> None:
    case = _case()
    data = codec.encode(case).decode().replace("dev-api-service", "dev-ap-northeast-1-service")
    (made,) = sharing.anonymous([codec.decode(data.encode())])
    assert made.aws.region == case.aws.region
