"""The runbook of a name that no Cloud Map service has: its zone, its records, and what they lead to."""

from __future__ import annotations

from msgspec import Struct, structs

from sddoctor.case.case import Case
from sddoctor.case.targets import Target
from sddoctor.runbook import commands as c
from sddoctor.runbook.blocks import Blocks
from sddoctor.runbook.known import Known, observed
from sddoctor.runbook.symptoms import SYMPTOMS, TIMEOUT, WORKS_THERE, Symptom, find_why_unseen
from sddoctor.runbook.values import Command, Joined, Value, command
from sddoctor.trail.trail import Trail, optional

#: Target groups of a load balancer whose targets are shown.
_MOST_GROUPS = 5


class RecordName(Struct, frozen=True):
    """What is known of the records of a name, and of what they lead to.

    ``target`` are the commands that show how AWS says that is, ``leads_to`` the name at the end of the aliases.
    """

    zone: Value
    zone_id: Value
    owner: Value
    leads_to: Value
    target: tuple[Command, ...] = ()
    rule_id: str = ""

    @property
    def core(self) -> Value:
        """The value without which a runbook is nearly empty: the zone, or whoever else has the name."""
        return self.zone_id if self.zone_id.text is not None or self.owner.text is None else self.owner


def of_name(case: Case, trail: Trail) -> RecordName | None:
    """Return what the records of a name are; ``None`` for one that is Cloud Map's, or nobody's, from the start."""
    if not (trail.owner.is_of_records or (case.aws.alias and trail.owner.is_of_cloud_map)):
        return None
    target = case.aws.target.seen_or(None)
    rule = optional(lambda: trail.vpc.forward_rule(case.name)) if trail.owner.owner.kind == "resolver-rule" else None
    return RecordName(
        zone=observed("the hosted zone", lambda: trail.zone.name),
        zone_id=_zone_id(trail),
        owner=Value("the owner", trail.owner.owner.says),
        leads_to=Value("what it leads to", case.subject if case.aws.alias else None, "itself", absent=True),
        target=_of_target(target) if target is not None else (),
        rule_id=rule.id if rule is not None else "",
    )


def _zone_id(trail: Trail) -> Value:
    """Return the id for commands: of a zone that others keep, nothing can be asked here."""
    what = "a hosted zone of this account"
    zone = optional(lambda: trail.zone.of_name)
    if zone is not None and zone.owner and zone.found.seen_or(None) is None:
        return Value(what, None, f"{zone.owner} keeps it", absent=True)
    return observed(what, lambda: trail.zone.id)


def facts(it: RecordName, trail: Trail) -> list[tuple[str, str]]:
    """Return the rows about the name's zone and records."""
    return [
        ("whose it is", it.owner.shown()),
        ("hosted zone", it.zone.shown() + ("" if it.zone.text is None else f" ({it.zone_id.shown()})")),
        ("records", observed("the records", lambda: _records(trail)).shown()),
        ("leads to", it.leads_to.shown()),
    ]


def symptoms(it: RecordName) -> tuple[Symptom, ...]:
    """Return the symptoms with the steps for such a name."""
    steps = {"nxdomain": _nxdomain, "no-answer": _no_answer, "stale-address": _stale}
    return tuple(
        structs.replace(s, write=lambda blocks, k, write=steps[s.slug]: write(blocks, k, it)) if s.slug in steps else s
        for s in SYMPTOMS
    )


def with_zone(known: Known, it: RecordName) -> Known:
    """Return the values of the name with those of its own zone, for the steps that all names have."""
    return structs.replace(known, namespace=it.zone, zone_id=it.zone_id)


def _records(trail: Trail) -> str:
    found = (f"{r.type} for {r.ttl} s" if r.ttl is not None else f"{r.type} alias" for r in trail.zone.records)
    return ", ".join(dict.fromkeys(found))


def _nxdomain(blocks: Blocks, k: Known, it: RecordName) -> None:
    blocks.add("1. Ask the VPC's resolver itself, and look at `status` and at the zone of the SOA.")
    blocks.run(c.dig(k, "+noall", "+comments", "+authority", "+time=3", "+tries=1"))
    blocks.add(
        f"- `NOERROR` with an answer: the name exists, and this host asks somebody else. Go to {blocks.section(WORKS_THERE, 'works-there-not-here')}.\n"
        f"- `NXDOMAIN`, and the SOA is that of {k.namespace.shown()}: the zone is right and has no record. Go on with 2.\n"
        "- `NXDOMAIN` with another SOA, of the root for instance: the resolver does not see the zone. Go on with 3.\n"
        f"- no reply: go to {blocks.section(TIMEOUT, 'timeout')}."
    )
    blocks.add("2. Look at the zone's records of the name, and at what they lead to.")
    blocks.run(_records_of(k, it), *it.target)
    blocks.add(
        "- no record of the name: somebody removed it, or it has another spelling\n"
        "- a record that leads to a name that no longer exists: recreate the target, or correct the record\n"
        "- all of it is right: a denial is still cached ("
        f"{blocks.cause('negative-answer-cached')})"
    )
    _why_unseen(blocks, k, it)


def _why_unseen(blocks: Blocks, k: Known, it: RecordName) -> None:
    blocks.add("3. Find out why the VPC does not see the zone, or somebody else answers.")
    find_why_unseen(blocks, k, *([_rule(it.rule_id)] if it.rule_id else []))


def _no_answer(blocks: Blocks, k: Known, it: RecordName) -> None:
    blocks.add("1. Ask the VPC's resolver for every kind of record that the name may have.")
    blocks.run(
        *(c.dig(k, "+noall", "+comments", "+answer", "+time=3", "+tries=1", family=t) for t in ("A", "AAAA", "CNAME"))
    )
    blocks.add("2. Compare with the records of the zone, and with what they lead to.")
    blocks.run(_records_of(k, it), *it.target)
    blocks.outcomes((("it has records of one address family and clients have the other", "address-family-mismatch"),))
    blocks.add(
        "3. If the resolver has the answer and a program on this host gets none, something takes it away on the way."
    )
    blocks.run(c.dig_here(k, "+noall", "+comments", "+answer", "+time=3", "+tries=1"), c.firewall(k))
    blocks.outcomes(
        (
            ("a home router or a local forwarder drops private addresses", "rebind-protection"),
            ("a firewall rule answers `NODATA`", "dns-firewall-blocks"),
        )
    )


def _stale(blocks: Blocks, k: Known, it: RecordName) -> None:
    blocks.add("1. Ask whose the address is, and which records name it (put the one in question in its place).")
    blocks.run(command("sddoctor", "whois", k.address, "--zones"), _interface(k))
    blocks.add("2. Look what the record says, and how what it leads to is.")
    blocks.run(_records_of(k, it), *it.target, c.dig(k, "+noall", "+answer", "+time=3", "+tries=1"))
    blocks.outcomes(
        (
            ("the record is right, and the resolver's TTL counts down (wait for it)", "stale-answer-cached ttl-long"),
            ("the resolver is right, and this host is not", "os-cache-stale hosts-file-override client-runtime"),
            ("what it leads to is stopped, or has no healthy target", "target-not-serving"),
        )
    )
    blocks.add("An address that nobody has is that of a record which nobody maintains: correct it in its zone.")
    blocks.add("3. Empty the caches of this host, then ask again. On macOS:")
    blocks.run(command("sudo", "dscacheutil", "-flushcache"), command("sudo", "killall", "-HUP", "mDNSResponder"))
    blocks.add("On Linux with systemd-resolved:")
    blocks.run(command("resolvectl", "flush-caches"))


def _records_of(k: Known, it: RecordName) -> Command:
    query = "ResourceRecordSets[].[Name,Type,TTL,SetIdentifier,AliasTarget.DNSName,ResourceRecords[].Value]"
    return command(
        "aws", "route53", "list-resource-record-sets", "--hosted-zone-id", it.zone_id, "--start-record-name", k.name,
        "--max-items", "10", "--query", query,
    )  # fmt: skip


def _rule(rule_id: str) -> Command:
    query = "ResolverRule.[Id,DomainName,RuleType,Status,TargetIps]"
    one = Value("the rule", rule_id)
    return command("aws", "route53resolver", "get-resolver-rule", "--resolver-rule-id", one, "--query", query)


def _interface(k: Known) -> Command:
    query = "NetworkInterfaces[].[NetworkInterfaceId,InterfaceType,RequesterId,Description,Status]"
    wanted = Joined("Name=addresses.private-ip-address,Values=", k.address)
    return command("aws", "ec2", "describe-network-interfaces", "--filters", wanted, "--query", query)


def _of_target(target: Target) -> tuple[Command, ...]:
    """Return the commands that show how AWS says that the target is."""
    one = Value("what it leads to", target.id)
    if target.kind == "load-balancer":
        state = "LoadBalancers[].[LoadBalancerName,State.Code,Scheme,DNSName]"
        health = "TargetHealthDescriptions[].[Target.Id,Target.Port,TargetHealth.State,TargetHealth.Reason]"
        groups = [Value("the target group", g.arn) for g in target.groups[:_MOST_GROUPS]]
        return (
            command("aws", "elbv2", "describe-load-balancers", "--load-balancer-arns", one, "--query", state),
            *(
                command("aws", "elbv2", "describe-target-health", "--target-group-arn", g, "--query", health)
                for g in groups
            ),
        )
    operation, option, query = {
        "database": (
            "describe-db-instances",
            "--db-instance-identifier",
            "DBInstances[].[DBInstanceStatus,Endpoint.Address]",
        ),
        "database-cluster": (
            "describe-db-clusters",
            "--db-cluster-identifier",
            "DBClusters[].[Status,Endpoint,ReaderEndpoint]",
        ),
        "database-proxy": ("describe-db-proxies", "--db-proxy-name", "DBProxies[].[Status,Endpoint]"),
        "vpc-endpoint": (
            "describe-vpc-endpoints",
            "--vpc-endpoint-ids",
            "VpcEndpoints[].[State,PrivateDnsEnabled,VpcId]",
        ),
    }[target.kind]
    service = "ec2" if target.kind == "vpc-endpoint" else "rds"
    return (command("aws", service, operation, option, one, "--query", query),)
