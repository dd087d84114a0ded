"""Who owns each address, for programs: the public JSON, described by ``docs/whois.schema.json``."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from sddoctor.report import json_text
from sddoctor.whois.model import Whois

SCHEMA = "sddoctor.whois/1"


def render(whois: Whois, version: str) -> str:
    """Return the JSON text. Everything beyond ASCII is escaped, so that no text can act on a terminal."""
    report = {
        "schema": SCHEMA,
        "observed_at": json_text.time(whois.at),
        "version": version,
        "account": whois.account,
        "region": whois.region,
        "addresses": [
            {**msgspec.to_builtins(a, builtin_types=(datetime,)), "names": list(a.names)} for a in whois.answers
        ],
        "gaps": [json_text.gap(g) for g in whois.gaps],
    }
    return json_text.document(report, _time)


def _time(moment: Any) -> str:
    assert isinstance(moment, datetime)  # noqa: S101 - nothing else is in the model that JSON does not have
    return json_text.time(moment)
