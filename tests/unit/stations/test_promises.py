"""What each station has to return: eight of many, one of a weighted set, one family, and what was not seen to be."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from sddoctor.case.case import Case
from sddoctor.case.cloudmap import Attribute, RecordConfig
from sddoctor.case.dns import Answer, Rr
from sddoctor.case.ecs import Task
from sddoctor.case.reach import Connection
from sddoctor.case.seen import Absent, Denied, Opaque, Seen, Unreachable
from tests.unit.causes.ecs.ecs_case import NAME, ago, service, task
from tests.unit.stations.path_case import (
    HOME,
    ONE,
    SOUND,
    TWO,
    VPC,
    a,
    breaks_of,
    denial,
    for_client_vpc,
    path_case,
    path_of,
    soa,
    unseen_view,
)

TWELVE = tuple(task(n) for n in range(1, 13))
OF_TWELVE = tuple(f"10.10.1.{n}" for n in range(1, 13))
DENIED = Denied("the fact", "servicediscovery:ListInstances")


def _weighted(case: Case) -> Case:
    (view,) = case.aws.cloudmap.views
    return unseen_view(case, service=view.service.map(lambda s: replace(s, routing_policy="WEIGHTED")))


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (OF_TWELVE[:8], []),
        (OF_TWELVE[4:], []),
        (OF_TWELVE[:7], [f"vpc-answer missing {' '.join(sorted(OF_TWELVE[7:]))}"]),
    ],
)
def test_one_answer_has_eight_of_many(given: tuple[str, ...], expected: list[str]) -> None:
    of = service(desired=12, running=12)
    assert breaks_of(path_case(TWELVE, of=of, vpc=a(*given), gets=given, answered=OF_TWELVE)) == expected


def test_two_samples_of_one_set_are_no_difference_between_two_stations() -> None:
    of = service(desired=12, running=12)
    case = path_case(TWELVE, of=of, vpc=a(*OF_TWELVE[:8]), gets=OF_TWELVE[4:], answered=OF_TWELVE)
    assert breaks_of(case) == []


def test_one_answer_has_one_of_a_weighted_set() -> None:
    assert breaks_of(_weighted(path_case(vpc=a(ONE), gets=(TWO,)))) == []
    assert breaks_of(path_case(vpc=a(ONE), gets=(ONE,))) == [f"vpc-answer missing {TWO}"]


def _of_both_families() -> Case:
    six = tuple(replace(task(n), addresses=(f"10.10.1.{n}", f"2001:db8::{n}")) for n in (1, 2))
    every = tuple(x for t in six for x in t.addresses)
    case = path_case(six, answered=every, vpc=a(*every), gets=(ONE, TWO))
    (view,) = case.aws.cloudmap.views
    both = (RecordConfig("A", 10), RecordConfig("AAAA", 10))
    instances = tuple(
        replace(i, attributes=(*i.attributes, Attribute("AWS_INSTANCE_IPV6", t.addresses[1])))
        for i, t in zip(view.instances.value, six, strict=True)
    )
    records = tuple(replace(r, type="AAAA" if ":" in r.values[0] else "A") for r in view.records.value)
    return unseen_view(
        case,
        service=view.service.map(lambda s: replace(s, records=both)),
        instances=Seen(instances, "test"),
        records=Seen(records, "test"),
    )


def test_a_program_that_gets_one_of_two_families_lacks_nothing() -> None:
    """A host without IPv6 does not query for it. RFC 6724, AI_ADDRCONFIG of getaddrinfo(3)"""
    assert breaks_of(_of_both_families()) == []


# what was not seen


def test_a_break_spans_the_stations_that_were_not_observed() -> None:
    case = unseen_view(path_case(vpc=denial(), gets="not found"), zone=DENIED, records=DENIED)
    (one,) = path_of(case).breaks
    assert (one.at, one.symptom, one.after, one.unseen) == ("vpc-answer", "NXDOMAIN", "registry", ("records",))
    assert one.stations == ("records", "vpc-answer")


def test_tasks_are_seen_whether_or_not_the_instances_are() -> None:
    case = unseen_view(path_case(vpc=denial(), gets="not found"), instances=DENIED, records=DENIED)
    (one,) = path_of(case).breaks
    assert (one.at, one.symptom, one.after, one.unseen) == ("vpc-answer", "NXDOMAIN", "tasks", ("registry", "records"))


@pytest.mark.parametrize(
    ("tasks", "given", "expected"),
    [
        ((task(1), task(2)), (ONE,), [f"vpc-answer missing {TWO}"]),
        ((task(1), task(2)), (ONE, TWO, "10.10.9.9"), []),
        (TWELVE[:9], OF_TWELVE[:8], []),
        (TWELVE[:2], OF_TWELVE[1:9], []),
    ],
)
def test_of_unseen_instances_an_answer_has_those_of_the_tasks_at_least(
    tasks: tuple[Task, ...], given: tuple[str, ...], expected: list[str]
) -> None:
    """Whatever else is registered, up to eight of it may be answered."""
    of = service(desired=len(tasks), running=len(tasks))
    case = path_case(tasks, of=of, vpc=a(*given), gets=given)
    assert breaks_of(unseen_view(case, instances=DENIED, records=DENIED)) == expected


@pytest.mark.parametrize("gap", [DENIED, Opaque("a", "999988887777", ""), Unreachable("a", "throttled", "time")])
def test_what_was_not_seen_breaks_nothing(gap: Denied) -> None:
    path = path_of(unseen_view(path_case(), instances=gap, records=gap, zone=gap))
    assert path.breaks == ()
    assert set(path.gaps) >= {"registry", "records"}


def test_a_zone_that_does_not_exist_is_no_gap() -> None:
    case = unseen_view(
        path_case(vpc=denial("NXDOMAIN", soa("internal")), gets="not found"),
        zone=Absent("the zone", "route53"),
        records=Absent("the records", "route53"),
    )
    assert [(b.at, b.symptom) for b in path_of(case).breaks] == [("records", "missing")]


def test_an_unseen_resolver_is_between_the_records_and_the_servers() -> None:
    case = path_case(vpc=None, servers={HOME: denial()}, gets="not found")
    path = path_of(case)
    assert [(b.at, b.symptom) for b in path.breaks] == [("path", "silence"), ("servers", "NXDOMAIN")]
    assert "vpc-answer" in path.gaps


def test_nothing_was_seen_before_the_first_answer() -> None:
    gone = unseen_view(path_case(vpc=denial(), gets="not found"), instances=DENIED, records=DENIED, service=DENIED)
    ecs = replace(gone.aws.ecs, services=DENIED, tasks=(), walks=())
    path = path_of(replace(gone, aws=replace(gone.aws, ecs=ecs)))
    (one,) = path.breaks
    assert (one.at, one.symptom, one.after) == ("vpc-answer", "NXDOMAIN", None)
    assert set(one.unseen) == {"tasks", "registry", "records"}


# the connection


def _tried(accepted: dict[str, bool], silent: tuple[str, ...] = ()) -> Case:
    case = path_case()
    made = [Connection(x, 3000, Seen(yes, "connect")) for x, yes in accepted.items()]
    made += [Connection(x, 3000, Unreachable("a connection", "no answer", "a way", "silence")) for x in silent]
    return replace(case, places=(replace(case.place, connections=tuple(made)),))


def test_a_refused_connection_breaks_at_the_port_and_silence_proves_nothing() -> None:
    assert breaks_of(_tried({ONE: True, TWO: False})) == [f"port not-serving {TWO}"]
    assert breaks_of(_tried({ONE: True}, silent=(TWO,))) == []
    assert breaks_of(_tried({}, silent=(ONE, TWO))) == []
    assert "port" in path_of(_tried({}, silent=(ONE, TWO))).gaps


# who asks


def test_for_a_client_in_the_vpc_the_path_ends_in_the_vpc() -> None:
    path = path_of(for_client_vpc(path_case(servers={HOME: denial()}, gets="not found")))
    assert path.breaks == ()
    assert {"path", "stub", "program"}.isdisjoint(path.outputs)
    assert "vpc-answer" in path.outputs


def _srv(port: str = "3000", answer: Answer | None = None) -> Case:
    name = "_http._tcp.example.internal"
    case = path_case()
    (view,) = case.aws.cloudmap.views
    targets = {t.id: f"{t.id}.{name}" for t in (task(1), task(2))}
    instances = tuple(
        replace(i, attributes=(*i.attributes, Attribute("AWS_INSTANCE_PORT", port))) for i in view.instances.value
    )
    records = [replace(r, name=targets[str(r.set_identifier)]) for r in view.records.value]
    srv = [replace(r, name=name, type="SRV", values=(f"1 1 3000 {r.name}",)) for r in records]
    answer = answer or Answer(
        "NOERROR",
        answers=tuple(Rr(name, "SRV", 10, f"1 1 3000 {target}") for target in targets.values()),
        additional=tuple(Rr(r.name, "A", 10, r.values[0]) for r in records),
    )
    probes = tuple(
        replace(p, name=name, type="SRV", outcome=Seen(answer, "dns")) if p.name == NAME else p
        for p in case.place.dns.probes
    )
    found = unseen_view(
        case,
        service=view.service.map(lambda s: replace(s, name="_http._tcp", records=(RecordConfig("SRV", 10),))),
        instances=Seen(instances, "test"),
        records=Seen((*records, *srv), "test"),
    )
    place = replace(found.place, dns=replace(found.place.dns, probes=probes))
    return replace(found, name=name, places=(place,))


def test_srv_records_lead_to_the_addresses_of_their_targets() -> None:
    path = path_of(_srv())
    assert path.breaks == ()
    assert path.outputs["vpc-answer"].addresses == {ONE, TWO}
    assert "program" not in path.outputs


def test_srv_records_with_a_port_that_no_container_offers_lead_elsewhere() -> None:
    (one,) = path_of(_srv(port="9999")).breaks
    assert (one.at, one.symptom, one.addresses) == ("registry", "foreign", {ONE, TWO})
    assert one.says == f"Cloud Map has port 9999 for {ONE} and {TWO}, which offer port 3000"


def test_an_srv_name_that_is_denied() -> None:
    assert breaks_of(_srv(answer=denial("NXDOMAIN", soa()))) == ["vpc-answer NXDOMAIN"]


# what passes by itself


def test_health_on_its_way_is_a_transient_break() -> None:
    young = task(2, started_at=ago(20), created_at=ago(60))
    case = path_case((task(1), young), answered=(ONE,), vpc=a(ONE), gets=(ONE,))
    (view,) = case.aws.cloudmap.views
    health = tuple(replace(h, status="UNHEALTHY" if h.id == young.id else h.status) for h in view.health.value)
    (one,) = path_of(unseen_view(case, health=Seen(health, "test"))).breaks
    assert (one.at, one.symptom, sorted(one.addresses), one.transient) == ("registry", "missing", [TWO], True)


def test_the_same_of_a_task_that_runs_for_an_hour_is_not() -> None:
    case = path_case(answered=(ONE,), vpc=a(ONE), gets=(ONE,))
    (view,) = case.aws.cloudmap.views
    health = tuple(replace(h, status="UNHEALTHY" if h.id == task(2).id else h.status) for h in view.health.value)
    (one,) = path_of(unseen_view(case, health=Seen(health, "test"))).breaks
    assert (one.at, one.symptom, sorted(one.addresses), one.transient) == ("registry", "missing", [TWO], False)


def test_the_words_of_a_break_are_of_what_was_seen() -> None:
    (one,) = path_of(path_case(servers={HOME: denial()}, gets="not found")).breaks
    assert one.says == "192.168.1.1 answers NXDOMAIN"
    assert one.although == "10.10.0.2 answers with both tasks"
    assert one.server == HOME
    assert SOUND.addresses == (ONE, TWO)
    assert VPC.address == "10.10.0.2"
