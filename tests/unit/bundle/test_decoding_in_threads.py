"""Saved cases may be read by several threads, also the first ones of the process: msgspec alone would crash."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from sddoctor.bundle import codec
from tests.unit.cli.cases import unseen_case

PROGRAM = """
import sys, threading
sys.setswitchinterval(1e-6)
from sddoctor.bundle import codec
data = open(sys.argv[1], "rb").read()
start, read = threading.Barrier(8), []
def one():
    start.wait()
    read.append(codec.decode_many(data))
threads = [threading.Thread(target=one) for _ in range(8)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(len(read), len(set(map(id, read))))
"""


def test_the_first_cases_of_a_process_in_eight_threads(tmp_path: Path) -> None:
    path = tmp_path / "case.json"
    path.write_bytes(codec.encode(unseen_case()))
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(path)], capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "8 8\n", "")
