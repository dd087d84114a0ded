"""What programs get is shown by a lookup that is understood: the answer of a server does not stand in for it."""

from __future__ import annotations

import pytest
from msgspec import structs

from sddoctor.case.case import Case
from sddoctor.case.host import LookupResult
from sddoctor.case.seen import Fact, NotAttempted, Seen
from sddoctor.diagnosis.diagnose import diagnose
from sddoctor.formats.host.unread import not_understood
from tests import near_cases
from tests.invariants import broken_in

SOUND = (
    "fedora42-netbird-match-domain-sound",
    "macos26-full-tunnel-and-own-file-sound",
    "win11-vpn-interface-first-sound",
)


def with_lookups(host: str, outcome: Fact[LookupResult]) -> Case:
    case = near_cases.case_of(host)
    facts = case.place.host.value
    lookups = tuple(structs.replace(k, outcome=outcome) for k in facts.lookups)
    assert lookups
    place = structs.replace(
        case.place, host=structs.replace(case.place.host, value=structs.replace(facts, lookups=lookups))
    )  # type: ignore[arg-type]
    return structs.replace(case, places=(place, *case.places[1:]))


@pytest.mark.parametrize("host", SOUND)
def test_what_programs_get_is_then_not_known(host: str) -> None:
    for outcome in (not_understood("getent"), Seen(LookupResult(("203.0.113.7",)), "getent", unread=("203.0.113...",))):
        case = with_lookups(host, outcome)
        said = diagnose(case)
        assert said.verdict == "inconclusive"
        assert any("not understood" in gap.why for gap in said.gaps)
        assert broken_in(case) == []


#: Of Windows the server may stand in for no lookup: it queries several at once.
ASKS_THE_RIGHT_SERVER = SOUND[1]


NOT_RECORDED = NotAttempted("getent", "it was not recorded")


@pytest.mark.parametrize("host", SOUND)
def test_where_no_lookup_was_recorded_what_programs_get_is_not_known(host: str) -> None:
    said = diagnose(with_lookups(host, NOT_RECORDED))
    assert said.verdict == "inconclusive"
    assert "it was not recorded" in " ".join(gap.why for gap in said.gaps)


def on_the_running_host(case: Case) -> Case:
    host = structs.replace(case.place.host, value=structs.replace(case.place.host.value, root=None))  # type: ignore[arg-type]
    return structs.replace(case, places=(structs.replace(case.place, host=host), *case.places[1:]))


@pytest.mark.parametrize("host", [ASKS_THE_RIGHT_SERVER])
def test_where_none_was_made_on_the_running_host_the_answer_to_its_own_query_stands_in(host: str) -> None:
    assert diagnose(on_the_running_host(with_lookups(host, NOT_RECORDED))).verdict == "healthy"


def test_a_lookup_with_the_final_dot_is_not_what_programs_get() -> None:
    """The hosts file has no name with a final dot, and search domains are not for it. resolv.conf(5)"""
    case = with_lookups(SOUND[0], NOT_RECORDED)
    dotted = near_cases.case_of(SOUND[0]).place.host.value.lookups[1]
    assert dotted.final_dot
    facts = structs.replace(case.place.host.value, lookups=(case.place.host.value.lookups[0], dotted))
    place = structs.replace(case.place, host=structs.replace(case.place.host, value=facts))  # type: ignore[arg-type]
    assert diagnose(structs.replace(case, places=(place,))).verdict == "inconclusive"


def test_what_systemd_resolved_answers_is_not_what_programs_get_that_do_not_ask_it() -> None:
    case = near_cases.case_of("ubuntu2404-plain-resolv-conf-beside-resolved")
    right = Seen(LookupResult(("172.20.9.140", "172.20.77.31")), "resolvectl query")
    lookups = tuple(structs.replace(k, outcome=right, source="resolvectl query") for k in case.place.host.value.lookups)
    facts = structs.replace(case.place.host.value, lookups=lookups)
    place = structs.replace(case.place, host=structs.replace(case.place.host, value=facts))  # type: ignore[arg-type]
    assert diagnose(structs.replace(case, places=(place,))).verdict == "inconclusive"


@pytest.mark.parametrize("host", [ASKS_THE_RIGHT_SERVER])
def test_what_was_understood_may_show_that_it_does(host: str) -> None:
    right = near_cases.case_of(host).place.host.value.lookups[0].outcome.value.addresses[:1]
    assert diagnose(with_lookups(host, Seen(LookupResult(right), "getent", unread=("10.64...",)))).verdict == "healthy"


def test_an_answer_of_one_server_is_that_of_all_only_where_their_order_is_fixed() -> None:
    """With ``options rotate`` the next program may ask the other server, which was not asked."""
    case = on_the_running_host(with_lookups("alpine-container-vpc-resolver-and-public", NOT_RECORDED))
    facts = structs.replace(case.place.host.value, libc="glibc")
    conf = facts.resolv_conf.value
    verdicts = []
    for options in ((), ("rotate",)):
        listed = Seen(structs.replace(conf, options=options), conf.path)
        host = structs.replace(case.place.host, value=structs.replace(facts, resolv_conf=listed))  # type: ignore[arg-type]
        verdicts.append(diagnose(structs.replace(case, places=(structs.replace(case.place, host=host),))).verdict)
    assert verdicts == ["healthy", "inconclusive"]
