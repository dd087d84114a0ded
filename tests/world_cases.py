"""What a check observes in worlds, kept in ``.world-cases`` for as long as it would be the same.

``observed(NAME)`` is one world of the package and ``all_cases()`` every one; ``observed_in(NAME, WORLD)`` is any world. A file there is named after the world and after a hash of
all that decides what is observed: the world without what it expects, the sources of ``_SOURCES`` and the libraries that
ask. Where it is missing, the world is made anew in this process; ``python -m tests.world_cases`` makes all that are missing.

Each Python observes for itself. ``WORLD_CASES_OF=cpython-311`` says otherwise: what that Python observed is judged, and only
the worlds of ``SAMPLE`` are observed; a case that is missing there is then an error. ``.ci/run`` does so for all Pythons but one.
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
from sddoctor.case.seen import Unreachable
from sddoctor.cli import observing
from sddoctor.lab import gallery
from sddoctor.lab.runner import Lab
from sddoctor.lab.world import Expect, Faults, World
from tests import aws_cases, blind_worlds, host_cases, situation_worlds
from tests.in_process import collect_seldom, run_in

ROOT = Path(__file__).parents[1]
CACHE = ROOT / ".world-cases" / (sys.implementation.cache_tag or "python")
#: The folder of another Python whose cases are judged; ``None``: this Python observes for itself.
OTHER = CACHE.with_name(os.environ["WORLD_CASES_OF"]) if os.environ.get("WORLD_CASES_OF") else None
#: Worlds that every Python observes for itself: of each station, each kind of host and resolver, and each kind of fault of AWS.
SAMPLE = (
    "article", "healthy-deployment", "healthy-srv", "healthy-without-discover", "tasks-not-starting", "record-missing",
    "zone-not-associated", "udp-53-blocked", "resolver-drops-queries", "dnssec-rejects-zone",
    "blind-program-nxdomain-windows", "blind-stub-servfail-macos",
)  # fmt: skip
_SOURCES = (
    "sddoctor/bundle", "sddoctor/case", "sddoctor/files.py", "sddoctor/formats", "sddoctor/lab", "sddoctor/observe",
    "sddoctor/places", "sddoctor/resolution", "sddoctor/splitdns", "sddoctor/text",
    "sddoctor/cli/check.py", "sddoctor/cli/flags.py", "sddoctor/cli/observing.py", "sddoctor/cli/params.py",
    "tests/in_process.py", "tests/world_cases.py",
)  # fmt: skip
_LIBRARIES = ("boto3", "botocore", "dnspython", "msgspec")
#: The file in a cache that says with which versions of them was observed.
_LIBRARIES_THERE = "libraries.txt"
#: What a test observes in another way than this module's command, and keeps here.
_BY_TESTS = "near-case-"
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
    with contextlib.suppress(FileNotFoundError):
        return msgspec.json.decode(path.read_bytes(), type=Observed)
    if _is_of_another(name):
        raise LookupError(f"{path} is missing: let that Python run `python -m tests.world_cases` first")
    made = observe_now(world)
    if _is_of_a_busy_machine(made, world.faults):
        made = observe_now(world)
    if not _is_of_a_busy_machine(made, world.faults):
        _keep(name, path, made)
    return made


def _is_of_a_busy_machine(made: Observed, faults: Faults) -> bool:
    """Tell whether an answer came late, although the world has no fault in AWS's API.

    botocore then sends a call again, which a check never does, or the caller's identity is not waited for.
    What is observed is right, and yet not the same each time.
    """
    if faults.errors or faults.throttle or faults.refused:
        return False
    late = isinstance(made.case.aws.identity, Unreachable) and "in time" in made.case.aws.identity.why
    return late or len(set(made.calls)) < len(made.calls)


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
    cache = OTHER if OTHER is not None and _is_of_another(name) else CACHE
    key = hashlib.sha256(_sources(cache) + world.title.encode() + msgspec.json.encode(plain, order="sorted"))
    return cache / f"{name}.{key.hexdigest()[:16]}.json"


def _is_of_another(name: str) -> bool:
    """Tell whether the case of a world is the one that another Python observed."""
    return OTHER is not None and name not in SAMPLE and name in _all_names()


@cache
def all_worlds() -> dict[str, World]:
    """Return all worlds that ``main`` observes, by the names under which what is observed in them is kept."""
    return (
        {name: world_of(name) for name in gallery.names()}
        | aws_cases.worlds()
        | blind_worlds.worlds()
        | host_cases.worlds()
        | situation_worlds.worlds()
    )


@cache
def _all_names() -> set[str]:
    """Return the names of :func:`all_worlds`, without reading one."""
    cases = (*map(aws_cases.kept_as, aws_cases.names()), *map(host_cases.kept_as, host_cases.names()))
    cases = (*cases, *map(situation_worlds.kept_as, situation_worlds.names()))
    return {*gallery.names(), *cases, *map(blind_worlds.kept_as, blind_worlds.names())}


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
def _sources(cache: Path) -> bytes:
    """Return a digest of the code that decides what is observed by the Python of a cache."""
    digest = hashlib.sha256(_libraries().encode() if cache == CACHE else (cache / _LIBRARIES_THERE).read_bytes())
    for path in _files():
        digest.update(f"{path.relative_to(ROOT)}\n".encode() + path.read_bytes())
    return digest.digest()


def _files() -> Iterator[Path]:
    for source in _SOURCES:
        assert (ROOT / source).exists(), f"{source} of _SOURCES is gone: what decides what is observed?"
        yield from sorted((ROOT / source).rglob("*.py")) if (ROOT / source).is_dir() else [ROOT / source]


def _libraries() -> str:
    return "".join(f"{name} {version(name)}\n" for name in _LIBRARIES)


def _make(named: tuple[str, World]) -> None:
    observed_in(*named)


def main() -> None:
    """Make what is missing, and remove what belongs to no world any more."""
    worlds = all_worlds()
    wanted = {name: file_of(name, world) for name, world in worlds.items()}
    missing = [(name, worlds[name]) for name, path in wanted.items() if not path.exists()]
    CACHE.mkdir(parents=True, exist_ok=True)
    (CACHE / _LIBRARIES_THERE).write_text(_libraries(), encoding="utf-8")
    # Checks wait for servers that are silent, and servers for their end, more than both compute.
    with ProcessPoolExecutor(max_workers=6 * (os.cpu_count() or 1), initializer=collect_seldom) as pool:
        list(pool.map(_make, missing))
    for path in set(CACHE.glob("*.json")) - set(wanted.values()):
        if not path.name.startswith(_BY_TESTS):
            path.unlink(missing_ok=True)
    of_another = f", {sum(p.parent == OTHER for p in wanted.values())} of them by {OTHER.name}" if OTHER else ""
    print(
        f"{len(missing)} of {len(wanted)} worlds were observed anew, {len(wanted) - len(missing)} were kept{of_another}"
    )


if __name__ == "__main__":
    main()
