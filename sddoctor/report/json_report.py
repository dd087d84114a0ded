"""The report for programs: the public JSON, described by ``docs/report.schema.json``."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sddoctor.causes.model import Evidence, Fix
from sddoctor.diagnosis.model import AliasLink, Diagnosis, HopReport, PlaceReport, RankedFinding
from sddoctor.report import json_text
from sddoctor.report.pages import page_path
from sddoctor.resolution.surroundings import Surroundings
from sddoctor.stations.model import Break
from sddoctor.text.safe import bounded, is_safe_command
from sddoctor.text.words import in_order

SCHEMA = "sddoctor.report/1"


def render(diagnoses: Sequence[Diagnosis], generated_at: datetime, version: str) -> str:
    """Return the JSON text. Only what is named a time differs for equal diagnoses.

    Everything beyond ASCII is escaped, so that no character of untrusted text can act on a terminal.
    """
    report = {
        "schema": SCHEMA,
        "generated_at": json_text.time(generated_at),
        "version": version,
        "reports": [report_of(d) for d in diagnoses],
    }
    return json_text.document(_bounded(report))


def _bounded(value: Any) -> Any:
    """Return the value with the ends of very long texts cut off."""
    if isinstance(value, str):
        return bounded(value)
    if isinstance(value, dict):
        return {key: _bounded(item) for key, item in value.items()}
    return [_bounded(item) for item in value] if isinstance(value, (list, tuple)) else value


def report_of(diagnosis: Diagnosis) -> dict[str, Any]:
    """Return the report about one name."""
    return {
        "name": diagnosis.name,
        "observed_at": json_text.time(diagnosis.at),
        "verdict": diagnosis.verdict,
        "owner": diagnosis.owner.kind,
        "owner_says": diagnosis.owner.says,
        "alias": [_alias(a) for a in diagnosis.alias],
        "headline": diagnosis.headline,
        "root_causes": list(diagnosis.root_causes),
        "findings": [_finding(f) for f in diagnosis.findings],
        "break": _break(diagnosis.breaks[0]) if diagnosis.breaks else None,
        "breaks": [_break(b) for b in diagnosis.breaks],
        "candidates": _candidates(diagnosis),
        "next_steps": _next_steps(diagnosis),
        "hops": [_hop(h) for h in diagnosis.hops],
        "gaps": [json_text.gap(g) for g in diagnosis.gaps],
        "answered": diagnosis.answered,
        "wait_seconds": diagnosis.wait_seconds,
        "ignored": diagnosis.ignored,
        "undecided": [{"code": u.code, "gap": json_text.gap(u.gap)} for u in diagnosis.undecided],
        "internal_errors": [{"code": c.code, "error": c.error} for c in diagnosis.crashes],
        "places": [_place(p) for p in diagnosis.places],
        "aws_from": list(diagnosis.aws_from),
        "surroundings": _surroundings(diagnosis.surroundings),
    }


def _alias(link: AliasLink) -> dict[str, Any]:
    return {
        "name": link.name,
        "target": link.target,
        "kind": link.kind,
        "zone": link.zone_id or None,
        "status": link.status,
        "summary": link.summary,
    }


def _place(place: PlaceReport) -> dict[str, Any]:
    return {
        "label": place.label,
        "system": place.system,
        "observed_at": json_text.time(place.at),
        "verdict": place.verdict,
        "headline": place.headline,
        "root_causes": list(place.root_causes),
        "break": _break(place.breaks[0]) if place.breaks else None,
        "breaks": [_break(b) for b in place.breaks],
        "candidates": _candidates(place),
        "next_steps": _next_steps(place),
        "addresses": list(place.addresses),
        "error": place.error,
        "findings": [_finding(f) for f in place.findings],
        "surroundings": _surroundings(place.surroundings),
    }


def _surroundings(around: Surroundings) -> dict[str, Any]:
    return {
        "is": around.words,
        "layers": [{"kind": layer.kind, "product": layer.product} for layer in around.layers],
        "forwarder": around.forwarder,
        "marks": [{"source": m.source, "observed": m.observed} for m in around.marks],
    }


def _finding(finding: RankedFinding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "hop": finding.hop,
        "severity": finding.severity,
        "role": finding.role,
        "kind": finding.kind,
        "certainty": finding.certainty,
        "of": finding.of,
        "title": finding.title,
        "summary": finding.summary,
        "detail": finding.detail,
        "addresses": list(finding.addresses),
        "wait_seconds": finding.wait_seconds,
        "evidence": [_evidence(e) for e in finding.evidence],
        "fixes": [_fix(f) for f in finding.fixes],
        "docs": page_path(finding.code),
    }


def _candidates(about: Diagnosis | PlaceReport) -> list[dict[str, Any]]:
    return [{"code": c.code, "title": c.title, "tell": c.tell, "fits": c.fits} for c in about.candidates]


def _next_steps(about: Diagnosis | PlaceReport) -> list[dict[str, Any]]:
    return [
        {"at": s.at, "title": s.title, "commands": list(s.commands) if all(map(is_safe_command, s.commands)) else []}
        for s in about.next_steps
    ]


def _break(one: Break) -> dict[str, Any]:
    return {
        "after": one.after,
        "at": one.at,
        "symptom": one.symptom,
        "observed": one.observed,
        "expected": one.expected,
        "addresses": list(in_order(one.addresses)),
        "unseen": list(one.unseen),
        "transient": one.transient,
        "summary": f"{one.says}, although {one.although}" if one.although else one.says,
    }


def _evidence(evidence: Evidence) -> dict[str, Any]:
    place = {} if evidence.place is None else {"place": evidence.place}
    return {
        "source": evidence.source,
        "subject": evidence.subject,
        "observed": evidence.observed,
        "expected": evidence.expected,
        **place,
    }


def _fix(fix: Fix) -> dict[str, Any]:
    optional = {"config": fix.config, "file": fix.file, "content": fix.content}
    return {
        "title": fix.title,
        "where": fix.where,
        # A part of them repairs nothing, so all are left out if one of them could deceive whoever pastes it.
        "commands": list(fix.commands) if all(map(is_safe_command, fix.commands)) else [],
        "changes": fix.changes,
        "verified_by": fix.verified_by,
        **{key: text for key, text in optional.items() if text is not None},
    }


def _hop(hop: HopReport) -> dict[str, Any]:
    return {
        "hop": hop.hop,
        "status": hop.status,
        "addresses": list(hop.addresses),
        "expected": list(hop.expected),
        "summary": hop.summary,
    }
