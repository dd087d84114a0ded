"""Real nscd, which glibc asks before it goes through nsswitch.conf, keeps the address of a task that has stopped."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.system import servers
from tests.system.healing import Check, Heal
from tests.system.topology import LAPTOP, VPC, Network

#: Unpacked, so that it does not run on the machine itself.
UNPACKED = Path("/opt/nscd/usr/sbin/nscd")
NSCD = shutil.which("nscd") or str(UNPACKED)
pytestmark = [
    pytest.mark.system,
    pytest.mark.skipif(
        not Path(NSCD).exists() and not os.environ.get("CI"),
        reason="unpack Debian's nscd into /opt/nscd, as .ci/run does",
    ),
]
NAME, OLD, SERVER = "dev-api.example.internal", "10.10.211.99", "10.10.0.9"
_TASKS = [
    {"id": "0f4a1c5be0d34e7fa1b2c3d4e5f60701", "address": "10.10.211.50"},
    {"id": "7b29d8e6c1f24a3b9c8d7e6f5a4b3c02", "address": "10.10.212.150"},
    {
        "id": "5555dead0000000000000000000000c9",
        "address": OLD,
        "last_status": "STOPPED",
        "desired_status": "STOPPED",
        "health": "UNKNOWN",
        "started_ago": 90000,
        "stopping_ago": 50,
        "stopped_ago": 20,
        "stop_code": "ServiceSchedulerInitiated",
    },
]
REPLACED: dict[str, Any] = {
    "namespaces": {
        "ns-exampleinternal01": {"services": {"srv-devapi0000000001": {"records": [{"type": "A", "ttl": 600}]}}}
    },
    "clusters": {"dev": {"services": {"dev-api-service": {"tasks": _TASKS}}}},
}


def remembering(network: Network, remembers: str) -> None:
    """Look the name up while the old address is in DNS, by nscd; then DNS has the new ones."""
    network.ip(VPC, "address", "add", f"{SERVER}/32", "dev", "lo")
    network.own_etc()
    network.files(resolv_conf=f"nameserver {SERVER}\n")
    (network.etc / "nscd.conf").write_text(
        f"enable-cache hosts {remembers}\npositive-time-to-live hosts 3600\nnegative-time-to-live hosts 20\n"
        "check-files hosts no\npersistent hosts no\nshared hosts no\n"
    )
    before = network.start(
        VPC, "dnsmasq", "--keep-in-foreground", "--user=root", f"--listen-address={SERVER}", "--bind-interfaces",
        "--no-resolv", "--no-hosts", "--pid-file=", "--local-ttl=600", f"--address=/{NAME}/{OLD}",
    )  # fmt: skip
    network.wait_for(VPC, SERVER)
    network.start(LAPTOP, "sh", "-c", f"mkdir -p /run/nscd && exec {NSCD} -F")
    network.wait_until("test", "-S", "/run/nscd/socket")
    assert OLD in network.run("getent", "ahostsv4", NAME).stdout
    assert OLD in network.run("getent", "ahosts", NAME).stdout
    before.terminate()
    before.wait(60)
    servers.bind(network, VPC, SERVER, {"example.internal": servers.ZONE})


@pytest.mark.parametrize("changes", [REPLACED])
def test_it_is_named_and_forgets(network: Network, heal: Heal, tools: Path) -> None:
    remembering(network, "yes")
    (tools / "nscd").symlink_to(NSCD)
    assert OLD in network.run("getent", "ahosts", NAME).stdout
    report = heal("os-cache-stale", "--nameserver", SERVER, "--timeout", "60")
    assert (report["verdict"], report["root_causes"]) == ("broken", ["os-cache-stale"]), report["headline"]
    (found,) = (f for f in report["findings"] if f["role"] == "root-cause")
    assert found["certainty"] == "likely"
    assert [fix["commands"] for fix in found["fixes"]] == [["sudo nscd --invalidate hosts"]]


@pytest.mark.parametrize("changes", [REPLACED])
def test_it_runs_and_remembers_no_hosts(network: Network, check: Check) -> None:
    remembering(network, "no")
    report = check("--nameserver", SERVER, "--timeout", "60")
    assert (report["verdict"], report["root_causes"]) == ("healthy", []), report["headline"]
