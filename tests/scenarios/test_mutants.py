"""Each precedence, cause and station is needed: a case notices when it is switched off. ``make mutants`` tries guards as well."""

from __future__ import annotations

import subprocess
import sys

import pytest


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_nothing_can_be_switched_off_unnoticed() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.mutants", "--causes"], check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
