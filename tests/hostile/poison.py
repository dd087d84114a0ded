"""Cases in which every text from outside is hostile, made of real ones."""

from __future__ import annotations

import ipaddress
import random
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import cache
from typing import Any, TypeVar

from msgspec import Struct, structs

from sddoctor.case.case import Case
from tests import world_cases

T = TypeVar("T")

#: What a command does that has become syntax: it makes this file.
TRAP = "SPRUNG"
#: Text that acts: on terminals, on readers of bidirectional text, in shells, formats, Markdown, HTML and XML.
PAYLOADS = (
    f"'; touch {TRAP}; '", f"$(touch {TRAP})", f"`touch {TRAP}`", f'"; touch {TRAP}; "', f"\ntouch {TRAP}\n",
    f"| touch {TRAP} #", f"&& touch {TRAP}", f"> {TRAP}", f"\\'; touch {TRAP}", f"${{IFS}}$(touch {TRAP})", "!!", "*", "~root",
    "%s%n%99999999d", "{0}{name!r}", "${jndi:ldap://x.invalid/a}", "${file(\"/etc/passwd\")}", "%{ if true }",
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "</code></pre><b>b</b>", "]]>", "&lt;", "<!--", "\"'>",
    "[click](http://x.invalid)", "![i](http://x.invalid/i.png)", "**b**", "\n# title\n", "\n```\nfence", "a|b|c", "@here",
    "http://x.invalid/", "\r\nHEALTHY  all is well\r\n", "\n\n\n", "\t\t", "\x00", "\x07", "\x08\x08\x08\x08", "\x7f",
    "\x1b[2J\x1b[H", "\x1b[31m", "\x1b]0;title\x07", "\x1b]8;;http://x.invalid\x1b\\", "\x1bP1;1|\x1b\\", "\x9b31m", "\x1b",
    "\u202etxt.exe", "\u2066\u2069", "\u061c", "\u200b", "\u200d\u2060", "\ufeff", "\u2028x\u2029", "\u00ad", "\u034f", "\u115f",
    "\u3164", "\ufe0f", "\U000e0041", "e\u0301" + "\u0301" * 40, "\ue000", "\uffff", "\u2018\u2019\u201a\u201b\u201c\u201d", "--endpoint-url=http://x.invalid",
    "--profile", "-rf", "file:///etc/passwd", "fileb:///etc/passwd", "=cmd|'/c calc'!A0", ",Key=x", "}]", "é\u00a0ß", "漢字" * 20,
    " ", "", "x" * 3000,
)  # fmt: skip
#: Those of them that are printable: commands with others are never shown.
SHELL = tuple(p for p in PAYLOADS if TRAP in p and p.isprintable())
IDENTIFIERS = frozenset(
    {"name", "id", "arn", "cluster", "external_id", "interface", "instance_id", "container", "link", "family"}
)
WORLDS = (
    "health-not-propagated", "service-scaled-to-zero", "split-dns-missing", "healthy-blue-green", "health-check-failing", "stale-instance",
    "registry-recreated", "resolver-file-malformed", "service-connect-only", "dns-firewall-blocks", "tasks-not-starting",
    "namespace-duplicate", "hosts-file-override-linux", "no-route-to-resolver", "namespace-not-delegated",
)  # fmt: skip
#: Fields whose text somebody may choose freely; all others have a form that AWS or a parser gives them.
FREE = frozenset(
    {
        "name",
        "message",
        "description",
        "reason",
        "stopped_reason",
        "rollout_reason",
        "text",
        "why",
        "error_message",
        "value",
        "key",
        "comments",
        "command",
        "image",
        "group",
        "started_by",
        "cluster",
        "arn",
        "id",
        "external_id",
        "data",
        "owner",
        "canonical",
        "error",
        "source",
        "path",
        "label",
        "set_identifier",
        "interface",
        "matched",
        "group_name",
        "override_domain",
        "search",
        "names",
        "options",
        "family",
        "container",
        "discovery_name",
        "port_name",
        "aliases",
        "instance_id",
        "created_by",
        "cluster_name",
        "what",
        "needs",
        "resource",
    }
)
#: Checked before anything is asked, or written by sddoctor itself.
KEPT = frozenset({"schema"})


@cache
def observed(world: str) -> Case:
    """Return what a check sees in a world."""
    return world_cases.observed(world).case


def poisoned(case: Case, seed: int, *, share: float, everywhere: bool) -> Case:
    """Return the case with a ``share`` of its texts made hostile: equal texts stay equal, so that they still belong together."""

    def change(field: str, text: str) -> str:
        if field in KEPT or text == case.name or _is_address(text) or not (everywhere or field in FREE):
            return text
        chance = random.Random(f"{seed} {text}")
        return _mixed(text, chance) if chance.random() < share else text

    return changed(case, change)


def hostile(value: T, seed: int, *, share: float = 0.7) -> T:
    """Return any structure with a ``share`` of its texts made hostile, but for addresses: equal texts stay equal."""

    def change(_field: str, text: str) -> str:
        if _is_address(text):
            return text
        chance = random.Random(f"{seed} {text}")
        return _mixed(text, chance) if chance.random() < share else text

    made: T = _walk(value, "", change)
    return made


def renamed(case: Case, seed: int) -> Case:
    """Return the case with every name and id made hostile to a shell, wherever it stands, so that all else stays true.

    Only the name that was asked for, and what belongs to it, was checked before.
    """
    tokens: set[str] = set()

    def collect(field: str, text: str) -> str:
        if field in IDENTIFIERS and not _is_address(text):
            tokens.add(re.split(r"[/:]", text)[-1])
        return text

    changed(case, collect)
    tokens = {t for t in tokens if len(t) > 2 and t not in case.name and not case.name.endswith(t.removeprefix("."))}
    hostile = {t: t + random.Random(f"{seed} {t}").choice(SHELL) for t in tokens}
    either = re.compile("|".join(re.escape(t) for t in sorted(tokens, key=len, reverse=True)) or "(?!)")
    return changed(case, lambda _, text: either.sub(lambda found: hostile[found[0]], text))


def changed(case: Case, change: Callable[[str, str], str]) -> Case:
    """Return the case with every text replaced by what ``change`` makes of it and its field; what was asked stays."""
    walked: Case = _walk(case, "", change)
    return structs.replace(walked, name=case.name, asked=case.asked)


def _mixed(text: str, chance: random.Random) -> str:
    payload = chance.choice(PAYLOADS)
    return chance.choice(
        (payload, payload + text, text + payload, text[: len(text) // 2] + payload + text[len(text) // 2 :])
    )


def _walk(value: Any, field: str, change: Callable[[str, str], str]) -> Any:
    if isinstance(value, str):
        return change(field, value)
    if isinstance(value, tuple):
        return tuple(_walk(item, field, change) for item in value)
    if isinstance(value, Struct):
        literal = _literals(type(value))
        parts = {f: getattr(value, f) for f in value.__struct_fields__}
        return structs.replace(value, **{f: _walk(v, f, change) for f, v in parts.items() if f not in literal})
    return value


@cache
def _literals(kind: type[Struct]) -> frozenset[str]:
    return frozenset(f.name for f in structs.fields(kind) if "Literal" in str(f.type))


def texts(value: Any) -> Iterator[str]:
    """Return every text below a value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple | list):
        for item in value:
            yield from texts(item)
    elif isinstance(value, dict):
        yield from texts(list(value.items()))
    elif isinstance(value, Struct):
        for field in value.__struct_fields__:
            yield from texts(getattr(value, field))


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError:
        return False
    return True


AT = datetime(2026, 7, 1, tzinfo=UTC)
