"""``resolvectl status`` of systemd-resolved, as text or as JSON (see :mod:`sddoctor.formats.host.resolvectl_json`).

The text has a block for the global settings, one for each link and, since version 258, one for each delegate. Its layouts:
one value per line (237 to 246), a ``Protocols`` line and several values per line (247 and later), and the same with a
``Default Route`` line (257 and later). Version 252 prints the lists of the global block without colons.
https://www.freedesktop.org/software/systemd/man/latest/resolvectl.html
https://github.com/systemd/systemd/blob/main/src/resolve/resolvectl.c
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from sddoctor.case.host import Resolved, ResolvedLink
from sddoctor.case.seen import Absent, Fact, Seen, Unreachable
from sddoctor.formats.host import resolvectl_json
from sddoctor.formats.host.addresses import read_server
from sddoctor.formats.host.unread import ends_within_a_line, is_cut

COMMAND = "resolvectl status"
AS_JSON, AS_TEXT = ("resolvectl", "--json=short", "status"), ("resolvectl", "status")
#: The command of versions that have no resolvectl.
BEFORE_239 = ("systemd-resolve", "--status")

_HEAD = re.compile(r"Global|Link\s+(?P<index>[0-9]+)\s+\((?P<interface>.*)\)|Delegate\s+(?P<delegate>\S+)")
_SERVERS = ("DNS Servers", "DNS Server")
_FALLBACK = ("Fallback DNS Servers", "Fallback DNS Server")
_DOMAINS = ("DNS Domain", "DNS Domains")
_ROUTE = ("Default Route", "DefaultRoute setting")
_DOMAIN = re.compile(r"~?(?:\.|[^\s.~:#/()\[\]]+(?:\.[^\s.~:#/()\[\]]+)*\.?)")
_PROTOCOL = re.compile(r"[+-][A-Za-z]+|[A-Za-z]+=\S+")


def _is_server(word: str) -> bool:
    return read_server(word) is not None


def _is_domain(word: str) -> bool:
    return "\N{HORIZONTAL ELLIPSIS}" not in word and _DOMAIN.fullmatch(word) is not None


def _is_protocol(word: str) -> bool:
    return _PROTOCOL.fullmatch(word) is not None


def _is_yes_or_no(word: str) -> bool:
    return word in ("yes", "no")


#: The labels whose values are lists, which may go on in the next line, and what each word of them is.
_LISTS: dict[str, Callable[[str], bool]] = {
    **dict.fromkeys((*_SERVERS, *_FALLBACK), _is_server),
    **dict.fromkeys((*_DOMAINS, "DNSSEC NTA"), _is_domain),
    "Protocols": _is_protocol,
}
#: The labels that have one value; ``None``: any.
_SINGLE: dict[str, Callable[[str], bool] | None] = {
    "Current Scopes": None,
    "resolv.conf mode": None,
    "Current DNS Server": _is_server,
    **dict.fromkeys(_ROUTE, _is_yes_or_no),
    **dict.fromkeys(("LLMNR setting", "MulticastDNS setting", "DNSOverTLS setting"), None),
    **dict.fromkeys(("DNSSEC setting", "DNSSEC supported"), None),
}
_WORDS = {**_SINGLE, **_LISTS}
_FIELD = re.compile(
    rf"\s*(?P<label>{'|'.join(sorted(map(re.escape, _WORDS), key=len, reverse=True))})(?P<colon>\s*:|(?=\s))\s*(?P<value>.*)"
)
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_ANY_FIELD = re.compile(r"\s*[A-Za-z][\w. /-]*:(?:\s.*)?")
#: What decides who is asked, where it was not understood.
_DECISIVE = (*_SERVERS, *_DOMAINS, *_ROUTE, *_FALLBACK, "Current DNS Server", "Current Scopes")


def _field(line: str, column: int | None) -> re.Match[str] | None:
    """Match a field. One without a colon is a list of which each word is what it should be, aligned with other values.

    An unknown label may begin with the words of a known one; a single word after those is no domain if it is elsewhere.
    """
    found = _FIELD.fullmatch(line)
    if found is None or found.group("colon"):
        return found
    words, is_valid = found.group("value").split(), _LISTS.get(found.group("label"))
    if is_valid is None or not words or not all(map(is_valid, words)):
        return None
    evident = all("." in word or ":" in word or "~" in word for word in words)
    return found if evident or found.start("value") == column else None


@dataclass
class _Block:
    index: int | None = None
    interface: str | None = None
    delegate: str | None = None
    known: bool = True
    column: int | None = None
    fields: dict[str, list[str]] = field(default_factory=dict)

    def words(self, *labels: str) -> tuple[str, ...]:
        return tuple(word for label in labels for word in self.fields.get(label, ()))

    def text(self, *labels: str) -> str | None:
        return " ".join(self.words(*labels)) or None


@dataclass
class _Reader:
    """The blocks so far, the lines that were not understood, and the list that the next line may continue."""

    blocks: list[_Block] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    label: str = ""
    column: int | None = None
    after_blank: bool = True

    def read(self, line: str) -> None:
        if not line.strip():
            self.label, self.after_blank = "", True
            return
        head = None if line[:1].isspace() or is_cut(line) else _HEAD.fullmatch(line.rstrip())
        found = _field(line, self.blocks[-1].column if self.blocks else None)
        if head is not None:
            index = head.group("index")
            self._open(_Block(int(index[:9]) if index else None, head.group("interface"), head.group("delegate")))
        elif found is not None and self.blocks and self._lacks_head(found.group("label")):
            self.unread.append("the header of a link")
            self._open(_Block(known=False))
        elif found is not None and self.blocks:
            self.label = found.group("label")
            self.column = found.start("value") if found.group("value") else None
            self.blocks[-1].column = self.blocks[-1].column or self.column
            self._add(found.group("value"))
        elif self._continues(line):
            self._add(line)
        else:
            self.unread.append(line.strip())
            self.label = ""
            if not line[:1].isspace() and (self.after_blank or not _ANY_FIELD.fullmatch(line)):
                self._open(_Block(known=False))
        self.after_blank = False

    def _lacks_head(self, label: str) -> bool:
        """Tell whether a field begins another block, whose header is not there: the global one has no scopes, and blanks lie between."""
        block = self.blocks[-1]
        is_global = block.interface is None and block.delegate is None
        of_link = label == "Current Scopes" and (is_global or label in block.fields)
        return block.known and (of_link or (self.after_blank and bool(block.fields)))

    def _open(self, block: _Block) -> None:
        self.blocks.append(block)
        self.label = ""

    def _continues(self, line: str) -> bool:
        """Tell whether the line continues the list: aligned with its first value, or nothing but addresses."""
        words = line.split()
        if self.label not in _LISTS or not all(map(_LISTS[self.label], words)):
            return False
        return self.column in (None, len(line) - len(line.lstrip())) or all(map(_is_server, words))

    def _add(self, value: str) -> None:
        is_valid, block = _WORDS[self.label], self.blocks[-1]
        words = block.fields.setdefault(self.label, [])
        for word in value.split():
            if (is_valid is None or is_valid(word)) and not is_cut(word):
                words.append(word)
            elif block.known:
                self.unread.append(f"{self.label}: {word}")


def parse_status(text: str) -> Fact[Resolved]:
    """Read ``resolvectl status``, text or JSON. ``Absent`` when systemd-resolved does not run.

    Lines, headers and members that are not understood are in ``Seen.unread``.
    """
    as_json = resolvectl_json.parse(text)
    if as_json is not None:
        return Seen(as_json.resolved, COMMAND, unread=as_json.unread)
    reader = _Reader()
    for line in _COLOUR.sub("", text).splitlines():
        reader.read(line)
    blocks = [block for block in reader.blocks if block.known]
    if not any(block.fields for block in blocks):
        return _nothing(text)
    if ends_within_a_line(text):
        reader.unread.append("the end of its last line")
    reader.unread += [f"the servers of {b.interface}" for b in blocks if _lacks_servers(b)]
    main = next((b for b in blocks if b.interface is None and b.delegate is None), _Block())
    resolved = Resolved(
        mode=main.text("resolv.conf mode"),
        links=tuple(map(_link, blocks)),
        fallback=main.words(*_FALLBACK),
        negative_trust_anchors=main.words("DNSSEC NTA"),
        global_demoted=any("Default Route" in block.fields for block in blocks),
        has_delegates=any(block.delegate is not None for block in blocks),
    )
    return Seen(resolved, COMMAND, unread=tuple(reader.unread))


def _lacks_servers(block: _Block) -> bool:
    """Tell whether a link has a scope for DNS, which it has with servers only, and none of its servers is there."""
    return block.interface is not None and "DNS" in block.words("Current Scopes") and not {*_SERVERS} & {*block.fields}


def knows_no_json(text: str) -> bool:
    """Tell whether a version before 252 refused the option ``--json``."""
    return "unrecognized option" in text or "unknown option" in text.lower()


def may_decide(unread: str) -> bool:
    """Tell whether a part of the status that was not understood can say who is asked for a name.

    A header can, a line that is no field, and a field that has an address, a domain or the scope ``DNS``;
    ``Some Setting: yes`` cannot.
    """
    label, colon, value = unread.partition(": ")
    words = value.split()
    if not colon or any(word[0] in "+-" for word in words):
        return True  # +DefaultRoute or -DefaultRoute, perhaps
    if label in _WORDS:
        return label in _DECISIVE
    marks = (".", "~", "\N{HORIZONTAL ELLIPSIS}")
    return "DNS" in words or any(mark in value for mark in marks) or any(map(_is_server, words))


def _nothing(text: str) -> Fact[Resolved]:
    complaint = text.lower()
    marks = (
        "not found",
        "could not be found",
        "not provided",
        "not activatable",
        "no such file",
        "is masked",
        "not been booted",
    )
    if any(mark in complaint for mark in (*marks, "host is down", "connection refused", "inactive")):
        return Absent("systemd-resolved", COMMAND)
    needs = "the unchanged output of resolvectl status"
    return Unreachable(COMMAND, "its output is not understood", needs, "malformed")


def _link(block: _Block) -> ResolvedLink:
    protocols = block.words("Protocols")
    tls = block.text("DNSOverTLS setting")
    dnssec = next((p.partition("=")[2].split("/")[0] for p in protocols if p.startswith("DNSSEC=")), None)
    return ResolvedLink(
        interface=block.interface,
        delegate=block.delegate,
        servers=block.words(*_SERVERS),
        domains=block.words(*_DOMAINS),
        default_route=_default_route(block, protocols),
        scopes=tuple(word for word in block.words("Current Scopes") if word.lower() != "none"),
        protocols=protocols or ((f"DNSOverTLS={tls}",) if tls else ()),
        current_server=(block.words("Current DNS Server") or (None,))[0],
        index=block.index,
        dnssec=dnssec or block.text("DNSSEC setting"),
    )


def _default_route(block: _Block, protocols: tuple[str, ...]) -> bool | None:
    value = block.text(*_ROUTE)
    if value is not None:
        return value == "yes"
    if "+DefaultRoute" in protocols:
        return True
    return False if "-DefaultRoute" in protocols else None
