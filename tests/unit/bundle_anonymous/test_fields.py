"""The table of fields names fields that exist, and everything that is not named is replaced as free text."""

import inspect

import msgspec

from sddoctor.bundle.anonymous.fields import kind_of, listed
from sddoctor.case import case, cloudmap, dns, ecs, forwarder, host, reach, route53, seen, targets, vpc, vpn_client

MODULES = (case, cloudmap, dns, ecs, forwarder, host, reach, route53, seen, targets, vpc, vpn_client)


def _fields() -> set[str]:
    structures = [
        c for m in MODULES for _, c in inspect.getmembers(m, inspect.isclass) if issubclass(c, msgspec.Struct)
    ]
    return {f"{c.__name__}.{f}" for c in structures for f in c.__struct_fields__}


def test_every_field_of_the_table_exists() -> None:
    assert listed() - _fields() == set()


def test_a_field_that_nobody_listed_is_free_text() -> None:
    assert kind_of("Event", "message") == "text"
    assert kind_of("Future", "field") == "text"
