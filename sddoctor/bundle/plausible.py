"""Whether a case from a file can have been observed.

The JSON reader checks types only. Judgement also relies on what holds for every observed case: times have a zone,
numbers are small enough to compute with, lists are no longer than an account allows, addresses and ranges are valid.
A file that violates this was written or changed by hand.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from ipaddress import IPv4Network, ip_network

from msgspec import Struct

from sddoctor.case.address import checked_address
from sddoctor.case.case import Case
from sddoctor.case.dns import Rr, Server
from sddoctor.case.ecs import Task
from sddoctor.case.host import InterfaceAddress, LookupResult, ResolvConf, Route
from sddoctor.case.name import BadNameError, parse_name
from sddoctor.case.vpc import Vpc
from sddoctor.case.watch import Recording

#: Limits of each list (entries) and text (characters), and of the values in a whole case.
LONGEST_LIST, LONGEST_TEXT, MOST_VALUES = 10_000, 100_000, 300_000
_LARGEST = 2**53
_EARLIEST, _LATEST = datetime(1990, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


def why_not(case: Case) -> str | None:
    """Return what is implausible in the case, as half a sentence, or ``None``."""
    if not case.places:
        return "it was seen from no place"
    try:
        named = parse_name(case.name) == case.name
    except BadNameError:
        named = False
    if not named:
        return "the name in it is no domain name"
    return _first_wrong("case", case)


def why_not_recording(recording: Recording) -> str | None:
    """Return what is implausible in the recording, as half a sentence, or ``None``."""
    if recording.first is not None and (why := why_not(recording.first)) is not None:
        return why
    return next((why for s in recording.stretches if (why := _first_wrong("state", s.state)) is not None), None)


def _first_wrong(what: str, seen: Struct) -> str | None:
    for count, (field, value) in enumerate(_values(what, seen)):
        if count > MOST_VALUES:
            return f"it has more than {MOST_VALUES} values"
        if wrong := _wrong(value):
            return f"'{field}' has {wrong}"
    return None


def _values(field: str, value: object) -> Iterator[tuple[str, object]]:
    yield field, value
    if isinstance(value, Struct):
        for name in value.__struct_fields__:
            yield from _values(name, getattr(value, name))
    elif isinstance(value, tuple):
        for item in value[: LONGEST_LIST + 1]:
            yield from _values(field, item)


def _wrong(value: object) -> str | None:
    if isinstance(value, tuple):
        return f"more than {LONGEST_LIST} entries" if len(value) > LONGEST_LIST else None
    if isinstance(value, str):
        return f"more than {LONGEST_TEXT} characters" if len(value) > LONGEST_TEXT else None
    if isinstance(value, int):
        return "a number that is too large" if abs(value) > _LARGEST else None
    if isinstance(value, datetime):
        if value.tzinfo is None:
            return "a time without a zone"
        return None if _EARLIEST <= value <= _LATEST else "a time that cannot be"
    return _wrong_address(value)


def _wrong_address(value: object) -> str | None:
    """Return what is wrong with the addresses and ranges of a structure, or ``None``."""
    try:
        for address in _addresses(value):
            checked_address(address)
        if isinstance(value, Vpc):
            IPv4Network(value.cidr)
            for cidr in value.cidrs:
                ip_network(cidr)
    except ValueError:
        return "an address or a range that is none"
    return None


def _addresses(value: object) -> tuple[str, ...]:
    match value:
        case Server():
            return (value.address,)
        case Rr(type="A" | "AAAA"):
            return (value.data,)
        case Task():
            return value.addresses
        case InterfaceAddress():
            return (value.address,)
        case LookupResult():
            return value.addresses
        case ResolvConf():
            return (*value.listed, *value.effective)
        case Route():
            return tuple(a for a in (value.gateway, value.source) if a)
    return ()
