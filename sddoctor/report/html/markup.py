"""HTML by construction: every text is escaped unless it was made here."""

from __future__ import annotations

from html import escape

from sddoctor.text.safe import clean, clean_block

_VOID = frozenset({"meta", "br"})
_LONGEST = 4000


class Markup(str):
    """Text that is HTML already."""

    __slots__ = ()


def tag(name: str, /, *children: str, **attributes: str | int | float | bool | None) -> Markup:
    """Return an element. Children that are no :class:`Markup`, and values of attributes, are cleaned and escaped.

    ``class_`` stands for ``class`` and ``aria_label`` for ``aria-label``; an attribute that is ``None`` or ``False``
    is left out.
    """
    given = "".join(_attribute(key, value) for key, value in attributes.items())
    if name in _VOID:
        return Markup(f"<{name}{given}>")
    return Markup(f"<{name}{given}>{join(*children)}</{name}>")


def join(*children: str) -> Markup:
    """Return the children one after the other, escaped where needed."""
    return Markup("".join(child if isinstance(child, Markup) else _text(child) for child in children))


def lines(*children: str) -> Markup:
    """Return the children, each on a line of its own: where space does not matter, the source stays readable."""
    return Markup("\n".join(join(child) for child in children if child))


def block(text: str) -> Markup:
    """Return text of several lines, escaped, with its line ends and tabs."""
    return Markup(escape("\n".join(clean_block(text)), quote=False))


def prose(text: str) -> Markup:
    """Return a sentence in which what stands between backticks is code."""
    parts = text.split("`")
    if len(parts) % 2 == 0:
        return join(text)
    return join(*(tag("code", part) if n % 2 else part for n, part in enumerate(parts)))


def hidden(text: str) -> Markup:
    """Return text for those who listen to the page."""
    return tag("span", text, class_="hidden")


def _text(text: str) -> str:
    """Escape text; a space at either end stays, as it may part it from a neighbour."""
    before = " " if text[:1].isspace() else ""
    after = " " if text[-1:].isspace() and text.strip() else ""
    return before + escape(clean(text, _LONGEST), quote=False) + after


def _attribute(key: str, value: str | int | float | bool | None) -> str:
    name = key.rstrip("_").replace("_", "-")
    if value is None or value is False:
        return ""
    if value is True:
        return f" {name}"
    if isinstance(value, float):
        value = f"{value:.1f}".removesuffix(".0")
    return f' {name}="{escape(clean(str(value), _LONGEST))}"'
