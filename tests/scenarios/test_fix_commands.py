"""The real ``aws`` CLI takes every command of every fix, and of what to run next, that a world shows."""

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
    diagnosis = diagnose(observed(name).case)
    commands = [c for finding in diagnosis.findings for fix in finding.fixes for c in fix.commands]
    commands += [c for step in diagnosis.next_steps for c in step.commands]
    commands += [candidate.tell for candidate in diagnosis.candidates]
    calls = [call for command in commands for call in calls_in(command)]
    assert not [(c, why) for c in calls if not any("file://" in w for w in c) and (why := _refusal(tuple(c)))]
