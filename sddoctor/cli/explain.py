"""``sddoctor explain``: what a cause means, how to confirm it, how to fix it."""

from __future__ import annotations

import click

from sddoctor.cli import params, streams


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("code", metavar="[CODE]", required=False)
def explain(code: str | None) -> None:
    """Explain the cause CODE: what it means, how to confirm it, how to fix it. Without CODE, list the causes."""
    from sddoctor.causes.registry import BY_CODE
    from sddoctor.report import pages

    if code is None:
        streams.write(_list())
        return
    if code.lower() not in BY_CODE:
        raise click.UsageError(params.unknown_code(code, BY_CODE), click.get_current_context())
    page = pages.read(code.lower())
    if page is None:
        raise click.ClickException(f"The page of '{code}' is not part of this installation.")
    streams.write(page if page.endswith("\n") else f"{page}\n")


def _list() -> str:
    from sddoctor.causes.model import HOPS
    from sddoctor.causes.registry import CAUSES

    width = max(len(c.code) for c in CAUSES)
    rows = {hop: [f"  {c.code.ljust(width)}  {c.title}" for c in CAUSES if c.hop == hop] for hop in HOPS}
    return "\n\n".join("\n".join([hop, *of_hop]) for hop, of_hop in rows.items() if of_hop) + "\n"
