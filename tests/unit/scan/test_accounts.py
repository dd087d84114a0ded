"""Several accounts, regions and roles: each is a row of its own, and none stops the others."""

from __future__ import annotations

from pathlib import Path

import pytest

from sddoctor.lab.aws.server import AwsStandIn
from sddoctor.lab.runner import Lab
from tests.estates import estate
from tests.unit.scan.conftest import scan_in

ROLE = "arn:aws:iam::444455556666:role/sddoctor"


def _config(path: Path, urls: dict[str, str]) -> Path:
    text = "".join(
        f"[profile {name}]\nregion = ap-northeast-1\nendpoint_url = {url}\naws_access_key_id = AKIALABLABLABLABLABL\n"
        "aws_secret_access_key = lab\n"
        for name, url in urls.items()
    )
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def profiles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Two accounts by profile: ``sound`` with two names, ``closed`` where everything is denied."""
    sound = estate(2)
    closed = estate(2, account="999988887777", faults={"deny": ["*"]})
    with Lab(sound) as lab, AwsStandIn(closed) as other:
        config = _config(tmp_path / "config", {"sound": lab.env["AWS_ENDPOINT_URL"], "closed": other.url})
        lab.env = {k: v for k, v in lab.env.items() if not k.startswith("AWS_")} | {
            "AWS_CONFIG_FILE": str(config),
            "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_DISABLE_HOST_PREFIX_INJECTION": "true",
        }
        yield lab


def test_a_denied_account_is_a_row_beside_the_names_of_the_other(profiles: Lab) -> None:
    scanned = scan_in(profiles, "--profiles", "sound,closed", "-o", "jsonl")
    by_profile = {(line["profile"], line["name"]): line for line in scanned.lines}
    assert {k: line["verdict"] for k, line in by_profile.items()} == {
        ("sound", "svc-0000.n0.internal"): "healthy",
        ("sound", "svc-0001.n0.internal"): "healthy",
        ("closed", "*"): "inconclusive",
    }
    assert by_profile["closed", "*"]["account"] == "999988887777"
    assert by_profile["closed", "*"]["gaps"][0]["needs"] == "servicediscovery:ListNamespaces"
    assert scanned.status == 3


def test_the_table_says_where_a_name_is_when_there_are_several_places(profiles: Lab) -> None:
    scanned = scan_in(profiles, "--profiles", "sound,closed")
    assert scanned.out.splitlines()[0].split() == ["VERDICT", "NAME", "WHERE", "WHY"]
    assert "999988887777/ap-northeast-1" in scanned.out


def test_a_profile_that_does_not_exist_is_wrong_usage(profiles: Lab) -> None:
    scanned = scan_in(profiles, "--profiles", "sound,nobody")
    assert scanned.status == 2
    assert "nobody" in scanned.errors


def test_a_role_is_taken_on_and_every_region_is_looked_at() -> None:
    with Lab(estate(1)) as lab:
        scanned = scan_in(lab, "--role", ROLE, "--regions", "eu-west-1,eu-central-1", "-o", "jsonl")
    assert {(line["role"], line["region"], line["verdict"]) for line in scanned.lines} == {
        (ROLE, "eu-west-1", "healthy"),
        (ROLE, "eu-central-1", "healthy"),
    }
    assert scanned.asked["sts:AssumeRole"] == 2


def test_a_role_that_may_not_be_taken_on_is_a_row_that_names_the_permission() -> None:
    with Lab(estate(1, faults={"deny": ["sts:AssumeRole"]})) as lab:
        scanned = scan_in(lab, "--role", ROLE, "-o", "jsonl")
    (line,) = scanned.lines
    assert (line["name"], line["verdict"], line["role"]) == ("*", "inconclusive", ROLE)
    assert line["gaps"][0]["needs"] == "sts:AssumeRole"


@pytest.mark.parametrize("args", [("--role", "sddoctor"), ("--regions", "EU"), ("--profiles", "a,,b"), ("--pace", "0")])
def test_what_is_no_role_region_profile_or_pace_is_wrong_usage(args: tuple[str, str]) -> None:
    with Lab(estate(1)) as lab:
        scanned = scan_in(lab, *args)
    assert scanned.status == 2
    assert "Traceback" not in scanned.errors
