"""Carrying out a change of this host's resolver: shown, confirmed, made whole or not at all, and verified."""

from __future__ import annotations

import os
import subprocess
import sys
import time

from sddoctor.cli import streams
from sddoctor.install import plan
from sddoctor.install.change import Change
from sddoctor.install.plan import FileChange
from sddoctor.install.tree import Tree, TreeError
from sddoctor.splitdns.format import Format
from sddoctor.text.safe import clean, clean_block

#: Seconds for restarting a program or flushing its cache.
_COMMAND_SECONDS = 30.0
#: A restarted forwarder may need a moment before it answers: lookups, and seconds between them.
_TRIES, _PAUSE = 4, 0.5


def carry_out(
    changes: tuple[FileChange, ...], form: Format, tree: Tree, *, running: bool, dry_run: bool, yes: bool
) -> bool:
    """Show the changes and, once confirmed, make them. Returns false if they were declined.

    ``running``: this is the host itself, so its programs reload. Raises :class:`TreeError` if a step fails; everything
    is then as it was.
    """
    commands = form.after if running else ()
    show(changes, commands)
    missing = [c.path for c in changes if not tree.writable(c.path)]
    if commands and os.geteuid() != 0:
        missing += [" ".join(c) for c in commands]
    if missing:
        sentence = f"This needs root: {', '.join(missing)}."
        if not dry_run:
            raise TreeError(f"{sentence} Run it with sudo; nothing was changed.")
        streams.tell(sentence)
    if dry_run:
        streams.tell("Nothing was changed, because of --dry-run.")
        return True
    if not (yes or _agreed()):
        streams.tell("Nothing was changed.")
        return False
    _make(changes, commands, tree)
    for change in changes:
        streams.tell(_result(change))
    return True


def verify(name: str) -> bool:
    """Look a name up as a program would, and report the result."""
    from sddoctor.observe.budget import Budget
    from sddoctor.observe.host.lookup import look_up
    from sddoctor.observe.host.source import RunningHost

    why = ""
    for attempt in range(_TRIES):
        time.sleep(_PAUSE if attempt else 0)
        outcome = look_up(name, RunningHost(), Budget(_COMMAND_SECONDS), final_dot=False).outcome
        result = outcome.peek()
        if result is not None and result.addresses:
            streams.tell(f"{name} resolves to {', '.join(result.addresses)}.")
            return True
        why = (result.error or "no address") if result is not None else getattr(outcome, "why", "it was not seen")
    streams.tell(f"{name} does not resolve ({why}). Find out why with: sddoctor check {name}")
    return False


def show(changes: tuple[FileChange, ...], commands: tuple[tuple[str, ...], ...] = ()) -> None:
    """Show the changes as a diff, and what would be run."""
    for change in changes:
        lines = (clean_block(line)[0] for line in plan.diff(change))
        streams.write("".join(f"{line}\n" for line in lines))
        if change.backup is not None and not change.restores:
            streams.tell(f"{change.path} was not written for this namespace; it is kept as {change.backup}.")
        if change.restores:
            streams.tell(f"{change.path} comes back from {change.backup}.")
    if commands:
        streams.tell(f"Then: {'; '.join(' '.join(c) for c in commands)}.")


def _agreed() -> bool:
    streams.tell_lines("Make this change? [y/N] ")
    answer = sys.stdin.readline()
    if not answer:
        streams.tell_lines("\n")
    return answer.strip().lower() in ("y", "yes")


def _result(change: FileChange) -> str:
    if change.restores:
        return f"Restored {change.path}."
    return f"{'Removed' if change.after is None else 'Wrote'} {change.path}."


def _make(changes: tuple[FileChange, ...], commands: tuple[tuple[str, ...], ...], tree: Tree) -> None:
    ran: list[tuple[str, ...]] = []
    try:
        with Change(tree) as transaction:
            for change in changes:
                plan.apply(change, tree, transaction)
            for command in commands:
                _run(command)
                ran.append(command)
            transaction.keep()
    except BaseException:
        for command in commands if ran else ():
            _reload(command)
        raise


def _run(command: tuple[str, ...]) -> None:
    shown = " ".join(command)
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace",
            timeout=_COMMAND_SECONDS, check=False,
        )  # fmt: skip
    except FileNotFoundError:
        raise TreeError(f"'{shown}' is not installed; everything is as it was.") from None
    except (OSError, subprocess.TimeoutExpired) as error:
        why = f"it took more than {_COMMAND_SECONDS:g} s" if isinstance(error, subprocess.TimeoutExpired) else error
        raise TreeError(f"'{shown}' failed ({why}); everything is as it was.") from error
    if done.returncode:
        output = clean((done.stderr or done.stdout).strip(), limit=300)
        raise TreeError(f"'{shown}' failed ({output or f'exit status {done.returncode}'}); everything is as it was.")


def _reload(command: tuple[str, ...]) -> None:
    """Let the programs read the old files again."""
    try:
        _run(command)
    except TreeError as error:
        streams.tell(f"Warning: {error}")
