"""What a program prints in another way is never taken for something else, and what is lost is named.

Every output that is kept is changed in every line, as another version, another language or a terminal would.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from sddoctor.case.seen import Absent, Fact, Seen
from sddoctor.formats.host import scutil
from tests.property import mangled, readers
from tests.property.mangled import Mangled
from tests.property.readers import Reader

#: Of each output so many changes are tried always; all of them are slow.
_SOME = 12


def wrong(reader: Reader, before: Fact[Any], changed: Mangled) -> str:
    """Return what is wrong with what is read of a changed output, ``""`` if nothing is."""
    after = reader.read(changed.text)
    if not isinstance(after, Seen | Absent):
        is_same = changed.effect == "same" and not (changed.kind == "twice" and reader.is_document)
        return "what says the same is not understood" if is_same and isinstance(before, Seen) else ""
    value = after.value if isinstance(after, Seen) else ()
    unread = after.unread if isinstance(after, Seen) else ()
    found = readers.facts(value)
    shown = changed.text.replace("\0", "")  # what UTF-16 has between its characters
    if invented := [f for f in found if not readers.is_in(f, shown)]:
        return f"the text does not hold {invented}"
    if changed.text.strip() and not found and not unread and not reader.empty_says and isinstance(after, Seen):
        return "nothing is read of a text with content, and nothing is said to be unread"
    if changed.kind != "not indented":
        pieces = readers.parts(shown, reader.header)
        for block in readers.blocks(value):
            if not any(all(readers.is_in(f, piece) for f in block) for piece in pieces):
                return f"{sorted(block)} stand in different blocks"
    return _lost(reader, before, after, changed)


def _lost(reader: Reader, before: Fact[Any], after: Seen[Any] | Absent, changed: Mangled) -> str:
    if not isinstance(before, Seen) or not isinstance(after, Seen):
        return "" if type(before) is type(after) or changed.effect == "less" else "it is another kind of fact"
    had, has = readers.facts(before.value), readers.facts(after.value)
    if changed.effect == "same" and had != has:
        return f"{sorted(had ^ has)} differ in a text that says the same"
    if changed.kind in ("with other line ends", "with blanks at the ends") and after.unread != before.unread:
        return f"{after.unread} are unread in a text that says the same"
    if after.unread != before.unread:
        return ""
    if changed.effect == "other" and before.value != after.value:
        return "it is read as something else, and nothing is said to be unread"
    if changed.effect == "more" and any(readers.is_in(f, "192.0.2.99 192.0.2.98 frob.invalid") for f in has):
        return "what is not known is taken for a fact"
    if changed.effect == "more" and not after.unread and not reader.is_open:
        return "what was added is not said to be unread"
    gone = {f for block in readers.blocks(before.value) for f in block if readers.shown_by(block, changed.line)}
    if lost := [f for f in had - has - gone if not readers.is_in(f, changed.line)]:
        return f"{lost} are lost, and nothing is said to be unread"
    return ""


def changes(where: str) -> Iterator[tuple[Reader, Fact[Any], Mangled]]:
    """Yield every change of an output that is kept, with what is read without it."""
    command, text = readers.outputs()[where]
    reader = readers.reader_of(command)
    assert reader is not None
    yield from changes_of(reader, text)


def changes_of(reader: Reader, text: str) -> Iterator[tuple[Reader, Fact[Any], Mangled]]:
    """Yield every change of a text, with what is read without it."""
    before = reader.read(text)
    known = " ".join(readers.facts(before.value)).lower() if isinstance(before, Seen) else ""
    for changed in mangled.ways(text, lambda word: word.lower() in known):
        yield reader, before, changed


def faults(where: str, most: int | None) -> list[str]:
    """Return what is wrong with what is read of changes of an output: of ``most`` of them, or of all."""
    tried = list(changes(where))
    if most is not None and len(tried) > most:
        tried = random.Random(where).sample(tried, most)
    found = [(c.kind, c.line.strip(), wrong(reader, before, c)) for reader, before, c in tried]
    return [f"{kind} {line!r}: {what}" for kind, line, what in found if what]


#: Kept because part of it is unknown.
UNKNOWN = (
    "scutil/macos26_unknown-field-and-section.txt",
    "linux-resolved-unknown-block/resolvectl status",
    "chinese-redacted/ipconfig /all",
    "only-ipv4-asked-for/Get-DnsClientServerAddress",
)


@pytest.mark.parametrize("where", [where for where in readers.outputs() if where not in UNKNOWN])
def test_what_is_kept_is_read_whole(where: str) -> None:
    command, text = readers.outputs()[where]
    reader = readers.reader_of(command)
    assert reader is not None
    found = reader.read(text)
    assert "..." in text or not getattr(found, "unread", ())


@pytest.mark.parametrize("where", readers.outputs())
def test_a_changed_output_is_not_taken_for_another(where: str) -> None:
    assert faults(where, _SOME) == []


@pytest.mark.slow
@pytest.mark.parametrize("where", readers.outputs())
def test_every_changed_output_is_not_taken_for_another(where: str) -> None:
    assert faults(where, None) == []


def _forgets(text: str) -> Fact[Any]:
    """Drop what is not understood without a word."""
    found = scutil.parse(text)
    return Seen(found.value, found.source) if isinstance(found, Seen) else found


def _absorbs(text: str) -> Fact[Any]:
    """Take a header that is not known for no header: what follows it belongs to the block before."""
    return scutil.parse(re.sub(r"(?m)^(?:Frobnicator qux|X\S+ #\d+)\r?\n", "", text))


def _invents(text: str) -> Fact[Any]:
    """Put a server where none was understood."""
    return scutil.parse(re.sub(r"(nameserver\[\d\] : )\S*(?:\.\.\.|\u2026)", r"\g<1>10.0.0.0", text))


def _sees_nothing(text: str) -> Fact[Any]:
    """Call output that is not understood an empty list."""
    found = scutil.parse(text)
    return found if isinstance(found, Seen | Absent) else Seen((), "scutil --dns")


@pytest.mark.parametrize("read", [_forgets, _absorbs, _invents, _sees_nothing])
def test_a_reader_of_that_kind_is_noticed(read: Callable[[str], Fact[Any]]) -> None:
    _, text = readers.outputs()["macos14-resolver-file-and-vpn/scutil_--dns"]
    bad = replace(readers.READERS["scutil --dns"], read=read)
    tried = list(changes_of(bad, text))
    assert any(wrong(reader, before, changed) for reader, before, changed in tried)
