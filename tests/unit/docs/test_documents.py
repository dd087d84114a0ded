"""What the documents say is so: commands, options, links, examples and pasted output."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from sddoctor.cli.main import cli
from sddoctor.lab.world import load

ROOT = Path(__file__).parents[3]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])
README = (ROOT / "README.md").read_text(encoding="utf-8")
#: A path of this repository in backticks: of a module, or of a directory of several.
_OWN_PATH = re.compile(r"`((?:[a-z_0-9]+/)+[a-z_0-9]+\.py|(?:tests|docs|benchmarks|sddoctor/[a-z_]+)(?:/[a-z_0-9]+)+)`")
TARGETS = re.findall(r"(?m)^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"))


def test_the_readme_begins_with_the_two_commands() -> None:
    lines = [line for line in README.split("\n") if line]
    assert lines[0] == "# sddoctor"
    assert lines[1].endswith(".")
    assert [line.split("#")[0].strip() for line in lines[2:6]] == ["```sh", "make demo", "make test", "```"]


def test_the_output_in_the_readme_is_a_real_one() -> None:
    (pasted,) = re.findall(r"```console\n\$ sddoctor check \S+\n(.*?)```", README, re.DOTALL)
    assert pasted == (ROOT / "tests/golden/check/split-dns-missing.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda p: p.name)
def test_links_lead_somewhere(path: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)", path.read_text(encoding="utf-8"))
    broken = [link for link in links if "://" not in link and not (path.parent / link).exists()]
    assert broken == []


def test_the_modules_and_directories_that_are_named_exist() -> None:
    """Packages are named with or without ``sddoctor/`` in front."""
    texts = {p: p.read_text(encoding="utf-8") for p in (*DOCUMENTS, *ROOT.glob("sddoctor/**/*.py"))}
    named = [(str(p.relative_to(ROOT)), path) for p, text in texts.items() for path in _OWN_PATH.findall(text)]
    assert len(named) > 20
    assert [n for n in named if not (ROOT / n[1]).exists() and not (ROOT / "sddoctor" / n[1]).exists()] == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda p: p.name)
def test_make_targets_exist(path: Path) -> None:
    named = re.findall(r"(?m)(?:^\s*|`)make ([a-z-]+)", path.read_text(encoding="utf-8"))
    assert set(named) <= set(TARGETS)


def _commands(command: click.Command, name: str) -> Iterator[tuple[str, click.Command]]:
    if not isinstance(command, click.Group):
        yield name, command
        return
    context = click.Context(command)
    for child in command.list_commands(context):
        found = command.get_command(context, child)
        assert found is not None
        yield from _commands(found, f"{name} {child}".strip())


COMMANDS = dict(_commands(cli, ""))


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_option_is_documented(name: str) -> None:
    text = "".join((ROOT / "docs" / page).read_text(encoding="utf-8") for page in ("commands.md", "resolver.md"))
    assert name in text
    options = [o for p in COMMANDS[name].params if isinstance(p, click.Option) for o in p.opts]
    assert [option for option in options if f"{option}`" not in text and f"{option} " not in text] == []


def test_no_option_is_documented_that_does_not_exist() -> None:
    text = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    exist = {o for command in COMMANDS.values() for p in command.params for o in p.opts}
    assert set(re.findall(r"`(--[a-z-]+)", text)) <= exist


EXAMPLES = re.findall(r"```yaml\n(.*?)```", (ROOT / "docs/worlds.md").read_text(encoding="utf-8"), re.DOTALL)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: re.search("title: (.*)", e)[1])
def test_the_examples_of_worlds_are_worlds(example: str, tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(example, encoding="utf-8")
    assert load(tmp_path / "mine.yaml").title in example
