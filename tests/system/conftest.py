"""Fixtures of the system tests: they need Linux, root, and Debian's name servers."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.system import browser, servers
from tests.system.healing import heal, tools, vpn_client  # noqa: F401 - fixtures
from tests.system.topology import LAPTOP, Network, inside

NEEDED = {
    "ip": "iproute2",
    "iptables": "iptables",
    "dig": "bind9-dnsutils",
    "named": "bind9",
    "dnssec-signzone": "bind9-utils",
    "dnsmasq": "dnsmasq-base",
    "unbound": "unbound",
    "openvpn": "openvpn",
    "wg-quick": "wireguard-tools",
    "wireguard-go": "wireguard-go",
    "nebula": "nebula",
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    missing = [package for tool, package in NEEDED.items() if shutil.which(tool) is None]
    if not any(Path("/usr/lib").glob("*/libnss_mdns4.so.2")):
        missing.append("libnss-mdns")
    if not any(map(shutil.which, browser.NAMES)):
        missing.append("chromium")
    if os.environ.get("CI"):
        return  # there everything runs, and what is missing fails
    reason = ""
    if not sys.platform.startswith("linux") or os.geteuid() != 0:
        reason = "network namespaces need Linux and root"
    elif missing:
        reason = f"install {' '.join(missing)}"
    for item in items:
        if reason and "tests/system" in str(item.path):
            item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture
def network(tmp_path: Path) -> Iterator[Network]:
    with Network(tmp_path) as made:
        servers.vpc_resolver(made)
        servers.home_router(made)
        yield made


#: Serves the article's world, with changes merged into it, and says where.
_STAND_IN = """
import json, sys, time, yaml
from pathlib import Path
import sddoctor.lab
from sddoctor.lab.aws.server import AwsStandIn
from sddoctor.lab.world import merge, parse
article = yaml.safe_load((Path(sddoctor.lab.__file__).parent / "worlds" / "article.yaml").read_text())
aws = AwsStandIn(parse(merge(article, json.loads(sys.argv[1])))).start()
print(aws.url, flush=True)
time.sleep(600)
"""


@pytest.fixture
def changes() -> dict[str, Any]:
    """What is different from the article's world in AWS; tests give it as a parameter."""
    return {}


@pytest.fixture
def aws(network: Network, changes: dict[str, Any]) -> Iterator[dict[str, str]]:
    """The AWS stand-in with the article's world, inside the laptop's namespace. Yields its environment."""
    words = inside(LAPTOP, sys.executable, "-c", _STAND_IN, json.dumps(changes))
    process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    url = process.stdout.readline().strip()
    assert url.startswith("http://127.0.0.1:"), url
    yield {
        "AWS_ENDPOINT_URL": url,
        "AWS_ACCESS_KEY_ID": "AKIALAB",
        "AWS_SECRET_ACCESS_KEY": "lab",
        "AWS_REGION": "ap-northeast-1",
        "AWS_DEFAULT_REGION": "ap-northeast-1",
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    process.terminate()
    process.wait(60)


Check = Callable[..., dict[str, Any]]


@pytest.fixture
def check(network: Network, aws: dict[str, str]) -> Check:
    """Run ``sddoctor check`` on the laptop and return the report of the name."""

    def run(*args: str, name: str = "dev-api.example.internal", env: dict[str, str] | None = None) -> dict[str, Any]:
        words = (sys.executable, "-m", "sddoctor", "check", name, "-o", "json", "--timeout", "120", *args)
        done = network.run(*words, env={**aws, **(env or {})})
        assert "Traceback" not in done.stderr, done.stderr
        assert done.stdout, done.stderr
        report: dict[str, Any] = json.loads(done.stdout)["reports"][0]
        report["exit"] = done.returncode
        return report

    return run
