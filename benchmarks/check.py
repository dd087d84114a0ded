"""A check of one healthy name at 60 ms a call: against the floor, and against a shell script that asks the same."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from benchmarks.measure import Command, Result, Row, in_turn, ratio
from sddoctor.lab import gallery
from sddoctor.lab.runner import Lab
from sddoctor.lab.world import Faults, World

HERE = Path(__file__).parent
LATENCY_MS = 60
RESOLVER = "10.10.0.2"


def measure(rounds: int) -> Result:
    """Run floor, check and script in turn against one lab."""
    with Lab(_slow(gallery.find("article"))) as lab:
        path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
        env = lab.process_env() | {"PATH": path}
        script = [str(HERE / "check.sh"), lab.world.name, str(lab.ports()[RESOLVER])]
        commands = {
            "floor": Command([sys.executable, str(HERE / "floor.py")], env),
            "check": Command(lab.command(), env),
        }
        both = in_turn(commands, rounds)
        enough = max(3, rounds // 3)
        by_hand = _tools() and in_turn({"check": commands["check"], "script": Command(script, env)}, enough)
    rows = [
        Row("check", "wall against the floor", ratio(both["check"], both["floor"]), "at most 1.3"),
        Row("check", "cpu against the floor", ratio(both["check"], both["floor"], "cpu")),
        Row("check", "peak memory against the floor", ratio(both["check"], both["floor"], "peak")),
    ]
    if by_hand:
        rows.append(Row("script", "wall against check", ratio(by_hand["script"], by_hand["check"]), "at least 10"))
        rows.append(Row("script", "cpu against check", ratio(by_hand["script"], by_hand["check"], "cpu")))
    how = (
        f"The world `article` with {LATENCY_MS} ms for each call, {rounds} runs of floor and check, {enough} of the script. The "
        "floor (`floor.py`) imports boto3, makes the seven clients, and makes three calls one after another. The script "
        "(`check.sh`) asks the same questions with `aws` and `dig`, one after the other."
    )
    return Result("Check of one name", how, rows)


def _tools() -> bool:
    return bool(shutil.which("aws") and shutil.which("dig"))


def _slow(world: World) -> World:
    from msgspec import structs

    return structs.replace(world, faults=structs.replace(world.faults or Faults(), latency_ms=LATENCY_MS))
