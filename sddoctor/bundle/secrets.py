"""Secrets in texts that are worth keeping: commands of health checks, messages, comments.

Environments and secrets of task definitions are never read in the first place. This covers secrets in the wrong
place, such as a token in the command of a health check.
"""

from __future__ import annotations

import re
from collections.abc import Container
from functools import lru_cache
from typing import TypeVar

from msgspec import Struct

from sddoctor.bundle.rewrite import texts

HIDDEN = "[redacted]"
T = TypeVar("T", bound=Struct)

_WORD = r"(?:[A-Za-z0-9_.-]{0,40}(?:password|passwd|passphrase|secret|token|api[_-]?key|access[_-]?key|signature|credentials?))"
_VALUE = r"(?:\"[^\"]*\"|'[^']*'|[^\s\"'&;|,)}\]]+)"
_RULES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)", re.DOTALL), HIDDEN),
    # Access key ids: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
    (re.compile(r"\b(?:AKIA|ASIA|AROA|AIDA|ABIA|ACCA)[A-Z0-9]{16}\b"), HIDDEN),
    (re.compile(r"\beyJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]*)?"), HIDDEN),
    (re.compile(r"(://)[^/\s@\"']+@"), rf"\1{HIDDEN}@"),
    (re.compile(r"(?i)\b((?:proxy-)?authorization\s*[:=]\s*(?:(?:bearer|basic|digest|token|apikey)\s+)?)[^\s\"'&;|]+"), rf"\1{HIDDEN}"),
    (re.compile(r"(?i)\b((?:bearer|basic)\s+)[A-Za-z0-9+/_=.-]{8,}"), rf"\1{HIDDEN}"),
    (re.compile(r"(?i)(encoded authorization failure message:\s*)\S+"), rf"\1{HIDDEN}"),
    (re.compile(rf"(?i)\b({_WORD}[\"']?\s*[=:]\s*)(?!\s*\[redacted\]){_VALUE}"), rf"\1{HIDDEN}"),
    (re.compile(rf"(?i)(?<!\S)(--?{_WORD}\s+)(?!\[redacted\]){_VALUE}"), rf"\1{HIDDEN}"),
    (re.compile(r"(?<!\S)((?:-u|--user)[\s=]+)[^\s:]+:[^\s\"']+"), rf"\1{HIDDEN}"),
)  # fmt: skip


def without_secrets(seen: T, clean: Container[int] = ()) -> T:
    """Return the structure with whatever looks like a secret replaced by ``[redacted]``, in every text.

    ``clean`` are the ids of objects in it that :func:`each_without_secrets` has redacted before.
    """
    return texts(seen, _hide, clean)


def each_without_secrets(values: tuple[T, ...]) -> tuple[T, ...]:
    """Return the structures with whatever looks like a secret replaced."""
    return tuple(without_secrets(value) for value in values)


@lru_cache(maxsize=4096)
def hide(text: str) -> str:
    """Return the text with what looks like a secret replaced."""
    for pattern, instead in _RULES:
        text = pattern.sub(instead, text)
    return text


def _hide(_owner: Struct, _field: str, text: str) -> str:
    return hide(text) if len(text) > 5 else text
