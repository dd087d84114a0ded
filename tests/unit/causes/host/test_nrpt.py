"""The recorded Windows host, whose rule lacks the leading dot, in an otherwise sound world."""

from __future__ import annotations

from sddoctor.causes.registry import BY_CODE
from sddoctor.trail.trail import Trail
from tests.recorded_worlds import recorded


def _trail() -> Trail:
    case, _ = recorded("article from Windows")
    return Trail(case)


def test_a_rule_without_the_leading_dot_is_named() -> None:
    finding = BY_CODE["nrpt-rule-missing"].decide(_trail())
    assert finding is not None
    assert "leading dot" in finding.summary
    assert finding.fixes[0].commands == (
        "Add-DnsClientNrptRule -Namespace '.example.internal' -NameServers '10.10.0.2'",
    )


def test_split_dns_missing_leaves_windows_to_the_rule() -> None:
    assert BY_CODE["split-dns-missing"].decide(_trail()) is None
