"""How alike two names are, and from when on one may be taken for the other."""

from __future__ import annotations

from difflib import SequenceMatcher

#: Two names that resemble each other: what is read ahead, offered as "did you mean", and still alike as pseudonyms.
#: Wider than ``MEANT`` on purpose: whatever judging takes to be meant has to be among what was read, and saved.
RESEMBLES = 0.6
#: A name that is taken to be the one that was meant, where a finding says so.
MEANT = 0.75


def spelled_alike(a: str, b: str) -> float:
    """Return how alike two names are spelled, from 0 to 1 (the same), by their common runs of characters."""
    return SequenceMatcher(None, a, b).ratio()


def likeness(label: str, name: str) -> float:
    """Return how alike a label and the name of a service are, whatever their case: above 0.5 when one is inside the other.

    Services are called after what they serve, with something before or behind: ``dev-api`` and ``dev-api-service``.
    """
    a, b = label.lower(), name.lower()
    return (0.5 if a in b or b in a else 0.0) + spelled_alike(a, b)
