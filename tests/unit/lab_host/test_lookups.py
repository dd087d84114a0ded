"""What programs on the lab's host get: from its servers, and where the world changes that, lookup by lookup."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from sddoctor.observe.budget import Budget
from sddoctor.observe.host.lookup import look_up
from sddoctor.observe.host.source import open_root

NAME, ADDRESS, OTHER = "dev-api.example.internal", "10.10.211.50", "198.18.0.9"


@pytest.fixture
def programs(host: Callable[[dict[str, Any]], Any]) -> Callable[..., list[Any]]:
    """Return what the product reads of so many lookups on the host: the addresses, or the error."""

    def look(changes: dict[str, Any], times: int = 1) -> list[Any]:
        source = open_root(host(changes).root)
        results = [look_up(NAME, source, Budget(60), final_dot=True).outcome.value for _ in range(times)]
        return [r.error or list(r.addresses) for r in results]

    return look


def linux(*rules: dict[str, Any], server: str = "10.10.0.2", **more: Any) -> dict[str, Any]:
    return {"host": {"platform": "linux", "nameservers": [server], "answers": list(rules)}, **more}


def test_without_rules_it_is_what_the_server_answers(programs: Any) -> None:
    assert programs(linux()) == [[ADDRESS]]
    assert programs({}) == [[ADDRESS]]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ({"rcode": "NXDOMAIN"}, "not found"),
        ({"rcode": "SERVFAIL"}, "temporary failure"),
        ({"lost": True}, "no answer within 6 s"),
        ({"without": [ADDRESS]}, "not found"),
        ({"also": [OTHER]}, [ADDRESS, OTHER]),
        ({"addresses": ["2001:db8::1"]}, ["2001:db8::1"]),
    ],
)
def test_a_rule_changes_what_programs_get(programs: Any, rule: dict[str, Any], expected: Any) -> None:
    assert programs(linux(rule)) == [expected]
    assert programs({"host": {"answers": [rule]}}) == [expected]


def test_from_lookup_to_lookup(programs: Any) -> None:
    turns = [[ADDRESS], "not found"]
    assert programs(linux({"every": 2, "rcode": "NXDOMAIN"}), times=8) == turns * 4


@pytest.mark.parametrize("rcode", ["SERVFAIL", "REFUSED", "NOTIMP"])
def test_a_server_that_fails_is_a_temporary_failure(programs: Any, rcode: str) -> None:
    assert programs(linux(answers={"10.10.0.2": [{"rcode": rcode}]})) == ["temporary failure"]
    assert programs(linux(answers={"10.10.0.2": [{"referral": {"internal": "ns.example.net"}}]})) == [
        "temporary failure"
    ]


def test_a_question_that_is_lost_now_and_then_is_sent_again(programs: Any) -> None:
    second_lookup_loses_one = {"10.10.0.2": [{"types": ["A"], "every": 2, "lost": True}]}
    assert programs(linux(answers=second_lookup_loses_one)) == [[ADDRESS]]
    assert programs(linux(answers={"10.10.0.2": [{"types": ["A"], "lost": True}]})) == ["temporary failure"]
