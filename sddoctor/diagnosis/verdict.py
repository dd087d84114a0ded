"""The verdict: what the client gets, compared with what should be answered."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from sddoctor.case.dns64 import IPV4_ONLY, may_be_made_of
from sddoctor.case.seen import NOT_NEEDED, FactError, Gap, UnseenFactError
from sddoctor.diagnosis.model import Verdict
from sddoctor.text.words import in_order, listed
from sddoctor.trail.client import ClientAnswer
from sddoctor.trail.lacking import in_turn, lacking, of_families_in
from sddoctor.trail.service_connect import are_proxies, endpoint
from sddoctor.trail.thresholds import PROPAGATION_GRACE
from sddoctor.trail.trail import Trail, optional
from sddoctor.trail.vpc import is_private
from sddoctor.trail.vpn_clients import stand_ins


class Comparison(Struct, frozen=True):
    """The answer against the promise.

    ``right`` are addresses of the answer that should be there, ``missing`` those that should be there and are not
    (judged only where one answer should show all), ``foreign`` those that should not, ``not_serving`` those of tasks that
    are there and do not serve, ``unusable`` those of a family that this client does not have. ``leaving`` are those of
    ``right`` that only tasks have which have begun to leave. ``shortfall`` counts desired tasks that do not run, or run at
    an address that nobody knows, ``due`` those whose predecessors have only begun to leave. ``at_times``: it resolves now
    and then only. ``gap`` is what kept the comparison from being made.
    """

    verdict: Verdict
    answer: frozenset[str] = frozenset()
    right: frozenset[str] = frozenset()
    missing: frozenset[str] = frozenset()
    foreign: frozenset[str] = frozenset()
    not_serving: frozenset[str] = frozenset()
    unusable: frozenset[str] = frozenset()
    leaving: frozenset[str] = frozenset()
    shortfall: int = 0
    due: int = 0
    at_times: bool = False
    error: str | None = None
    gap: Gap | None = None

    @property
    def symptom(self) -> frozenset[str]:
        """The addresses that are too many or too few, where that is all that is wrong; else empty."""
        wrong = self.missing | self.foreign | self.not_serving
        return wrong if self.right and not self.shortfall and not self.at_times else frozenset()


def compare(trail: Trail) -> Comparison:
    """Compare the client's answer with the promise. Never raises for facts that were not seen."""
    try:
        answer = trail.client_answer
    except UnseenFactError as unseen:
        return Comparison("inconclusive", gap=unseen.gap)
    except FactError as error:
        return Comparison("inconclusive", gap=Gap("what the asker gets", str(error), "a look-up on this host"))
    comparison = compare_answer(trail, answer)
    gap = _first_gap(lambda: _require_what_decides(trail, comparison))
    return comparison if gap is None else Comparison("inconclusive", answer=answer.addresses, gap=gap)


def _require_what_decides(trail: Trail, found: Comparison) -> None:
    """Raise where a fact that was not seen would tell whether the answer is as it should be."""
    if found.verdict == "healthy":
        trail.promise.require_owners(found.right)
        _require_a_lookup(trail)
    if found.foreign and all(may_be_made_of(a, trail.promise.possible) for a in found.foreign):
        _require_prefixes(trail)
    others = found.foreign or found.not_serving or found.shortfall or found.at_times
    if found.verdict == "degraded" and not others and _may_be_chosen_by_a_file(trail, found.missing):
        trail.host.facts.hosts.or_none()


def _require_prefixes(trail: Trail) -> None:
    """Raise where addresses that have those of the tasks in them may be made by DNS64, and its prefix was not seen. RFC 7050"""
    probes = [p for p in trail.answers.probes if (p.name, p.type) == (IPV4_ONLY, "AAAA")]
    if not any(p.outcome.seen_or(None) is not None for p in probes):
        what = "the prefix of DNS64 on this network"
        raise UnseenFactError(Gap(what, f"no answer for {IPV4_ONLY} was seen", f"dig {IPV4_ONLY} AAAA"))


def _require_a_lookup(trail: Trail) -> None:
    """Raise where the right answer is that of a server, and what a program gets was not recorded on the host that asks it.

    What stands between the two only a look-up shows, one of which a part was read included. The running host made the query
    itself.
    """
    answer = trail.client_answer
    is_of_a_host = answer.derived and not answer.pinned and not trail.client_is_in_vpc and not trail.queries_srv
    if not is_of_a_host or trail.host.facts.root is None:
        return
    plain = trail.host.lookup(final_dot=False)
    got = plain.outcome.seen_or(None) if plain is not None and plain.source != trail.host.OF_RESOLVED else None
    if got is None or not got.addresses:
        trail.host.result()


def compare_answer(trail: Trail, answer: ClientAnswer) -> Comparison:
    """Compare what anybody got with the promise. Never raises for facts that were not seen."""
    if are_proxies(answer.addresses):
        return _proxied(trail, answer.addresses)
    return _something_answered(trail, answer) if answer.addresses else _nothing_answered(trail, answer.error)


def _nothing_answered(trail: Trail, error: str | None) -> Comparison:
    """No address was returned: broken, unless it is unknown whether there should be one."""
    facts = trail.cloudmap.facts
    known = any(v.service.seen_or(None) is not None for v in facts.views) or facts.namespaces.seen_or(None) is not None
    known = known or bool(optional(lambda: trail.answers.vpc_addresses)) or _is_answered_elsewhere(trail)
    known = known or trail.owner.is_of_records
    if not known:
        gap = _first_gap(lambda: facts.namespaces.value) or Gap("the namespace", "it was not seen", "")
        return Comparison("inconclusive", error=error, gap=gap)
    try:
        missing = trail.promise.wanted
    except FactError:
        missing = frozenset()
    return Comparison("broken", missing=missing, error=error)


def _proxied(trail: Trail, answer: frozenset[str]) -> Comparison:
    """Judge what a task of Service Connect gets: its own proxy, which is right for an endpoint with a task behind it."""
    found = optional(lambda: endpoint(trail))
    if found is None or not found.service.running:
        what = "whether a task stands behind the Service Connect proxy"
        why = "the ECS service of the endpoint was not seen" if found is None else f"{found.service.name} runs no task"
        return Comparison("inconclusive", answer=answer, gap=Gap(what, why, "ecs:DescribeServices"))
    unusable: frozenset[str] = trail.host.unusable(answer)
    return Comparison("healthy" if answer - unusable else "broken", answer, right=answer - unusable, unusable=unusable)


def _is_answered_elsewhere(trail: Trail) -> bool:
    """Tell whether another place gets private addresses: then the name exists."""
    answers = [optional(lambda place=place: place.client_answer) for place in trail.other_places]  # type: ignore[misc]
    return any(is_private(a) for answer in answers if answer is not None for a in answer.addresses)


def _something_answered(trail: Trail, client_answer: ClientAnswer) -> Comparison:
    answer, gap = client_answer.addresses, _promise_gap(trail)
    if gap is not None:
        return Comparison("inconclusive", answer=answer, gap=gap)
    try:
        promise = trail.promise
        expected, welcome = of_families_in(answer, promise.wanted) or promise.wanted, promise.welcome
        unusable: frozenset[str] = frozenset() if trail.client_is_in_vpc else trail.host.unusable(answer)
        given = answer if client_answer.pinned else in_turn(promise, answer)
        right, not_serving = (answer & welcome) - unusable, given & frozenset(promise.not_serving) - welcome
        foreign = given - welcome - not_serving
        missing = lacking(promise, expected, answer)
        if right and client_answer.pinned:
            missing = frozenset()  # the file's own choice, which its cause speaks of
        if foreign and not right and foreign <= stand_ins(trail, foreign):
            return Comparison("inconclusive", answer, foreign=foreign, gap=_stand_in_gap(foreign))
        leaving, shortfall, due = right & promise.leaving, promise.shortfall + len(promise.nowhere), promise.due
        missing = _not_needed_yet(trail, missing, right)
    except UnseenFactError as unseen:
        return Comparison("inconclusive", answer=answer, gap=unseen.gap)
    except FactError:
        what = Gap("what should be answered", "no Cloud Map service stands behind this name", "a Cloud Map name")
        return Comparison("inconclusive", answer=answer, foreign=answer, gap=what)
    if not right:
        # Another answer of the set may be right.
        verdict: Verdict = "degraded" if given != answer and (given & welcome) - unusable else "broken"
    elif missing or foreign or not_serving or shortfall or client_answer.at_times:
        verdict = "degraded"
    elif (in_doubt := promise.in_doubt(right)) is not None:
        return Comparison("inconclusive", answer=answer, gap=in_doubt)
    else:
        verdict = "healthy"
    return Comparison(
        verdict,
        answer,
        right,
        missing,
        foreign,
        not_serving,
        unusable,
        leaving,
        shortfall,
        due,
        client_answer.at_times,
        client_answer.error,
    )


def _may_be_chosen_by_a_file(trail: Trail, missing: frozenset[str]) -> bool:
    """Tell whether what a program on this host does not get was seen in the answer of a server, or in no server's."""
    if not missing or trail.client_is_in_vpc or trail.queries_srv:
        return False
    answers = [p.outcome.seen_or(None) for p in trail.answers.probes_for(rdtype=trail.rdtype)]
    seen = [a for a in answers if a is not None and a.addresses]
    return not seen or any(missing.intersection(a.addresses) for a in seen)


def _stand_in_gap(addresses: frozenset[str]) -> Gap:
    """Say that no DNS answer shows where the stand-ins of a VPN client lead."""
    which = listed(in_order(addresses), most=3)
    return Gap(
        f"whether {which} leads to the tasks",
        "the VPN client answers with stand-ins of its own",
        "a connection to the port of the service",
    )


def _not_needed_yet(trail: Trail, missing: frozenset[str], right: frozenset[str]) -> frozenset[str]:
    """Drop young tasks of a deployment that is in progress from the missing, while enough others are answered."""
    ecs, promise = trail.ecs, trail.promise
    if (
        not missing
        or trail.owner.is_of_records
        or len(right) < ecs.desired
        or not any(ecs.young_deployment(s) for s in ecs.active)
    ):
        return missing
    young = {
        a
        for t in promise.serving_tasks
        if (ecs.age(t.started_at) or 0) < PROPAGATION_GRACE
        for a in promise.addresses_of(t)
    }
    return missing - young


def _promise_gap(trail: Trail) -> Gap | None:
    """Return the gap that hides what should be answered, or ``None`` when it is known."""
    found = _first_gap(lambda: trail.promise.welcome) or _first_gap(lambda: trail.promise.shortfall)
    return found or _first_gap(lambda: _require_other_owners(trail))


def _require_other_owners(trail: Trail) -> None:
    """Raise where a service is for the API alone, and it was not seen whether a hosted zone has its name."""
    if trail.owner.is_of_records or trail.cloudmap.view.publishes or trail.case.aws.zones == NOT_NEEDED:
        return
    for zone in trail.case.aws.zones.or_none() or ():
        zone.records.or_none()


def _first_gap(read: Callable[[], object]) -> Gap | None:
    try:
        read()
    except UnseenFactError as unseen:
        return unseen.gap
    except FactError:
        return None
    return None
