import socket

import dns.flags
import dns.message
import dns.opcode
import dns.query
import dns.rcode
import pytest

from sddoctor.lab.dns.sockets import ServerSockets

NAME = "dev-api.example.internal"


@pytest.fixture
def start():
    running = []

    def begin(service, address="10.10.0.2"):
        running.append(ServerSockets(service, address))
        return running[-1]

    yield begin
    for sockets in running:
        sockets.close()


def udp(server, name=NAME, rdtype="A", timeout=60.0, **more):
    return dns.query.udp(dns.message.make_query(name, rdtype, **more), "127.0.0.1", timeout, server.port)


def tcp(server, name=NAME, rdtype="A", timeout=60.0):
    return dns.query.tcp(dns.message.make_query(name, rdtype), "127.0.0.1", timeout, server.port)


def test_udp_and_tcp_on_one_port(build, instances, start):
    server = start(build(instances=instances("10.10.1.1")))
    for answer in (udp(server, "Dev-Api.example.internal"), tcp(server)):
        assert answer.rcode() == dns.rcode.NOERROR
        assert [str(r) for r in answer.answer[0]] == ["10.10.1.1"]
        assert answer.flags & dns.flags.RA
        assert not answer.flags & dns.flags.AA
    assert udp(server, "Dev-Api.example.internal").answer[0].name.to_text() == "Dev-Api.example.internal."


def test_a_denial_on_the_wire(build, start):
    answer = udp(start(build()), "dev-pi.example.internal")
    assert answer.rcode() == dns.rcode.NXDOMAIN
    (soa,) = answer.authority
    assert (soa.name.to_text(), soa.ttl) == ("example.internal.", 15)
    assert soa[0].mname.to_text() == "ns-1536.awsdns-00.co.uk."


def test_srv_on_the_wire(build, instances, start):
    answer = udp(start(build(instances=instances("10.10.1.1", port=3000), records=[{"type": "SRV"}])), rdtype="SRV")
    assert answer.answer[0][0].target.to_text() == f"task0.{NAME}."


def test_a_large_answer_is_truncated_by_udp_as_the_client_says(build, start):
    zones = [
        {"id": "Z1", "records": [{"name": "many.example.internal", "values": [f"10.10.7.{i}" for i in range(60)]}]}
    ]
    server = start(build({"zones": zones}))
    for more, cut in (({}, True), ({"use_edns": 0, "payload": 600}, True), ({"use_edns": 0, "payload": 4096}, False)):
        answer = udp(server, "many.example.internal", **more)
        assert bool(answer.flags & dns.flags.TC) is cut
        assert len(answer.answer[0] if answer.answer else ()) == (0 if cut else 60)
    assert len(tcp(server, "many.example.internal").answer[0]) == 60


def test_several_questions_on_one_connection(build, instances, start):
    server = start(build(instances=instances("10.10.1.1")))
    with socket.create_connection(("127.0.0.1", server.port), 2) as connection:
        for _ in range(3):
            query = dns.message.make_query(NAME, "A")
            dns.query.send_tcp(connection, query)
            answer, _ = dns.query.receive_tcp(connection)
            assert query.is_response(answer)


@pytest.mark.parametrize(("blocked", "silent", "answering"), [("silent_udp", udp, tcp), ("silent_tcp", tcp, udp)])
def test_one_transport_can_be_blocked(build, instances, start, blocked, silent, answering):
    server = start(build({"vpc_dns": {blocked: True}}, instances("10.10.1.1")))
    assert answering(server).answer
    with pytest.raises((dns.exception.Timeout, EOFError)):
        silent(server, timeout=0.3)


def test_loss_is_a_share(build, instances):
    service = build({"vpc_dns": {"loses": 0.3}}, instances("10.10.1.1"))
    query = dns.message.make_query(NAME, "A")
    lost = sum(service.answer("10.10.0.2", query, "udp") is None for _ in range(400))
    assert 80 < lost < 160
    assert service.answer("192.168.1.1", query, "udp") is not None


def test_garbage_is_passed_over(build, instances, start):
    server = start(build(instances=instances("10.10.1.1")))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.sendto(b"\x00\x01garbage", ("127.0.0.1", server.port))
    assert udp(server).answer


def test_an_unknown_operation(build):
    query = dns.message.make_query(NAME, "A")
    query.set_opcode(dns.opcode.NOTIFY)
    assert build().answer("10.10.0.2", query, "udp").rcode() == dns.rcode.NOTIMP


def test_close_frees_the_port(build, start):
    sockets = ServerSockets(build(), "10.10.0.2")
    sockets.close()
    with socket.create_server(("127.0.0.1", sockets.port)):
        pass


@pytest.mark.parametrize(
    ("rdtype", "value"),
    [
        ("AAAA", "2001:db8::1"),
        ("CNAME", "elsewhere.example.org."),
        ("TXT", '"v=spf1 -all" "second"'),
        ("SRV", "1 1 80 host.corp.example."),
        ("MX", "10 mail.corp.example."),
        ("CAA", '0 issue "ca.example.org"'),
        ("NAPTR", '100 10 "U" "E2U+sip" "!^.*$!sip:a@example.org!" .'),
        ("HTTPS", '1 . alpn="h2"'),
        ("PTR", "host.corp.example."),
    ],
)
def test_records_of_every_type_by_a_wildcard_on_the_wire(build, start, rdtype, value):
    record = {"name": "*.corp.example", "type": rdtype, "ttl": 77, "values": [value]}
    service = build({"zones": [{"id": "Z2", "name": "corp.example", "vpcs": ["vpc-1"], "records": [record]}]})
    said = udp(start(service), "Any.Thing.corp.example", rdtype)
    rrset = said.answer[0]
    assert (rrset.name.to_text(), rrset.ttl) == ("Any.Thing.corp.example.", 77)
    assert [str(r) for r in rrset] == [value]


def test_a_chain_across_zones_and_an_alias_on_the_wire(build, start):
    balancer = {"name": "web", "id": "7", "addresses": ["10.10.5.1", "10.10.6.1"]}
    target = "internal-web-7.ap-northeast-1.elb.amazonaws.com"
    records = [
        {"name": "web.corp.example", "alias": {"name": target}},
        {"name": "w.corp.example", "type": "CNAME", "values": [f"{target}."]},
    ]
    zone = {"id": "Z2", "name": "corp.example", "vpcs": ["vpc-1"], "records": records}
    server = start(build({"zones": [zone], "load_balancers": [balancer]}))
    (alias,) = udp(server, "web.corp.example").answer
    assert (alias.name.to_text(), sorted(map(str, alias))) == ("web.corp.example.", ["10.10.5.1", "10.10.6.1"])
    cname, addresses = tcp(server, "w.corp.example").answer
    assert (str(cname[0]), addresses.name.to_text()) == (f"{target}.", f"{target}.")
    assert sorted(map(str, addresses)) == ["10.10.5.1", "10.10.6.1"]
