"""``sddoctor completion``: the script that lets a shell complete commands, options and names."""

from __future__ import annotations

import click

from sddoctor.cli import flags, streams

SHELLS = ("bash", "zsh", "fish")


@click.command(context_settings=flags.HELP)
@click.argument("shell", type=click.Choice(SHELLS))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
    """Print the script that completes commands, options, codes of causes, and the names of the last scan.

    bash, in ~/.bashrc: eval "$(sddoctor completion bash)"

    zsh, in ~/.zshrc: eval "$(sddoctor completion zsh)"

    fish, in ~/.config/fish/completions/sddoctor.fish: sddoctor completion fish | source
    """
    from click.shell_completion import get_completion_class

    name = ctx.find_root().info_name or "sddoctor"
    made_by = get_completion_class(shell)
    assert made_by is not None  # noqa: S101 - click has all three
    complete = made_by(ctx.find_root().command, {}, name, "_SDDOCTOR_COMPLETE")
    streams.write(made_by.source_template % complete.source_vars())
