"""What ``--save`` would write of every world can be made anonymous."""

from __future__ import annotations

import pytest

from sddoctor.cli.sharing import redacted
from sddoctor.lab import gallery
from tests.scenarios.anonymity import check_anonymous
from tests.world_cases import observed


@pytest.mark.parametrize("name", gallery.names())
def test_what_is_saved_can_be_made_anonymous(name: str) -> None:
    check_anonymous((redacted(observed(name).case),))
