"""What belongs to a cause besides its rule, with a sentence for each part that is missing: what to do about it.

``python -m tests.cause_parts CODE`` prints what one cause lacks, and without a code what all of them do.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from sddoctor import causes
from sddoctor.causes.model import Cause
from sddoctor.causes.registry import CAUSES
from tests import yaml_files

ROOT = Path(__file__).parents[1]
PAGES = ROOT / "docs/causes"
WORLDS = ROOT / "sddoctor/lab/worlds"
SECTIONS = (
    "## What it is",
    "## How to recognise it by hand",
    "## How it comes about",
    "## What it is mistaken for",
    "## How to fix it",
    "## How to see that it is gone",
    "## Sources",
)
#: What causes that are older than this check have not got. Nothing is added here: a new cause has all of its parts.
STILL_MISSING = {
    # In their look-alikes they are named as advice, or as what follows from another cause.
    "agent-disconnected": {"look-alike"},
    "all-instances-unhealthy": {"look-alike"},
    "task-outside-service": {"look-alike"},
    "tcp-53-blocked": {"look-alike"},
    "unmanaged-instance": {"look-alike"},
    # A case of two places, which no world is.
    "container-dns-forwarder": {"world", "look-alike", "second fault"},
}


def missing(cause: Cause) -> dict[str, str]:
    """Return the parts that a cause lacks, each with what to do."""
    return {**_page(cause), **_worlds(cause.code), **_unfinished(cause)}


def head(cause: Cause) -> str:
    """Return the first lines of the cause's page: they repeat what the rule declares."""
    return (
        f"# {cause.title}\n\n`{cause.code}` · hop `{cause.hop}` · {cause.kind} · {cause.severity} · {cause.ceiling}\n"
    )


def strays(registered: Iterable[Cause] = CAUSES) -> list[str]:
    """Return a sentence for every cause, and every page, that the registry does not know."""
    known = {c.code for c in registered}
    rules = [
        f"{cause.code} in {_path(module)} is in no registry: import it in sddoctor/causes/registry.py and add it to "
        f"CAUSES, at its place on the trail."
        for module, cause in _declared()
        if cause.code not in known
    ]
    pages = [
        f"docs/causes/{page.name} is the page of no cause in CAUSES of sddoctor/causes/registry.py: add the cause there, "
        f"or remove the page."
        for page in sorted(PAGES.glob("*.md"))
        if page.stem not in known
    ]
    return rules + pages


def _declared() -> Iterator[tuple[str, Cause]]:
    for found in pkgutil.walk_packages(causes.__path__, f"{causes.__name__}."):
        module = importlib.import_module(found.name)
        for value in vars(module).values():
            if isinstance(value, Cause) and value.decide.__module__ == found.name:
                yield found.name, value


def _path(module: str) -> str:
    return f"{module.replace('.', '/')}.py"


def _page(cause: Cause) -> dict[str, str]:
    path = f"docs/causes/{cause.code}.md"
    file = ROOT / path
    if not file.is_file():
        return {"page": f"{cause.code} has no page: write {path}, with the sections that the others have."}
    text = file.read_text(encoding="utf-8")
    found: dict[str, str] = {}
    if not text.startswith(f"# {cause.title}\n"):
        title = text.partition("\n")[0].removeprefix("# ")
        found["title"] = f"{path} is titled '{title}', and the cause '{cause.title}': write the same in both."
    elif not text.startswith(head(cause)):
        found["head"] = f"The third line of {path} has to repeat what the rule declares: {head(cause).splitlines()[2]}"
    places = [text.find(f"\n{section}\n") for section in SECTIONS]
    if -1 in places or places != sorted(places):
        found["sections"] = f"{path} needs these sections in this order: {', '.join(s[3:] for s in SECTIONS)}."
    elif "https://" not in text[places[-1] :]:
        found["source"] = f"{path} has no source: link what says so under '## Sources'."
    return found


def _worlds(code: str) -> dict[str, str]:
    worlds = _expected()
    found: dict[str, str] = {}
    if not _names(worlds.get(code, {}), code):
        found["world"] = (
            f"No world shows {code}: write sddoctor/lab/worlds/{code}.yaml, in which it holds, with {code} among the "
            f"root_causes (or also) of its expect."
        )
    alike = [w for w in worlds if re.fullmatch(rf"{code}(-.+)?-lookalike(-.+)?", w)]
    wrong = [w for w in alike if _names(worlds[w], code)]
    if wrong:
        found["look-alike"] = (
            f"sddoctor/lab/worlds/{wrong[0]}.yaml is a look-alike of {code} and does not exclude it: take {code} out of "
            f"its expect, where it must not be named, and mend the rule if it holds there."
        )
    elif not alike:
        found["look-alike"] = (
            f"{code} has no look-alike: write sddoctor/lab/worlds/{code}-lookalike.yaml, the nearest world in which it "
            f"must not be named."
        )
    if not any(_has_another_fault(world, expect, code) for world, expect in worlds.items()):
        found["second fault"] = (
            f"No world shows {code} beside another fault: write sddoctor/lab/worlds/{code}-and-OTHER.yaml, with what is "
            f"named where both are there."
        )
    return found


def _has_another_fault(world: str, expected: dict[str, Any], code: str) -> bool:
    """Tell whether the world names the cause beside another root cause, or is called after both: one may hide the other."""
    if _names(expected, code) and set(expected.get("root_causes") or ()) - {code}:
        return True
    other = world.removeprefix(f"{code}-and-")
    return other != world and any(other.startswith(c.code) for c in CAUSES)


def _names(expected: dict[str, Any], code: str) -> bool:
    return code in (*(expected.get("root_causes") or ()), *(expected.get("also") or ()))


@cache
def _expected() -> dict[str, dict[str, Any]]:
    """Return what each world says must be found in it, without making the worlds."""
    return {path.stem: yaml_files.read(path).get("expect") or {} for path in WORLDS.glob("*.yaml")}


def _unfinished(cause: Cause) -> dict[str, str]:
    """Return a sentence for each file of the cause in which something still has to be written."""
    worlds = [f"sddoctor/lab/worlds/{p.name}" for p in sorted(WORLDS.glob(f"{cause.code}*.yaml"))]
    paths = [_path(cause.decide.__module__), f"docs/causes/{cause.code}.md", *worlds]
    texts = {p: (ROOT / p).read_text(encoding="utf-8") for p in paths if (ROOT / p).is_file()}
    return {
        f"TODO in {p}": f"{p} still says TODO: write what belongs there." for p, text in texts.items() if "TODO" in text
    }


def main(codes: list[str]) -> int:
    """Print what is missing, and return 1 if something is that is not known to be."""
    found = strays()
    for cause in CAUSES:
        if not codes or cause.code in codes:
            known = STILL_MISSING.get(cause.code, set())
            found += [sentence for part, sentence in missing(cause).items() if part not in known]
    print("\n".join(found) or "Nothing is missing.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
