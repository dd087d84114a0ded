"""What is read, offered and anonymised as alike has to hold whatever judging takes to be meant."""

from __future__ import annotations

import pytest

from sddoctor.text.likeness import MEANT, RESEMBLES, likeness, spelled_alike


def test_the_net_of_reading_is_wider_than_that_of_judging() -> None:
    assert RESEMBLES < MEANT


@pytest.mark.parametrize(("label", "name"), [("dev-api", "ap"), ("ap", "dev-api"), ("dev-api", "DEV-API-service")])
def test_a_name_inside_the_other_is_more_alike_than_its_spelling(label: str, name: str) -> None:
    assert likeness(label, name) > spelled_alike(label.lower(), name.lower())


def test_the_same_name_is_the_most_alike() -> None:
    assert likeness("dev-api", "Dev-API") == 1.5
    assert likeness("dev-api", "worker") < RESEMBLES
