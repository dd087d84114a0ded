from datetime import UTC, datetime
from pathlib import Path

import pytest
from msgspec import structs

from sddoctor.bundle.codec import decode_many
from sddoctor.case.case import Case
from sddoctor.case.cloudmap import Attribute, Instance, InstanceHealth
from sddoctor.case.dns import Answer, Probe, Rr, Server
from sddoctor.case.host import LookupResult
from sddoctor.case.seen import Denied, Fact, NoAnswer, Seen, Unreachable
from sddoctor.diagnosis.detail_model import Details, Row
from sddoctor.diagnosis.details import details
from sddoctor.diagnosis.diagnose import diagnose
from sddoctor.diagnosis.exchanges import exchanges
from tests.cases import empty_case

BUNDLES = Path(__file__).parents[2] / "data" / "bundles"
NAME = "dev-api.example.internal"
RESOLVER = Server("10.10.0.2")


def _case(world: str) -> Case:
    (case,) = decode_many((BUNDLES / f"{world}.v1.json").read_bytes())
    return case


def _marks(row: Row) -> list[str]:
    return [c.mark for c in row.cells]


def test_who_has_which_address_along_the_trail() -> None:
    table = details(_case("split-dns-missing")).addresses
    assert [c.title for c in table.columns] == [
        "Task", "Instance", "Record", "10.10.0.2", "192.168.1.1", "This host",
    ]  # fmt: skip
    assert [r.address for r in table.rows] == ["10.10.211.50", "10.10.212.150"]
    assert all(_marks(r) == ["yes", "yes", "yes", "yes", "no", "no"] for r in table.rows)
    assert {r.wanted for r in table.rows} == {"expected"}
    assert table.rows[0].cells[0].note == "RUNNING, HEALTHY"
    assert table.columns[4].note == "NXDOMAIN"


def test_an_unhealthy_task_is_there_and_odd() -> None:
    table = details(_case("health-check-failing")).addresses
    assert all(_marks(r)[:3] == ["odd", "odd", "yes"] for r in table.rows)
    assert table.rows[0].cells[0].note == "RUNNING, UNHEALTHY"


def test_what_was_not_seen_is_not_taken_for_missing() -> None:
    case = _case("split-dns-missing")
    (view,) = case.aws.cloudmap.views
    denied = Denied("the instances", "servicediscovery:ListInstances")
    view = structs.replace(view, instances=denied)
    cloudmap = structs.replace(case.aws.cloudmap, views=(view,))
    blind = structs.replace(case, aws=structs.replace(case.aws, cloudmap=cloudmap))
    table = details(blind).addresses
    assert table.columns[1].unseen == "servicediscovery:ListInstances is denied"
    assert {_marks(r)[1] for r in table.rows} == {"unseen"}


def test_a_case_in_which_nothing_was_seen_has_empty_details() -> None:
    found = details(empty_case())
    assert found.addresses.rows == ()
    assert all(c.unseen for c in found.addresses.columns)
    assert (found.timeline, found.servers) == ((), ())
    assert dict(found.about) == {"Asked for": NAME, "Region": "ap-northeast-1"}


def test_times_are_counted_from_the_observation() -> None:
    spans = details(_case("health-check-failing")).timeline
    by_lane: dict[str, list[float]] = {}
    for span in spans:
        by_lane.setdefault(span.lane, []).append(span.begin)
    assert list(by_lane) == ["Deployments", "Tasks", "Denials kept"]
    assert all(b < 0 for b in by_lane["Tasks"])
    running = [s for s in spans if s.lane == "Tasks" and s.end is None]
    assert {s.tone for s in running} == {"bad"}
    assert all(s.end is not None and s.begin <= s.end <= 0 for s in spans if s.lane == "Tasks" and s not in running)
    denials = [s for s in spans if s.lane == "Denials kept"]
    assert all(s.end is not None and s.end > 0 for s in denials)


def test_a_kept_answer_began_when_its_ttl_was_whole() -> None:
    case = _case("split-dns-missing")
    dns = structs.replace(case.place.dns, probes=(_probe(Seen(_answer(4), "dns"), name=case.name),))
    place = structs.replace(case.place, dns=dns)
    (span,) = [s for s in details(structs.replace(case, places=(place,))).timeline if s.lane == "Answers kept"]
    assert (span.begin, span.end) == (-6.0, 4.0)  # the record has a TTL of 10 s


def test_the_details_are_the_same_each_time() -> None:
    assert _details_of("split-dns-missing") == _details_of("split-dns-missing")


def _details_of(world: str) -> Details:
    return details(_case(world))


def _answer(ttl: int, data: str = "10.10.211.50") -> Answer:
    return Answer("NOERROR", ("QR", "RA"), (Rr(NAME, "A", ttl, data),))


def _probe(outcome: Fact[Answer], name: str = NAME, took_ms: int = 3) -> Probe:
    at = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
    return Probe(RESOLVER, "vpc", name, "A", "udp", outcome, edns=1232, at=at, took_ms=took_ms)


def test_equal_answers_are_one_exchange() -> None:
    probes = [_probe(Seen(_answer(ttl), "dns"), took_ms=ttl) for ttl in (10, 7, 8)]
    (asked,) = exchanges([*probes, _probe(Seen(_answer(9, "10.10.212.150"), "dns"))])
    assert (asked.server, asked.why) == ("10.10.0.2", "should know the zone")
    first, second = asked.exchanges
    assert (first.question, first.how, first.outcome) == (f"{NAME} A", "UDP, EDNS 1232", "NOERROR, flags QR RA")
    assert (first.times, first.took_ms, first.records[0].ttl) == (3, (7, 10), "7-10")
    assert (second.times, second.records[0].data) == (1, "10.10.212.150")


@pytest.mark.parametrize(
    ("why", "kind", "said"),
    [
        ("no answer within 2 s", "silence", "no answer within 2 s"),
        ("connection refused", "refused", "no answer: connection refused"),
    ],
)
def test_silence_says_why(why: str, kind: NoAnswer, said: str) -> None:
    (asked,) = exchanges([_probe(Unreachable("the answer of 10.10.0.2", why, "a route", kind))])
    assert not asked.exchanges[0].answered
    assert asked.exchanges[0].outcome == said


def test_each_of_several_places_has_a_column_and_its_questions() -> None:
    case = _case("split-dns-missing")
    there = structs.replace(
        case.place, label="bastion", dns=structs.replace(case.place.dns, probes=case.place.dns.probes[:1])
    )
    found = details(structs.replace(case, places=(structs.replace(case.place, label="laptop"), there)))
    assert [c.title for c in found.addresses.columns][-2:] == ["laptop", "bastion"]
    assert [(a.server, a.why) for a in found.servers][-1] == ("10.10.0.2", "should know the zone, at bastion")


def test_an_instance_that_ecs_did_not_register_needs_no_task() -> None:
    case = _case("split-dns-missing")
    (view,) = case.aws.cloudmap.views
    machine = Instance("legacy-vm-1", (Attribute("AWS_INSTANCE_IPV4", "172.31.0.5"),))
    instances = Seen((*view.instances.value, machine), "servicediscovery:ListInstances")
    health = Seen(
        (*view.health.value, InstanceHealth(machine.id, "HEALTHY")), "servicediscovery:GetInstancesHealthStatus"
    )
    cloudmap = structs.replace(case.aws.cloudmap, views=(structs.replace(view, instances=instances, health=health),))
    table = details(structs.replace(case, aws=structs.replace(case.aws, cloudmap=cloudmap))).addresses
    row = next(r for r in table.rows if r.address == "172.31.0.5")
    assert (row.wanted, _marks(row)[:3]) == ("expected", ["spared", "yes", "no"])


def test_an_answer_need_not_show_all_of_many() -> None:
    case = _case("split-dns-missing")
    (view,) = case.aws.cloudmap.views
    many = tuple(Instance(f"vm-{n}", (Attribute("AWS_INSTANCE_IPV4", f"172.31.0.{n}"),)) for n in range(1, 11))
    health = Seen(tuple(InstanceHealth(i.id, "HEALTHY") for i in many), "servicediscovery:GetInstancesHealthStatus")
    view = structs.replace(view, instances=Seen(many, "servicediscovery:ListInstances"), health=health)
    records = tuple(Rr(case.name, "A", 10, f"172.31.0.{n}") for n in range(1, 9))
    probe = _probe(Seen(Answer("NOERROR", ("QR",), records), "dns"), name=case.name)
    place = structs.replace(case.place, dns=structs.replace(case.place.dns, probes=(probe,)))
    cloudmap = structs.replace(case.aws.cloudmap, views=(view,))
    table = details(structs.replace(case, aws=structs.replace(case.aws, cloudmap=cloudmap), places=(place,))).addresses
    at = [c.title for c in table.columns].index("10.10.0.2")
    shown = {r.address: r.cells[at].mark for r in table.rows if r.address.startswith("172.")}
    assert list(shown.values()).count("yes") == 8
    assert (shown["172.31.0.9"], shown["172.31.0.10"]) == ("spared", "spared")


def test_nothing_is_missing_from_a_healthy_name() -> None:
    """A server that refuses, or a record that is on its way, is no alarm where the host gets what it should."""
    case = _case("split-dns-missing")
    refused = _from_server(_probe(Seen(Answer("REFUSED", ("QR",)), "dns"), name=case.name), Server("192.168.1.1"))
    right = _probe(Seen(Answer("NOERROR", ("QR",), _both(case.name)), "dns"), name=case.name)
    host = case.place.host.value
    looked = Seen(LookupResult(("10.10.211.50", "10.10.212.150")), "getaddrinfo")
    lookups = tuple(structs.replace(k, outcome=looked) for k in host.lookups)
    place = structs.replace(
        case.place,
        dns=structs.replace(case.place.dns, probes=(refused, right)),
        host=Seen(structs.replace(host, lookups=lookups), "here"),
    )
    healthy = structs.replace(case, places=(place,))
    assert diagnose(healthy).verdict == "healthy"
    table = details(healthy).addresses
    at = [c.title for c in table.columns].index("192.168.1.1")
    assert [r.cells[at].mark for r in table.rows] == ["spared", "spared"]
    assert {m for r in table.rows for m in _marks(r)} == {"yes", "spared"}


def _from_server(probe: Probe, server: Server) -> Probe:
    return structs.replace(probe, server=server, role="host")


def _both(name: str) -> tuple[Rr, ...]:
    return tuple(Rr(name, "A", 10, a) for a in ("10.10.211.50", "10.10.212.150"))
