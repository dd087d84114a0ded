"""``sddoctor iam-policy``: the least read-only policy that a command needs."""

from __future__ import annotations

import json
from typing import Literal

import click

from sddoctor.cli import flags, streams
from sddoctor.observe.aws.policy import ACTIONS, document


@click.command("iam-policy", context_settings=flags.HELP)
@click.option(
    "--command",
    type=click.Choice(sorted(ACTIONS)),
    default="check",
    show_default=True,
    help="The command that the policy is for.",
)
@flags.output(("json", "terraform"), "The form of the policy.")
def iam_policy(command: str, output: Literal["json", "terraform"]) -> int:
    """Print the least read-only IAM policy that a command needs."""
    if output == "json":
        streams.write(json.dumps(document(command), indent=2) + "\n")
    else:
        streams.write(_terraform(command))
    return 0


def _terraform(command: str) -> str:
    """Return the policy as a data source of Terraform's AWS provider."""
    lines = [f'data "aws_iam_policy_document" "sddoctor_{command}" {{']
    for statement in document(command)["Statement"]:  # type: ignore[attr-defined]
        lines += ["  statement {", f'    sid     = "{statement["Sid"]}"', "    actions = ["]
        lines += [f'      "{action}",' for action in statement["Action"]]
        lines += ["    ]", '    resources = ["*"]', "  }"]
    return "\n".join([*lines, "}", ""])
