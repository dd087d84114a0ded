"""``Resolve-DnsName`` as consoles show it: colours, prompts, versions, languages, and what is asked of another server."""

from __future__ import annotations

import pytest

from sddoctor.case.seen import Seen, Unreachable
from sddoctor.formats.host import resolve_dnsname
from sddoctor.formats.host.lookup_output import NOT_FOUND

NAME = "cart.shop.internal"
TABLE = f"""
Name                                           Type   TTL   Section    IPAddress
----                                           ----   ---   -------    ---------
{NAME:<46} A      30    Answer     10.10.211.50
"""


@pytest.mark.parametrize(
    "text",
    [
        TABLE,
        TABLE.replace("\n", "\r\r\n"),
        f"PS C:\\> Resolve-DnsName {NAME}\n{TABLE}\nPS C:\\>",
        f"PS C:\\> Resolve-DnsName -Name {NAME} -Type A\n{TABLE}",
        f"PS C:\\> Resolve-DnsName {NAME} -Server 10.0.0.1\nfails\nPS C:\\> Clear-DnsClientCache\nPS C:\\> Resolve-DnsName {NAME}\n{TABLE}".replace("fails", TABLE),
        "\x1b[32;1m" + TABLE.replace("----", "\x1b[32;1m----").replace("IPAddress", "IPAddress\x1b[0m"),
    ],
)  # fmt: skip
def test_addresses(text: str) -> None:
    found = resolve_dnsname.parse(text)
    assert isinstance(found, Seen)
    assert (found.value.addresses, found.unread) == (("10.10.211.50",), ())


@pytest.mark.parametrize(
    "message",
    [
        "DNS name does not exist.", "Der DNS-Name ist nicht vorhanden.", "Le nom DNS n\u2019existe pas.", "El nombre DNS no existe.",
        "O nome DNS não existe.", "Il nome DNS non esiste.", "Nazwa DNS nie istnieje.", "DNS-имя не существует.",
        "DNS 名がありません。", "DNS 이름이 없습니다.", "DNS 名称不存在。", "DNS 名稱不存在。",
    ],
)  # fmt: skip
def test_version_7_says_in_its_language_that_there_is_none(message: str) -> None:
    found = resolve_dnsname.parse(f"\x1b[31;1mResolve-DnsName: \x1b[31;1m{NAME} : {message}\x1b[0m\n")
    assert isinstance(found, Seen)
    assert found.value.error == NOT_FOUND


def test_another_language_says_that_it_fails() -> None:
    found = resolve_dnsname.parse(f"Resolve-DnsName: {NAME} : DNS-nimeä ei ole.\n")
    assert isinstance(found, Seen)
    assert found.value.error == resolve_dnsname.UNKNOWN_FAILURE


@pytest.mark.parametrize("more", ["-Server 10.0.0.1", "-ser 10.0.0.1", "-Type SRV", "-CacheOnly"])
def test_what_is_asked_otherwise_is_not_what_a_program_gets(more: str) -> None:
    found = resolve_dnsname.parse(f"PS C:\\> Resolve-DnsName {NAME} {more}\n{TABLE}")
    assert isinstance(found, Unreachable)
    assert more in found.why
