"""The picture of the trail: one row for each hop."""

from __future__ import annotations

from sddoctor.diagnosis.model import Diagnosis, HopReport, HopStatus
from sddoctor.report.style import HOP_TONES, Style
from sddoctor.text.safe import clean

_NAME_WIDTH = 8
_LINES_OF_ADDRESSES = 2
_WIDEST_ADDRESSES = 32
_NARROWEST_SUMMARY = 24
_ARTICLE = {"CNAME": "a CNAME for", "alias": "an alias of"}
_NOT_SEEN, _SAME = "not seen: ", "not seen, for the same reason"


def render(diagnosis: Diagnosis, style: Style) -> list[str]:
    """Return the lines of the picture."""
    if not diagnosis.hops:
        return []
    column = _address_column(diagnosis, style)
    first = first_fault(diagnosis)
    lines: list[str] = []
    above = ""
    lines += _owner(diagnosis, style)
    for hop in diagnosis.hops:
        summary = summary_of(hop)
        repeated = summary == above and summary.startswith(_NOT_SEEN)
        lines += _row(hop, _SAME if repeated else summary, style, column, pointed_at=hop is first)
        above = summary
    return lines


def owner_rows(diagnosis: Diagnosis) -> list[tuple[str, str, HopStatus]]:
    """Return the rows that say whose the name is, where it is not a Cloud Map service's own, and what it stands for."""
    is_plain = diagnosis.owner.kind in ("cloud-map", "unknown")
    rows: list[tuple[str, str, HopStatus]] = [] if is_plain else [("owner", diagnosis.owner.says, "ok")]
    rows += [
        ("alias", f"{link.name} is {_ARTICLE[link.kind]} {link.target}: {link.summary}", link.status)
        for link in diagnosis.alias
    ]
    return rows


def _owner(diagnosis: Diagnosis, style: Style) -> list[str]:
    lines = []
    for name, text, status in owner_rows(diagnosis):
        mark = style.mark(status) if name == "alias" else " "
        head = f"  {style.paint(mark.ljust(_mark_width(style)), HOP_TONES[status])} {name.ljust(_NAME_WIDTH)}  "
        body = _wrapped(clean(text), style.width - _indent(style))
        lines += [(head + body[0]).rstrip(), *(" " * _indent(style) + line for line in body[1:])]
    return lines


def first_fault(diagnosis: Diagnosis) -> HopReport | None:
    """Return the first hop that broke its promise: a failed one, else one with a warning unless all is well."""
    failed = next((h for h in diagnosis.hops if h.status == "failed"), None)
    if failed is not None or diagnosis.verdict == "healthy":
        return failed
    return next((h for h in diagnosis.hops if h.status == "warning"), None)


def _address_column(diagnosis: Diagnosis, style: Style) -> int:
    """Return the width of the column of addresses, or 0 if they go below the summary."""
    widest = 0
    for hop in diagnosis.hops:
        texts = _shown(hop)
        pair = len(", ".join(texts[:2]))
        widest = max(widest, pair if pair <= _WIDEST_ADDRESSES else max(map(len, texts)))
    room = style.width - _indent(style) - widest - 2
    longest_word = max((len(word) for hop in diagnosis.hops for word in summary_of(hop).split()), default=0)
    return widest if room >= max(_NARROWEST_SUMMARY, longest_word) else 0


def _indent(style: Style) -> int:
    return 2 + _mark_width(style) + 1 + _NAME_WIDTH + 2


def _mark_width(style: Style) -> int:
    return 1 if style.fancy else 2


def _row(hop: HopReport, summary: str, style: Style, column: int, *, pointed_at: bool) -> list[str]:
    mark, name = style.mark(hop.status).ljust(_mark_width(style)), hop.hop.ljust(_NAME_WIDTH)
    tone = HOP_TONES[hop.status]
    pointer = style.paint(style.pointer, "bad") if pointed_at else " "
    head = f"{pointer} {style.paint(mark, tone)} {style.paint(name, 'strong') if pointed_at else name}  "
    indent = _indent(style)
    if column:
        addresses = _pack(_shown(hop), column, style)
        texts = _wrapped(summary, style.width - indent - column - 2)
        height = max(len(addresses), len(texts), 1)
        addresses += [""] * (height - len(addresses))
        texts += [""] * (height - len(texts))
        body = [f"{a.ljust(column)}  {t}".rstrip() for a, t in zip(addresses, texts, strict=True)]
    else:
        body = _wrapped(summary, style.width - indent) + _pack(_shown(hop), style.width - indent, style)
        body = body or [""]
    return [(head + body[0]).rstrip(), *(" " * indent + line for line in body[1:])]


def _shown(hop: HopReport) -> list[str]:
    if not hop.addresses and hop.expected and hop.status in ("failed", "warning") and hop.hop != "network":
        return ["no address"]
    return [clean(a) for a in hop.addresses]


def summary_of(hop: HopReport) -> str:
    """Return the hop's own words, and by which addresses it differs from what was promised."""
    parts = [clean(hop.summary)] if hop.summary else []
    if hop.status in ("failed", "warning") and hop.expected and hop.addresses:
        missing = [clean(a) for a in hop.expected if a not in hop.addresses]
        foreign = [clean(a) for a in hop.addresses if a not in hop.expected]
        for label, addresses in (("missing", missing), ("not expected", foreign)):
            if addresses and not all(a in hop.summary for a in addresses):
                parts.append(f"{label}: {_some(addresses)}")
    return "; ".join(parts)


def _some(addresses: list[str], most: int = 4) -> str:
    more = len(addresses) - most
    return ", ".join(addresses[:most]) + (f", +{more} more" if more > 0 else "")


def _pack(addresses: list[str], width: int, style: Style) -> list[str]:
    """Lay out addresses in lines of ``width``; all of them when verbose, else two lines and how many more."""
    lines: list[str] = []
    left = list(addresses)
    while left and (style.verbose or len(lines) < _LINES_OF_ADDRESSES):
        line = left.pop(0)
        while left and len(line) + len(left[0]) + 2 <= width:
            line += f", {left.pop(0)}"
        lines.append(line)
    if not left:
        return lines
    more = f", +{len(left)} more"
    if len(lines[-1]) + len(more) <= width:
        return [*lines[:-1], lines[-1] + more]
    last = lines[-1].split(", ")
    if len(last) > 1:
        return [*lines[:-1], f"{', '.join(last[:-1])}, +{len(left) + 1} more"]
    return [*lines, more.removeprefix(", ")]


def _wrapped(text: str, width: int) -> list[str]:
    return Style(width=max(width, 10)).wrap(text)
