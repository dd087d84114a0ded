"""``sddoctor lab``: a practice world on this machine, without AWS."""

from __future__ import annotations

import shlex
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import click

from sddoctor.cli import interrupts

if TYPE_CHECKING:
    from sddoctor.lab.runner import Lab
    from sddoctor.lab.world import World

#: Seconds between looks at whether somebody changed the world.
_REFRESH = 0.5


@click.group()
def lab() -> None:
    """Practise on broken service discovery, on this machine and without AWS."""
    try:
        import yaml  # noqa: F401 - only to see whether the extra is there
    except ImportError:
        raise click.ClickException("The lab needs its extra: pip install 'sddoctor[lab]'.") from None


def _complete_world(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[Any]:
    from sddoctor.lab import gallery

    return [name for name in gallery.names() if name.startswith(incomplete)]


@lab.command("list")
def list_worlds() -> None:
    """List the worlds that come with the package, and what is to be found in each."""
    from tabulate import tabulate

    from sddoctor.lab import gallery

    rows = []
    for name in gallery.names():
        world = _world(name)
        rows.append((name, world.title, ", ".join(world.expect.root_causes) or world.expect.verdict))
    click.echo(tabulate(rows, headers=("world", "title", "to be found"), tablefmt="plain"))


@lab.command(context_settings={"ignore_unknown_options": True})
@click.argument("world", shell_complete=_complete_world)
@click.argument("args", nargs=-1, type=click.UNPROCESSED)
def run(world: str, args: tuple[str, ...]) -> None:
    """Run sddoctor in WORLD (a name of the list, or a file) and return its exit status.

    Without ARGS it checks the world's name. ARGS that begin with an option are added to that check; others are a
    whole command: `sddoctor lab run article -- check NAME -o json`.
    """
    from sddoctor.lab.runner import Lab

    with Lab(_world(world)) as running:
        command = running.command(_arguments(running, args))
        status = subprocess.run(command, env=running.process_env(), check=False).returncode
    raise click.exceptions.Exit(status)


@lab.command()
@click.argument("world", shell_complete=_complete_world)
def up(world: str) -> None:
    """Keep WORLD running until Ctrl-C, and print how `aws`, `dig` and `sddoctor` use it."""
    from sddoctor.lab.runner import Lab

    with interrupts.UntilInterrupted(), Lab(_world(world)) as running:
        click.echo(_instructions(running))
        sys.stdout.flush()
        while True:
            time.sleep(_REFRESH)
            running.refresh_if_changed()
    click.echo("The lab has ended.", err=True)


@lab.command()
def demo() -> None:
    """Show a healthy name, and then the same name while the VPN is down."""
    from sddoctor.lab.runner import Lab

    as_expected = True
    for heading, name, status in (
        ("A healthy name: two tasks, asked from a Mac through the VPN", "article", 0),
        ("The same name, and the VPN is down", "vpn-down", 1),
    ):
        with Lab(_world(name)) as running:
            click.echo(f"== {heading} ==\n\n$ sddoctor check {running.world.name}")
            sys.stdout.flush()
            done = subprocess.run(running.command(), env=running.process_env(), check=False)
            click.echo(f"(exit status {done.returncode})\n")
            as_expected = as_expected and done.returncode == status
    raise click.exceptions.Exit(0 if as_expected else 1)


def _world(name: str) -> World:
    from sddoctor.lab import gallery
    from sddoctor.lab.world import WorldError

    try:
        return gallery.find(name)
    except WorldError as error:
        raise click.ClickException(str(error)) from None


def _arguments(running: Lab, args: tuple[str, ...]) -> list[str] | None:
    if not args:
        return None
    if args[0].startswith("-"):
        return [*running.check_args, *args]
    if args[0] == "watch" and (len(args) == 1 or args[1].startswith("-")):
        args = ("watch", running.world.name, *args[1:])
    if args[0] in ("check", "runbook", "watch") and "--root" not in args:
        return [*args, "--root", str(running.root)]
    return list(args)


def _instructions(running: Lab) -> str:
    world = running.world
    lines = [f"# {world.title}", f"# {world.about}"] if world.about else [f"# {world.title}"]
    lines += ["# Paste this into another terminal; the lab ends with Ctrl-C here.", "unset AWS_PROFILE"]
    lines += [f"export {key}={shlex.quote(value)}" for key, value in running.env.items()]
    lines += ["", "# Then, for instance:", f"sddoctor {shlex.join(running.check_args)}"]
    lines.append("aws servicediscovery list-namespaces")
    lines += [
        f"aws ecs describe-services --cluster {c.name} --services {s.name}" for c in world.clusters for s in c.services
    ]
    for address, port in running.ports().items():
        lines.append(f"dig @127.0.0.1 -p {port} {world.name} A    # asks {address}")
    return "\n".join(lines)
