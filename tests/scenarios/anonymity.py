"""Whether a saved case can be made anonymous: with the same diagnosis, and with nothing of the original in it."""

from __future__ import annotations

import re

from msgspec import Struct

from sddoctor.bundle import codec
from sddoctor.bundle.anonymous.anonymise import anonymise, leaks
from sddoctor.bundle.anonymous.fields import kind_of
from sddoctor.bundle.anonymous.vocabulary import ANY_LABELS, LAST_LABELS, ORDINARY
from sddoctor.bundle.rewrite import texts
from sddoctor.case.case import Case
from sddoctor.cli.sharing import gist

#: Belongs to AWS or to everybody, and stays; names with ``sddoctor-`` are invented by each check.
_PUBLIC = re.compile(
    r"\b(awsdns-\d+|amazon|amazonaws|root-servers|verisign-grs|compute\.internal|one\.one|sddoctor-[0-9a-f]{10,12})\b"
)
#: A picture may by chance be the original of something else; then another key is taken, as the command does.
_KEYS = (b"one", b"two", b"three")


def check_anonymous(cases: tuple[Case, ...]) -> None:
    values = {v for case in cases for v in _values(case)}
    assert values
    wrong = [_what_is_wrong(cases, values, key) for key in _KEYS[:1]]
    if wrong[0]:
        wrong += [_what_is_wrong(cases, values, key) for key in _KEYS[1:]]
    assert "" in wrong, wrong


def _what_is_wrong(cases: tuple[Case, ...], values: set[str], key: bytes) -> str:
    result = anonymise(cases, key)
    before, after = [gist(c) for c in cases], [gist(c) for c in result.cases]
    if before != after:
        return f"{before} became {after}"
    text = "\n".join(codec.encode(c).decode() for c in result.cases).lower()
    left = {v for v in values if v in text and re.search(rf"(?<![\w.-]){re.escape(v)}(?![\w-]|\.\w)", text)}
    return ", ".join(left | leaks(result))


def _values(case: Case) -> set[str]:
    """Return names, ids, accounts, addresses and labels of domains that are this case's own."""
    found: set[str] = set()

    def look(owner: Struct, field: str, text: str) -> str:
        if kind_of(type(owner).__name__, field) in ("name", "domain") and not _PUBLIC.search(text):
            found.update([text.lower(), *text.lower().split("."), text.rsplit("/", 1)[-1].lower()])
        found.update(re.findall(r"\b\d{12}\b|\b[0-9a-f]{32}\b|\b(?:vpc|eni|srv|subnet)-[0-9a-z]{10,}", text))
        found.update(
            a for a in re.findall(r"(?<![\d.])(?:10|172|192)\.\d+\.\d+\.\d+", text) if not a.endswith(".0.0.0")
        )
        return text

    texts(case, look)
    return {v for v in found if len(v) > 3 and _is_own(v)}


def _is_own(value: str) -> bool:
    """Tell a value that could tell whose the case is from one that is everybody's."""
    if re.fullmatch(r"192\.0\.2\..*|10\.255\.255\.254", value):
        return False
    if re.fullmatch(r"\d+\.\d+\.\d+\.\d+|\d{12}", value):
        return True
    runs = [run for run in re.findall(r"[^\W\d_]+|\d+", value) if len(run) > 1 and not run.isdigit()]
    return any(run not in ORDINARY | LAST_LABELS | ANY_LABELS for run in runs)
