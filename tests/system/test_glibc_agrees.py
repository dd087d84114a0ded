"""The rules for nsswitch.conf, the hosts file and resolv.conf agree with the glibc of this machine.

Random files, good and bad, are bound over the real ones in namespaces of their own; ``getent`` looks a name up,
and name servers on 127.0.0.1 to .6 note who was asked. They answer REFUSED, so that the whole list is asked.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.system


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_random_files(seed: int) -> None:
    script = Path(__file__).with_name("glibc_differences.py")
    done = subprocess.run(
        ["unshare", "--mount", "--net", sys.executable, str(script), str(seed), "100"],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {"cases": 100, "differences": []}
