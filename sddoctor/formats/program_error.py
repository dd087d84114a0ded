"""The output of a failing program, reduced to its addresses: the text may have anything in it and is not kept."""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import ip_address

from sddoctor.case.program import ProgramError

#: More addresses than any error message has.
_MOST = 20
_LONGEST = 20_000
#: An address, perhaps with a port: ``10.0.0.1:53``, ``[fd00::1]:53``, ``10.0.0.1#53``, ``10.0.0.1 port 80``.
_ADDRESS = re.compile(
    r"(?<![\w.:-])(?:\[(?P<v6>[0-9a-fA-F:]{2,39})\]|(?P<v4>(?:\d{1,3}\.){3}\d{1,3}))"
    r"(?:(?:[:#]| port )(?P<port>\d{1,5}))?(?!\w|-(?!>)|\.\d)"
)
_LOCAL_SIDE, _CLIENT = re.compile(r"(?::\d+)? ?->"), "client: "
_DNS = "53"
#: What only dig, host and nslookup print.
_LOOKUP_TOOL = re.compile(
    r"^;; |\*\* server can't find |; <<>> DiG|^Host \S+ not found: \d|^nslookup: "
    # That of Windows translates all of the line but its end.
    r"|^\*\*\* .+: (?:Non-existent domain|Server failed|Query refused|No response from server|Unspecified error)",
    re.MULTILINE,
)


def parse(text: str) -> ProgramError:
    """Read the message of a program.

    The local side of a connection (``1.2.3.4:5->6.7.8.9:53``) and nginx's ``client: 1.2.3.4`` are left out.
    """
    found = list(dict.fromkeys(_found(text[:_LONGEST])))
    return ProgramError(
        servers=tuple(a for a, port in found if port == _DNS)[:_MOST],
        addresses=tuple(dict.fromkeys(a for a, port in found if port != _DNS))[:_MOST],
        lookup_tool=_LOOKUP_TOOL.search(text[:_LONGEST]) is not None,
    )


def _found(text: str) -> Iterator[tuple[str, str | None]]:
    for match in _ADDRESS.finditer(text):
        if _LOCAL_SIDE.match(text, match.end()) or text.endswith(_CLIENT, 0, match.start()):
            continue
        try:
            yield str(ip_address(match["v6"] or match["v4"])), match["port"]
        except ValueError:
            continue
