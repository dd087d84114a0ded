"""``scutil --dns``: the resolvers that macOS uses.

Layout: https://github.com/apple-oss-distributions/configd (dnsinfo/dnsinfo_logging.h,
SCNetworkReachabilityLogging.h). Ordinary lookups use the first section only.
"""

from __future__ import annotations

import re
from typing import Literal

from sddoctor.case.host import ScutilResolver
from sddoctor.case.seen import Absent, Fact, Seen, Unreachable

COMMAND = "scutil --dns"

_SECTIONS: dict[str, Literal["default", "scoped", "service"]] = {
    "DNS configuration": "default",
    "DNS configuration (for scoped queries)": "scoped",
    "DNS configuration (for service-specific queries)": "service",
}
_REACH_WORDS = frozenset(
    {
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
)
_INDEXED = re.compile(r"(search domain|nameserver|sortaddr)\s*\[\s*[0-9]+\s*\]")


def parse(text: str) -> Fact[tuple[ScutilResolver, ...]]:
    """Read the output. ``Absent`` when macOS says that there is no configuration at all."""
    section: Literal["default", "scoped", "service"] | None = None
    found: list[tuple[Literal["default", "scoped", "service"], int, dict[str, list[str]]]] = []
    fields: dict[str, list[str]] | None = None
    for raw in _lines(text):
        line = raw.strip(" \t")
        if line == "No DNS configuration available":
            return Absent("a DNS configuration", COMMAND)
        if line in _SECTIONS:
            section, fields = _SECTIONS[line], None
            continue
        head = re.fullmatch(r"resolver #([0-9]{1,9})", line)
        if head and section:
            fields = {}
            found.append((section, int(head.group(1)), fields))
        elif fields is not None and line:
            _field(line, fields)
    if section is None:
        return Unreachable(COMMAND, "its output is not understood", "the unchanged output of scutil --dns")
    return Seen(tuple(_resolver(*parts) for parts in found), COMMAND)


def _lines(text: str) -> list[str]:
    """Split into lines. A carriage return in a domain is kept: it is from a file with Windows line ends."""
    lines = text.split("\n")
    if all(line.endswith("\r") for line in lines if line):
        return [line.removesuffix("\r") for line in lines]
    return lines


def _field(line: str, fields: dict[str, list[str]]) -> None:
    words = tuple(word.strip() for word in line.split(","))
    if " : " not in line and not line.endswith(" :"):
        # Up to OS X 10.11 the reachability stands alone on its line.
        if set(words) <= _REACH_WORDS:
            fields["reach"] = [line]
        return
    label, _, value = line.partition(" :")
    indexed = _INDEXED.fullmatch(label.strip())
    fields.setdefault(indexed.group(1) if indexed else label.strip(), []).append(value.strip(" \t"))


def _resolver(
    section: Literal["default", "scoped", "service"], number: int, fields: dict[str, list[str]]
) -> ScutilResolver:
    def first(label: str) -> str | None:
        return next(iter(fields.get(label, ())), None) or None

    index, interface = _interface(first("if_index"))
    return ScutilResolver(
        section=section,
        number=number,
        domain=first("domain"),
        search=tuple(v for v in fields.get("search domain", []) if v),
        nameservers=tuple(v for v in fields.get("nameserver", []) if v),
        port=_number(first("port")),
        if_index=index,
        interface=interface,
        flags=_words(first("flags")),
        reach=_words(first("reach")),
        order=_number(first("order")),
        options=tuple((first("options") or "").split()),
        timeout=_number(first("timeout")),
        service=first("service_identifier"),
    )


def _interface(value: str | None) -> tuple[int | None, str | None]:
    found = re.match(r"([0-9]{1,9})(?:\s*\(([^)]*)\))?", value or "")
    if not found:
        return None, None
    name = found.group(2)
    return int(found.group(1)), name if name and name != "?" else None


def _words(value: str | None) -> tuple[str, ...]:
    """Read ``A, B``, ``0x00000003 (A,B)`` or ``(A,B)``."""
    bare = re.sub(r"^0x[0-9a-fA-F]+\s*", "", value or "").strip()
    if bare.startswith("(") and bare.endswith(")"):
        bare = bare[1:-1]
    return tuple(word.strip() for word in bare.split(",") if word.strip())


def _number(value: str | None) -> int | None:
    found = re.match(r"[0-9]{1,9}", value or "")
    return int(found.group(0)) if found else None
