"""The check command, run inside this process; what is observed comes from saved cases."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from xml.etree.ElementTree import fromstring

import pytest
from msgspec import structs

from sddoctor.bundle import codec
from sddoctor.case.case import Case
from sddoctor.cli import judging
from sddoctor.cli.main import run
from sddoctor.diagnosis.model import Diagnosis
from tests.unit.cli.cases import unseen_case
from tests.unit.report.diagnoses import HEALTHY, INCONCLUSIVE, NAME, UNHEALTHY, VPN_DOWN

OTHER = "web.example.internal"
Judged = Callable[..., None]


@pytest.fixture
def saved(tmp_path: Path) -> str:
    path = tmp_path / "case.json"
    path.write_bytes(codec.encode(unseen_case()))
    return str(path)


@pytest.fixture
def saved_two(tmp_path: Path) -> str:
    path = tmp_path / "cases.json"
    path.write_bytes(codec.encode_many([unseen_case(), unseen_case(OTHER)]))
    return str(path)


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> Judged:
    """Let every saved case have a given diagnosis."""

    def judge(**by_label: Diagnosis) -> None:
        def diagnose(case: Case, _ignore: frozenset[str] = frozenset()) -> Diagnosis:
            return structs.replace(by_label[case.name.split(".")[0].replace("-", "_")], name=case.name)

        monkeypatch.setattr(judging, "diagnose", diagnose)

    return judge


def test_nothing_seen_is_inconclusive(saved: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", NAME, "--from", saved]) == 3
    out, err = capsys.readouterr()
    assert out.startswith(f"INCONCLUSIVE  {NAME}\n")
    assert "servicediscovery:ListNamespaces is denied" in out
    assert err == ""


@pytest.mark.parametrize("output", ["text", "json", "markdown", "junit"])
@pytest.mark.parametrize(("diagnosis", "status"), [(HEALTHY, 0), (VPN_DOWN, 1), (UNHEALTHY, 1), (INCONCLUSIVE, 3)])
def test_same_status_in_every_format(
    saved: str, judged: Judged, capsys: pytest.CaptureFixture[str], output: str, diagnosis: Diagnosis, status: int
) -> None:
    judged(dev_api=diagnosis)
    assert run(["check", NAME, "--from", saved, "-o", output]) == status
    out, err = capsys.readouterr()
    assert NAME in out
    assert err == ""
    if output == "json":
        assert json.loads(out)["reports"][0]["verdict"] == diagnosis.verdict
    if output == "junit":
        assert fromstring(out).tag == "testsuites"  # noqa: S314 - written by ourselves


def test_fail_on_warning(saved: str, judged: Judged) -> None:
    judged(dev_api=HEALTHY)
    assert run(["check", NAME, "--from", saved, "--fail-on", "error"]) == 0
    assert run(["check", NAME, "--from", saved, "--fail-on", "warning"]) == 1


def test_several_names_in_the_order_asked_and_the_worst_decides(
    saved_two: str, judged: Judged, capsys: pytest.CaptureFixture[str]
) -> None:
    judged(dev_api=HEALTHY, web=INCONCLUSIVE)
    assert run(["check", OTHER, NAME, OTHER.upper(), "--from", saved_two, "-o", "json"]) == 3
    assert [r["name"] for r in json.loads(capsys.readouterr().out)["reports"]] == [OTHER, NAME]
    judged(dev_api=VPN_DOWN, web=INCONCLUSIVE)
    assert run(["check", OTHER, NAME, "--from", saved_two]) == 1


def test_every_name_of_the_file_when_none_is_given(saved_two: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", "--from", saved_two, "-o", "json"]) == 3
    assert [r["name"] for r in json.loads(capsys.readouterr().out)["reports"]] == [NAME, OTHER]


def test_several_files_are_several_places(tmp_path: Path, saved: str) -> None:
    bastion, both = tmp_path / "bastion.json", tmp_path / "both.json"
    bastion.write_bytes(codec.encode(unseen_case(label="bastion")))
    assert run(["check", NAME, "--from", saved, "--from", str(bastion), "--save", str(both)]) == 3
    assert [p.label for p in codec.decode(both.read_bytes()).places] == ["laptop", "bastion"]


def test_saved_case_comes_back_equal_and_gives_the_same_json(
    tmp_path: Path, saved: str, capsys: pytest.CaptureFixture[str]
) -> None:
    again = tmp_path / "again.json"
    assert run(["check", "--from", saved, "--save", str(again), "-o", "json"]) == 3
    first = json.loads(capsys.readouterr().out)
    assert again.read_bytes() == Path(saved).read_bytes()
    assert run(["check", "--from", str(again), "-o", "json"]) == 3
    second = json.loads(capsys.readouterr().out)
    assert first.pop("generated_at").endswith("Z")
    second.pop("generated_at")
    assert first == second


def test_save_of_several_names_is_one_file(tmp_path: Path, saved_two: str) -> None:
    again = tmp_path / "again.json"
    run(["check", "--from", saved_two, "--save", str(again)])
    assert again.read_bytes() == Path(saved_two).read_bytes()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["again.json", "cases.json"]


def test_save_that_fails_leaves_what_was_there(
    tmp_path: Path, saved: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "kept.json"
    target.write_text("precious")

    def no_space(_fd: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", no_space)
    assert run(["check", "--from", saved, "--save", str(target)]) == 2
    assert target.read_text() == "precious"
    assert len(list(tmp_path.iterdir())) == 2
    assert capsys.readouterr().err == f"Error: '{target}' could not be written: No space left on device.\n"


def test_short(saved: str, judged: Judged, capsys: pytest.CaptureFixture[str]) -> None:
    judged(dev_api=VPN_DOWN)
    assert run(["check", NAME, "--from", saved, "--short"]) == 1
    assert len(capsys.readouterr().out.splitlines()) == 3


def test_colour_only_when_asked_or_on_a_terminal(saved: str, capsys: pytest.CaptureFixture[str]) -> None:
    run(["check", "--from", saved])
    assert "\x1b" not in capsys.readouterr().out
    run(["check", "--from", saved, "--color", "always"])
    assert "\x1b[" in capsys.readouterr().out


def test_observing_options_beside_saved_cases_are_told_to_be_idle(
    saved: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["check", "--from", saved, "--region", "eu-west-1", "--nameserver", "10.10.0.2"]) == 3
    assert capsys.readouterr().err == (
        "Warning: with --from nothing is observed, so --region, --nameserver changes nothing.\n"
    )


def test_ignore_reaches_the_judgement(saved: str, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[frozenset[str]] = []

    def diagnose(case: Case, ignore: frozenset[str] = frozenset()) -> Diagnosis:
        seen.append(ignore)
        return HEALTHY

    monkeypatch.setattr(judging, "diagnose", diagnose)
    assert run(["check", "--from", saved, "--ignore", "srv-only", "--ignore", "api-only"]) == 0
    assert seen == [frozenset({"srv-only", "api-only"})]


def test_internal_error_is_one_sentence(
    saved: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def diagnose(_case: Case, _ignore: frozenset[str]) -> Diagnosis:
        raise KeyError("surprise")

    monkeypatch.setattr(judging, "diagnose", diagnose)
    assert run(["check", "--from", saved]) == 3
    out, err = capsys.readouterr()
    assert out == ""
    assert "KeyError: 'surprise'" in err
    assert len(err.splitlines()) == 1


def test_interrupt(saved: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def diagnose(_case: Case, _ignore: frozenset[str]) -> Diagnosis:
        raise KeyboardInterrupt

    monkeypatch.setattr(judging, "diagnose", diagnose)
    assert run(["check", "--from", saved]) == 130
    assert capsys.readouterr().err.strip() == "Interrupted."


def test_verbose_shows_what_each_server_was_asked(capsys: pytest.CaptureFixture[str]) -> None:
    bundle = Path(__file__).parents[2] / "data" / "bundles" / "split-dns-missing.v1.json"
    assert run(["check", "--from", str(bundle), "-v"]) == 1
    shown = capsys.readouterr().out
    assert shown.index("Asked of 10.10.0.2 (should know the zone)") < shown.index("Asked of 192.168.1.1")
    assert "\n    dev-api.example.internal 10 A 10.10.211.50\n" in shown
    assert run(["check", "--from", str(bundle)]) == 1
    assert "Asked of" not in capsys.readouterr().out


def test_html_is_one_page_for_all_names(saved: str, judged: Judged, capsys: pytest.CaptureFixture[str]) -> None:
    judged(dev_api=VPN_DOWN)
    assert run(["check", NAME, "--from", saved, "-o", "html"]) == 1
    page = capsys.readouterr().out
    assert page.startswith('<!DOCTYPE html>\n<html lang="en">')
    assert "This host cannot reach the VPC resolver" in page
