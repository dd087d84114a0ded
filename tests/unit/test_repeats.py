"""Which repeats of one kind are tried."""

from __future__ import annotations

import pytest

from tests import repeats

NAMES = [f"world-{n}" for n in range(300)]


def test_some_of_each_sort_are_tried_and_all_where_all_are_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(repeats, "EVERY", False)
    some = repeats.one_in(3, NAMES)
    assert 70 <= len(some) <= 130
    assert {name[-1] for name in some} == set("0123456789")
    assert repeats.up_to(3, 9) == 3
    monkeypatch.setattr(repeats, "EVERY", True)
    assert repeats.one_in(3, NAMES) == NAMES
    assert repeats.up_to(3, 9) == 9


def test_an_item_is_tried_whatever_is_beside_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(repeats, "EVERY", False)
    assert repeats.one_in(3, NAMES[100:]) == [n for n in repeats.one_in(3, NAMES) if n in NAMES[100:]]
