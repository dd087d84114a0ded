"""What the real glibc of this machine takes of odd answers, and that sddoctor's reading of the same packets says so."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from sddoctor.case.dns import Answer
from sddoctor.formats import dns_message
from tests.odd_answers import ADDRESS, packets

pytestmark = pytest.mark.system

#: What getaddrinfo returns for each, by hand from a look at glibc 2.36: addresses, or an error.
TAKEN = {
    "plain": [ADDRESS],
    "alias-first": [ADDRESS],
    "alias-and-stray": [ADDRESS],
    "stray-and-own": [ADDRESS],
    "own-and-alias": [ADDRESS],
    "other-id-first": [ADDRESS],
    "aaaa-denied": [ADDRESS],
    "alias-last": "not found",
    "chain-mixed": "not found",
    "stray": "not found",
    "damaged": "not found",
    "cut-first": "not found",
    "empty": "not found",
    "code-nxdomain": "not found",
    "code-formerr": "not found",
    "code-servfail": "temporary failure",
    "code-refused": "temporary failure",
    "code-notimp": "temporary failure",
    "short-first": "temporary failure",
    "referral": "temporary failure",
    "referral-without-names": "temporary failure",
    "three-questions": "temporary failure",
    "other-question": "temporary failure",
}

#: Runs in namespaces of its own: a name server on 127.0.0.1, and one look-up of each name.
_LOOK_UP = """
import json, socket, subprocess, sys, threading
import dns.message
from tests.odd_answers import packets
subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
for path, text in (("/etc/resolv.conf", "nameserver 127.0.0.1\\noptions timeout:1 attempts:1\\n"), ("/etc/nsswitch.conf", "hosts: dns\\n")):
    own = sys.argv[1] + path.replace("/", "-")
    open(own, "w").write(text)
    subprocess.run(["mount", "--bind", own, path], check=True)
server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind(("127.0.0.1", 53))
def serve():
    while True:
        wire, peer = server.recvfrom(4096)
        for packet in packets(dns.message.from_wire(wire)):
            server.sendto(packet, peer)
threading.Thread(target=serve, daemon=True).start()
ERRORS = {socket.EAI_AGAIN: "temporary failure", socket.EAI_NONAME: "not found", socket.EAI_NODATA: "not found"}
def look_up(name):
    try:
        return sorted({x[4][0] for x in socket.getaddrinfo(name, None)})
    except socket.gaierror as error:
        return ERRORS.get(error.errno, str(error))
print(json.dumps({kind: look_up(f"{kind}.example.internal.") for kind in sys.argv[2:]}))
"""


@pytest.fixture(scope="module")
def of_glibc(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str] | str]:
    folder = tmp_path_factory.mktemp("glibc")
    words = ["unshare", "--net", "--mount", sys.executable, "-c", _LOOK_UP, f"{folder}/own", *TAKEN]
    done = subprocess.run(words, check=False, capture_output=True, text=True, cwd=Path(__file__).parents[2])
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("kind", TAKEN)
def test_glibc_takes(kind: str, of_glibc: dict[str, list[str] | str]) -> None:
    assert of_glibc[kind] == TAKEN[kind]


@pytest.mark.parametrize("kind", TAKEN)
def test_sddoctor_takes_the_same(kind: str) -> None:
    asked = dns_message.question(f"{kind}.example.internal", "A", None, dnssec=False)
    read = [dns_message.read(asked, packet) for packet in packets(asked)]
    answer = next((r for r in read if isinstance(r, Answer)), None)
    given_up = any(not isinstance(r, Answer) and r.final for r in read)
    taken = list(answer.addresses) if answer is not None and not given_up else []
    expected = TAKEN[kind]
    assert taken == (expected if isinstance(expected, list) else [])
