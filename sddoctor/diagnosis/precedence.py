"""Which of several causes is the root, and which only follow from it: the one place that knows precedence."""

from __future__ import annotations

from collections.abc import Iterable

from sddoctor.diagnosis.precedence_rules import RULES

#: Root causes that lead those of their hop: an invented address hides that nothing routes the namespace.
LEADING = frozenset({"nxdomain-hijacked"})


def explained_by(code: str, present: Iterable[str]) -> str | None:
    """Return the cause among ``present`` that explains ``code``, or ``None`` when nothing does."""
    codes = [c for c in present if c != code]
    for rule in RULES:
        if code in rule.over:
            for root in rule.root:
                if root in codes:
                    return root
    return None
