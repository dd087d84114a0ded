"""The built wheel, in an empty environment with what it declares to need and nothing else."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from zipfile import ZipFile

import pytest
from packaging.requirements import Requirement

from sddoctor import __version__
from sddoctor.causes.registry import CAUSES
from sddoctor.cli.main import COMMANDS

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]


def _pip(*args: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", *args],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    to = tmp_path_factory.mktemp("dist")
    _pip("wheel", "--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", str(to), str(ROOT))
    (built,) = to.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the directory of the commands of an environment with the wheel, without extras."""
    venv = tmp_path_factory.mktemp("venv")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(venv)], check=True)
    _pip("--python", str(venv / "bin" / "python"), "install", "--no-deps", "--no-index", "--no-compile", str(wheel))
    (site,) = venv.glob("lib/python*/site-packages")
    _link_requirements(wheel, site)
    return venv / "bin"


def _link_requirements(wheel: Path, site: Path) -> None:
    """Put what the wheel requires, directly or not, beside it; downloading it anew would only take time."""
    with ZipFile(wheel) as archive:
        (metadata,) = (n for n in archive.namelist() if n.endswith(".dist-info/METADATA"))
        lines = archive.read(metadata).decode().partition("\n\n")[0].split("\n")
    left = [Requirement(line.partition(": ")[2]) for line in lines if line.startswith("Requires-Dist: ")]
    done: set[tuple[str, str]] = set()
    while left:
        wanted = left.pop()
        extras = wanted.extras or {""}
        if wanted.marker is not None and not wanted.marker.evaluate({"extra": ""}):
            continue
        for extra in extras - {e for name, e in done if name == wanted.name}:
            done.add((wanted.name, extra))
            left += _link(wanted.name, extra, site)


def _link(name: str, extra: str, site: Path) -> list[Requirement]:
    try:
        found = distribution(name)
    except PackageNotFoundError:
        pytest.fail(f"{name} is required and not installed")
    for top in {file.parts[0] for file in found.files or () if file.parts[0] not in ("..", "__pycache__")}:
        if not (site / top).exists():
            (site / top).symlink_to(Path(str(found.locate_file(top))))
    needs = [Requirement(text) for text in found.requires or ()]
    return [
        Requirement(f"{n.name}[{','.join(n.extras)}]" if n.extras else n.name)
        for n in needs
        if n.marker is None or n.marker.evaluate({"extra": extra})
    ]


def _run(installed: Path, *args: str, network: Path | None = None) -> subprocess.CompletedProcess[str]:
    env = {k: v for k, v in os.environ.items() if not k.startswith(("AWS_", "PYTHON"))}
    env |= {"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull}
    env |= {"AWS_EC2_METADATA_DISABLED": "true", "AWS_ENDPOINT_URL": "http://127.0.0.1:1", "AWS_REGION": "eu-west-1"}
    if network is not None:
        env["SDDOCTOR_NETWORK"] = str(network)
    return subprocess.run(
        [str(installed / "sddoctor"), *args], capture_output=True, text=True, check=False, env=env, cwd=installed
    )


def test_the_wheel_holds_what_is_read_at_run_time(wheel: Path) -> None:
    with ZipFile(wheel) as archive:
        names = set(archive.namelist())
    assert {f"sddoctor/_docs/causes/{c.code}.md" for c in CAUSES} <= names
    assert {"sddoctor/py.typed", "sddoctor/_docs/report.schema.json", "sddoctor/lab/worlds/article.yaml"} <= names
    assert {"sddoctor/report/html/report.css", "sddoctor/report/html/report.js"} <= names
    assert not {n for n in names if n.startswith(("tests", "docs", "benchmarks"))}


def test_the_wheel_holds_a_manual_page_for_each_command(wheel: Path) -> None:
    with ZipFile(wheel) as archive:
        pages = {n.rsplit("/", 1)[1]: archive.read(n).decode() for n in archive.namelist() if "/share/man/man1/" in n}
    assert {f"sddoctor-{name}.1" for name in COMMANDS} | {"sddoctor.1"} <= set(pages)
    assert "\\-\\-client\\-vpc" in pages["sddoctor-check.1"]
    assert "Say in one sentence why an Amazon ECS service-discovery name does not resolve" in pages["sddoctor.1"]


def test_version_and_help(installed: Path) -> None:
    assert _run(installed, "--version").stdout == f"sddoctor {__version__}\n"
    done = _run(installed, "--help")
    assert done.returncode == 0
    assert "check" in done.stdout


def test_explain_has_every_page(installed: Path) -> None:
    done = _run(installed, "explain")
    assert done.returncode == 0
    assert all(c.code in done.stdout for c in CAUSES)
    assert "\nHow to fix it\n" in _run(installed, "explain", "split-dns-missing").stdout


def test_check_observes_and_judges(installed: Path, tmp_path: Path) -> None:
    network, root = tmp_path / "network.json", tmp_path / "host"
    network.write_text('{"servers": {}}')
    (root / "etc").mkdir(parents=True)
    (root / "os-release.json").write_text('{"platform": "linux", "version": "12"}')
    (root / "etc" / "resolv.conf").write_text("nameserver 192.168.1.1\n")
    saved = tmp_path / "case.json"
    args = ("check", "dev-api.example.internal", "--root", str(root), "--save", str(saved))
    done = _run(installed, *args, network=network)
    assert done.returncode == 3, done.stderr
    assert done.stdout.startswith("INCONCLUSIVE  dev-api.example.internal\n")
    again = _run(installed, "check", "--from", str(saved))
    assert (again.returncode, again.stdout) == (3, done.stdout)


def test_the_lab_says_which_extra_it_needs(installed: Path) -> None:
    done = _run(installed, "lab", "list")
    assert done.returncode == 2
    assert done.stderr == "Error: The lab needs its extra: pip install 'sddoctor[lab]'.\n"
