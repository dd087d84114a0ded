"""Ways in which the output of a program may differ from what its reader knows: another version or language, a cut, a copy."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

#: ``same``: it says the same. ``more``: something is added that no reader knows. ``other``: a line is not what it was, which
#: can be seen. ``less``: something is gone, which nothing in the text need show.
Effect = Literal["same", "more", "other", "less"]

_WORD = re.compile(r"[A-Za-z]{2,}")
_FOREIGN = str.maketrans("aeiounAEIOU", "äéíöüñÄÉÍÖÜ")


@dataclass(frozen=True)
class Mangled:
    """A text after one change. ``line`` is the line that was changed, if it was one."""

    kind: str
    text: str
    effect: Effect
    line: str = ""

    @property
    def touches_one_line(self) -> bool:
        """Whether the other lines are as they were."""
        return bool(self.line)


def ways(text: str, is_fact: Callable[[str], bool]) -> Iterator[Mangled]:
    """Yield the text in every changed form. ``is_fact`` tells the words that are values, not words of the format."""
    yield from _whole(text, is_fact)
    end = "\r\n" if "\r\n" in text else "\n"
    lines = text.split(end)
    for number, line in enumerate(lines):
        if not line.strip():
            continue

        def put(*new: str, number: int = number) -> str:
            return end.join([*lines[:number], *new, *lines[number + 1 :]])

        indent = line[: len(line) - len(line.lstrip())]
        renamed = _renamed(line, is_fact)
        if renamed != line:
            yield Mangled("renamed", put(renamed), "other", line)
        if (foreign := _translated(line, is_fact)) != line:
            yield Mangled("translated line", put(foreign), "other", line)
        yield Mangled("dropped", put(), "less", line)
        yield Mangled("cut with a mark", put(line[: max(1, len(line) // 2)] + "..."), "other", line)
        yield Mangled("cut with an ellipsis", put(line[: max(1, len(line) * 2 // 3)] + "\u2026"), "other", line)
        yield Mangled("cut", put(line[: len(line) // 2]), "less", line)
        if len(line) > 80:
            yield Mangled("cut at 80", put(line[:80]), "less", line)
        yield Mangled("another field", put(line, f"{indent or '  '}Frobs : 192.0.2.99"), "more", line)
        yield Mangled(
            "another block", put("Frobnicator qux", "    Frobs: 192.0.2.98 ~frob.invalid", "", line), "more", line
        )


def _whole(text: str, is_fact: Callable[[str], bool]) -> Iterator[Mangled]:
    end = "\r\n" if "\r\n" in text else "\n"
    lines = text.split(end)
    yield Mangled(
        "with other line ends", text.replace("\r\n", "\n") if end == "\r\n" else text.replace("\n", "\r\n"), "same"
    )
    yield Mangled("with blanks at the ends", end.join(f"{line}  " if line else line for line in lines), "same")
    yield Mangled("twice", text + ("" if text.endswith(end) else end) + text, "same")
    content = [(line[: len(line) - len(line.lstrip())], line.lstrip()) for line in lines]
    coloured = (f"{indent}\x1b[0;1;39m{rest}\x1b[0m" if rest else indent for indent, rest in content)
    yield Mangled("with colours", end.join(coloured), "other")
    yield Mangled("with tabs", re.sub(r" {2,}", "\t", text), "other")
    yield Mangled("with NULs", text.replace("", "\0")[1:], "other")
    yield Mangled(
        "in another encoding",
        _translated(text, is_fact).encode("latin-1", "replace").decode("utf-8", "replace"),
        "other",
    )
    yield Mangled("indented", end.join(f"  {line}" if line else line for line in lines), "other")
    yield Mangled("not indented", end.join(line.lstrip() for line in lines), "other")
    yield Mangled("translated", _translated(text, is_fact), "other")
    yield Mangled("a block before it", f"Frobnicator qux{end}    Frobs: 192.0.2.98{end}{end}{text}", "more")
    yield Mangled(
        "a block after it", f"{text}{end}Frobnicator qux{end}    Frobs: 192.0.2.98 ~frob.invalid{end}", "more"
    )


def _renamed(line: str, is_fact: Callable[[str], bool]) -> str:
    word = next((w for w in _WORD.finditer(line) if not is_fact(w[0])), None)
    return line if word is None else f"{line[: word.start()]}X{word[0][::-1]}{line[word.end() :]}"


def _translated(text: str, is_fact: Callable[[str], bool]) -> str:
    return _WORD.sub(lambda w: w[0] if is_fact(w[0]) else w[0].translate(_FOREIGN), text)
