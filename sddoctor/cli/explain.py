"""``sddoctor explain``: what a cause means, how to confirm it, how to fix it."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

import click

from sddoctor.cli import flags, params, streams

if TYPE_CHECKING:
    from sddoctor.report.pages import Page

Output = Literal["text", "markdown", "json"]


@click.command(context_settings=flags.HELP)
@click.argument("words", metavar="[CODE | WORD...]", nargs=-1, shell_complete=params.complete_codes)
@flags.output(("text", "markdown", "json"), "Format of the page, or of the list.")
@flags.color
def explain(words: tuple[str, ...], output: Output, color: streams.ColourChoice) -> None:
    """Explain the cause CODE: what it means, how to confirm it, how to fix it.

    Without CODE, list the causes; with other words, list those whose page has all of them:
    sddoctor explain nxdomain.
    """
    from sddoctor.report import pages

    page = pages.find(words[0].lower()) if len(words) == 1 else None
    if page is not None:
        _show(_of_one(page, output, color))
        return
    known = pages.all_pages()
    if not known:
        raise click.ClickException("The pages of the causes are not part of this installation: install sddoctor again.")
    found = pages.search(words) if words else known
    if not found:
        raise params.usage_error(_nothing(words, [p.code for p in known]))
    _show(_list(found, output, by_hop=not words))


def _nothing(words: Sequence[str], codes: list[str]) -> str:
    if len(words) == 1 and "-" in words[0]:
        return params.unknown_code(words[0], codes)
    return f"No page of a cause has '{' '.join(words)}'. 'sddoctor explain' lists them all."


def _of_one(page: Page, output: Output, color: streams.ColourChoice) -> str:
    if output == "json":
        return _json([page], whole=True)
    if output == "markdown":
        return page.text
    from sddoctor.report import page_text

    return page_text.render(page.text, streams.style(color, verbose=False))


def _list(found: Sequence[Page], output: Output, *, by_hop: bool) -> str:
    if output == "json":
        return _json(found, whole=False)
    if output == "markdown":
        return "".join(f"- `{p.code}` ({p.hop}): {p.title}\n" for p in found)
    width = max(len(p.code) for p in found)
    rows = [f"  {p.code.ljust(width)}  {p.title}" for p in found]
    if not by_hop:
        return "\n".join(rows) + "\n"
    hops = dict.fromkeys(p.hop for p in found)
    parts = ["\n".join([hop, *(row for p, row in zip(found, rows, strict=True) if p.hop == hop)]) for hop in hops]
    return "\n\n".join(parts) + "\n"


def _json(found: Sequence[Page], *, whole: bool) -> str:
    import json

    causes = [
        {k: v for k, v in p._asdict().items() if k != "text"} | ({"page": p.text} if whole else {}) for p in found
    ]
    return json.dumps({"schema": "sddoctor.explain/1", "causes": causes}, indent=2, ensure_ascii=False) + "\n"


def _show(text: str) -> None:
    """Write the text; on a terminal that is too low for it, through the user's pager."""
    lines = shutil.get_terminal_size((80, 24)).lines
    if sys.stdout.isatty() and sys.stdin.isatty() and text.count("\n") >= lines:
        click.echo_via_pager(text)
    else:
        streams.write(text)
