"""What ``resolver generate`` says of a format beside its steps."""

from __future__ import annotations

import pytest

from sddoctor.splitdns.format import Format
from sddoctor.splitdns.formats import BY_NAME, FORMATS

LOCAL = "names in local belong to multicast DNS (RFC 6762)"


@pytest.mark.parametrize("form", FORMATS, ids=lambda f: f.name)
@pytest.mark.parametrize("domain", ["local", "corp.local"])
def test_local_belongs_to_multicast_dns(form: Format, domain: str) -> None:
    assert form.warnings(domain)[0].startswith(LOCAL)


@pytest.mark.parametrize("form", FORMATS, ids=lambda f: f.name)
@pytest.mark.parametrize("domain", ["example.internal", "notlocal", "local.example"])
def test_other_domains_do_not(form: Format, domain: str) -> None:
    assert not [w for w in form.warnings(domain) if LOCAL in w]


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ("networkmanager", ("never-default=true", "changes the routing")),
        ("systemd-resolved", ("resolved.conf", "global", "cannot pair a server with a domain")),
        ("client-vpn", ("for every name",)),
        ("nebula", ("sends no domain to a server",)),
    ],
)
def test_what_a_format_cannot_do(form: str, words: tuple[str, ...]) -> None:
    (warning,) = BY_NAME[form].warnings("example.internal")
    assert [w for w in words if w not in warning] == []


def test_a_delegate_needs_no_warning() -> None:
    assert BY_NAME["systemd-dns-delegate"].warnings("example.internal") == ()
