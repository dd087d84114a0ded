"""``sddoctor resolver show``: what this host does with a name, and why. It judges nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import click

from sddoctor.cli import flags, known_names, params, streams
from sddoctor.cli.status import ExitStatus

#: Seconds for files, commands and the lookup together.
_SECONDS = 15.0


@click.command(short_help="Show what this host asks for a name.", context_settings=flags.HELP)
@click.argument("name", shell_complete=known_names.complete)
@flags.root()
@flags.output(("text", "json"), "The form.")
def show(name: str, root: Path | None, output: Literal["text", "json"]) -> int:
    """Show which servers this host asks for NAME, by which setting, and what else it considered.

    AWS is not asked. Exit status: 0 shown; 2 wrong usage; 3 the settings that decide could not be seen.
    """
    from sddoctor.case.name import BadNameError, parse_name
    from sddoctor.case.seen import Seen, is_unseen
    from sddoctor.observe.budget import Budget
    from sddoctor.observe.host.observer import HostObserver
    from sddoctor.observe.host.source import HostRootError, RunningHost, open_root
    from sddoctor.report import resolver_show
    from sddoctor.resolution.choose import choose

    budget = Budget(_SECONDS)
    try:
        asked = parse_name(name)
        observer = HostObserver(asked, RunningHost(budget) if root is None else open_root(root), budget)
    except (BadNameError, HostRootError) as error:
        raise params.usage_error(str(error)) from error
    facts = observer.facts()
    choice = choose(asked, facts)
    routes = observer.routes(tuple(s.address for s in choice.value.servers)) if isinstance(choice, Seen) else ()
    if output == "json":
        streams.write(resolver_show.as_json(asked, facts, choice, routes))
    else:
        streams.write(resolver_show.as_text(asked, facts, choice, routes, streams.style("auto", verbose=False)))
    unknown = is_unseen(choice) or (isinstance(choice, Seen) and choice.value.unknown is not None)
    return ExitStatus.UNDECIDED if unknown else ExitStatus.FINE
