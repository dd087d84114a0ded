"""Makes the manual pages while a wheel is built, from what the commands say of themselves."""

from __future__ import annotations

import shutil
import sys
import tempfile
from datetime import UTC, datetime
from os import environ
from pathlib import Path
from typing import Any

import click
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class ManualPages(BuildHookInterface):  # type: ignore[type-arg]
    """Puts one page for each command below ``share/man``, where pipx and man look for it."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write the pages and name them; an editable installation needs none."""
        if version == "editable":
            return
        from click_man.core import write_man_pages

        sys.path.insert(0, self.root)
        from sddoctor import __version__
        from sddoctor.cli.main import cli

        self._made = Path(tempfile.mkdtemp(prefix="sddoctor-man-"))
        write_man_pages("sddoctor", _loaded(cli), version=__version__, target_dir=str(self._made), date=_date())
        pages = sorted(self._made.glob("*.1"))
        build_data["shared_data"] |= {str(page): f"share/man/man1/{page.name}" for page in pages}

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002
        """Take the pages away again: the wheel has them."""
        if version != "editable":
            shutil.rmtree(self._made, ignore_errors=True)


def _loaded(command: click.Command) -> click.Command:
    """Return the command with all below it in hand, which a lazy group only finds by name, and a line about each."""
    command.short_help = (command.help or "").split("\n\n")[0].replace("\n", " ").rstrip(".")
    if not isinstance(command, click.Group):
        return command
    context = click.Context(command)
    children = {name: command.get_command(context, name) for name in command.list_commands(context)}
    return click.Group(
        command.name,
        {name: _loaded(child) for name, child in children.items() if child},
        params=command.params,
        help=command.help,
        short_help=command.short_help,
    )


def _date() -> str:
    """Return the date of the pages, by https://reproducible-builds.org/specs/source-date-epoch/."""
    stamp = environ.get("SOURCE_DATE_EPOCH")
    return (datetime.fromtimestamp(int(stamp), UTC) if stamp else datetime.now(UTC)).strftime("%Y-%m-%d")
