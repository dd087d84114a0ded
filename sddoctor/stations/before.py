"""What the stations before one promise of it, and how an answer keeps that promise."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct, structs

from sddoctor.case.seen import FactError
from sddoctor.stations.model import Difference, Output, Station
from sddoctor.text.words import in_order, listed
from sddoctor.trail.lacking import lacking, of_families_in
from sddoctor.trail.trail import Trail, optional

#: Denials that do not come from the namespace's own zone.
_ELSEWHERE = ("public", "other", "longer")
_DENIALS = ("NXDOMAIN", "NODATA")
_LOSING = ("silence", "malformed", "now-and-then")


class Before(Struct, frozen=True):
    """The nearest observed station before, and what has been found wrong so far.

    ``wrong`` are addresses that a station before added wrongly, ``gone`` those that one lost. ``unseen`` are the stations since
    ``output`` that were not observed. ``losing``: queries or answers get lost on the way so far, at times or always.
    """

    output: Output | None = None
    wrong: frozenset[str] = frozenset()
    gone: frozenset[str] = frozenset()
    unseen: tuple[Station, ...] = ()
    losing: bool = False

    @property
    def promised(self) -> frozenset[str]:
        """The addresses that should come out next, without those that a station before added wrongly."""
        return self.output.addresses - self.wrong if self.output is not None else frozenset()

    @property
    def possible(self) -> frozenset[str]:
        """The addresses that may come out next without a fault of that station."""
        more = self.output.possible if self.output is not None else frozenset()
        return self.promised | more | self.wrong

    def beyond(self, addresses: frozenset[str]) -> frozenset[str]:
        """Return those that should not come out next. Where Cloud Map was not seen, it may hold any of them."""
        return frozenset() if "registry" in self.unseen else addresses - self.possible

    @property
    def promises_some(self) -> bool:
        """Whether an address should come out next, and nobody knows which."""
        return self.output is not None and not self.output.addresses and self.output.symptom is None


def differences(trail: Trail, before: Before, now: Output) -> Iterator[Difference]:
    """Yield how an answer differs from what the station before promised, beyond what was wrong there already."""
    if before.output is None:
        yield from _without_promise(now)
    elif now.addresses:
        yield from _in_addresses(trail, before, now)
    elif before.promised or before.promises_some or _denies_differently(before.output, now):
        symptom = now.symptom or "NODATA"
        denied = f"{before.output.symptom or 'a denial'} of the zone"
        expected = listed(in_order(before.promised), most=4) or ("an address" if before.promises_some else denied)
        yield Difference(symptom, _words(now), expected, server=now.server)


def _without_promise(now: Output) -> Iterator[Difference]:
    """Nothing before was seen: a name without an address is a break all the same, wherever it began."""
    if not now.addresses:
        yield Difference(now.symptom or "NODATA", _words(now), "an address", server=now.server)


def _in_addresses(trail: Trail, before: Before, now: Output) -> Iterator[Difference]:
    welcome = optional(lambda: trail.promise.possible) or frozenset()
    promised = _usable(trail, before.promised) if not _usable(trail, now.addresses) else frozenset()
    promised = promised or of_families_in(now.addresses, before.promised) or before.promised
    foreign = before.beyond(now.addresses) - welcome
    gone = (
        _gone(trail, promised, now.addresses) - before.gone if promised & now.addresses or not foreign else frozenset()
    )
    if gone:
        observed, expected = listed(in_order(now.addresses), most=4), listed(in_order(promised), most=4)
        lost = listed(in_order(gone), most=3)
        says = f"{_who(now)} does not get {lost}" if _is_program(now) else f"{_who(now)} answers without {lost}"
        yield Difference("missing", observed, expected, gone, server=now.server, says=says)
    if foreign:
        expected = listed(in_order(promised), most=4) or "no address"
        verb = "gets" if _is_program(now) else "answers with"
        says = f"{_who(now)} {verb} {listed(in_order(foreign), most=3)}"
        yield Difference("foreign", listed(in_order(foreign)), expected, foreign, server=now.server, says=says)


def _usable(trail: Trail, addresses: frozenset[str]) -> frozenset[str]:
    """Return the addresses of the families that this host has: an answer without any of those lacks what it could use."""
    if trail.client_is_in_vpc:
        return addresses
    return addresses - (optional(lambda: trail.host.unusable(addresses)) or frozenset())


def _gone(trail: Trail, promised: frozenset[str], answer: frozenset[str]) -> frozenset[str]:
    """Return what a complete answer would have had besides: one shows eight of many, one of a weighted set."""
    try:
        return lacking(trail.promise, promised, answer)
    except FactError:
        return frozenset() if answer & promised else promised


def _denies_differently(before: Output, now: Output) -> bool:
    """Tell whether a denial after a denial is another one: of somebody else, or a failure where the zone just denied."""
    if now.symptom in _DENIALS and before.symptom in (*_DENIALS, "missing", None):
        return now.denier in _ELSEWHERE and before.denier not in _ELSEWHERE
    if before.symptom in (*_DENIALS, "missing", None):
        return True
    return before.symptom != now.symptom and now.symptom in _DENIALS and now.denier in _ELSEWHERE


def _who(now: Output) -> str:
    """Return who answers, or gets the answer: ``127.0.0.53 on this host``."""
    return now.says.partition(" gets " if _is_program(now) else " answers ")[0]


def _is_program(now: Output) -> bool:
    return now.station == "program"


def _words(now: Output) -> str:
    return now.symptom or "no address"


def moved(before: Before, now: Output, found: tuple[Difference, ...], *, elsewhere: bool = False) -> Before:
    """Return what the next station has before it. ``elsewhere``: the way so far is not the one that leads further."""
    wrong = frozenset(a for d in found if d.symptom in ("foreign", "not-serving") for a in d.addresses)
    gone = frozenset(a for d in found if d.symptom == "missing" for a in d.addresses)
    losing = (before.losing and not elsewhere) or any(d.symptom in _LOSING for d in found)
    return structs.replace(
        before, output=now, wrong=before.wrong | wrong, gone=before.gone | gone, unseen=(), losing=losing
    )
