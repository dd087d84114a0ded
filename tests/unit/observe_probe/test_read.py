"""The output of a probe, read into a case: by whichever tool, and through whichever terminal."""

import re
import textwrap
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sddoctor.bundle import codec
from sddoctor.case.case import Case
from sddoctor.case.dns import Server
from sddoctor.case.seen import NotAttempted, Seen, Unreachable
from sddoctor.diagnosis.diagnose import diagnose
from sddoctor.formats.probe.script import script
from sddoctor.formats.probe.transcript import TranscriptError, looks_like
from sddoctor.observe.host import surroundings as around
from sddoctor.observe.host.programs import KNOWN
from sddoctor.observe.probe.read import read
from sddoctor.resolution.choose import choose
from sddoctor.resolution.surroundings import surroundings

PROBES = Path(__file__).parents[2] / "data" / "probes"
TOOLS = ("dig", "host", "nslookup", "busybox")
NAME = "dev-api.example.internal"
OUT_OF_REACH = Server("10.10.0.2")


def _text(tool: str) -> str:
    return (PROBES / f"{tool}.txt").read_text(encoding="utf-8")


def _case(tool: str) -> Case:
    return read(_text(tool).encode())


@pytest.mark.parametrize("tool", TOOLS)
def test_every_tool_gives_the_addresses_and_the_silence(tool: str) -> None:
    case = _case(tool)
    assert (case.name, case.asked.name) == (NAME, NAME)
    vpc = [p for p in case.place.dns.probes if p.role == "vpc" and p.transport == "udp"]
    asked = [p for p in vpc if p.type == "A"]
    assert len(asked) == 2
    for probe in asked:
        assert set(probe.outcome.value.addresses) == {"10.10.211.50", "10.10.212.150"}
        assert (probe.outcome.value.rcode, probe.outcome.value.denied) == ("NOERROR", False)
    (six,) = [p.outcome.value for p in vpc if p.type == "AAAA"]
    assert six.denied
    lost = [p.outcome for p in case.place.dns.probes if p.server == OUT_OF_REACH]
    assert lost
    assert all(isinstance(o, Unreachable) and o.why == "no route to host" for o in lost)
    assert codec.decode(codec.encode(case)) == case


@pytest.mark.parametrize("tool", ["dig", "host"])
def test_tools_that_print_the_message_give_all_of_it(tool: str) -> None:
    vpc = [p for p in _case(tool).place.dns.probes if p.role == "vpc"]
    answer = next(p.outcome.value for p in vpc if p.type == "A")
    assert {"QR", "RD", "RA"} == set(answer.flags)
    assert {r.ttl for r in answer.answers} == {10}
    soa = next(p.outcome.value for p in vpc if p.type == "AAAA").soa
    assert soa is not None
    assert (soa.owner, soa.ttl) == ("example.internal", 15)
    assert soa.data.endswith(" 1 7200 900 1209600 86400")
    assert {p.transport for p in vpc} == {"udp", "tcp"}


@pytest.mark.parametrize("tool", ["nslookup", "busybox"])
def test_a_ttl_that_no_tool_printed_is_not_shown(tool: str) -> None:
    assert "TTL" not in diagnose(_case(tool)).answered


def test_the_host_is_read_by_the_parsers_of_every_host() -> None:
    case = _case("dig")
    host = case.place.host.value
    assert (host.platform, host.version, host.libc) == ("linux", "12", "glibc")
    assert host.resolv_conf.value.listed == ("10.10.0.2",)
    assert choose(case.name, host).value.servers == (OUT_OF_REACH,)
    assert [a.address for a in host.addresses.value] == ["127.0.0.1", "::1"]
    assert host.lookups[0].outcome.value.error == "not found"
    assert {r.destination: r.route.value.kind for r in host.routes} == {
        "127.0.0.1": "local",
        "10.10.0.2": "unreachable",
    }


def test_what_was_not_there_is_named() -> None:
    host = _case("busybox").place.host.value
    fact = host.lookups[0].outcome
    assert isinstance(fact, NotAttempted)
    assert "getent is not installed" in fact.why
    assert next(a.address for a in host.addresses.value) == "127.0.0.1"
    text = re.sub(r"(?m)^@dns nslookup", "@dns none", _text("busybox"))
    fact = read(text.encode()).place.dns.probes[0].outcome
    assert isinstance(fact, NotAttempted)
    assert "none of dig, host and nslookup" in fact.why


def test_nothing_of_aws_is_claimed() -> None:
    aws = _case("dig").aws
    assert isinstance(aws.identity, NotAttempted)
    assert isinstance(aws.cloudmap.namespaces, NotAttempted)
    diagnosis = diagnose(_case("dig"))
    assert (diagnosis.verdict, diagnosis.root_causes, diagnosis.crashes) == ("broken", (), ())
    # The server that was named gives addresses, and the host's own is silent: that needs nothing of AWS.
    assert [(b.at, b.symptom) for b in diagnosis.breaks] == [("servers", "silence")]


def test_in_aws_the_link_local_resolver_is_the_vpcs() -> None:
    text = _text("dig").replace("@given", "@mark aws\n@unknown").replace("127.0.0.1#", "169.254.169.253#")
    text = re.sub(r"(169\.254\.169\.253)#\d+", r"\1#53", text)
    case = read(text.encode())
    assert surroundings(case.place.host.value).in_aws
    assert case.place.dns.resolvers.value[0].why == "link-local"
    assert {p.server.address for p in case.place.dns.probes if p.role == "vpc"} == {"169.254.169.253"}


def _crlf(text: str) -> bytes:
    return text.replace("\n", "\r\n").encode()


def _session(text: str) -> bytes:
    echo = "\r\n".join(f"> {line}" for line in ("printf 'sddoctor.probe/%s begin'", "echo 'sddoctor.probe/1 end'"))
    return f"\r\nStarting session with SessionId: ecs-1\r\n\x1b[?2004h# {echo}\r\n> > \x1b[?2004l".encode() + _crlf(
        text + "# exit\n\nExiting session.\n"
    )


def _wrapped(text: str) -> bytes:
    lines = [
        textwrap.wrap(line, 80, drop_whitespace=False, break_on_hyphens=False) or [line] for line in text.split("\n")
    ]
    return "\n".join(part for line in lines for part in line).encode()


def _twice(text: str) -> bytes:
    return (text.replace("10.10.211.50", "10.9.9.9") + text).encode()


def _redirected_by_powershell(text: str) -> bytes:
    return text.replace("\n", "\r\n").encode("utf-16")


@pytest.mark.parametrize("through", [_crlf, _session, _wrapped, _twice, _redirected_by_powershell])
def test_a_terminal_changes_nothing(through: object) -> None:
    assert callable(through)
    data = through(_text("dig"))
    assert looks_like(data)
    assert read(data) == _case("dig")


def test_carriage_returns_of_a_file_are_told_from_the_terminals() -> None:
    text = _text("dig").replace("|nameserver 10.10.0.2", "|nameserver 10.10.0.2%0D")
    for data in (text.encode(), _crlf(text)):
        assert read(data).place.host.value.resolv_conf.value.crlf
    assert not _case("dig").place.host.value.resolv_conf.value.crlf


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (_text("dig").rsplit("sddoctor.probe", 1)[0], "Its end is missing"),
        (_text("dig").replace("sddoctor.probe/1", "sddoctor.probe/2"), "newer sddoctor"),
        (_text("dig").replace(f"begin {NAME}", "begin $(reboot)"), "name in it cannot be used"),
        (re.sub(r"\d{4}-\d\d-\d\dT", "2026-99-99T", _text("dig"), count=1), "time in it is none"),
        ("nothing", "first line"),
    ],
    ids=["cut off", "newer", "name", "time", "nothing"],
)
def test_what_is_no_whole_output_is_one_sentence(data: str, words: str) -> None:
    with pytest.raises(TranscriptError, match=words):
        read(data.encode())


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.sampled_from(TOOLS),
    st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.text(max_size=30), st.integers(0, 200)), max_size=8),
)
def test_changed_output_is_refused_or_read(tool: str, changes: list[tuple[float, str, int]]) -> None:
    text = _text(tool)
    for where, piece, gone in changes:
        place = int(where * len(text))
        text = text[:place] + piece + text[place + gone :]
    try:
        case = read(text.encode("utf-8", "surrogatepass"))
    except TranscriptError:
        return
    codec.decode(codec.encode(case))
    assert not diagnose(case).crashes


@pytest.mark.parametrize(
    "change",
    [
        ("IN\tA\t10.10.211.50", "IN\tA\t10.10.211.500"),
        ("|dev-api.example.internal. 10\tIN\tA\t10.10.211.50\n", ""),
        (";; ANSWER SECTION", ";; ANTWORT"),
        ("|;; ANSWER SECTION:\n", "|;; ANSWER SECTION:\nBroadcast message from root\n"),
        ("@end\n@dns", "@dns"),
    ],
)
def test_an_answer_of_which_a_part_is_missing_is_a_gap(change: tuple[str, str]) -> None:
    answers = [p.outcome for p in read(_text("dig").replace(*change).encode()).place.dns.probes if p.role == "vpc"]
    assert isinstance(answers[0], NotAttempted)


def test_what_is_no_part_of_the_output_is_named() -> None:
    text = _text("dig").replace("@file /etc/hosts", "@fil /etc/hosts").replace("@mark", "@remark")
    text = text.replace(
        "|lo               UNKNOWN", "|wg0  UP  10.9.9.9/32\nBroadcast message\n|lo               UNKNOWN"
    )
    case = read(text.encode())
    assert isinstance(case.place.host, Seen)
    assert case.place.host.unread[0] == "@fil /etc/hosts"
    assert isinstance(case.place.host.value.hosts, NotAttempted)
    addresses = case.place.host.value.addresses
    assert isinstance(addresses, Seen)
    assert ([a.interface for a in addresses.value], addresses.unread) == (["wg0", "lo", "lo"], ("Broadcast message",))
    assert {"sddoctor probe", "ip -brief address"} <= {g.what for g in diagnose(case).gaps}


def test_a_long_file_is_read_up_to_where_the_probe_cut_it() -> None:
    names = "".join(f"|0.0.0.0 {n:056d}.example\n" for n in range(1000))
    text = re.sub(r"@file /etc/hosts\n", f"@file /etc/hosts\n{names}", _text("dig"), count=1)
    case = read(text.encode())
    assert case.place.host.value.hosts.unread == ("what follows its first 64 KiB",)
    assert isinstance(choose(case.name, case.place.host.value), NotAttempted)


def test_the_script_looks_for_every_mark() -> None:
    text = script(NAME).replace("$d/", f"{around.DMI}/")
    assert [
        path for path in around.PRESENT if path not in text and path.removeprefix("/var") not in around.PRESENT
    ] == []
    assert {path for path, _, _ in around.CONTENTS if path not in text} == set()
    missing = {f"{name}={value}" for name, value, _ in around.VARIABLES if f" {name}={value}" not in text}
    assert missing == {"ECS_CONTAINER_METADATA_URI="}  # older tasks have both
    assert all(program in text for program in KNOWN)


def test_marks_of_a_place_come_with_the_probe() -> None:
    marks = "@mark exists /.dockerenv\n@mark variable AWS_EXECUTION_ENV=\n@mark variable AWS_EXECUTION_ENV=AWS_ECS_FARGATE\n"
    text = _text("dig").replace("@given", f"{marks}@mark program nmcli\n@given", 1)
    facts = read(text.encode()).place.host.value
    assert surroundings(facts).words == "task (Amazon ECS on Fargate)"
    assert "nmcli" in facts.programs
