"""What was not recorded of a host, or was recorded in part, never makes it well or ill, nor a cause certain, nor a server asked."""

from __future__ import annotations

import random

import pytest
from msgspec import structs

from sddoctor.case.seen import NotAttempted, Seen
from sddoctor.diagnosis.diagnose import diagnose
from sddoctor.observe.host.source import open_root
from tests import near_cases
from tests.property import left_out
from tests.property.test_reading_hosts import again

_HOSTS = left_out.hosts()
#: Of each host in ``near`` so many are tried always; all of every third host are slow.
_SOME = 4
#: What is said all the same, and why.
RIGHT: dict[tuple[str, str], str] = {
    (
        "Get-DnsClientNrptPolicy_-Effective",
        "it is said to ask",
    ): "without it the rules of this host are taken to be in force",
}


def faults(host: str, most: int | None) -> list[str]:
    """Return what is wrong with the diagnoses of a host of which less was recorded."""
    case_of, root_of, name = _HOSTS[host]
    case, root = case_of(name), root_of(name)
    before, asked = diagnose(case), left_out.asked(case)
    tried = list(left_out.ways(root))
    if most is not None:
        tried = tried[:1] + random.Random(host).sample(tried[1:], most)
    found = []
    for less in tried:
        now = again(case, left_out.host_without(root, less))
        said = diagnose(now)
        assert not said.crashes
        complaints = left_out.wrong(before, said, asked, now)
        right = [what for file, what in RIGHT if less.files == (file,)]
        found += [f"{less.how} {less.files}: {c}" for c in complaints if not c.startswith(tuple(right))]
    return found


@pytest.mark.parametrize("host", near_cases.names())
def test_what_is_left_out_proves_nothing(host: str) -> None:
    assert faults(f"near {host}", _SOME) == []


@pytest.mark.slow
@pytest.mark.parametrize("host", sorted(_HOSTS)[::3])
def test_whatever_is_left_out_proves_nothing(host: str) -> None:
    assert faults(host, None) == []


def test_each_complaint_can_be_made() -> None:
    sound, ill = (near_cases.case_of(n) for n in ("win11-vpn-interface-first-sound", "win11-german-no-nrpt-rule"))
    well, broken = diagnose(sound), diagnose(ill)
    assert (well.verdict, broken.verdict) == ("healthy", "broken")
    assert "healthy becomes broken" in list(left_out.wrong(well, broken, None, ill))
    assert "broken becomes healthy" in list(left_out.wrong(broken, well, None, sound))
    assert any("said to ask" in c for c in left_out.wrong(well, well, (), sound))
    certain = tuple(structs.replace(f, role="root-cause", certainty="certain") for f in broken.findings)
    assert certain
    proved = structs.replace(broken, findings=certain)
    assert any(c.endswith("is certain") for c in left_out.wrong(well, proved, None, ill))
    facts = sound.place.host.value
    unseen = tuple(structs.replace(k, outcome=NotAttempted("a lookup", "not recorded")) for k in facts.lookups)
    host = Seen(structs.replace(facts, lookups=unseen), "a host")
    blind = structs.replace(sound, places=(structs.replace(sound.place, host=host),))
    assert "healthy becomes healthy" in list(left_out.wrong(well, well, None, blind))


def test_a_host_is_cut_in_every_way() -> None:
    root = near_cases.root_of("fedora43-unbound-included-zone-sound")
    ways = {less.how for less in left_out.ways(root)}
    assert ways >= {
        "no lookup",
        "not recorded",
        "cut in its first line",
        "cut in its middle line",
        "cut in its last word",
    }
    less = next(x for x in left_out.ways(root) if x.how == "cut in its first line" and x.files[0].startswith("getent"))
    whole = open_root(root).read(f"/commands/{less.files[0]}").value
    assert less.text is not None
    assert whole.startswith(less.text)
    assert less.text != whole
