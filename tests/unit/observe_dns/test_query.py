import json
import socket

import dns.flags
import dns.message
import pytest

from sddoctor.case.dns import Rr, Server
from sddoctor.case.seen import NotAttempted, Seen, Unreachable
from sddoctor.formats.dns_message import MAX_RECORDS
from sddoctor.observe.dns.network import network_of_environment
from sddoctor.observe.dns.query import Query, send_query
from tests.odd_answers import packets

NAME = "dev-api.example.internal"
SOA = "example.internal. 15 SOA ns-1536.awsdns-00.co.uk. awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400"


def put(server, name=NAME, rdtype="A", transport="udp", timeout=60.0, **more):
    enough = more.pop("enough", 0.0)
    return send_query(
        Query(server, name, rdtype, transport=transport, **more), network_of_environment(), timeout, enough=enough
    )


@pytest.mark.parametrize("transport", ["udp", "tcp"])
def test_an_answer_is_kept_as_facts(serve, make_reply, transport):
    it = serve(lambda q, t: [make_reply(q, "@ 7 A 10.10.211.50", "@ 7 A 10.10.212.150").to_wire()])
    probe = put(it.server, "Dev-API.example.internal.", transport=transport)
    assert isinstance(probe.outcome, Seen)
    answer = probe.outcome.value
    assert (probe.name, probe.type, probe.transport, probe.edns) == (NAME, "A", transport, 1232)
    assert answer.rcode == "NOERROR"
    assert set(answer.flags) == {"QR", "RD", "RA"}
    assert answer.answers == (Rr(NAME, "A", 7, "10.10.211.50"), Rr(NAME, "A", 7, "10.10.212.150"))
    assert answer.size > 60
    assert probe.at is not None
    assert it.seen == [(NAME, "A", transport)]


def test_a_denial_keeps_who_denies(serve, make_reply):
    it = serve(lambda q, t: [make_reply(q, rcode="NXDOMAIN", authority=(SOA,)).to_wire()])
    answer = put(it.server).outcome.value
    assert answer.denied
    assert answer.soa == Rr(
        "example.internal",
        "SOA",
        15,
        "ns-1536.awsdns-00.co.uk awsdns-hostmaster.amazon.com 1 7200 900 1209600 86400",
    )


def test_a_cname_keeps_both_owners(serve, make_reply):
    it = serve(
        lambda q, t: [make_reply(q, "@ 60 CNAME Other.Example.COM.", "Other.Example.COM. 5 A 192.0.2.7").to_wire()]
    )
    answer = put(it.server).outcome.value
    assert answer.answers == (
        Rr(NAME, "CNAME", 60, "other.example.com"),
        Rr("other.example.com", "A", 5, "192.0.2.7"),
    )


def test_srv_targets_have_no_final_dot(serve, make_reply):
    it = serve(lambda q, t: [make_reply(q, "@ 10 SRV 1 1 3000 0F4A.dev-api.example.internal.").to_wire()])
    assert put(it.server, rdtype="SRV").outcome.value.answers[0].data == "1 1 3000 0f4a.dev-api.example.internal"


@pytest.mark.parametrize("transport", ["udp", "tcp"])
def test_wrong_messages_are_passed_over_until_the_right_one(serve, make_reply, transport):
    def behave(query, _):
        wrong_id = make_reply(query, "@ 5 A 192.0.2.1")
        wrong_id.id = query.id ^ 1
        other = make_reply(dns.message.make_query("other.example", "A"), "@ 5 A 192.0.2.2")
        other.id = query.id
        return [
            wrong_id.to_wire(),
            b"\x00garbage",
            other.to_wire(),
            query.to_wire(),
            make_reply(query, "@ 5 A 10.10.0.9").to_wire(),
        ]

    assert put(serve(behave).server, transport=transport).outcome.value.addresses == ("10.10.0.9",)


@pytest.mark.parametrize("transport", ["udp", "tcp"])
def test_only_malformed_answers_is_not_an_answer(serve, transport):
    it = serve(lambda q, t: [b"\xff" * 40, q.to_wire()[:2] + b"\x81"])
    outcome = put(it.server, transport=transport, timeout=1.0).outcome
    assert isinstance(outcome, Unreachable)
    assert outcome.kind == "malformed"


def test_why_the_answers_that_came_are_none_is_said(serve):
    questions = serve(lambda q, t: [packets(q)[0]])
    outcome = put(questions.server, f"three-questions.{NAME}", timeout=1.0).outcome
    assert (outcome.kind, outcome.why) == ("malformed", "only malformed answers came: an answer to 3 questions")


def test_a_packet_that_glibc_gives_up_at_is_kept_with_the_answer_behind_it(serve):
    it = serve(lambda q, t: packets(q))
    outcome = put(it.server, f"short-first.{NAME}").outcome
    assert outcome.unread == ("a packet of 5 bytes, in front of the answer",)
    assert outcome.value.addresses == ("10.10.211.50",)
    assert put(it.server, f"other-id-first.{NAME}").outcome.unread == ()


@pytest.mark.parametrize("kind", ["code-nxdomain", "code-servfail", "alias-last", "chain-mixed"])
def test_addresses_that_programs_do_not_take_are_kept_as_such(serve, kind):
    """glibc 2.36 takes none of them (tests/system/test_glibc_answers.py)."""
    answer = put(serve(lambda q, t: packets(q)).server, f"{kind}.{NAME}").outcome.value
    assert (answer.addresses, answer.carried) == ((), ("10.10.211.50",))


@pytest.mark.parametrize("kind", ["referral", "referral-without-names"])
def test_a_server_that_does_not_recurse_denies_nothing(serve, kind):
    answer = put(serve(lambda q, t: packets(q)).server, f"{kind}.{NAME}").outcome.value
    assert (answer.is_referral, answer.denied) == (True, False)


def test_an_empty_answer_of_a_server_that_recurses_is_a_denial(serve):
    answer = put(serve(lambda q, t: packets(q)).server, f"empty.{NAME}").outcome.value
    assert (answer.is_referral, answer.denied) == (False, True)


def test_a_corrupt_record_makes_the_message_malformed(serve, make_reply):
    def behave(query, _):
        wire = bytearray(make_reply(query, "@ 5 A 10.10.0.9").to_wire())
        place = wire.index(bytes([10, 10, 0, 9]))
        wire[place - 1] = 3  # RDLENGTH
        return [bytes(wire)]

    assert put(serve(behave).server, timeout=1.0).outcome.kind == "malformed"


def test_a_truncated_answer_says_so(serve, make_reply):
    def behave(query, transport):
        answer = make_reply(query, *[f"@ 5 A 10.10.1.{i}" for i in range(100)])
        if transport == "tcp":
            return [answer.to_wire()]
        answer.answer = []
        answer.flags |= dns.flags.TC
        return [answer.to_wire()]

    it = serve(behave)
    by_udp, by_tcp = put(it.server), put(it.server, transport="tcp")
    assert by_udp.outcome.value.truncated
    assert not by_udp.outcome.value.denied
    assert len(by_tcp.outcome.value.addresses) == 100


def test_a_message_cut_in_the_middle_of_a_record_is_read_when_it_says_truncated(serve, make_reply):
    def behave(query, _):
        answer = make_reply(query, *[f"@ 5 A 10.10.1.{i}" for i in range(100)])
        answer.flags |= dns.flags.TC
        return [answer.to_wire()[:505]]

    answer = put(serve(behave).server).outcome.value
    assert answer.truncated
    assert answer.addresses[:2] == ("10.10.1.0", "10.10.1.1")


def test_records_are_bounded(serve, make_reply):
    texts = [f"@ 5 A 10.{i // 250}.{i % 250}.1" for i in range(MAX_RECORDS + 500)]
    it = serve(lambda q, t: [make_reply(q, *texts).to_wire()])
    assert len(put(it.server, transport="tcp").outcome.value.answers) == MAX_RECORDS


def test_silence_takes_the_timeout_and_no_more(serve):
    it = serve(lambda q, t: [])
    probe = put(it.server, timeout=0.25)
    assert probe.silent
    assert len(it.seen) == 1


def test_a_late_answer_is_waited_for(serve, make_reply):
    it = serve(lambda q, t: [0.1, make_reply(q, "@ 5 A 10.10.0.9").to_wire()])
    probe = put(it.server)
    assert probe.outcome.value.addresses == ("10.10.0.9",)


@pytest.mark.parametrize("transport", ["udp", "tcp"])
def test_a_closed_port_is_refused_at_once(transport):
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM if transport == "tcp" else socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    probe = put(Server("127.0.0.1", port), transport=transport)
    assert probe.outcome.kind == "refused"
    assert not probe.silent


def test_tcp_closed_without_answer(serve):
    it = serve(lambda q, t: [])
    outcome = put(it.server, transport="tcp", timeout=1.0).outcome
    assert outcome.why == "the connection was closed without an answer"


@pytest.mark.parametrize(
    ("dnssec", "signed", "edns", "options"),
    [(False, False, 1232, 0), (False, False, None, -1), (True, False, 1232, 0), (False, True, None, 0)],
)
def test_flags_of_the_question(serve, make_reply, dnssec, signed, edns, options):
    asked = []
    it = serve(lambda q, t: asked.append(q) or [make_reply(q, "@ 5 A 10.10.0.9").to_wire()])
    probe = put(it.server, edns=edns, dnssec=dnssec, signed=signed)
    assert (probe.dnssec, probe.signed, probe.plain) == (dnssec, signed, not dnssec and not signed)
    (query,) = asked
    assert query.flags & dns.flags.RD
    assert bool(query.flags & dns.flags.CD) is dnssec
    assert query.edns == options
    assert bool(query.ednsflags & dns.flags.DO) is (dnssec or signed)


@pytest.mark.parametrize("name", ["a" * 64 + ".example.internal", "a..b", ".".join(["abcdefgh"] * 40)])
def test_a_name_that_fits_into_no_message_is_not_asked(name):
    outcome = put(Server("127.0.0.1", 9), name).outcome
    assert isinstance(outcome, NotAttempted)
    assert "name" in outcome.why


def test_no_time_is_no_attempt():
    assert isinstance(put(Server("127.0.0.1", 9), timeout=0.0).outcome, NotAttempted)


def test_text_that_is_no_address():
    assert put(Server("resolver.example", 53)).outcome.why == "that is not an address"


def test_in_the_lab_only_mapped_sockets_are_asked(serve, make_reply, tmp_path, monkeypatch):
    it = serve(lambda q, t: [make_reply(q, "@ 5 A 10.10.211.50").to_wire()])
    socket_address = f"127.0.0.1#{it.port}"
    servers = {
        "10.10.0.2": {"udp": socket_address, "tcp": None},
        "10.10.0.3#5353": {"udp": socket_address, "tcp": socket_address},
        "10.10.0.4": {"udp": "nonsense"},
    }
    path = tmp_path / "network.json"
    path.write_text(json.dumps({"servers": servers}))
    monkeypatch.setenv("SDDOCTOR_NETWORK", str(path))
    assert put(Server("10.10.0.2")).outcome.value.addresses == ("10.10.211.50",)
    silent = put(Server("10.10.0.2"), transport="tcp")
    assert silent.silent
    assert put(Server("10.10.0.3", 5353)).outcome.value.addresses == ("10.10.211.50",)
    assert put(Server("10.10.0.3")).outcome.kind == "no-route"
    assert put(Server("10.10.0.2", 5353)).outcome.kind == "no-route"
    assert "ADDRESS#PORT" in put(Server("10.10.0.4")).outcome.why
    assert it.seen == [(NAME, "A", "udp")] * 2


@pytest.mark.parametrize("content", ["", "[]", '{"servers": 3}', "{"])
def test_a_broken_network_file_sends_nothing(serve, tmp_path, monkeypatch, content):
    it = serve(lambda q, t: [])
    path = tmp_path / "network.json"
    path.write_text(content)
    monkeypatch.setenv("SDDOCTOR_NETWORK", str(path))
    outcome = put(it.server).outcome
    assert isinstance(outcome, Unreachable)
    assert "SDDOCTOR_NETWORK" in outcome.why
    assert it.seen == []


@pytest.mark.parametrize("transport", ["udp", "tcp"])
def test_records_of_another_name_are_no_answer(serve, make_reply, transport):
    it = serve(lambda q, t: [make_reply(q, "elsewhere.example.net. 5 A 198.18.0.1").to_wire()])
    assert put(it.server, transport=transport, timeout=1.0).outcome.kind == "malformed"


def test_records_beside_the_chain_of_the_name_are_passed_over(serve, make_reply):
    records = ("@ 60 CNAME a.example.com.", "a.example.com. 60 CNAME b.example.com.", "b.example.com. 5 A 192.0.2.7")
    it = serve(lambda q, t: [make_reply(q, *records, "c.example.com. 5 A 192.0.2.8").to_wire()])
    assert put(it.server).outcome.value.addresses == ("192.0.2.7",)


def test_a_circle_of_aliases_ends(serve, make_reply):
    records = ("@ 60 CNAME a.example.com.", f"a.example.com. 60 CNAME {NAME}.")
    answer = put(serve(lambda q, t: [make_reply(q, *records).to_wire()]).server).outcome.value
    assert [r.type for r in answer.answers] == ["CNAME", "CNAME"]
    assert answer.addresses == ()


def test_silence_that_the_end_of_the_time_cut_short_is_none(serve):
    it = serve(lambda q, t: [])
    assert isinstance(put(it.server, timeout=0.2, enough=1.0).outcome, NotAttempted)
    assert put(it.server, timeout=0.2, enough=0.2).silent


def test_malformed_answers_count_however_little_time_there_was(serve):
    it = serve(lambda q, t: [b"\xff" * 40])
    assert put(it.server, timeout=0.2, enough=1.0).outcome.kind == "malformed"
