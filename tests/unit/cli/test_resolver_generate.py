"""``resolver generate``: servers from the command line or from AWS, data and notes kept apart."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import sddoctor.lab
from sddoctor.cli.resolver_options import FORMATS as NAMES
from sddoctor.lab.runner import Lab
from sddoctor.lab.world import merge, parse
from sddoctor.observe.aws.policy import RESOLVER
from sddoctor.splitdns.formats import BY_NAME, FORMATS
from tests import yaml_files
from tests.in_process import command

ARTICLE = Path(sddoctor.lab.__file__).parent / "worlds" / "article.yaml"
VPC = "vpc-0a1b2c3d4e5f60718"


def run(*args: str, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Run without any AWS settings, unless a lab's environment is given."""
    clean = {"PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "AWS_EC2_METADATA_DISABLED": "true", **(env or {})}
    done = command("resolver", "generate", *args, env=clean)
    assert "Traceback" not in done.stderr, done.stderr
    return done


@pytest.fixture
def lab() -> Iterator[Any]:
    started: list[Lab] = []

    def start(changes: dict[str, Any] | None = None) -> Lab:
        running = Lab(parse(merge(yaml_files.read(ARTICLE), changes or {})))
        running.__enter__()
        started.append(running)
        return running

    yield start
    for running in started:
        running.__exit__(None, None, None)


def test_the_options_name_every_format() -> None:
    assert tuple(f.name for f in FORMATS) == NAMES


@pytest.mark.parametrize("form", NAMES)
def test_with_a_nameserver_aws_is_not_asked(form: str) -> None:
    done = run("Example.Internal.", "--format", form, "--nameserver", "10.10.0.2", "--cidr", "10.10.0.0/16")
    assert done.returncode == 0, done.stderr
    config = BY_NAME[form].parse(done.stdout)
    assert config.domains == ("example.internal", "10.10.in-addr.arpa")
    assert [str(s) for s in config.servers] == ["10.10.0.2"]
    assert BY_NAME[form].steps.split(",")[0] in done.stderr


@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        (("../x", "--nameserver", "10.10.0.2"), "give only the host name"),
        (
            ("☃\N{COMBINING ACUTE ACCENT}‽.internal", "--nameserver", "10.10.0.2"),
            "is not a valid internationalised name",
        ),
        (("a.-x.internal", "--nameserver", "10.10.0.2"), "begins or ends with a hyphen"),
        (("example.internal", "--nameserver", "10.10.0.2", "--reverse"), "--cidr"),
        (("example.internal", "--nameserver", "10.10.0.2", "--cidr", "fd00::/8"), "is not an IPv4 range"),
        (("example.internal", "--nameserver", "10.10.0.2", "--interface", "a b"), "network interface"),
        (("example.internal", "--nameserver", "resolver"), "is not an IP address"),
        (("example.internal", *(w for n in "1234" for w in ("--nameserver", f"10.0.0.{n}"))), "macOS reads 3 servers"),
    ],
)
def test_errors_are_one_sentence(args: tuple[str, ...], sentence: str) -> None:
    done = run(*args, "--format", "macos")
    assert (done.returncode, done.stdout) == (2, "")
    assert sentence in done.stderr
    assert done.stderr.startswith("Error: ")
    assert len(done.stderr.splitlines()) == 2  # the sentence, and where help is


def test_warnings_go_to_standard_error() -> None:
    done = run("corp.local", "--format", "networkmanager", "--nameserver", "10.10.0.2")
    assert done.returncode == 0
    assert "never-default" not in done.stdout
    assert [line.split()[1] for line in done.stderr.splitlines() if line.startswith("Warning: ")] == ["names", "a"]


def test_an_international_namespace_is_written_in_a_labels() -> None:
    done = run("bücher.internal", "--format", "dnsmasq", "--nameserver", "10.10.0.2")
    assert "server=/xn--bcher-kva.internal/10.10.0.2\n" in done.stdout
    assert done.stdout.isascii()
    assert "bücher.internal is xn--bcher-kva.internal in DNS.\n" in done.stderr


def test_the_resolver_of_the_vpc_comes_from_aws(lab: Any) -> None:
    running = lab()
    done = run("example.internal", "--format", "dnsmasq", "--reverse", env=running.env)
    assert done.returncode == 0, done.stderr
    config = BY_NAME["dnsmasq"].parse(done.stdout)
    assert config.domains == ("example.internal", "10.10.in-addr.arpa")
    assert [str(s) for s in config.servers] == ["10.10.0.2"]
    assert f"10.10.0.2 is the resolver of {VPC} (dev)" in done.stderr
    called = {f"{c.service}:{c.operation}" for c in running.aws_log}
    assert called - {"sts:GetCallerIdentity"} <= set(RESOLVER)


def test_no_aws_is_3() -> None:
    done = run("example.internal", "--format", "macos")
    assert (done.returncode, done.stdout) == (3, "")
    assert "--nameserver" in done.stderr


def test_a_denied_call_is_3_and_names_the_action(lab: Any) -> None:
    running = lab({"faults": {"deny": ["ec2:DescribeVpcs"]}})
    done = run("example.internal", "--format", "macos", env=running.env)
    assert (done.returncode, done.stdout) == (3, "")
    assert "ec2:DescribeVpcs" in done.stderr


def test_a_name_in_the_namespace_gives_the_configuration_of_the_namespace(lab: Any) -> None:
    done = run("dev-api.example.internal", "--format", "macos", env=lab().env)
    assert done.returncode == 0, done.stderr
    assert BY_NAME["macos"].parse(done.stdout).domains == ("example.internal",)
    assert "dev-api.example.internal is in the private zone example.internal" in done.stderr


def test_a_vpc_that_is_not_associated_is_refused(lab: Any) -> None:
    done = run("example.internal", "--format", "macos", "--vpc", "vpc-0bad", env=lab().env)
    assert done.returncode == 2
    assert "is not associated with vpc-0bad" in done.stderr


ENDPOINT = {"endpoints": [{"id": "rslvr-in-1", "vpc": VPC, "addresses": ["10.10.1.10", "10.10.2.10"]}]}


def test_endpoints_are_mentioned_while_vpc_plus_two_answers(lab: Any) -> None:
    done = run("example.internal", "--format", "dnsmasq", env=lab(ENDPOINT).env)
    assert [str(s) for s in BY_NAME["dnsmasq"].parse(done.stdout).servers] == ["10.10.0.2"], done.stderr
    assert "inbound endpoints: 10.10.1.10, 10.10.2.10" in done.stderr


def test_endpoints_are_taken_where_only_they_answer(lab: Any, tmp_path: Path) -> None:
    running = lab(ENDPOINT)
    network = tmp_path / "network.json"
    port = running.ports()["10.10.1.10"]
    network.write_text(
        '{"servers": {"10.10.0.2": {"udp": null, "tcp": null},'
        f' "10.10.1.10": {{"udp": "127.0.0.1#{port}", "tcp": "127.0.0.1#{port}"}}}}}}'
    )
    done = run("example.internal", "--format", "dnsmasq", env={**running.env, "SDDOCTOR_NETWORK": str(network)})
    assert [str(s) for s in BY_NAME["dnsmasq"].parse(done.stdout).servers] == ["10.10.1.10", "10.10.2.10"], done.stderr
    assert "does not answer this host" in done.stderr


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"vpcs": {VPC: {"owner": "640064006400"}}}, "account 640064006400"),
        ({"faults": {"codes": {"sts:GetCallerIdentity": "AccessDenied: no"}}}, "whose endpoints are listed here was not seen"),
        ({}, ""),
    ],
)  # fmt: skip
def test_endpoints_that_only_the_owner_of_the_vpc_lists_are_a_gap(lab: Any, changes: dict[str, Any], told: str) -> None:
    running = lab(changes)
    done = run("example.internal", "--format", "dnsmasq", env=running.process_env())
    assert done.returncode == 0, done.stderr
    assert "10.10.0.2" in done.stdout
    assert (told in done.stderr) if told else "Not seen" not in done.stderr


@pytest.mark.parametrize(
    ("status", "protocols"), [("ACTION_NEEDED", ["Do53"]), ("DELETING", []), ("OPERATIONAL", ["DoH"])]
)
def test_an_endpoint_that_takes_no_plain_queries_is_not_offered(lab: Any, status: str, protocols: list[str]) -> None:
    endpoint = {"id": "rslvr-in-1", "vpc": VPC, "addresses": ["10.10.8.10"], "status": status, "protocols": protocols}
    for changes, offered in (
        ({"endpoints": [endpoint]}, False),
        ({"endpoints": [{**endpoint, "status": "OPERATIONAL", "protocols": ["Do53"]}]}, True),
    ):
        done = run("example.internal", "--format", "dnsmasq", env=lab(changes).process_env())
        assert ("10.10.8.10" in done.stderr + done.stdout) is offered, done.stderr
