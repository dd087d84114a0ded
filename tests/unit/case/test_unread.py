"""A value of which part was not understood: what it has is true, what it lacks may be there."""

import pytest

from sddoctor.case.seen import Absent, AbsentFactError, Gap, NotAttempted, Seen, UnseenFactError


def test_what_was_read_whole_is_read_either_way() -> None:
    fact = Seen(("a",), "resolvectl status")
    assert fact.whole == fact.value == ("a",)
    assert fact.gap_of_unread() is None


def test_a_conclusion_from_what_is_not_there_meets_the_gap() -> None:
    fact = Seen(("a",), "resolvectl status", unread=("Delegate vpc", "  DNS Servers: 10.10.0.2"))
    assert fact.value == ("a",)
    with pytest.raises(UnseenFactError) as raised:
        _ = fact.whole
    assert raised.value.gap == Gap(
        "resolvectl status",
        "part of it is not understood: 'Delegate vpc', and 1 more",
        "the complete, untranslated output of resolvectl status",
    )


def test_a_value_that_is_computed_from_it_is_no_more_complete() -> None:
    assert Seen(("a",), "x", unread=("b",)).map(len).unread == ("b",)


def test_what_is_read_of_it_has_unread_what_both_have() -> None:
    output = Seen("text", "scutil --dns", unread=("cut",))
    assert output.then(lambda text: Seen(len(text), "x", unread=("b",))) == Seen(4, "x", unread=("cut", "b"))
    assert output.then(lambda _: Absent("it", "x")) == Absent("it", "x")
    gap = NotAttempted("x", "nobody looked")
    assert gap.then(lambda text: Seen(text, "x")) == gap


def test_nothing_is_whole_where_nothing_was_seen() -> None:
    with pytest.raises(AbsentFactError):
        _ = Absent("systemd-resolved", "resolvectl").whole
    with pytest.raises(UnseenFactError):
        _ = NotAttempted("x", "nobody looked").whole
