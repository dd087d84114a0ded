import pytest

from sddoctor.diagnosis.hops import _kept


@pytest.mark.parametrize(
    ("promised", "addresses", "status"),
    [
        (("10.0.0.1",), (), "warning"),
        (("10.0.0.1",), ("10.0.0.1",), "ok"),
        ((), (), "ok"),
        (None, (), "unknown"),
        (None, ("10.0.0.1",), "ok"),
    ],
)
def test_an_empty_answer_is_right_only_where_nothing_was_promised(
    promised: tuple[str, ...] | None, addresses: tuple[str, ...], status: str
) -> None:
    assert _kept("host", promised, addresses) == status
    assert _kept("network", promised, addresses) == "ok"
