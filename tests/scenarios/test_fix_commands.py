"""The real ``aws`` CLI takes every command of every fix that a world shows."""

from __future__ import annotations

from functools import cache

import pytest

from sddoctor.diagnosis.diagnose import diagnose
from sddoctor.lab import gallery
from tests.aws_cli import calls_in, refusal
from tests.world_cases import observed

#: Many worlds show the same command.
_refusal = cache(lambda arguments: refusal(list(arguments)))


@pytest.mark.parametrize("name", gallery.names())
def test_aws_takes_the_commands(name: str) -> None:
    fixes = [fix for finding in diagnose(observed(name).case).findings for fix in finding.fixes]
    calls = [call for fix in fixes for command in fix.commands for call in calls_in(command)]
    assert not [(c, why) for c in calls if not any("file://" in w for w in c) and (why := _refusal(tuple(c)))]
