"""How a gap is said."""

import pytest

from sddoctor.case.seen import Gap


@pytest.mark.parametrize(
    ("gap", "text"),
    [
        (Gap("the zone", "no answer", "more time"), "the zone: no answer (needs: more time)"),
        (Gap("the zone", "route53:GetHostedZone is denied", "route53:GetHostedZone"), "the zone: route53:GetHostedZone is denied"),
        (Gap("the zone", "no answer", ""), "the zone: no answer"),
    ],
)  # fmt: skip
def test_what_it_needs_is_said_unless_the_reason_says_it(gap: Gap, text: str) -> None:
    assert gap.text() == text


def test_each_part_is_made_fit_by_itself() -> None:
    assert Gap("a", "b", "c").text(lambda part: f"<{part}>") == "<a>: <b> (needs: <c>)"
    assert Gap("a", "b", "c").reason(lambda part: f"<{part}>") == "<b> (needs: <c>)"
