"""What a VPC's resolver makes of an NS record in a private zone, and of names that only the internet has."""

from __future__ import annotations

from sddoctor.lab.dns.service import NameService
from sddoctor.lab.state import LabState
from sddoctor.lab.world import parse

VPC = {"id": "vpc-1", "cidr": "10.21.0.0/16"}
ZONE = {
    "id": "Z1",
    "name": "lumen.internal",
    "vpcs": ["vpc-1"],
    "records": [
        {"name": "plant.lumen.internal", "type": "NS", "values": ["ns1.plant.lumen.internal"]},
        {"name": "db.lumen.internal", "type": "A", "values": ["10.21.9.9"]},
    ],
}
INTERNET = {"a.db.example.com": ["b.db.example.com"], "b.db.example.com": ["10.21.70.4"]}


def ask(name: str, rdtype: str = "A") -> tuple[str, tuple[str, ...]]:
    world = parse({"title": "t", "vpcs": [VPC], "zones": [ZONE], "internet": INTERNET})
    reply = NameService(LabState(world)).resolve("10.21.0.2", name, rdtype)
    assert reply is not None
    return reply.rcode, tuple(r.data for r in reply.answers)


def test_nobody_follows_an_ns_record_without_a_delegate_rule() -> None:
    assert ask("press.plant.lumen.internal") == ("SERVFAIL", ())
    assert ask("plant.lumen.internal", "NS") == ("SERVFAIL", ())


def test_names_beside_the_delegation_are_answered() -> None:
    assert ask("db.lumen.internal") == ("NOERROR", ("10.21.9.9",))
    assert ask("lumen.internal", "NS")[0] == "NOERROR"


def test_a_public_name_of_the_world_may_be_another_name() -> None:
    assert ask("a.db.example.com") == ("NOERROR", ("b.db.example.com", "10.21.70.4"))
