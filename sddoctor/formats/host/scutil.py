"""``scutil --dns``: the resolvers that macOS uses.

Layout: https://github.com/apple-oss-distributions/configd (dnsinfo/dnsinfo_logging.h,
SCNetworkReachabilityLogging.h). Ordinary lookups use the first section only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from sddoctor.case.host import ScutilResolver
from sddoctor.case.seen import Absent, Fact, Seen
from sddoctor.formats.host.addresses import read_full_address
from sddoctor.formats.host.unread import ends_within_a_line, has_address, is_cut, not_understood

COMMAND = "scutil --dns"

_Section: TypeAlias = Literal["default", "scoped", "service", "unknown"]
_SECTIONS: dict[str, _Section] = {
    "DNS configuration": "default",
    "DNS configuration (for scoped queries)": "scoped",
    "DNS configuration (for service-specific queries)": "service",
}
#: The fields of a resolver, in the order in which they are printed.
_FIELDS = (
    "domain",
    "search domain",
    "nameserver",
    "sortaddr",
    "options",
    "port",
    "timeout",
    "if_index",
    "service_identifier",
    "flags",
    "reach",
    "order",
    "config id",
)
#: Those that say nothing about where a query for a whole name goes.
_WITHOUT_WEIGHT = ("search domain", "sortaddr", "timeout", "if_index", "service_identifier", "reach", "config id")
_FLAGS = {"Scoped", "Service-specific", "Supplemental", "Request A records", "Request AAAA records"}
_REACH_WORDS = {
    "Not Reachable",
    "Reachable",
    "Transient Connection",
    "Connection Required",
    "Automatic Connection On Traffic",
    "Automatic Connection On Demand",
    "Intervention Required",
    "Local Address",
    "Directly Reachable Address",
}
_FIELD = re.compile(
    r"(?P<label>(?:[^:\[]*[^:\[\s])?+)\s*+(?:\[\s*+(?P<index>[0-9]{1,4})\s*+\]\s*+)?:(?:\s(?P<value>.*))?", re.DOTALL
)
_HEADER = re.compile(r"resolver #([0-9]{1,9})")
_INTERFACE = re.compile(r"[0-9]{1,9}(?:\s*\([^)]*\))?")
_NAME = re.compile(r"[\w-]+(?:\.[\w-]+)*\.[A-Za-z][\w-]*\.?")
_HEX = re.compile(r"0x[0-9a-fA-F]+")
_REACH = re.compile(r"0x[0-9a-fA-F]{8} \((?P<words>[^()]*)\)|(?P<bare>[^()]*)")
#: What a line that is cut may be the beginning of.
_BEGINNINGS = ("resolver #", *(f"{label} " for label in _FIELDS), "search domain[", "nameserver[", "sortaddr[")


@dataclass
class _Block:
    """A resolver, or lines that stand below none; ``number`` is 0 for those."""

    section: _Section
    number: int = 0
    fields: dict[str, list[str]] = field(default_factory=dict)
    unread: list[str] = field(default_factory=list)
    last: int = -1
    labels: set[str] = field(default_factory=set)
    is_broken_off: bool = False


def parse(text: str) -> Fact[tuple[ScutilResolver, ...]]:
    """Read the output. ``Absent`` when macOS says that there is no configuration at all.

    What is in no known section, or in none of the known fields, is in a resolver of the section ``unknown`` or among its
    ``unread``.
    """
    reader = _Reader()
    lines = [line for raw in _lines(text) if (line := raw.strip(" \t"))]
    if lines == ["No DNS configuration available"]:
        return Absent("a DNS configuration", COMMAND)
    for line in lines:
        reader.take(line)
    if not reader.recognised:
        return not_understood(COMMAND)
    reader.end(is_cut_off=ends_within_a_line(text))
    resolvers = tuple(map(_resolver, (*reader.blocks, *reader.lost)))
    return Seen(resolvers, COMMAND, unread=tuple(reader.unread))


def may_decide(line: str) -> bool:
    """Tell whether a line that was not understood can say whom a resolver queries, and when: ``proxy : none`` cannot.

    A known field can that says so, and an unknown one with an address, a number, a flag, ``mdns``, or a value that is cut.
    """
    found = _FIELD.fullmatch(line.strip())
    if found and found["label"] in _FIELDS:
        return found["label"] not in _WITHOUT_WEIGHT
    value = (found["value"] or "").strip() if found else line
    words = value.replace(",", " ").split()
    flags = bool(words) and all(word.strip() in _FLAGS for word in value.split(","))
    return flags or has_address(value) or any(word.isdigit() or word == "mdns" for word in words)


def may_be_domain(line: str) -> bool:
    """Tell whether a line that was not understood may be that with the domain of a resolver, by a name of several labels."""
    found = _FIELD.fullmatch(line.strip())
    return found is not None and any(map(_NAME.fullmatch, (found["value"] or "").split()))


def has_one_word(line: str) -> bool:
    """Tell whether the value of a line that was not understood is one word, which may be a domain of one label."""
    found = _FIELD.fullmatch(line.strip())
    return found is not None and len((found["value"] or "").split()) == 1


def _lines(text: str) -> list[str]:
    """Split into lines. A carriage return in a domain is kept: it is from a file with Windows line ends."""
    lines = text.split("\n")
    if all(line.endswith("\r") for line in lines if line):
        return [line.removesuffix("\r") for line in lines]
    return lines


class _Reader:
    """Goes through the lines. A line that is not understood is never part of the resolver before it."""

    def __init__(self) -> None:
        self.blocks: list[_Block] = []
        self.lost: list[_Block] = []
        self.unread: list[str] = []
        self.recognised = False
        self._section: _Section = "unknown"
        self._number = 0

    def take(self, line: str) -> None:
        header = _HEADER.fullmatch(line)
        if line in _SECTIONS:
            self.recognised = True
            self._open(_SECTIONS[line], line="")
        elif header:
            self._header(int(header[1]), line)
        elif (label := _label(line)) is not None:
            self._field(label, line)
        elif ":" in line:
            self._not_read(line)
        elif _is_beginning(line):
            self._lose(line)
        else:
            # A title that is not known: what follows it belongs to it, unless the numbers go on.
            self._open("unknown" if line.startswith("DNS configuration") else self._section, line)

    def _open(self, section: _Section, line: str) -> None:
        if line:
            self.unread.append(line)
            self.blocks.append(_Block("unknown", unread=[line]))
        if not line or section != self._section:
            self._section, self._number = section, 0

    def _header(self, number: int, line: str) -> None:
        if number <= self._number:
            # The numbers begin anew, and no title says of what.
            self._section = "unknown"
        elif number > self._number + 1:
            self._lose(f"resolver #{self._number + 1} is not there")
        if self._section == "unknown":
            self.unread.append(line)
        self._number = number
        self.blocks.append(_Block(self._section, number))

    def end(self, *, is_cut_off: bool) -> None:
        """See whether the last resolver lacks its last field, or the end of a value: then the output ends in the middle of it.

        In some versions those of multicast DNS do not have that field.
        """
        *before, last = self.blocks or [_Block("unknown")]
        others = [b.labels for b in before if b.section == last.section and b.number and "options" not in b.fields]
        lacks = "reach" not in last.labels and "options" not in last.fields and all("reach" in had for had in others)
        within = is_cut_off and (last.number or self._section == "default")
        if within or (last.number and (last.is_broken_off or (lacks and others))):
            self._lose(f"resolver #{last.number} is cut")

    def _lose(self, what: str) -> None:
        """Say that resolvers may follow of which nothing is there, and that they may be for any name."""
        self.unread.append(what)
        if self._section not in ("scoped", "service"):
            self.lost.append(_Block("unknown", self._number + 1))

    def _field(self, label: str, line: str) -> None:
        place = _FIELDS.index(label)
        if not self.blocks or place < self.blocks[-1].last:
            # Fields stand in a fixed order: another resolver begins, and its header is not there.
            self.blocks.append(_Block("unknown"))
        block = self.blocks[-1]
        repeated = place == block.last and label not in ("search domain", "nameserver", "sortaddr")
        block.last = place
        block.labels.add(label)
        value = _value(label, line)
        ends = line.endswith(")") if label == "reach" else label in _WITHOUT_WEIGHT
        block.is_broken_off = value is None and not ends
        if value is None or repeated:
            self._not_read(line)
        elif value:
            block.fields.setdefault(label, []).append(value)
        if block.number == 0 and line not in self.unread:
            self.unread.append(line)

    def _not_read(self, line: str) -> None:
        if not self.blocks:
            self.blocks.append(_Block("unknown"))
        self.blocks[-1].unread.append(line)
        self.unread.append(line)


def _is_beginning(line: str) -> bool:
    """Tell whether a line without a colon is what is left of a header or a field that was cut."""
    left = re.sub(r"\[\s*[0-9]*\s*\]?$", "[", line.rstrip(".\u2026 "))
    return any(whole.startswith(left) for whole in _BEGINNINGS)


def _label(line: str) -> str | None:
    """Return the field of a line, or ``None`` where it is none that is known."""
    if _reaches(line):
        return "reach"
    found = _FIELD.fullmatch(line)
    return found["label"] if found and found["label"] in _FIELDS else None


def _reaches(text: str) -> bool:
    return all(word.strip() in _REACH_WORDS for word in text.split(","))


def _value(label: str, line: str) -> str | None:
    """Return the value of a field, ``None`` where it is not understood."""
    if label == "reach" and _reaches(line):  # Up to OS X 10.11 it stands without its label.
        return line
    found = _FIELD.fullmatch(line)
    value = (found["value"] or "").strip(" \t") if found else ""
    if not value:
        return ""
    return value if _is_understood(label, value) else None


def _is_understood(label: str, value: str) -> bool:
    if label == "nameserver":
        return read_full_address(value) is not None
    if label in ("port", "order"):
        return _number(value) is not None
    if label == "if_index":
        return _INTERFACE.fullmatch(value) is not None
    if label == "flags":
        return all(word in _FLAGS or _HEX.fullmatch(word) for word in _words(value))
    if label == "reach":
        found = _REACH.fullmatch(value)
        words = found and (found["bare"] if found["words"] is None else found["words"])
        return words is not None and (not words or _reaches(words))
    return not is_cut(value)


def _resolver(block: _Block) -> ScutilResolver:
    def first(label: str) -> str | None:
        return next(iter(block.fields.get(label, ())), None)

    index, interface = _interface(first("if_index"))
    return ScutilResolver(
        section=block.section,
        number=block.number,
        domain=first("domain"),
        search=tuple(block.fields.get("search domain", ())),
        nameservers=tuple(block.fields.get("nameserver", ())),
        port=_port(first("port")),
        if_index=index,
        interface=interface,
        flags=_words(first("flags")),
        reach=_words(first("reach")),
        order=_number(first("order")),
        options=tuple((first("options") or "").split()),
        timeout=_number(first("timeout")),
        service=first("service_identifier"),
        unread=tuple(block.unread),
    )


def _interface(value: str | None) -> tuple[int | None, str | None]:
    found = re.match(r"([0-9]{1,9})(?:\s*\(([^)]*)\))?", value or "")
    if not found:
        return None, None
    name = found.group(2)
    return int(found.group(1)), name if name and name != "?" else None


def _words(value: str | None) -> tuple[str, ...]:
    """Read ``A, B``, ``0x00000003 (A,B)`` or ``(A,B)``."""
    bare = re.sub(r"^0x[0-9a-fA-F]+\s*(?=\(|$)", "", value or "").strip()
    if bare.startswith("(") and bare.endswith(")"):
        bare = bare[1:-1]
    return tuple(word.strip() for word in bare.split(",") if word.strip())


def _number(value: str | None) -> int | None:
    return int(value) if value is not None and re.fullmatch(r"-?[0-9]{1,9}", value, re.ASCII) else None


def _port(value: str | None) -> int | None:
    """Read a port, which is printed as a signed number of 16 bits."""
    number = _number(value)
    return number + 65536 if number is not None and number < 0 else number
