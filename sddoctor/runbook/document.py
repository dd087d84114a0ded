"""The runbook of one name."""

from __future__ import annotations

from sddoctor.case.case import Case
from sddoctor.case.seen import FactError
from sddoctor.diagnosis.model import Diagnosis
from sddoctor.report.markdown import code, escape
from sddoctor.runbook import commands as c
from sddoctor.runbook import keep
from sddoctor.runbook.known import Known, look, of_case
from sddoctor.runbook.page import Page, cell
from sddoctor.runbook.symptoms import SYMPTOMS
from sddoctor.runbook.values import Word, command
from sddoctor.text.words import in_order
from sddoctor.trail.trail import Trail

_OWNER = """| | |
|---|---|
| team | *fill in* |
| on call | *fill in* |
| chat | *fill in* |
| dashboard | *fill in* |
| deployments | *fill in* |
| escalate to | *fill in* |"""
_CLIENTS = "*Fill in: who uses this name, and what they notice when it fails.*"
_NOTES = "*Fill in: what is special here, and what helped last time.*"


def render(case: Case, diagnosis: Diagnosis) -> str:
    """Return the runbook of a case's name. What was not seen is said to be so, and nothing is made up."""
    trail = Trail(case)
    known = of_case(case, trail)
    page = Page(links=False)
    page.add(keep.head(case.name))
    page.add(f"# Runbook: {code(case.name)} does not resolve")
    page.add(
        f"Filled in by `sddoctor runbook` from what was seen on {case.at:%Y-%m-%d} (UTC).",
        "What stands between `keep` marks is yours; `sddoctor runbook NAME --update FILE` makes the rest anew.",
    )
    page.add("## Owner and links")
    page.add(keep.section("owner", _OWNER))
    _facts(page, case, trail, known)
    _addresses(page, trail)
    _one_minute(page, trail, known)
    page.add("## Decision tree")
    page.add(
        "| how it looks | go to |", "|---|---|", *(f"| {s.looks} | {page.section(s.title, s.slug)} |" for s in SYMPTOMS)
    )
    for symptom in SYMPTOMS:
        page.add(f"### {symptom.title}")
        symptom.write(page, known)
    _affected(page, trail)
    _escalate(page, known)
    page.add("## Notes")
    page.add(keep.section("notes", _NOTES))
    _not_seen(page, diagnosis)
    return page.text()


def _facts(page: Page, case: Case, trail: Trail, known: Known) -> None:
    identity = case.aws.identity.peek()
    page.add("## What it is")
    vpc = look("the range of the VPC", lambda: trail.vpc.vpc(trail.vpc.client.vpc_id).cidr)
    rows = [
        ("name", known.name.shown()),
        ("account, region", f"{code(identity.account) if identity else '*not seen*'}, {known.region.shown()}"),
        ("namespace", _with(known.namespace, " ({})", known.namespace_id)),
        ("Cloud Map service", known.service_id.shown()),
        ("publishes", look("the records", lambda: _records(trail)).shown()),
        ("instances", look("the routing policy", lambda: trail.cloudmap.service.routing_policy).shown()),
        ("health", look("the health check", lambda: trail.cloudmap.service.health).shown()),
        ("a denial is kept for", look("the negative TTL", lambda: _seconds(trail.cloudmap.namespace.soa_ttl)).shown()),
        ("hosted zone", known.zone_id.shown()),
        ("ECS service", _with(known.ecs_service, " in cluster {}", known.cluster)),
        ("also register there", look("other ECS services", lambda: _others(trail, known)).shown()),
        ("desired tasks", look("the desired tasks", lambda: trail.ecs.desired).shown()),
        ("VPC", _with(known.vpc_id, " ({})", vpc)),
        (
            "its resolver",
            look("the VPC resolvers", lambda: ", ".join(str(r.server) for r in trail.answers.resolvers)).shown(),
        ),
    ]
    page.table((left, right.replace("|", "\\|")) for left, right in rows)


def _with(word: Word, form: str, more: Word) -> str:
    """Return a value with another one that it is known with; if it is not known, that is said once."""
    return word.shown() + ("" if word.text is None else form.format(more.shown()))


def _others(trail: Trail, known: Known) -> str:
    return ", ".join(s.name for s in trail.ecs.attached if s.name != known.ecs_service.text)


def _records(trail: Trail) -> str:
    return ", ".join(f"{r.type} for {r.ttl} s" for r in trail.cloudmap.service.records)


def _seconds(value: int | None) -> str | None:
    return None if value is None else f"{value} s"


def _addresses(page: Page, trail: Trail) -> None:
    page.add("## Addresses that should be answered")
    try:
        expected = in_order(trail.promise.addresses)
        owners = {a: t.id for t in trail.promise.serving_tasks for a in trail.promise.addresses_of(t)}
    except FactError as error:
        page.add(f"*Not known: {escape(str(error))}.*")
        return
    if not expected:
        page.add("*None when this was filled in.*")
        return
    page.add("They change with every deployment; `sddoctor check` compares with those of now.")
    page.add(
        "| address | task |", "|---|---|",
        *(f"| {code(a)} | {code(owners[a]) if a in owners else 'no ECS task'} |" for a in expected),
    )  # fmt: skip


def _one_minute(page: Page, trail: Trail, known: Known) -> None:
    page.add("## Healthy or broken, in one minute")
    page.run(c.check(known, "--short"), c.dig(known, "+noall", "+comments", "+answer", "+time=3", "+tries=1"))
    also = _answer(trail, known)
    page.add(
        f"- Healthy: the first line begins with `HEALTHY` (exit status 0){also}.\n"
        "- Broken or degraded (1): the second line says why, and a command to repair it may follow. "
        "`sddoctor explain CODE` has the page of the cause.\n"
        "- Inconclusive (3): something decisive could not be seen; the report says what it needs."
    )


def _answer(trail: Trail, known: Known) -> str:
    """Say what a right answer looks like, where that is known."""
    try:
        records = trail.cloudmap.service.records
    except FactError:
        return ""
    if not records:
        return ". The service publishes no DNS records, so `dig` cannot show it"
    ttl = max(r.ttl for r in records)
    what = "names below this one as targets" if known.family == "SRV" else "one or more of the addresses above"
    return f", and `dig` says `NOERROR` with {what}, and a TTL of at most {ttl} seconds"


def _affected(page: Page, trail: Trail) -> None:
    page.add("## Who is affected")
    page.add(keep.section("clients", _CLIENTS))
    try:
        vpcs = [Word("a VPC", f"{v.vpc_id} ({v.region})") for v in trail.cloudmap.view.zone.value.vpcs]
        page.add(f"Clients in these VPCs see the zone: {cell(vpcs)}.")
    except FactError as error:
        page.add(f"Which VPCs see the zone is *not known: {escape(str(error))}*.")
    page.add(
        "Clients elsewhere (laptops, other networks) depend on the way to the resolver and on their split DNS as well. Whoever "
        "has looked already keeps an answer, or a denial, for the times above; programs may keep it for longer."
    )


def _escalate(page: Page, known: Known) -> None:
    page.add("## Escalate")
    page.add(
        "Save what was observed, on the host where it fails, before anything is restarted. The file has no secrets. With "
        "`--anonymise` names, ids, accounts and addresses in it become others, and the diagnosis stays the same."
    )
    page.run(c.check(known, "--save", "bundle.json"))
    page.add("For somebody outside:")
    page.run(c.check(known, "--save", "bundle.json", "--anonymise"))
    page.add("Who gets the file needs nothing else, and no access to AWS:")
    page.run(command("sddoctor", "check", "--from", "bundle.json"))
    page.add("For the ticket:")
    page.run(c.check(known, "-o", "markdown"))


def _not_seen(page: Page, diagnosis: Diagnosis) -> None:
    if not diagnosis.gaps:
        return
    page.add("## Not seen when this was filled in")
    page.add(*(f"- {gap.text(escape)}" for gap in diagnosis.gaps))
