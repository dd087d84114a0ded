"""The metrics of a scan in Prometheus's text format.

https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime

from sddoctor.report.scan.rows import VERDICTS, Row, worst_first
from sddoctor.text.safe import clean


def render(rows: Sequence[Row], finished_at: datetime) -> str:
    """Return the metrics. A name has the same labels in every scan, so that its series goes on."""
    names = [r for r in worst_first(rows) if not r.unlisted]
    lines = [
        "# HELP sddoctor_name_healthy 1 if the name resolves as it should, 0 if not or not known.",
        "# TYPE sddoctor_name_healthy gauge",
        *(f"sddoctor_name_healthy{_labels(r)} {int(r.verdict == 'healthy')}" for r in names),
        "# HELP sddoctor_name_verdict 1 for the verdict that the name has.",
        "# TYPE sddoctor_name_verdict gauge",
    ]
    lines += [f"sddoctor_name_verdict{_labels(r, verdict=v)} {int(r.verdict == v)}" for r in names for v in VERDICTS]
    lines += [
        "# HELP sddoctor_name_root_cause 1 for each cause why the name is broken or degraded.",
        "# TYPE sddoctor_name_root_cause gauge",
    ]
    lines += [f"sddoctor_name_root_cause{_labels(r, code=c)} 1" for r in names for c in r.root_causes]
    lines += [
        "# HELP sddoctor_scan_names How many names have a verdict.",
        "# TYPE sddoctor_scan_names gauge",
        *_counts(names),
        "# HELP sddoctor_scan_unlisted How many lists of names could not be read.",
        "# TYPE sddoctor_scan_unlisted gauge",
        f"sddoctor_scan_unlisted {len(rows) - len(names)}",
        "# HELP sddoctor_scan_finished_timestamp_seconds When the scan ended.",
        "# TYPE sddoctor_scan_finished_timestamp_seconds gauge",
        f"sddoctor_scan_finished_timestamp_seconds {finished_at.timestamp():.3f}",
    ]
    return "\n".join(lines) + "\n"


def _counts(names: Iterable[Row]) -> list[str]:
    counts: Counter[tuple[str, str, str]] = Counter((r.account, r.region, r.verdict) for r in names)
    places = sorted({(account, region) for account, region, _ in counts})
    return [
        f"sddoctor_scan_names{_braces({'account': a, 'region': r, 'verdict': v})} {counts[a, r, v]}"
        for a, r in places
        for v in VERDICTS
    ]


def _labels(row: Row, **more: str) -> str:
    zone = {"zone": row.zone} if row.zone else {}
    where = {"account": row.account, "region": row.region, "namespace": row.namespace}
    return _braces({**where, **zone, "name": row.name, **more})


def _braces(labels: dict[str, str]) -> str:
    return "{" + ",".join(f'{key}="{_escape(value)}"' for key, value in labels.items()) + "}"


def _escape(text: str) -> str:
    return clean(text).replace("\\", "\\\\").replace('"', '\\"')
