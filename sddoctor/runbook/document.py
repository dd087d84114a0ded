"""The runbook of one name."""

from __future__ import annotations

from msgspec import structs

from sddoctor.case.case import Case
from sddoctor.case.seen import FactError
from sddoctor.diagnosis.model import Diagnosis
from sddoctor.report.markdown import code, escape
from sddoctor.runbook import commands as c
from sddoctor.runbook import keep, record_names
from sddoctor.runbook.blocks import Blocks, cell
from sddoctor.runbook.known import Known, observed, of_case
from sddoctor.runbook.record_names import RecordName
from sddoctor.runbook.symptoms import SYMPTOMS
from sddoctor.runbook.values import Value, command
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
#: What else is called by a word that a zone of its own has before.
_LONGER = {"hosted zone": "its hosted zone"}
_CLIENTS = "*Fill in: who uses this name, and what they notice when it fails.*"
_NOTES = "*Fill in: what is special here, and what helped last time.*"


def render(case: Case, diagnosis: Diagnosis) -> str:
    """Return the runbook of the name of a case; unseen values are shown as such."""
    trail = Trail(case)
    known = of_case(case, trail)
    of_records = record_names.of_name(case, trail)
    is_plain = of_records is not None and not trail.owner.is_of_cloud_map
    own = known if of_records is None else record_names.with_zone(known, of_records)
    symptoms = SYMPTOMS if of_records is None else record_names.symptoms(of_records)
    blocks = Blocks(links=False)
    blocks.add(keep.head(case.name))
    blocks.add(f"# Runbook: {code(case.name)} does not resolve")
    blocks.add(
        f"Filled in by `sddoctor runbook` from what was seen on {case.at:%Y-%m-%d} (UTC).",
        "What stands between `keep` marks is yours; `sddoctor runbook NAME --update FILE` makes the rest anew.",
    )
    blocks.add("## Owner and links")
    blocks.add(keep.section("owner", _OWNER))
    _facts(blocks, case, trail, known, of_records)
    _addresses(blocks, trail)
    _one_minute(blocks, trail, own)
    blocks.add("## Decision tree")
    blocks.add(
        "| how it looks | go to |",
        "|---|---|",
        *(f"| {s.looks} | {blocks.section(s.title, s.slug)} |" for s in symptoms),
    )
    for symptom in symptoms:
        blocks.add(f"### {symptom.title}")
        symptom.write(blocks, own)
    if of_records is not None and not is_plain:
        _behind_the_alias(blocks, known, of_records)
    _affected(blocks, trail)
    _escalate(blocks, own)
    blocks.add("## Notes")
    blocks.add(keep.section("notes", _NOTES))
    _not_seen(blocks, diagnosis)
    return blocks.text()


def _behind_the_alias(blocks: Blocks, known: Known, of_records: RecordName) -> None:
    """Add what to look at where the record is right and what it leads to is a name of Cloud Map."""
    blocks.add(f"## Behind the alias: {of_records.leads_to.shown()}")
    blocks.add("If the record is right, the fault is at the name that it leads to.")
    target = structs.replace(known, name=of_records.leads_to)
    for symptom in SYMPTOMS:
        if symptom.slug in ("nxdomain", "stale-address"):
            blocks.add(f"### {symptom.title} of the name behind the alias")
            symptom.write(blocks, target)


def _facts(blocks: Blocks, case: Case, trail: Trail, known: Known, of_records: RecordName | None) -> None:
    identity = case.aws.identity.peek()
    blocks.add("## What it is")
    vpc = observed("the range of the VPC", lambda: trail.vpc.vpc(trail.vpc.client.vpc_id).cidr)
    rows = [
        ("name", known.name.shown()),
        ("account, region", f"{code(identity.account) if identity else '*not seen*'}, {known.region.shown()}"),
        *(record_names.facts(of_records, trail) if of_records is not None else ()),
    ]
    if of_records is None or trail.owner.is_of_cloud_map:
        rows += [(_LONGER.get(left, left) if of_records else left, right) for left, right in _of_service(trail, known)]
    rows += [
        ("VPC", _with(known.vpc_id, " ({})", vpc)),
        (
            "its resolver",
            observed("the VPC resolvers", lambda: ", ".join(str(r.server) for r in trail.answers.resolvers)).shown(),
        ),
    ]
    blocks.table((left, right.replace("|", "\\|")) for left, right in rows)


def _of_service(trail: Trail, known: Known) -> list[tuple[str, str]]:
    """Return the rows about the Cloud Map service and the ECS services of a name."""
    return [
        ("namespace", _with(known.namespace, " ({})", known.namespace_id)),
        ("Cloud Map service", known.service_id.shown()),
        ("publishes", observed("the records", lambda: _records(trail)).shown()),
        ("instances", observed("the routing policy", lambda: trail.cloudmap.service.routing_policy).shown()),
        ("health", observed("the health check", lambda: trail.cloudmap.service.health).shown()),
        (
            "a denial is kept for",
            observed("the negative TTL", lambda: _seconds(trail.cloudmap.namespace.soa_ttl)).shown(),
        ),
        ("hosted zone", known.zone_id.shown()),
        ("ECS service", _with(known.ecs_service, " in cluster {}", known.cluster)),
        ("also register there", observed("other ECS services", lambda: _other_services(trail, known)).shown()),
        ("desired tasks", observed("the desired tasks", lambda: trail.ecs.desired).shown()),
    ]


def _with(value: Value, form: str, more: Value) -> str:
    """Return a value and one that qualifies it; the reason alone if the first is not known."""
    return value.shown() + ("" if value.text is None else form.format(more.shown()))


def _other_services(trail: Trail, known: Known) -> str:
    return ", ".join(s.name for s in trail.ecs.attached if s.name != known.ecs_service.text)


def _records(trail: Trail) -> str:
    return ", ".join(f"{r.type} for {r.ttl} s" for r in trail.cloudmap.service.records)


def _seconds(value: int | None) -> str | None:
    return None if value is None else f"{value} s"


def _addresses(blocks: Blocks, trail: Trail) -> None:
    blocks.add("## Addresses that should be answered")
    try:
        expected = in_order(trail.promise.addresses)
        owners = {a: t.id for t in trail.promise.serving_tasks for a in trail.promise.addresses_of(t)}
    except FactError as error:
        blocks.add(f"*Not known: {escape(str(error))}.*")
        return
    if not expected:
        blocks.add("*None when this was filled in.*")
        return
    if trail.owner.is_of_records:
        blocks.add("`sddoctor check` compares with those of now.")
        holders = {i.address: i for i in trail.case.aws.vpc.interfaces.seen_or(())}
        whose = {a: code(f"{i.id} {i.description}".strip()) for a, i in holders.items()}
        rows = [f"| {code(a)} | {whose.get(a, '*not seen*')} |" for a in expected]
        blocks.add("| address | network interface |", "|---|---|", *rows)
        return
    blocks.add("They change with every deployment; `sddoctor check` compares with those of now.")
    blocks.add(
        "| address | task |", "|---|---|",
        *(f"| {code(a)} | {code(owners[a]) if a in owners else 'no ECS task'} |" for a in expected),
    )  # fmt: skip


def _one_minute(blocks: Blocks, trail: Trail, known: Known) -> None:
    blocks.add("## Healthy or broken, in one minute")
    blocks.run(c.check(known, "--short"), c.dig(known, "+noall", "+comments", "+answer", "+time=3", "+tries=1"))
    also = _expected_answer(trail, known)
    blocks.add(
        f"- Healthy: the first line begins with `HEALTHY` (exit status 0){also}.\n"
        "- Broken or degraded (1): the second line says why, and a command to repair it may follow. "
        "`sddoctor explain CODE` has the page of the cause.\n"
        "- Inconclusive (3): something decisive could not be seen; the report says what it needs."
    )


def _expected_answer(trail: Trail, known: Known) -> str:
    """Return what the right answer looks like, if that is known."""
    if trail.owner.is_of_records or trail.case.aws.alias:
        return ""
    try:
        records = trail.cloudmap.service.records
    except FactError:
        return ""
    if not records:
        return ". The service publishes no DNS records, so `dig` cannot show it"
    ttl = max(r.ttl for r in records)
    what = "names below this one as targets" if known.family == "SRV" else "one or more of the addresses above"
    return f", and `dig` says `NOERROR` with {what}, and a TTL of at most {ttl} seconds"


def _affected(blocks: Blocks, trail: Trail) -> None:
    blocks.add("## Who is affected")
    blocks.add(keep.section("clients", _CLIENTS))
    try:
        of_records = trail.owner.is_of_records or trail.case.aws.alias
        zone = trail.zone.of_name.zone if of_records else trail.cloudmap.view.zone
        vpcs = [Value("a VPC", f"{v.vpc_id} ({v.region})") for v in zone.value.vpcs]
        blocks.add(f"Clients in these VPCs see the zone: {cell(vpcs)}.")
    except FactError as error:
        blocks.add(f"Which VPCs see the zone is *not known: {escape(str(error))}*.")
    blocks.add(
        "Clients elsewhere (laptops, other networks) depend on the way to the resolver and on their split DNS as well. Whoever "
        "has looked already keeps an answer, or a denial, for the times above; programs may keep it for longer."
    )


def _escalate(blocks: Blocks, known: Known) -> None:
    blocks.add("## Escalate")
    blocks.add(
        "Save what was observed, on the host where it fails, before anything is restarted. The file has no secrets. With "
        "`--anonymise` names, ids, accounts and addresses in it become others, and the diagnosis stays the same."
    )
    blocks.run(c.check(known, "--save", "bundle.json"))
    blocks.add("For somebody outside:")
    blocks.run(c.check(known, "--save", "bundle.json", "--anonymise"))
    blocks.add("Who gets the file needs nothing else, and no access to AWS:")
    blocks.run(command("sddoctor", "check", "--from", "bundle.json"))
    blocks.add("For the ticket:")
    blocks.run(c.check(known, "-o", "markdown"))


def _not_seen(blocks: Blocks, diagnosis: Diagnosis) -> None:
    if diagnosis.verdict in ("broken", "degraded"):
        blocks.add("## How it stood when this was filled in")
        blocks.add(f"{diagnosis.verdict.upper()}: {escape(diagnosis.headline)}")
    if not diagnosis.gaps:
        return
    blocks.add("## Not seen when this was filled in")
    blocks.add(*(f"- {gap.text(escape)}" for gap in diagnosis.gaps))
