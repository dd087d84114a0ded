"""Ranking: what nothing explains is a root cause; transients only where no fault explains the symptom."""

from __future__ import annotations

from sddoctor.causes.model import Cause, Certainty, Finding, Hop, Kind
from sddoctor.causes.registry import BY_CODE
from sddoctor.diagnosis.model import Verdict
from sddoctor.diagnosis.precedence import Found
from sddoctor.diagnosis.ranking import rank


def _found(
    code: str,
    kind: Kind = "fault",
    hop: Hop = "ecs",
    certainty: Certainty = "certain",
    explains: tuple[str, ...] = (),
    acts: bool = True,
    breaks: set[int] = frozenset(),  # type: ignore[assignment]
    **more: object,
) -> Found:
    made = Cause(code, hop, code, lambda trail: None, kind=kind, explains=explains)
    return Found(made, Finding(f"{code} holds", **more), acts, certainty, frozenset(breaks))  # type: ignore[arg-type]


def _roles(*found: Found, verdict: Verdict = "broken") -> dict[str, str]:
    return {f.code: f.role for f in rank(list(found), verdict)}


def test_two_independent_faults_are_two_root_causes_the_earlier_hop_first() -> None:
    ranked = rank([_found("split-dns-missing", hop="host"), _found("service-scaled-to-zero")], "broken")
    assert [(f.code, f.role) for f in ranked] == [
        ("service-scaled-to-zero", "root-cause"),
        ("split-dns-missing", "root-cause"),
    ]


def test_a_vpn_that_is_down_explains_the_missing_split_dns() -> None:
    down = _found("no-route-to-resolver", hop="network", explains=("split-dns-missing",))
    ranked = rank([_found("split-dns-missing", hop="host"), down], "broken")
    assert [(f.code, f.role, f.of) for f in ranked] == [
        ("no-route-to-resolver", "root-cause", None),
        ("split-dns-missing", "consequence", "no-route-to-resolver"),
    ]


def test_a_transient_is_a_root_cause_only_for_a_symptom_that_no_fault_explains() -> None:
    fault = _found("stale-instance", hop="cloudmap", addresses=("10.0.0.9",))
    same = _found("health-propagating", "transient", addresses=("10.0.0.9",))
    other = _found("health-propagating", "transient", addresses=("10.0.0.1",))
    assert _roles(fault, same)["health-propagating"] == "contributing"
    assert _roles(fault, other)["health-propagating"] == "root-cause"
    assert _roles(other)["health-propagating"] == "root-cause"


def test_a_transient_of_addresses_that_are_right_explains_nothing_beside_a_fault() -> None:
    fault = _found("stale-instance", hop="cloudmap", addresses=("10.0.0.9",))
    moving = _found("deployment-in-progress", "transient", addresses=("10.0.0.1",))
    symptoms = {"10.0.0.9": "contributing", "10.0.0.1": "root-cause"}
    for symptom, role in symptoms.items():
        ranked = rank([fault, moving], "degraded", frozenset({symptom}))
        assert {f.code: f.role for f in ranked}["deployment-in-progress"] == role
    assert rank([moving], "degraded", frozenset({"10.0.0.9"}))[0].role == "root-cause"


def test_a_fault_with_addresses_does_not_explain_that_there_are_none() -> None:
    cache = _found("os-cache-stale", "transient", hop="host")
    assert _roles(_found("stale-instance", addresses=("10.0.0.9",)), cache)["os-cache-stale"] == "root-cause"
    assert _roles(_found("split-dns-missing", hop="host"), cache)["os-cache-stale"] == "contributing"


def test_a_risk_or_note_is_never_a_root_cause() -> None:
    roles = _roles(_found("ttl-long", "risk"), _found("answer-is-partial", "note"))
    assert roles == {"ttl-long": "contributing", "answer-is-partial": "advice"}


def test_a_fault_that_does_not_act_is_advice() -> None:
    assert _roles(_found("tcp-53-blocked", acts=False)) == {"tcp-53-blocked": "advice"}


def test_a_likely_cause_never_stands_before_a_certain_one() -> None:
    ranked = rank([_found("a", certainty="likely"), _found("z", hop="host")], "broken")
    assert [f.code for f in ranked] == ["z", "a"]


def test_a_hint_is_no_root_cause() -> None:
    assert _roles(_found("hint", certainty="hint"), _found("likely", certainty="likely"))["hint"] == "contributing"
    assert _roles(_found("hint", certainty="hint"))["hint"] == "contributing"


def test_what_only_fits_is_a_root_cause_where_no_proved_cause_explains_the_same_break() -> None:
    proved, likely = _found("proved", breaks={0}), _found("likely", certainty="likely", breaks={0})
    assert _roles(proved, likely) == {"proved": "root-cause", "likely": "contributing"}
    likely = _found("likely", certainty="likely", breaks={0, 1})
    assert _roles(proved, likely) == {"proved": "root-cause", "likely": "root-cause"}


def test_a_healthy_name_has_advice_only() -> None:
    assert set(_roles(_found("a"), _found("b", "transient"), verdict="healthy").values()) == {"advice"}


def test_what_a_cause_explains_are_other_causes_and_never_in_a_circle() -> None:
    def below(code: str, above: tuple[str, ...] = ()) -> None:
        assert code not in above, (*above, code)
        for explained in BY_CODE[code].explains:
            below(explained, (*above, code))

    for code in BY_CODE:
        below(code)


def test_a_cause_explains_another_only_for_addresses_that_both_are_about() -> None:
    root = _found("registration-failed", explains=("instance-missing",), addresses=("10.0.0.1",))
    same = _found("instance-missing", addresses=("10.0.0.1", "10.0.0.2"))
    other = _found("instance-missing", addresses=("10.0.0.2",))
    unknown = _found("instance-missing")
    assert [_roles(root, over)["instance-missing"] for over in (same, other, unknown)] == [
        "consequence", "root-cause", "consequence",
    ]  # fmt: skip


def test_a_consequence_names_the_root_at_the_end_of_its_explanations() -> None:
    ranked = rank(
        [
            _found("health-check-failing", explains=("all-instances-unhealthy",)),
            _found("health-check-tool-missing", explains=("health-check-failing",)),
            _found("all-instances-unhealthy", hop="cloudmap"),
        ],
        "broken",
    )
    assert {f.code: f.of for f in ranked} == {
        "health-check-tool-missing": None,
        "health-check-failing": "health-check-tool-missing",
        "all-instances-unhealthy": "health-check-tool-missing",
    }


def test_of_several_that_explain_the_same_the_first_on_the_trail_is_the_root() -> None:
    over = _found("split-dns-missing", hop="host")
    found = [_found(code, hop="network", explains=("split-dns-missing",)) for code in ("a", "b")]
    assert {f.code: f.of for f in rank([*found, over], "broken")} == {"a": None, "b": None, "split-dns-missing": "a"}


def test_a_hint_that_explains_a_certain_fault_stays_a_root_cause_and_keeps_its_hop_in_front() -> None:
    ranked = rank(
        [
            _found("health-check-failing"),
            _found("health-check-localhost-ipv6", certainty="hint", explains=("health-check-failing",)),
            _found("split-dns-missing", hop="host"),
        ],
        "broken",
    )
    assert [(f.code, f.role) for f in ranked] == [
        ("health-check-localhost-ipv6", "root-cause"),
        ("split-dns-missing", "root-cause"),
        ("health-check-failing", "consequence"),
    ]
