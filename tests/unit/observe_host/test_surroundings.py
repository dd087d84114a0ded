"""What a place is and what forwards for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from sddoctor.resolution.surroundings import Surroundings, surroundings
from tests.places_of_products import PLACES, facts_of
from tests.product_files import DMI, WSL2, conf


def seen(tmp_path: Path, files: dict[str, str], addresses: str = "", **variables: str) -> Surroundings:
    return surroundings(facts_of(tmp_path, files, addresses, **variables))


@pytest.mark.parametrize("place", PLACES)
def test_what_it_is(tmp_path: Path, place: str) -> None:
    files, addresses, words, forwarder = PLACES[place]
    found = seen(tmp_path, files, addresses)
    assert (found.words, found.forwarder) == (words, forwarder)


@pytest.mark.parametrize(
    ("variables", "files", "words"),
    [
        ({"KUBERNETES_SERVICE_HOST": "10.96.0.1"}, {}, "pod (Kubernetes)"),
        ({"ECS_CONTAINER_METADATA_URI_V4": "http://x"}, {".dockerenv": ""}, "task (Amazon ECS)"),
        (
            {"ECS_CONTAINER_METADATA_URI_V4": "http://x", "AWS_EXECUTION_ENV": "AWS_ECS_FARGATE"},
            {},
            "task (Amazon ECS on Fargate)",
        ),
        (
            {"ECS_CONTAINER_METADATA_URI_V4": "http://x", "AWS_EXECUTION_ENV": "AWS_ECS_EC2"},
            {f"{DMI}/sys_vendor": "Amazon EC2\n"},
            "task (Amazon ECS on EC2) in instance (Amazon EC2)",
        ),
        ({"AWS_LAMBDA_FUNCTION_NAME": "f", "AWS_EXECUTION_ENV": "AWS_Lambda_python3.12"}, {}, "function (AWS Lambda)"),
        ({"CODESPACES": "true", "REMOTE_CONTAINERS": "true"}, {".dockerenv": ""}, "dev container (GitHub Codespaces)"),
        ({"REMOTE_CONTAINERS": "true"}, {".dockerenv": ""}, "dev container"),
        ({"CI": "true", "GITHUB_ACTIONS": "true"}, {}, "CI runner (GitHub Actions)"),
        ({"CI": "true", "GITLAB_CI": "true"}, {".dockerenv": ""}, "container (Docker) in CI runner (GitLab CI)"),
        ({"WSL_DISTRO_NAME": "rancher-desktop"}, {"proc/version": WSL2}, "WSL 2 in virtual machine (Rancher Desktop)"),
    ],
    ids=lambda x: " ".join(x) if isinstance(x, dict) else x,
)
def test_variables_tell_by_being_there(
    tmp_path: Path, variables: dict[str, str], files: dict[str, str], words: str
) -> None:
    found = seen(tmp_path, files, **variables)
    assert found.words == words
    assert not any(
        value in m.observed for m in found.marks for value in variables.values() if value.startswith(("10.", "http"))
    )


@pytest.mark.parametrize(
    ("files", "addresses"),
    [
        (conf("nameserver 192.168.5.2\n"), "eth0 192.168.5.23/24"),
        (conf("nameserver 192.168.65.1\n"), "wlan0 192.168.65.23/24"),
        (conf("nameserver 192.168.64.1\n", **{f"{DMI}/chassis_type": "9\n"}), "wlan0 192.168.64.23/24"),
        (conf("nameserver 10.0.2.3\n", **{f"{DMI}/chassis_type": "3\n"}), "eno1 10.0.2.40/24"),
        (conf("nameserver 192.168.122.1\n"), "eth0 192.168.178.9/24, virbr0 192.168.122.1/24"),
        (conf("nameserver 192.168.127.1\n"), "eth0 10.1.2.3/24"),
        (conf("search svc.corp.example\nnameserver 10.1.0.53\n"), ""),
    ],
    ids=[
        "a filter at home",
        "a router",
        "a laptop",
        "an office",
        "the host of libvirt",
        "elsewhere",
        "a domain called svc",
    ],
)
def test_a_network_that_only_has_the_same_numbers_is_none(
    tmp_path: Path, files: dict[str, str], addresses: str
) -> None:
    assert seen(tmp_path, files, addresses).forwarder is None


def test_settings_of_wsl(tmp_path: Path) -> None:
    files = {
        "proc/version": WSL2,
        "etc/wsl.conf": "[boot]\nsystemd=true\n[network]\n# by hand\ngenerateResolvConf = false\n",
        "mnt/c/Users/me/.wslconfig": "[wsl2]\r\nnetworkingMode=Mirrored\r\ndnsTunneling=true\r\n",
        "commands/wslinfo_--networking-mode": "nat\n",
    }
    wsl = facts_of(tmp_path, files).wsl
    assert wsl is not None
    assert (wsl.generates, wsl.tunnels, wsl.mode) == (False, True, "nat")


def test_without_a_mark_nothing_is_known_of_wsl(tmp_path: Path) -> None:
    assert facts_of(tmp_path, {"etc/wsl.conf": "[network]\ngenerateResolvConf=false\n"}).wsl is None
