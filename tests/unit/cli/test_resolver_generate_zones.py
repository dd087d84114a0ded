"""``resolver generate`` for any private hosted zone: the account's own, another account's, a Profile's, two of one name."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest

import sddoctor.lab
from sddoctor.lab.runner import Lab
from sddoctor.lab.world import merge, parse
from sddoctor.splitdns.formats import BY_NAME
from tests import yaml_files
from tests.in_process import command

ARTICLE = Path(sddoctor.lab.__file__).parent / "worlds" / "article.yaml"
DEV = "vpc-0a1b2c3d4e5f60718"
SHOP = "vpc-0shop0000000000001"
VPCS = [{"id": DEV, "cidr": "10.10.0.0/16", "name": "dev"}, {"id": SHOP, "cidr": "172.20.64.0/18", "name": "shop"}]


def zone(name: str, *vpcs: str, number: int = 1, **more: Any) -> dict[str, Any]:
    return {"id": f"Z0HAND00000000{number}", "name": name, "vpcs": list(vpcs), "records": [], **more}


def generate(domain: str, *options: str, **changes: Any) -> tuple[subprocess.CompletedProcess[str], list[str]]:
    """Return what the command does in the world of the article with these changes, and the operations that it called."""
    with Lab(parse(merge(yaml_files.read(ARTICLE), {"vpcs": VPCS, **changes}))) as lab:
        clean = {"PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "AWS_EC2_METADATA_DISABLED": "true", **lab.env}
        done = command("resolver", "generate", domain, "--format", "dnsmasq", *options, env=clean)
        assert "Traceback" not in done.stderr, done.stderr
        return done, [c.operation for c in lab.aws_log]


def configured(done: subprocess.CompletedProcess[str]) -> tuple[str, list[str]]:
    """Return the domain and the servers of the configuration."""
    assert done.returncode == 0, done.stderr
    config = BY_NAME["dnsmasq"].parse(done.stdout)
    return config.domain, [str(s) for s in config.servers]


def refused(done: subprocess.CompletedProcess[str]) -> str:
    """Return the sentence of a refusal, in one line."""
    assert (done.returncode, done.stdout) == (2, ""), done.stderr
    return " ".join(done.stderr.split())


def test_a_zone_by_hand_leads_to_its_vpc_without_a_list_of_any_vpc() -> None:
    done, called = generate("corp.internal", zones=[zone("corp.internal", SHOP)])
    assert configured(done) == ("corp.internal", ["172.20.64.2"])
    assert "ListHostedZonesByVPC" not in called


def test_a_name_below_a_zone_gives_the_configuration_of_the_longest_zone() -> None:
    zones = [zone("corp.internal", DEV), zone("db.corp.internal", SHOP, number=2)]
    done, _ = generate("main.db.corp.internal", zones=zones)
    assert configured(done) == ("db.corp.internal", ["172.20.64.2"])
    assert "main.db.corp.internal is in the private zone db.corp.internal" in done.stderr


def test_the_longest_zone_is_that_of_the_vpc_that_was_asked_for() -> None:
    zones = [zone("corp.internal", DEV), zone("db.corp.internal", SHOP, number=2)]
    done, _ = generate("main.db.corp.internal", "--vpc", DEV, zones=zones)
    assert configured(done) == ("corp.internal", ["10.10.0.2"])


def test_a_zone_of_another_account_is_found_in_the_list_of_the_vpc() -> None:
    done, _ = generate("ledger.corp.internal", zones=[zone("corp.internal", SHOP, owner="999988887777")])
    assert configured(done) == ("corp.internal", ["172.20.64.2"])


def test_a_longer_zone_of_another_account_wins_over_the_own_one() -> None:
    zones = [zone("corp.internal", DEV), zone("db.corp.internal", SHOP, number=2, owner="999988887777")]
    done, _ = generate("main.db.corp.internal", zones=zones)
    assert configured(done) == ("db.corp.internal", ["172.20.64.2"])


def test_a_zone_that_only_a_profile_brings() -> None:
    vpcs = [VPCS[0], {**VPCS[1], "profiles": ["rp-1"]}]
    zones = [zone("corp.internal")]
    done, _ = generate("corp.internal", vpcs=vpcs, zones=zones, profiles=[{"id": "rp-1", "zones": [zones[0]["id"]]}])
    assert configured(done) == ("corp.internal", ["172.20.64.2"])


def test_two_zones_of_one_name_are_told_apart_by_the_vpc() -> None:
    zones = [zone("corp.internal", DEV), zone("corp.internal", SHOP, number=2)]
    sentence = refused(generate("corp.internal", zones=zones)[0])
    assert "There are 2 private zones corp.internal" in sentence
    assert f"Z0HAND000000001 in {DEV}" in sentence
    assert f"Z0HAND000000002 in {SHOP}" in sentence
    assert "--vpc" in sentence
    for vpc, server in ((DEV, "10.10.0.2"), (SHOP, "172.20.64.2")):
        assert configured(generate("corp.internal", "--vpc", vpc, zones=zones)[0]) == ("corp.internal", [server])


def test_a_zone_of_no_vpc_has_no_resolver() -> None:
    sentence = refused(generate("corp.internal", zones=[zone("corp.internal")])[0])
    assert "The zone corp.internal (Z0HAND000000001) is associated with no VPC" in sentence


def test_a_public_zone_needs_no_vpc() -> None:
    sentence = refused(generate("corp.example", zones=[zone("corp.example", private=False)])[0])
    assert "corp.example is a public zone" in sentence


@pytest.mark.parametrize(
    ("domain", "meant"),
    [("corp.intrenal", "corp.internal"), ("exmple.internal", "example.internal"), ("internal", "corp.internal")],
)
def test_a_domain_that_nothing_has_says_what_was_looked_at_and_what_may_be_meant(domain: str, meant: str) -> None:
    sentence = refused(generate(domain, zones=[zone("corp.internal", SHOP)])[0])
    looked = "neither the account's zones, nor its namespaces in ap-northeast-1, nor the zones of 2 VPCs there"
    assert f"No private zone has {domain}: {looked}" in sentence
    assert f"did you mean {meant}?" in sentence


def test_nothing_is_offered_that_is_not_alike() -> None:
    sentence = refused(generate("shop.test", zones=[zone("corp.internal", SHOP)])[0])
    assert "did you mean" not in sentence


@pytest.mark.parametrize("action", ["route53:ListHostedZonesByName", "route53:ListHostedZonesByVPC"])
def test_a_list_that_was_not_seen_is_no_absence(action: str) -> None:
    done, _ = generate("nobody.test", faults={"deny": [action]})
    assert (done.returncode, done.stdout) == (3, "")
    assert f"{action} is denied" in done.stderr


def test_a_list_that_was_not_needed_is_said_and_not_waited_for() -> None:
    faults = {"deny": ["servicediscovery:ListNamespaces"]}
    done, _ = generate("corp.internal", zones=[zone("corp.internal", SHOP)], faults=faults)
    assert configured(done) == ("corp.internal", ["172.20.64.2"])
    assert "servicediscovery:ListNamespaces is denied" in done.stderr
