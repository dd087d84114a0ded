"""Hand-made diagnoses: what the reports are tested with."""

from datetime import UTC, datetime

from msgspec import structs

from sddoctor.case.seen import Gap
from sddoctor.causes.model import Evidence, Fix
from sddoctor.diagnosis.model import Candidate, Crash, Diagnosis, HopReport, NextStep, RankedFinding, Undecided
from sddoctor.stations.model import Break

AT = datetime(2026, 11, 3, 9, 30, tzinfo=UTC)
NAME = "dev-api.example.internal"
TWO = ("10.10.211.50", "10.10.212.150")

ROUTE_GAP = Gap("the answer of 10.10.0.2", "no route to 10.10.0.2", "a route (VPN)")

_AWS_HOPS = (
    HopReport("ecs", "ok", TWO, (), "dev-api-service: 2 of 2 tasks running, HEALTHY"),
    HopReport("cloudmap", "ok", TWO, TWO, "dev-api: 2 instances, HEALTHY"),
    HopReport("route53", "ok", TWO, TWO, "Z0EXAMPLEINTERNAL01: 2 records (A)"),
)

NO_HEALTH_CHECK = RankedFinding(
    code="no-container-health-check",
    hop="ecs",
    kind="risk",
    severity="warning",
    certainty="certain",
    role="advice",
    title="No container in the task definition has a health check",
    summary="No container of dev-api:7 has a health check, so its tasks are put into DNS before they are ready.",
    fixes=(
        Fix(
            "Add a check to the serving container's definition",
            "terraform",
            config='"healthCheck": {\n  "command": ["CMD-SHELL", "wget -q -O /dev/null http://127.0.0.1:3000/ || exit 1"]\n}',
        ),
    ),
)

HEALTHY = Diagnosis(
    name=NAME,
    at=AT,
    verdict="healthy",
    headline=f"{NAME} resolves as it should: 10.10.211.50 and 10.10.212.150.",
    findings=(NO_HEALTH_CHECK,),
    hops=(
        *_AWS_HOPS,
        HopReport("vpc-dns", "ok", TWO, TWO, "10.10.0.2 answers"),
        HopReport("network", "ok", (), TWO, "10.10.0.2 reached by utun4 (tunnel)"),
        HopReport("host", "ok", TWO, TWO, "asks 10.10.0.2: resolves"),
    ),
    answered="10.10.0.2 gave 10.10.211.50 and 10.10.212.150, TTL 7 s left",
)

NO_ROUTE = RankedFinding(
    code="no-route-to-resolver",
    hop="network",
    kind="fault",
    severity="error",
    certainty="certain",
    role="root-cause",
    title="This host has no way to the VPC resolver",
    summary="This host cannot reach the VPC resolver 10.10.0.2: packets leave by en0, not by a VPN.",
    detail="The name is in a private zone, and only the resolver of the VPC knows it. "
    "Without a way to it, nothing on this host can resolve the name.",
    evidence=(
        Evidence("route -n get 10.10.0.2", "10.10.0.2", "en0, gateway 192.168.1.1", "a VPN interface"),
        Evidence("dns @10.10.0.2 A", NAME, "no answer in 2 s", TWO),
    ),
    fixes=(
        Fix(
            "Connect the VPN",
            "macos",
            ("sudo wg-quick up /etc/wireguard/dev-with-quite-a-long-name-that-does-not-fit-in-eighty-columns.conf",),
            changes="traffic to 10.10.0.0/16 goes through the VPN",
            verified_by="`route -n get 10.10.0.2` names a utun interface",
        ),
        Fix(
            "Or write the resolver file",
            "macos",
            ("sudo tee /etc/resolver/example.internal <<'END'\nnameserver 10.10.0.2\nEND",),
            file="/etc/resolver/example.internal",
            content="nameserver 10.10.0.2\n",
        ),
    ),
)
NOT_RESOLVED = RankedFinding(
    code="os-cache-stale",
    hop="host",
    kind="fault",
    severity="warning",
    certainty="likely",
    role="consequence",
    title="This host remembers an answer from before",
    summary="This host still remembers that the name does not exist.",
    of="no-route-to-resolver",
)

VPN_DOWN = Diagnosis(
    name=NAME,
    at=AT,
    verdict="broken",
    headline=NO_ROUTE.summary,
    root_causes=("no-route-to-resolver",),
    findings=(NO_ROUTE, NOT_RESOLVED, NO_HEALTH_CHECK),
    hops=(
        *_AWS_HOPS,
        HopReport("vpc-dns", "unknown", (), TWO, "not seen: no route to 10.10.0.2"),
        HopReport("network", "failed", (), (), "no way to 10.10.0.2 (by en0)"),
        HopReport("host", "not-applicable", (), (), "not looked at: it depends on the network"),
    ),
    gaps=(ROUTE_GAP,),
    undecided=(Undecided("srv-only", ROUTE_GAP), Undecided("rebind-protection", ROUTE_GAP)),
)

MANY = tuple(f"10.10.211.{n}" for n in range(1, 12))

UNHEALTHY = Diagnosis(
    name=NAME,
    at=AT,
    verdict="degraded",
    headline="One of 11 tasks of dev-api-service is UNHEALTHY, so its address is not in DNS.",
    root_causes=("health-check-failing", "stale-instance"),
    findings=(
        RankedFinding(
            code="stale-instance",
            hop="cloudmap",
            kind="fault",
            severity="warning",
            certainty="likely",
            role="root-cause",
            title="An instance of a task that no longer runs is still registered",
            summary="10.10.99.9 belongs to no running task.",
            wait_seconds=40,
        ),
        RankedFinding(
            code="health-check-failing",
            hop="ecs",
            kind="fault",
            severity="error",
            certainty="certain",
            role="root-cause",
            title="The container health check fails",
            summary="The health check of container dev-api fails in task 0f4a1c5b (10.10.211.11).",
            evidence=(
                Evidence("ecs:DescribeTasks tasks[].healthStatus", "task 0f4a1c5b", "UNHEALTHY", "HEALTHY"),
                Evidence("ecs:DescribeTasks", "tasks[].attempts", 3),
            ),
            fixes=(
                Fix(
                    "Read the log of the check",
                    "aws",
                    ("aws logs tail /ecs/dev-api --since 10m", "aws ecs describe-tasks --cluster dev --tasks 0f4a1c5b"),
                    changes="nothing",
                ),
            ),
        ),
    ),
    hops=(
        HopReport("ecs", "failed", MANY, (), "dev-api-service: 11 of 11 tasks running, HEALTHY, UNHEALTHY"),
        HopReport("cloudmap", "warning", (*MANY[:10], "10.10.99.9"), MANY, "dev-api: 11 instances"),
        HopReport("route53", "ok", MANY[:10], MANY[:10], "Z0EXAMPLEINTERNAL01: 10 records (A)"),
        HopReport("vpc-dns", "ok", MANY[:8], MANY[:10], "10.10.0.2 answers"),
        HopReport("network", "ok", (), (), "10.10.0.2 reached"),
        HopReport("host", "ok", MANY[:8], MANY[:8], "asks 10.10.0.2: resolves"),
    ),
    answered="10.10.0.2 gave 8 addresses, TTL 7 s left",
    ignored=2,
    wait_seconds=40,
)

INCONCLUSIVE = Diagnosis(
    name=NAME,
    at=AT,
    verdict="inconclusive",
    headline=f"{NAME} gives 2001:db8:1234:5678:9abc:def0:1234:5678, and it is not known whether that is right.",
    hops=(
        HopReport("ecs", "unknown", (), (), "not seen: ecs:DescribeServices is denied"),
        HopReport("cloudmap", "unknown", (), (), "not seen: servicediscovery:DiscoverInstances is denied"),
        HopReport("route53", "unknown", (), (), "not seen: nobody looked"),
        HopReport("vpc-dns", "ok", ("2001:db8:1234:5678:9abc:def0:1234:5678",), (), "10.10.0.2 answers"),
        HopReport("network", "ok", (), (), "10.10.0.2 reached"),
        HopReport("host", "ok", ("2001:db8:1234:5678:9abc:def0:1234:5678",), (), "asks 10.10.0.2: resolves"),
    ),
    gaps=(
        Gap("the ECS services of cluster dev", "ecs:DescribeServices is denied on arn:aws:ecs:eu-west-1:111122223333:service/dev/dev-api-service", "ecs:DescribeServices"),
        Gap("the instances", "servicediscovery:DiscoverInstances is denied", "servicediscovery:DiscoverInstances"),
    ),
    undecided=(
        Undecided("service-scaled-to-zero", Gap("the ECS services of cluster dev", "denied", "")),
        Undecided("tasks-not-starting", Gap("the ECS services of cluster dev", "denied", "")),
        Undecided("stale-instance", Gap("the instances", "denied", "")),
    ),
    crashes=(Crash("api-only", "KeyError: 'x'"),),
)  # fmt: skip

STUB = Break(
    "stub",
    "SERVFAIL",
    "SERVFAIL",
    "10.10.211.50 and 10.10.212.150",
    "127.0.0.53 on this host answers SERVFAIL",
    "10.10.0.2, which it forwards to, answers with both tasks",
    "servers",
)
UNPROVED = Diagnosis(
    name=NAME,
    at=AT,
    verdict="broken",
    headline=f"{NAME} gives no address (temporary failure): {STUB.says}, although {STUB.although}.",
    breaks=(STUB,),
    unexplained=(STUB,),
    candidates=(
        Candidate("dnssec-rejects-zone", "A validating resolver rejects the zone", f"dig +cd @127.0.0.53 {NAME} A", True),
        Candidate("os-cache-stale", "This host remembers an old answer", "a look after the cache was emptied", True),
        Candidate("rebind-protection", "A resolver on the way removes private addresses", "resolvectl, on this host", False),
        Candidate("nameserver-order", "Another server is asked first", "resolvectl, on this host", False),
    ),
    next_steps=(
        NextStep(
            "Compare the name servers of this host with the forwarder on this host: the fault lies between them.",
            (f"dig @10.10.0.2 {NAME} A", f"dig @127.0.0.53 {NAME} A"),
            "stub",
        ),
    ),
    hops=(*_AWS_HOPS, HopReport("host", "failed", (), TWO, "127.0.0.53 on this host answers SERVFAIL")),
)  # fmt: skip

EVIL = "a\x1b[31mb\x1b]0;title\x07c\r\nd\u202ee\u2066f\u200bg\x9bh\x00i <b>&|`x`[y](z)*w*"

HOSTILE = Diagnosis(
    name=NAME,
    at=AT,
    verdict="broken",
    headline=EVIL,
    root_causes=("service-not-found",),
    findings=(
        structs.replace(
            NO_ROUTE,
            code="service-not-found",
            title=EVIL,
            summary=EVIL,
            detail=EVIL,
            evidence=(Evidence(EVIL, EVIL, EVIL, (EVIL, EVIL)),),
            fixes=(
                Fix(
                    EVIL,
                    "aws",
                    (f"aws ecs update-service --service '{EVIL}'", "aws sts get-caller-identity"),
                    changes=EVIL,
                    verified_by=EVIL,
                    config=EVIL,
                    file=EVIL,
                    content=EVIL,
                ),
            ),
        ),
        structs.replace(NOT_RESOLVED, summary=EVIL),
    ),
    breaks=(Break("stub", EVIL, EVIL, EVIL, EVIL, EVIL, "servers", frozenset({EVIL})),),
    unexplained=(Break("stub", EVIL, EVIL, EVIL, EVIL, EVIL, "servers", frozenset({EVIL})),),
    candidates=(Candidate("api-only", EVIL, EVIL, True), Candidate("srv-only", EVIL, f"dig {EVIL}", False)),
    next_steps=(NextStep(EVIL, (f"dig '{EVIL}'", "dig"), "stub"), NextStep(EVIL)),
    hops=(HopReport("ecs", "failed", (EVIL,), (EVIL, "10.0.0.1"), EVIL),),
    gaps=(Gap(EVIL, EVIL, f"{EVIL}!"),),
    undecided=(Undecided("api-only", Gap(EVIL, EVIL, EVIL)),),
    crashes=(Crash("api-only", EVIL),),
    answered=EVIL,
)

ALL = {
    "healthy": HEALTHY,
    "vpn-down": VPN_DOWN,
    "unhealthy": UNHEALTHY,
    "inconclusive": INCONCLUSIVE,
    "hostile": HOSTILE,
    "unproved": UNPROVED,
}
