"""Commands that are over while threads still make clients and connections: each ends with its own status and all it says."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

import botocore
import pytest
from msgspec import Struct

import sddoctor.lab
from sddoctor.lab.runner import Lab
from sddoctor.lab.world import merge, parse
from tests import yaml_files
from tests.processes import PATIENCE, connections, wait_until

ARTICLE = Path(sddoctor.lab.__file__).parent / "worlds" / "article.yaml"
RUNS, AT_ONCE = 4, 2
#: A thread loads certificates for some seconds, in C code and without the interpreter's lock, from before the command leaves.
#: A process that tears itself down stays a while, as one of a busy machine does, where OpenSSL is freed already: nine of ten
#: die by a signal.
AT_WORK = """
import ctypes
libc = ctypes.CDLL(None)
libc.on_exit(libc.sleep, None)  # it gets the status, for seconds, and comes after what is registered later
import os, ssl, threading, time
from sddoctor import __main__
from sddoctor.cli import main

began = threading.Event()

def make_client():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    began.set()
    context.load_verify_locations(os.environ["CERTIFICATES"])

def run(argv, real=main.run):
    status = real(argv)
    threading.Thread(target=make_client, daemon=True).start()
    began.wait()
    time.sleep(0.02)
    return status

main.run = run
__main__.main()
"""
pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="on_exit and /proc are of Linux")
GENERATE = ("resolver", "generate", "example.internal", "--format", "dnsmasq")


class Early(Struct, frozen=True):
    """A command, the lab that it is run in, and how it ends. ``signal`` ends it while it waits for AWS."""

    args: tuple[str, ...]
    status: int
    says: str
    world: dict[str, Any] = {}
    env: dict[str, str] = {}
    signal: signal.Signals | None = None


EARLY = {
    "wrong usage": Early(("check",), 2, "Error: A NAME is missing, such as dev-api.example.internal.\nTry 'sddoctor check --help'\n"),
    "wrong usage, as AWS shows": Early(
        (*GENERATE, "--vpc", "vpc-0bad"), 2,
        "Error: The zone example.internal (Z0EXAMPLEINTERNAL01) is not associated with vpc-0bad.\nTry 'sddoctor resolver generate --help'\n",
    ),
    "all is well": Early(
        GENERATE, 0,
        "# Written by sddoctor: example.internal is asked of its VPC resolver.\n"
        "server=/example.internal/10.10.0.2\nrebind-domain-ok=/example.internal/\n"
        "10.10.0.2 is the resolver of vpc-0a1b2c3d4e5f60718 (dev).\n"
        "dnsmasq. Write it into a folder that dnsmasq reads (conf-dir), such as /etc/dnsmasq.d, then restart dnsmasq.\n",
    ),
    "denied": Early(
        GENERATE, 3,
        "Error: The VPCs could not be seen: ec2:DescribeVpcs is denied. It needs ec2:DescribeVpcs; or give the server with "
        "--nameserver.\n",
        world={"faults": {"deny": ["*"]}},
    ),
    "unreachable": Early(
        GENERATE, 3,
        "Error: The VPCs could not be seen: the AWS endpoint 127.0.0.1 cannot be reached. It needs a path to it; "
        "or give the server with --nameserver.\n",
        env={"AWS_ENDPOINT_URL": "http://127.0.0.1:1"},
    ),
    "interrupted": Early(
        GENERATE, 130, "\nInterrupted.\n",
        world={"faults": {"errors": {"*": "hang"}}}, signal=signal.SIGINT,
    ),
    "terminated": Early(
        GENERATE, 143, "Terminated.\n", world={"faults": {"errors": {"*": "hang"}}}, signal=signal.SIGTERM
    ),
}  # fmt: skip


class Lived(NamedTuple):
    """What a process left: its status, and what it wrote to standard output and to standard error."""

    status: int
    out: str
    err: str


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The variable that names a file of so many certificates that it takes a while to load."""
    file = tmp_path_factory.mktemp("certificates") / "many.pem"
    file.write_bytes((Path(botocore.__file__).parent / "cacert.pem").read_bytes() * 30)
    return {"CERTIFICATES": str(file)}


def _lab(world: dict[str, Any]) -> Lab:
    return Lab(parse(merge(yaml_files.read(ARTICLE), world)))


def _run(lab: Lab, args: tuple[str, ...], env: dict[str, str], number: signal.Signals | None) -> Lived:
    words = [sys.executable, "-c", AT_WORK, *args]
    with subprocess.Popen(
        words, env=lab.process_env() | env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            if number is not None:
                wait_until(lambda: connections(process.pid) > 0, "no call was made")
                process.send_signal(number)
            out, err = process.communicate(timeout=PATIENCE)
        finally:
            process.kill()
    return Lived(process.returncode, out, err)


def _many(lab: Lab, args: tuple[str, ...], env: dict[str, str], number: signal.Signals | None) -> Iterator[Lived]:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        yield from pool.map(lambda _: _run(lab, args, env, number), range(RUNS))


@pytest.mark.slow
@pytest.mark.parametrize("how", EARLY)
def test_an_early_end_keeps_its_status_and_what_it_says(how: str, certificates: dict[str, str]) -> None:
    early = EARLY[how]
    with _lab(early.world) as lab:
        for lived in _many(lab, early.args, early.env | certificates, early.signal):
            assert (lived.status, lived.out + lived.err) == (early.status, early.says)


@pytest.mark.slow
def test_the_end_of_the_time_keeps_its_status_and_the_whole_report(certificates: dict[str, str]) -> None:
    said = "Nothing was seen of AWS: the time budget of 1 s ended; more time (--timeout).\n"
    with _lab({"faults": {"errors": {"*": "hang"}}}) as lab:
        for lived in _many(lab, (*lab.check_args, "--timeout", "1", "-o", "json"), certificates, None):
            assert (lived.status, lived.err) == (3, said)
            (report,) = json.loads(lived.out)["reports"]
            assert report["verdict"] == "inconclusive"
