"""Write the skeleton of every part of a new cause: rule, registry, page and three worlds.

    make new-cause CODE=only-one-task HOP=ecs TITLE="The service has one task only"

What says TODO is then to be written; ``python -m tests.cause_parts CODE`` says what is left.
"""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from typing import get_args

from sddoctor.causes.model import HOPS, Certainty, Kind, Severity
from sddoctor.causes.registry import BY_CODE
from sddoctor.stations.model import HOP_OF, STATIONS
from tests.cause_parts import PAGES, ROOT, SECTIONS, WORLDS

REGISTRY = ROOT / "sddoctor/causes/registry.py"
_CODE = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)+")

_RULE = '''"""{title}."""

from __future__ import annotations

from sddoctor.causes.model import Evidence, Finding, cause
from sddoctor.trail.trail import Trail


@cause(
    "{code}",
    hop="{hop}",
    kind="{kind}",
    severity="{severity}",
    ceiling="{ceiling}",
{acts}    title="{title}",
)
def {function}(trail: Trail) -> Finding | None:
    """TODO: when it holds, in one sentence, and the source that says so.

    https://TODO
    """
    holds = False  # TODO: read what decides with .value, and what only supports it with optional(...)
    if not holds:
        return None
    return Finding(
        summary=f"TODO: one sentence with the real names in it, such as {{trail.name}}.",
        detail="TODO: why it is so, and what may be in order all the same.",
        evidence=(Evidence("TODO: where it was seen", trail.name, "TODO: what is", "TODO: what should be"),),
        fixes=(),
{tell}    )
'''
#: What a fault declares, and what it says where it only fits: a risk or a note explains no break.
_ACTS = """    at=("{station}",),  # TODO: the stations at which it can be the reason for a break
    symptoms=("missing",),  # TODO: the symptoms that it can have there
"""
_TELL = """        would_tell="TODO: the observation that would tell; without this line, what was seen proves the cause",
"""
_HOLDS = """base: healthy-linux
title: {title}
about: "TODO: what is wrong here, and nothing else"
expect:
  verdict: {verdict}
  {named}: [{code}]
"""
_LOOK_ALIKE = """base: healthy-linux
title: "TODO: what looks like it most"
about: "TODO: why it is not meant here"
expect:
  verdict: healthy
"""
_SECOND = """base: {code}
title: "TODO: it, and another fault besides"
about: "TODO: which fault, at another hop"
expect:
  verdict: broken
  root_causes: [{both}]
"""


def write(code: str, hop: str, title: str, kind: str, severity: str, ceiling: str) -> list[Path]:
    """Write the parts and return their paths. Raises :class:`ValueError` for a code that is taken, or is none."""
    if not _CODE.fullmatch(code):
        raise ValueError(f"{code!r} is no code: lower-case words with hyphens between them, such as only-one-task.")
    if code in BY_CODE:
        raise ValueError(f"{code} is a cause already, and a code never changes.")
    function, fault = code.replace("-", "_"), kind in ("fault", "transient")
    head = f"# {title}\n\n`{code}` · hop `{hop}` · {kind} · {severity} · {ceiling}\n"
    rule = ROOT / "sddoctor/causes" / hop.replace("-", "_") / f"{function}.py"
    values = {
        "code": code, "hop": hop, "title": title, "kind": kind, "severity": severity, "ceiling": ceiling,
        "acts": _ACTS.format(station=next(s for s in STATIONS if HOP_OF[s] == hop)) if fault else "",
        "tell": _TELL if fault and ceiling != "hint" else "",
        "function": function, "verdict": "broken" if fault else "healthy",
        "named": "root_causes" if fault else "also", "both": f"{code}, TODO" if fault else "TODO",
    }  # fmt: skip
    second = _SECOND + ("" if fault else "  also: [{code}]\n")
    parts = {
        rule: _RULE.format(**values),
        PAGES / f"{code}.md": f"{head}\n" + "\n".join(f"{section}\n\nTODO\n" for section in SECTIONS),
        WORLDS / f"{code}.yaml": _HOLDS.format(**values),
        WORLDS / f"{code}-lookalike.yaml": _LOOK_ALIKE,
        WORLDS / f"{code}-and-another.yaml": second.format(**values),
        REGISTRY: _registered(REGISTRY.read_text(encoding="utf-8"), hop, function),
    }
    for path, text in parts.items():
        path.write_text(text, encoding="utf-8")
    return list(parts)


def _registered(registry: str, hop: str, function: str) -> str:
    """Return the registry with the cause as the last one of its hop."""
    added = f"from sddoctor.causes.{hop.replace('-', '_')}.{function} import {function}\n"
    imports = re.findall(r"^from sddoctor\.causes\.[a-z_0-9.]+ import (?:\([^)]*\)|.*)\n", registry, re.MULTILINE)
    after = next((line for line in imports if line > added), None)
    text = registry.replace(after, added + after, 1) if after else registry.replace(imports[-1], imports[-1] + added, 1)
    start = text.index(f"    # {hop}\n") + 1
    end = re.compile(r"^(?=    # |\))", re.MULTILINE).search(text, text.index("\n", start) + 1)
    assert end is not None
    return f"{text[: end.start()]}    {function},\n{text[end.start() :]}"


def main() -> None:
    """Write the parts of one cause, and say where they are."""
    parser = argparse.ArgumentParser(prog="python -m tests.new_cause", description="Write the parts of a new cause.")
    parser.add_argument("code")
    parser.add_argument("--hop", required=True, choices=HOPS)
    parser.add_argument("--title", required=True)
    parser.add_argument("--kind", default="fault", choices=get_args(Kind))
    parser.add_argument("--severity", default="error", choices=get_args(Severity))
    parser.add_argument("--ceiling", default="certain", choices=get_args(Certainty))
    arguments = parser.parse_args()
    try:
        paths = write(**vars(arguments))
    except ValueError as error:
        parser.error(str(error))
    print("\n".join(str(p.relative_to(ROOT)) for p in paths))
    print(f"Write what says TODO there; python -m tests.cause_parts {arguments.code} says what is left.")


if __name__ == "__main__":
    main()
