"""What a program gets that looks the name up through the operating system.

On the running host a fresh process looks it up, because a library reads its configuration once per process. With
``--root`` the recorded output of the platform's own tool is read.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime

from msgspec import structs

from sddoctor.case.host import Lookup, LookupResult
from sddoctor.case.seen import Fact, NotAttempted, Seen, Unreachable
from sddoctor.formats.host import lookup_output, resolve_dnsname, resolvectl_query
from sddoctor.formats.host.addresses import read_result
from sddoctor.formats.host.unread import not_understood
from sddoctor.observe.budget import MORE_TIME, TIME_OVER, Budget
from sddoctor.observe.host.children import child
from sddoctor.observe.host.source import HostSource, Platform
from sddoctor.observe.work import run_all

#: Seconds after which a program has given up; glibc goes to the second server after five.
LOOKUP_TIMEOUT = 6.0
_UNDATED = datetime(1970, 1, 1, tzinfo=UTC)
#: Seconds between the beginnings of equal look-ups: resolvers join queries that are equal and come at the same time.
APART = 0.05

_SCRIPT = """
import json, socket, sys
out = {"addresses": [], "canonical": None, "error": None}
try:
    for found in socket.getaddrinfo(sys.argv[1], None, type=socket.SOCK_STREAM, flags=socket.AI_CANONNAME):
        out["addresses"].append(found[4][0])
        out["canonical"] = out["canonical"] or found[3] or None
except UnicodeError:
    out["error"] = "EAI_NONAME"
except OSError as error:
    names = [n for n in dir(socket) if n.startswith("EAI_") and getattr(socket, n) == error.errno]
    out["error"] = names[0] if names else "other"
print(json.dumps(out))
"""
_REASONS = {
    "EAI_NONAME": lookup_output.NOT_FOUND,
    "EAI_NODATA": lookup_output.NOT_FOUND,
    "EAI_ADDRFAMILY": lookup_output.NOT_FOUND,
    "EAI_AGAIN": "temporary failure",
    "EAI_FAIL": "permanent failure",
    "timeout": f"no answer within {LOOKUP_TIMEOUT:g} s",
}


def look_up(name: str, source: HostSource, budget: Budget, *, final_dot: bool) -> Lookup:
    """Look ``name`` up as a program would, with the final dot or without."""
    full = f"{name}." if final_dot else name
    if source.label is None:
        at, began = datetime.now(UTC), time.monotonic()
        outcome = _in_fresh_process(full, budget)
        return Lookup(name, final_dot, outcome, at=at, took_ms=round((time.monotonic() - began) * 1000))
    own = source.run(("getaddrinfo", full))
    if isinstance(own, Seen):
        return Lookup(name, final_dot, _read(own.value, own.source))
    line, parse = _recorded(full, source.platform)
    recorded = source.run(line)
    printed: Fact[LookupResult] = recorded.then(parse) if isinstance(recorded, Seen) else recorded
    if isinstance(printed, Seen) and isinstance(recorded, Seen):
        if line[0] == "getent" and not printed.value.addresses and not printed.unread:
            refused = _thrown_away(full, source)
            if refused is not None:
                return Lookup(name, final_dot, refused, "resolvectl query")
        return Lookup(name, final_dot, structs.replace(printed, source=recorded.source), line[0])
    query = ("resolvectl", "query", full)
    if source.platform == "linux" and isinstance(other := source.run(query), Seen):
        result = resolvectl_query.parse_query(other.value)
        if result.state != "unknown":
            return Lookup(
                name, final_dot, Seen(result.result(), other.source, unread=result.unread), " ".join(query[:2])
            )
        printed = printed if isinstance(recorded, Seen) else not_understood(" ".join(query[:2]))
    return Lookup(name, final_dot, printed, line[0])


def _thrown_away(name: str, source: HostSource) -> Seen[LookupResult] | None:
    """Return what ``resolvectl query`` says of a failure that getent does not name, where validation is why. resolved-bus.c"""
    query = source.run(("resolvectl", "query", name))
    said = resolvectl_query.parse_query(query.value) if isinstance(query, Seen) else None
    return Seen(said.result(), " ".join(("resolvectl", "query", name))) if said and said.state == "dnssec" else None


def look_up_again(name: str, source: HostSource, budget: Budget, times: int) -> tuple[Lookup, ...]:
    """Look ``name`` up that many times more, as programs that begin shortly after one another; in the order of beginning."""
    turn = threading.Lock()

    def one() -> Lookup:
        if source.label is None:
            with turn:  # threads that a busy machine wakes at the same time begin apart, too
                time.sleep(min(APART, budget.remaining()))
        return look_up(name, source, budget, final_dot=False)

    return tuple(sorted(run_all([one] * times), key=lambda lookup: lookup.at or _UNDATED))


def _recorded(name: str, platform: Platform) -> tuple[tuple[str, ...], Callable[[str], Fact[LookupResult]]]:
    """Return the command line of the platform's own tool, and the parser of its output."""
    if platform == "windows":
        return ("Resolve-DnsName", name), resolve_dnsname.parse
    if platform == "macos":
        return ("dscacheutil", "-q", "host", "-a", "name", name), lookup_output.parse_dscacheutil
    return ("getent", "ahosts", name), lookup_output.parse_getent


def _in_fresh_process(name: str, budget: Budget) -> Fact[LookupResult]:
    what = f"getaddrinfo {name}"
    seconds = min(LOOKUP_TIMEOUT, budget.remaining())
    if not sys.executable or getattr(sys, "frozen", False):
        return NotAttempted(what, "there is no Python interpreter to start", "a Python interpreter")
    if seconds <= 0:
        return Unreachable(what, TIME_OVER, MORE_TIME)
    try:
        with child(
            [sys.executable, "-I", "-S", "-c", _SCRIPT, name],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        ) as process:
            output, _ = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        if seconds < LOOKUP_TIMEOUT:
            return Unreachable(what, f"no answer within {seconds:.1f} s", MORE_TIME)
        return Seen(LookupResult(error=f"no answer within {seconds:g} s"), "getaddrinfo")
    except (OSError, ValueError) as error:
        return Unreachable(what, f"no process could be started: {error}", "a host that can start processes")
    return _read(output, what)


def _read(output: bytes | str, what: str) -> Fact[LookupResult]:
    try:
        out = json.loads(output)
        found = [address for address in map(read_result, out["addresses"]) if address]
        error = out["error"]
        if error is not None:
            return Seen(LookupResult(error=_REASONS.get(error, f"failure ({error})")), "getaddrinfo")
        return Seen(LookupResult(tuple(dict.fromkeys(found)), None, out["canonical"]), "getaddrinfo")
    except (ValueError, KeyError, TypeError):
        why = "the process that looked it up ended without an answer"
        return Unreachable(what, why, "a working getaddrinfo", "malformed")
