"""A server that this host asks sends what glibc does not take: the report says what it sent, and blames nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.system.conftest import Check
from tests.system.topology import HOME, PYTHON, Network

pytestmark = pytest.mark.system

#: What the headline says of each.
SAYS = {
    "code-nxdomain": "NXDOMAIN and 10.10.211.50 in one message",
    "code-servfail": "SERVFAIL and 10.10.211.50 in one message",
    "alias-last": "10.10.211.50 in front of the alias",
    "three-questions": "something that is no DNS answer (an answer to 3 questions)",
    "short-first": "a packet of 5 bytes, in front of the answer",
    "referral": "does not recurse for this client",
    "referral-without-names": "does not recurse for this client",
    "stray": "something that is no DNS answer (an answer with records of other names only)",
}


@pytest.mark.parametrize("kind", SAYS)
def test_what_it_sent_is_said(kind: str, network: Network, check: Check) -> None:
    network.ip(HOME, "address", "add", "192.168.1.77/24", "dev", "lan0")
    root = Path(__file__).parents[2]
    network.start(HOME, "env", f"PYTHONPATH={root}", PYTHON, "-m", "tests.odd_answers", "192.168.1.77", kind)
    network.files(resolv_conf="nameserver 192.168.1.77\noptions timeout:1 attempts:1\n")
    network.wait_until("sh", "-c", "dig @192.168.1.77 +time=1 +tries=1 empty.example | grep -q 'status: '")
    report = check()
    assert (report["verdict"], report["root_causes"]) == ("broken", []), report["headline"]
    assert SAYS[kind] in report["headline"]
    assert report["break"]["at"] == "servers"
