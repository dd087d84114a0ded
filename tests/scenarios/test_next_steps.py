"""What to run next is run: in the world that prints it, by the real ``aws``, ``dig`` and ``getent``, and shows the break."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from sddoctor.lab import gallery
from sddoctor.lab.runner import Lab
from sddoctor.lab.world import World
from tests import blind_worlds
from tests.in_process import run_in
from tests.scenarios.pasting import paste

pytestmark = pytest.mark.slow
BOTH = ("10.10.211.50", "10.10.212.150")


@pytest.mark.parametrize(
    ("world", "shown"),
    [
        (blind_worlds.world_of("vpc-servfail"), [BOTH, ("status: SERVFAIL",)]),
        (blind_worlds.world_of("stub-missing"), [BOTH, ("10.10.211.50",)]),
        (blind_worlds.world_of("servers-nxdomain-endpoint"), [BOTH, ("status: NXDOMAIN",)]),
        (gallery.find("inconclusive-cloudmap-denied"), [None, ("status: NXDOMAIN",)]),
    ],
)
def test_the_commands_show_both_sides(world: World, shown: list[tuple[str, ...] | None]) -> None:
    """``None`` is a command that is not run here."""
    with Lab(world) as lab:
        said = json.loads(run_in(lab, [*lab.check_args, "--timeout", "240", "-o", "json"]).stdout)
        commands = [c for step in said["reports"][0]["next_steps"] for c in step["commands"]]
        assert len(commands) == len(shown)
        for command, words in zip(commands, shown, strict=True):
            if words is not None:
                text = _run(lab, command)
                assert [w for w in words if w not in text] == [], f"{command}\n{text}"


def _run(lab: Lab, command: str) -> str:
    if command.startswith("aws "):
        done = paste(lab, [command])
    elif shutil.which("dig") is None:
        pytest.skip("dig is not installed")
    else:
        done = subprocess.run(_mapped(lab, command), capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def _mapped(lab: Lab, command: str) -> list[str]:
    """Return a ``dig`` command with the server's socket on the loopback interface in its place."""
    words = shlex.split(command)
    assert words[0] == "dig"
    server = next(w for w in words if w.startswith("@"))
    servers = json.loads(Path(lab.process_env()["SDDOCTOR_NETWORK"]).read_text())["servers"]
    address, port = re.fullmatch(r"(.+)#(\d+)", servers[server[1:]]["udp"]).groups()  # type: ignore[union-attr]
    return [f"@{address}" if w == server else w for w in words] + ["-p", port]
