"""Each precedence, cause and guard is needed: a world, or a unit test of the causes, notices when it is switched off."""

from __future__ import annotations

import subprocess
import sys

import pytest


@pytest.mark.slow
def test_nothing_can_be_switched_off_unnoticed() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.mutants", "--unit"], check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
