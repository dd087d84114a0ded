"""How similar two names are, and from which similarity one may be taken for the other."""

from __future__ import annotations

from difflib import SequenceMatcher

#: From here on names resemble each other: they are read ahead, offered as "did you mean", and get similar pseudonyms.
#: Lower than ``MEANT`` on purpose: a name that is taken to be the one meant must have been read, and saved.
RESEMBLES = 0.6
#: From here on a finding may say that this name was meant.
MEANT = 0.75


def spelled_alike(a: str, b: str) -> float:
    """Return the similarity of two spellings, from 0 to 1 (equal), by their common runs of characters."""
    return SequenceMatcher(None, a, b).ratio()


def likeness(label: str, name: str) -> float:
    """Return the similarity of a label and a service's name, ignoring case: at least 0.5 if one contains the other.

    Services are often called like their DNS label, with a prefix or suffix: ``dev-api`` and ``dev-api-service``.
    """
    a, b = label.lower(), name.lower()
    return (0.5 if a in b or b in a else 0.0) + spelled_alike(a, b)
