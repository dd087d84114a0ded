"""Objects that PowerShell printed: as a list, a table or JSON, by version 5 or 7, in any language.

Names of properties are not translated. Lists of values are cut after four (``$FormatEnumerationLimit``) and tables at the
width of the window: version 5 writes ``...`` for what it left out and version 7 ``…``.
https://learn.microsoft.com/en-us/powershell/module/microsoft.powershell.core/about/about_preference_variables
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any
from unicodedata import east_asian_width

from sddoctor.case.seen import Fact, Seen, Unreachable
from sddoctor.formats.host.console import own_output
from sddoctor.formats.host.nesting import is_too_deep
from sddoctor.formats.host.unread import ends_within_a_line

#: One object: its properties, each with the values that it holds. A property without any is there, and empty.
Record = dict[str, tuple[str, ...]]
#: Has the properties of a record that are shown cut.
CUT = ""

#: An alias of a property, which tables show.
_SAME = {"ifIndex": "InterfaceIndex"}
_PROPERTY = re.compile(r"(\w(?:[\w() ]*[\w()])?+)\s*+:(?:\s(.*)|)$")
_RULE = re.compile(r"-+(?: +-+)*\s*")
_ELLIPSIS = ("...", "…")
_TYPE_NAME = re.compile(r"System\.\w+(?:\.\w+)*(?:\[\])?|Microsoft\.\w+(?:\.\w+)+.*")
_FILLER = "\0"
#: Where a JSON text begins behind the one before it.
_BEGINNING = re.compile(r"[^ \r\n\t,]")
#: How many lists that are not closed are looked into: each is a further try to read the text.
_MOST_OPEN = 4
_MISSING = "this Windows has no such command"


@dataclass(frozen=True)
class Wanted:
    """What is read of the objects of one command.

    Each object has one of ``marks``, and should have what is ``needed``; ``more`` are further properties. Those in ``lists``
    hold several values.
    """

    command: str
    marks: tuple[str, ...]
    needed: tuple[str, ...] = ()
    more: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()


def objects(wanted: Wanted, text: str) -> Fact[tuple[Record, ...]]:
    """Read what a command printed. No output, or an empty list: there is no such object.

    What is not understood, or is shown cut, is unread; where nothing is understood, the output says nothing.
    """
    recorded, (text, around) = text, own_output(wanted.command, text)
    reader = _Reader(wanted)
    reader.unread += around
    is_json = text.lstrip()[:1] in ("[", "{") or text.strip() == "null"
    last = text.splitlines()[-1].strip() if text.strip() else ""
    if not is_json and last and ends_within_a_line(recorded) and recorded.splitlines()[-1].strip() == last:
        reader.unread.append("it ends within a line")
    records = reader.json(text.strip()) if is_json else reader.lines(text.splitlines())
    known = tuple(r for r in records if not r.keys().isdisjoint(wanted.marks))
    if len(known) < len(records):
        reader.unread.append(f"an object without {' or '.join(wanted.marks)}")
    if not known and reader.unread:
        return failure(wanted.command, text, reader.unread[0])
    hidden = [f"{name} is not shown" for name in wanted.needed if any(name not in r for r in known)]
    return Seen(known, wanted.command, None, (*reader.unread, *hidden))


def words(record: Record, *properties: str) -> tuple[str, ...]:
    """Return the words of the first of the properties that has any: addresses or domains."""
    for name in properties:
        found = tuple(w for v in record.get(name, ()) for w in re.split(r"[,;\s]+", v) if w)
        if found:
            return found
    return ()


def first(record: Record, *properties: str) -> str:
    """Return the first value of the first of the properties that has one, else ``""``."""
    return next((record[p][0].strip() for p in properties if record.get(p)), "")


def number(record: Record, *properties: str) -> int | None:
    """Return the property as a number."""
    text = first(record, *properties)
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else None


def family(record: Record) -> int | None:
    """Return the IP version of ``AddressFamily``, which JSON has as the number of the enumeration: 2 and 23."""
    return {"IPv4": 4, "2": 4, "IPv6": 6, "23": 6}.get(first(record, "AddressFamily"))


def is_missing(fact: Fact[Any]) -> bool:
    """Tell whether a command is not there, as on Windows 7."""
    return isinstance(fact, Unreachable) and fact.why == _MISSING


def failure(command: str, text: str, unread: str) -> Unreachable:
    """Return why a command printed no objects, by the ids of errors, which are not translated, else in its own words.

    https://learn.microsoft.com/en-us/powershell/scripting/developer/cmdlet/windows-powershell-error-records
    """
    if re.search(r"CommandNotFoundException|not recognized as (?:a|the) name", text):
        return Unreachable(command, _MISSING, f"{command} on a complete Windows")
    if re.search(r"PermissionDenied|System Error 5\b|0x80070005|denied|verweigert|refusé|denegado|拒否", text):
        return Unreachable(command, "access is denied", "PowerShell as administrator")
    why = f"its output is not understood: {unread.strip()[:120]!r}"
    return Unreachable(command, why, f"the unchanged output of {command}")


class _Reader:
    """Reads one output, and keeps what is not understood."""

    def __init__(self, wanted: Wanted) -> None:
        self._wanted = wanted
        self._names = frozenset((*wanted.marks, *wanted.needed, *wanted.more, *wanted.lists))
        self._cut: list[str] = []
        self.unread: list[str] = []

    def json(self, text: str) -> list[Record]:
        """Read what ``ConvertTo-Json`` wrote."""
        items, rest = _values_before_the_cut(text)
        if rest:
            self.unread.append("its JSON is cut")
        return [self._of_json(item) for item in items if item is not None]

    def _of_json(self, item: object) -> Record:
        if is_too_deep(item):
            self.unread.append("an object that is nested too deeply")
            return {}
        if not isinstance(item, dict):
            self.unread.append(f"a value that is no object: {str(item)[:60]}")
            return {}
        item = {_SAME.get(name, name): value for name, value in item.items()}
        return self._marked({name: tuple(self._values(name, item[name])) for name in self._names & item.keys()})

    def _values(self, name: str, value: object) -> Iterator[str]:
        value = _unwrapped(value)
        if isinstance(value, list):
            for item in value:
                yield from self._values(name, item)
        elif isinstance(value, dict) and isinstance(value.get("IPAddressToString"), str):
            yield value["IPAddressToString"]
        elif isinstance(value, dict) or (isinstance(value, str) and _TYPE_NAME.fullmatch(value)):
            self.unread.append(f"{name} is cut: ConvertTo-Json was not told to go so deep")
        elif value is not None and value != "":
            yield str(value)

    def lines(self, lines: list[str]) -> list[Record]:
        """Read a list or a table; where a row goes on below its last column, it is one row."""
        rule = next((n for n, line in enumerate(lines) if _RULE.fullmatch(line) and "--" in line), None)
        if rule is None:
            return list(self._list(lines))
        top = rule
        while top and lines[top - 1].strip():
            top -= 1
        columns = _columns(lines[top:rule], lines[rule])
        self.unread += [line for line in lines[:top] if line.strip()]
        rows: list[str] = []
        last, place = columns[-1]
        for before, line in pairwise(lines[rule:]):
            if place and last in self._wanted.lists and line.strip() and not line[:place].strip():
                joins = rows and before.strip()
                rows[-1:] = [f"{rows[-1]} {line.strip()}"] if joins else rows[-1:]
                self.unread += [] if joins else [line.strip()]
            elif line.strip():
                rows.append(line)
        return [self._row(row, columns) for row in rows]

    def _list(self, lines: Iterable[str]) -> Iterator[Record]:
        """Read ``Key : value`` lines, an empty line between objects; a long value goes on in its column."""
        current: dict[str, str] = {}
        key, column = "", 0
        for line in (*lines, ""):
            if not line.strip():
                if current:
                    yield self._of_texts(current)
                current, key = {}, ""
            elif found := _PROPERTY.match(line):
                key, column = found.group(1), line.index(":") + 1
                key = _SAME.get(key, key)
                current[key] = (found.group(2) or "").strip()
            elif key and len(line) - len(line.lstrip()) >= column:
                current[key] = f"{current[key]} {line.strip()}".strip()
            else:
                self.unread.append(line.strip())

    def _row(self, line: str, columns: list[tuple[str, int]]) -> Record:
        """Read a row. Wide characters take two columns of a console, and one where the output was redirected.

        A row that ends before a list does not say that the list is empty: that is ``{}``.
        """
        for cells in ("".join(c + _FILLER * (east_asian_width(c) in "WF") for c in line), line):
            places = [*(place for _, place in columns), max(len(cells), columns[-1][1])]
            ends_early = any(name in self._wanted.lists and len(cells) <= place for name, place in columns)
            if ends_early or any(cells[p - 1 : p].strip(f" {_FILLER}") for p in places[1:-1]):
                continue
            parts = [cells[a:b].replace(_FILLER, "").strip() for a, b in pairwise(places)]
            return self._of_texts(dict(zip((name for name, _ in columns), parts, strict=True)))
        self.unread.append(line.strip())
        return {}

    def _of_texts(self, texts: dict[str, str]) -> Record:
        return self._marked({name: self._listed(name, text) for name, text in texts.items() if name in self._names})

    def _marked(self, record: Record) -> Record:
        """Return the record, with the properties of which something was cut while it was read."""
        cut, self._cut = tuple(self._cut), []
        return {**record, CUT: cut} if cut else record

    def _listed(self, name: str, text: str) -> tuple[str, ...]:
        """Read ``{a, b}`` or one value. Of what is cut at the width the last value is cut itself, and left out."""
        if name not in self._wanted.lists:
            if text.endswith(_ELLIPSIS):
                self.unread.append(f"{name} {text} is cut")
            return (text,) if text and text != "{}" else ()
        inner = text.removeprefix("{").removesuffix("}").strip()
        closed = text.endswith("}") or not text.startswith("{")
        cut = inner.endswith(_ELLIPSIS) or not closed
        values = [v for v in (w.removesuffix("...").removesuffix("…").strip() for w in inner.split(",")) if v]
        if cut:
            self._cut.append(name)
            self.unread.append(f"{name} {text} is cut, which | ConvertTo-Json does not")
        return tuple(values[:-1] if cut and not text.endswith("}") else values)


def _values_before_the_cut(text: str) -> tuple[list[Any], str]:
    """Return the objects of JSON texts that follow one another, in lists or not, and what is no whole object any more."""
    decoder = json.JSONDecoder()
    found: list[Any] = []
    rest, place, opened = None, 0, 0
    while begins := _BEGINNING.search(text, place):
        place = begins.start()
        try:
            value, place = decoder.raw_decode(text, place)
        except (ValueError, RecursionError):
            rest = place if rest is None else rest
            if text[place] != "[" or opened == _MOST_OPEN:
                break
            place, opened = place + 1, opened + 1
            continue
        value = _unwrapped(value)
        found += value if isinstance(value, list) else [value]
    return found, "" if rest is None else text[rest:]


def _unwrapped(value: object) -> object:
    """Return the list that version 5 wraps in an object with its length."""
    if isinstance(value, dict) and value.keys() == {"value", "Count"}:
        return value["value"]
    return value


def _columns(lines: list[str], rule: str) -> list[tuple[str, int]]:
    """Return the name of each column, without the blanks at which it goes on in the next line, and where it begins."""
    starts = [found.start() for found in re.finditer("-+", rule)]
    ends = [*starts[1:], None]
    names = ["".join("".join(x[a:b].split()) for x in lines) for a, b in zip(starts, ends, strict=True)]
    return [(_SAME.get(name, name), a) for name, a in zip(names, starts, strict=True)]
