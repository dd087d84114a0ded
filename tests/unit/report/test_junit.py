from xml.etree.ElementTree import Element, fromstring

import pytest

from sddoctor.report import junit
from tests.unit.report.diagnoses import ALL, HEALTHY, HOSTILE, INCONCLUSIVE, VPN_DOWN


def _parse(text: str) -> Element:
    return fromstring(text)  # noqa: S314 - written by ourselves


def test_one_case_for_each_name() -> None:
    root = _parse(junit.render([HEALTHY, VPN_DOWN, INCONCLUSIVE]))
    suite = root[0]
    assert suite.attrib == {
        "name": "sddoctor check",
        "tests": "3",
        "failures": "1",
        "errors": "1",
        "skipped": "0",
        "timestamp": "2026-11-03T09:30:00",
    }
    assert [[child.tag for child in case] for case in suite] == [["system-out"], ["failure"], ["error"]]
    failure = suite[1][0]
    assert failure.get("message") == VPN_DOWN.headline
    assert failure.get("type") == "no-route-to-resolver"
    assert "Connect the VPN" in (failure.text or "")


def test_warnings_fail_when_asked() -> None:
    assert 'failures="0"' in junit.render([HEALTHY])
    failed = _parse(junit.render([HEALTHY], "warning"))
    assert failed.get("failures") == "1"
    assert failed[0][0][0].get("type") == "no-container-health-check"
    assert failed[0][0][0].get("message") == HEALTHY.findings[0].summary


@pytest.mark.parametrize("name", ALL)
def test_well_formed(name: str) -> None:
    assert _parse(junit.render([ALL[name]])).tag == "testsuites"


def test_hostile_text_is_text() -> None:
    case = _parse(junit.render([HOSTILE]))[0][0]
    assert (case[0].get("message") or "").startswith("abc defghi <b>&|")
