"""Every command that the documents show is run as it stands there, in the practice world."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import sddoctor.lab
from sddoctor.lab.runner import Lab
from sddoctor.lab.world import load

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
DOCUMENTS = [p for p in sorted([ROOT / "README.md", *ROOT.glob("docs/*.md")]) if "sddoctor " in p.read_text("utf-8")]
COMMAND = re.compile(r"(?m)^(?:    |\t)?(?:\$ )?((?:sudo )?sddoctor [a-z].*)$")
#: The sddoctor of the documents looks at the host of the practice world, and an installation is only shown.
WRAPPER = """#!/bin/sh
case "$1 $2" in
  "resolver install"|"resolver remove") exec {real} "$@" --root {root} --dry-run;;
  "watch "*) exec {real} "$@" --root {root} --interval 0.2 --for 0.5;;
  "resolver show"|"check "*|"runbook "*|"scan "*) exec {real} "$@" --root {root};;
  "lab up") exec timeout -s INT 2 {real} "$@";;
  *) exec {real} "$@";;
esac
"""


def commands(path: Path) -> list[str]:
    """Return the commands in the code of a document, in their order, each once."""
    text = path.read_text(encoding="utf-8").replace(" \\\n", " ")
    blocks = re.findall(r"```(?:sh|console)\n(.*?)```", text, re.DOTALL)
    blocks += re.findall(r"(?m)(?:^    .*\n)+", re.sub(r"```.*?```", "", text, flags=re.DOTALL))
    return list(dict.fromkeys(line.split("  #")[0].strip() for b in blocks for line in COMMAND.findall(b)))


#: What was brought from another place in a document; a script that looks at a place cannot look at the lab.
BROUGHT = ("task.txt", "laptop.json", "probe.txt")
#: A directory of a node exporter.
ELSEWHERE = "/var/lib/node_exporter/textfile"
#: A host that has nothing yet, for the document that sets it up.
WORLDS = {"resolver.md": "split-dns-missing"}


@pytest.mark.parametrize("path", [p for p in DOCUMENTS if commands(p)], ids=lambda p: p.name)
def test_the_commands_of_a_document_work(path: Path, tmp_path: Path) -> None:
    world = load(Path(sddoctor.lab.__file__).parent / "worlds" / f"{WORLDS.get(path.name, 'article')}.yaml")
    bin_ = tmp_path / "bin"
    bin_.mkdir()
    with Lab(world) as lab:
        real = Path(sys.executable).parent / "sddoctor"
        wrapper = WRAPPER.format(real=real, root=lab.root)
        for name, script in {"sddoctor": wrapper, "sudo": '#!/bin/sh\nexec "$@"\n'}.items():
            (bin_ / name).write_text(script, encoding="utf-8")
            (bin_ / name).chmod(0o755)
        env = lab.process_env() | {"PATH": f"{bin_}{os.pathsep}{os.environ['PATH']}", "XDG_CACHE_HOME": str(tmp_path)}
        for name in BROUGHT:
            if name in path.read_text(encoding="utf-8"):
                lab.run([*lab.check_args, "--save", str(tmp_path / name)])
        (tmp_path / "runbooks").mkdir()
        lines = [line.replace(ELSEWHERE, str(tmp_path)) for line in commands(path)]
        wrong = [f"{line}: {said}" for line in lines if (said := run(line, env, tmp_path))]
    assert not wrong, "\n".join(wrong)


def run(line: str, env: dict[str, str], directory: Path) -> str:
    """Return what was wrong with a command, or nothing."""
    done = subprocess.run(
        ["/bin/sh", "-c", line], env=env, cwd=directory, capture_output=True, text=True, timeout=60, check=False
    )
    return "" if done.returncode in _right(line) else f"{done.returncode}: {done.stderr or done.stdout}"


def _right(line: str) -> tuple[int, ...]:
    if "lab up" in line:
        return (124, 130)  # it stays up until it is stopped
    if "sddoctor scan" in line:
        return (0, 1, 3)  # the regions of a document are not the world's
    return (0, 1) if "sddoctor check" in line or "lab run" in line else (0,)


def test_the_tools_of_this_test_are_there() -> None:
    assert shutil.which("timeout")
