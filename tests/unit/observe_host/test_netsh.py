"""``netsh interface ipv4 show dnsservers`` in several languages."""

from __future__ import annotations

from itertools import starmap

import pytest

from sddoctor.case.host import InterfaceServers
from sddoctor.case.seen import NotAttempted, Seen, Unreachable
from sddoctor.formats.host import netsh

IPV4, IPV6 = netsh.COMMANDS
#: Heading, label of DHCP, label of what is static, none, label of the suffix, its value.
LANGUAGES = {
    "en": ("Configuration for interface", "DNS servers configured through DHCP", "Statically Configured DNS Servers", "None", "Register with which suffix", "Primary only"),
    "de": ("Konfiguration der Schnittstelle", "Über DHCP konfigurierte DNS-Server", "Statisch konfigurierte DNS-Server", "Keine", "Mit welchem Suffix registrieren", "Nur primäres"),
    "fr": ("Configuration pour l'interface", "Serveurs DNS configurés via DHCP ", "Serveurs DNS configurés statiquement ", "Aucun", "Enregistrer avec le suffixe ", "Principale uniquement"),
    "pl": ("Konfiguracja interfejsu", "Serwery DNS skonfigurowane przez DHCP", "Statycznie skonfigurowane serwery DNS", "Brak", "Zarejestruj z sufiksem", "Tylko podstawowy"),
    "ko": ("인터페이스 구성", "DHCP를 통해 구성된 DNS 서버", "정적으로 구성된 DNS 서버", "없음", "다음 접미사로 등록", "주 DNS 접미사만"),
}  # fmt: skip


def output(language: str) -> str:
    heading, dhcp, static, none, suffix, only = LANGUAGES[language]
    more = f"{' ' * 42}192.168.1.2\n"
    return (
        f'\n{heading} "Wi-Fi"\n    {dhcp}:  192.168.1.1\n{more}    {suffix}:           {only}\n'
        f'\n{heading} "Ethernet 2"\n    {static}:    {none}\n    {suffix}:           {only}\n'
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_languages(language: str, ends: str) -> None:
    found = netsh.parse(IPV4, output(language).replace("\n", ends))
    assert found == Seen((InterfaceServers("Wi-Fi", ("192.168.1.1", "192.168.1.2")),), IPV4)


@pytest.mark.parametrize(
    "text", ["", "The following command was not found: interface ipv4 show dnsserver.\n", "x\n  y : 10.0.0.1\n"]
)
def test_without_any_interface_nothing_is_said(text: str) -> None:
    assert isinstance(netsh.parse(IPV4, text), Unreachable)


@pytest.mark.parametrize("line", ["    DNS : 10.12.", "    10.0.0.5 10.0.0.6", "Frobs"])
def test_what_is_not_understood_is_a_gap(line: str) -> None:
    found = netsh.parse(IPV4, f"{output('en')}{line}\n")
    assert isinstance(found, Seen)
    assert found.unread == (line.strip(),)


def test_both_versions_together() -> None:
    six = Seen((InterfaceServers("Wi-Fi", ("fd00::1",)),), IPV6)
    four = netsh.parse(IPV4, output("de"))
    both = netsh.of_both_versions(four, six)
    assert both == Seen((InterfaceServers("Wi-Fi", ("192.168.1.1", "192.168.1.2", "fd00::1")),), IPV4)


def test_a_version_that_was_not_read_is_what_is_unread() -> None:
    missing = NotAttempted(IPV6, "it was not recorded")
    found = netsh.of_both_versions(netsh.parse(IPV4, output("de")), missing)
    assert isinstance(found, Seen)
    assert found.unread == (f"the servers in {IPV6}, which was not read",)
    assert not any(starmap(isinstance, [(netsh.of_both_versions(missing, missing), Seen)]))
