"""The ``hosts:`` line of nsswitch.conf as glibc reads it (measured with glibc 2.36).

https://sourceware.org/git/?p=glibc.git;a=blob;f=nss/nss_database.c and ``nss/nss_action_parse.c``
"""

from __future__ import annotations

import re

from sddoctor.case.host import NssAction, NssSource
from sddoctor.case.seen import Absent, Fact, Seen

PATH = "/etc/nsswitch.conf"
#: The sources of glibc without a ``hosts:`` line.
DEFAULT = (NssSource("files"), NssSource("dns"))

_DATABASES = frozenset(
    [
        "aliases",
        "ethers",
        "group",
        "group_compat",
        "gshadow",
        "gshadow_compat",
        "hosts",
        "initgroups",
        "netgroup",
        "networks",
        "passwd",
        "passwd_compat",
        "protocols",
        "publickey",
        "rpc",
        "services",
        "shadow",
        "shadow_compat",
    ]
)
_STATUSES = ("SUCCESS", "NOTFOUND", "UNAVAIL", "TRYAGAIN")
_ACTIONS = ("return", "continue", "merge")
_SPACE = " \t\n\v\f\r"
_LINE = re.compile(r"[ \t\v\f\r]*([^ \t\v\f\r:]+)[ \t\v\f\r:]+(.*)", re.DOTALL)
_SOURCE = re.compile(r"[^ \t\v\f\r\[]+")
_ACTION = re.compile(r"(!?)([A-Za-z]+)\s*=\s*([A-Za-z]+)\s*")


class _MalformedError(ValueError):
    """An action that glibc does not know: it then rejects the whole file."""


def parse(data: bytes) -> Fact[tuple[NssSource, ...]]:
    """Read the sources of host names, in order.

    ``Absent`` when there is no ``hosts:`` line (then :data:`DEFAULT` applies). Empty when the line names none, or
    when any line of the file has an action that glibc does not know: then no source is used. A comment at the end of the
    line is not recognised, and a last line without line end is not read.
    """
    sources: tuple[NssSource, ...] | None = None
    for line in data.decode("utf-8", "replace").split("\n")[:-1]:
        found = _LINE.fullmatch(line.split("\0")[0])
        if not found or found.group(1) not in _DATABASES:
            continue
        try:
            listed = _sources(found.group(2))
        except _MalformedError:
            return Seen((), PATH)
        if found.group(1) == "hosts":
            sources = listed
    return Absent("a hosts: line", PATH) if sources is None else Seen(sources, PATH)


def _sources(rest: str) -> tuple[NssSource, ...]:
    sources: list[NssSource] = []
    rest = rest.strip(_SPACE)
    while rest:
        name = _SOURCE.match(rest)
        if not name:
            break
        rest = rest[name.end() :].lstrip(_SPACE)
        actions: tuple[NssAction, ...] = ()
        if rest.startswith("["):
            actions, rest = _actions(rest[1:].lstrip(_SPACE))
        sources.append(NssSource(name.group(), actions))
    return tuple(sources)


def _actions(rest: str) -> tuple[tuple[NssAction, ...], str]:
    actions: list[NssAction] = []
    while not (actions and rest.startswith("]")):
        found = _ACTION.match(rest)
        if not found or found.group(2).upper() not in _STATUSES or found.group(3).lower() not in _ACTIONS:
            raise _MalformedError
        actions.append(NssAction(found.group(2).upper(), found.group(3).lower(), bool(found.group(1))))
        rest = rest[found.end() :]
    return tuple(actions), rest[1:].lstrip(_SPACE)


def action_for(source: NssSource, status: str) -> str:
    """Return the action on an outcome of a source: ``return``, ``continue`` or ``merge``.

    ``[!UNAVAIL=return]`` means every other status. Without an action only SUCCESS returns.
    """
    chosen = "return" if status == "SUCCESS" else "continue"
    for action in source.actions:
        if (action.status != status) if action.negated else (action.status == status):
            chosen = action.action
    return chosen
