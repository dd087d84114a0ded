"""What a check observes in worlds, kept in ``.world-cases`` for as long as it would be the same.

``observed(NAME)`` is one world of the package and ``all_cases()`` every one; ``observed_in(NAME, WORLD)`` is any world. A file there is named after the world and after a hash of
all that decides what is observed: the world without what it expects, the sources of ``_SOURCES`` and the libraries that
ask. Where it is missing, the world is made anew in this process; ``python -m tests.world_cases`` makes all that are missing.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec import Struct, structs

from sddoctor.bundle import codec
from sddoctor.case.case import Case
from sddoctor.cli import observing
from sddoctor.lab import gallery
from sddoctor.lab.runner import Lab
from sddoctor.lab.world import Expect, Faults, World
from tests import aws_cases, blind_worlds
from tests.in_process import collect_seldom, run_in

ROOT = Path(__file__).parents[1]
#: Each Python observes for itself: the cases of one say nothing of another.
CACHE = ROOT / ".world-cases" / (sys.implementation.cache_tag or "python")
_SOURCES = (
    "sddoctor/bundle", "sddoctor/case", "sddoctor/files.py", "sddoctor/formats", "sddoctor/lab", "sddoctor/observe",
    "sddoctor/places", "sddoctor/resolution", "sddoctor/splitdns", "sddoctor/text",
    "sddoctor/cli/check.py", "sddoctor/cli/flags.py", "sddoctor/cli/observing.py", "sddoctor/cli/params.py",
    "tests/in_process.py", "tests/world_cases.py",
)  # fmt: skip
_LIBRARIES = ("boto3", "botocore", "dnspython", "msgspec")
#: Seconds: so many that what is observed never depends on how busy the machine is.
_TIMEOUT = 240


class Call(Struct, frozen=True):
    """A call that the AWS stand-in got; ``params`` as JSON with sorted keys."""

    service: str
    operation: str
    params: str


class Observed(Struct, frozen=True):
    """A world as one check sees it: the case before redaction, the AWS calls in their order, and standard error."""

    case: Case
    calls: tuple[Call, ...] = ()
    errors: str = ""


def observed(name: str) -> Observed:
    """Return what a check of a world of the package observes: from the cache, or made now and kept there."""
    return observed_in(name, world_of(name))


def observed_in(name: str, world: World) -> Observed:
    """Return what a check of the world observes: from the cache under that name, or made now and kept there."""
    path = file_of(name, world)
    with contextlib.suppress(OSError):
        return msgspec.json.decode(path.read_bytes(), type=Observed)
    made = observe_now(world)
    if _has_retries(made, world.faults):
        made = observe_now(world)
    if not _has_retries(made, world.faults):
        _keep(name, path, made)
    return made


def _has_retries(made: Observed, faults: Faults) -> bool:
    """Tell whether botocore sent a call again, which a check never does, although the world has no fault in AWS's API.

    A machine under load may take too long to answer. What is observed then is right, and yet not the same each time.
    """
    return len(set(made.calls)) < len(made.calls) and not (faults.errors or faults.throttle or faults.refused)


@cache
def world_of(name: str) -> World:
    """Return a world of the package, read once: YAML is slow."""
    return gallery.find(name)


def all_cases() -> dict[str, Case]:
    """Return the case of every world of the package, by the world's name."""
    return {name: observed(name).case for name in gallery.names()}


def file_of(name: str, world: World) -> Path:
    """Return where the world's case is kept as long as nothing changes that decides what is observed."""
    plain = structs.replace(world, title="", about="", sources=(), expect=Expect())
    key = hashlib.sha256(_sources() + world.title.encode() + msgspec.json.encode(plain, order="sorted"))
    return CACHE / f"{name}.{key.hexdigest()[:16]}.json"


def observe_now(world: World) -> Observed:
    """Check the world's name by the real command in this process, and return what was observed."""
    seen: list[Case] = []

    def noting(*arguments: Any) -> Any:
        observation = _observe(*arguments)
        seen.append(observation.case)
        return observation

    _observe = observing.observe
    with Lab(world) as lab, pytest.MonkeyPatch.context() as patch:
        patch.setattr(observing, "observe", noting)
        done = run_in(lab, [*lab.check_args, "--timeout", str(_TIMEOUT), "-o", "json"])
        calls = tuple(Call(c.service, c.operation, _as_json(c.params)) for c in lab.aws_log)
    assert len(seen) == 1, done.stderr
    (case,) = codec.decode_many(codec.encode(seen[0]))  # as it is read again, also by who made it
    return Observed(case, calls, done.stderr)


def _as_json(params: dict[str, Any]) -> str:
    return msgspec.json.encode(params, order="sorted", enc_hook=str).decode()


def _keep(name: str, path: Path, made: Observed) -> None:
    """Write the file whole, whoever else writes it, and remove what older sources observed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    with os.fdopen(handle, "wb") as file:
        file.write(msgspec.json.encode(made))
    Path(temporary).replace(path)
    for old in path.parent.glob(f"{name}.*.json"):
        if old != path:
            old.unlink(missing_ok=True)


@cache
def _sources() -> bytes:
    """Return a digest of the code that decides what is observed."""
    digest = hashlib.sha256("".join(f"{name} {version(name)}\n" for name in _LIBRARIES).encode())
    for path in _files():
        digest.update(f"{path.relative_to(ROOT)}\n".encode() + path.read_bytes())
    return digest.digest()


def _files() -> Iterator[Path]:
    for source in _SOURCES:
        assert (ROOT / source).exists(), f"{source} of _SOURCES is gone: what decides what is observed?"
        yield from sorted((ROOT / source).rglob("*.py")) if (ROOT / source).is_dir() else [ROOT / source]


def _make(named: tuple[str, World]) -> None:
    observed_in(*named)


def main() -> None:
    """Make what is missing, and remove what belongs to no world any more."""
    worlds = {name: world_of(name) for name in gallery.names()} | aws_cases.worlds() | blind_worlds.worlds()
    wanted = {name: file_of(name, world) for name, world in worlds.items()}
    missing = [(name, worlds[name]) for name, path in wanted.items() if not path.exists()]
    # Checks wait for servers that are silent more than they compute.
    with ProcessPoolExecutor(max_workers=2 * (os.cpu_count() or 1), initializer=collect_seldom) as pool:
        list(pool.map(_make, missing))
    for path in set(CACHE.glob("*.json")) - set(wanted.values()):
        path.unlink(missing_ok=True)
    print(f"{len(missing)} of {len(wanted)} worlds were observed anew, {len(wanted) - len(missing)} were kept")


if __name__ == "__main__":
    main()
