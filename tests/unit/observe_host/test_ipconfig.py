"""``ipconfig /all`` in several languages: layout and order stay, labels do not."""

from __future__ import annotations

import pytest

from sddoctor.case.host import InterfaceServers
from sddoctor.case.seen import Seen, Unreachable
from sddoctor.formats.host import ipconfig

ENGLISH = """
Windows IP Configuration

   Host Name . . . . . . . . . . . . : LAPTOP-7F3K
   DNS Suffix Search List. . . . . . : lan

Unknown adapter OpenVPN Data Channel Offload:

   Connection-specific DNS Suffix  . :
   Description . . . . . . . . . . . : OpenVPN Data Channel Offload
   Physical Address. . . . . . . . . :
   IPv4 Address. . . . . . . . . . . : 10.250.9.14(Preferred)
   Subnet Mask . . . . . . . . . . . : 255.255.252.0
   Default Gateway . . . . . . . . . :

Wireless LAN adapter Wi-Fi:

   IPv6 Address. . . . . . . . . . . : 2001:db8:4cc1::4562(Preferred)
   Link-local IPv6 Address . . . . . : fe80::a079:85b4:81d4:cf17%4(Preferred)
   IPv4 Address. . . . . . . . . . . : 192.168.1.52(Preferred)
   Subnet Mask . . . . . . . . . . . : 255.255.255.0
   Default Gateway . . . . . . . . . : fe80::1%4
                                       192.168.1.1
   DHCPv6 IAID . . . . . . . . . . . : 51443210
   DHCPv6 Client DUID. . . . . . . . : 00-01-00-01-2E-03-4D-50-10-F6-0A-7B-68-8F
   DNS Servers . . . . . . . . . . . : 2001:db8::53
                                       192.168.1.1
"""
GERMAN = """
Windows-IP-Konfiguration

   Hostname  . . . . . . . . . . . . : NB-0417
   Primäres DNS-Suffix . . . . . . . :

Unbekannter Adapter OpenVPN Data Channel Offload:

   Verbindungsspezifisches DNS-Suffix:
   Beschreibung. . . . . . . . . . . : OpenVPN Data Channel Offload
   IPv4-Adresse  . . . . . . . . . . : 10.250.9.14(Bevorzugt)
   Subnetzmaske  . . . . . . . . . . : 255.255.252.0

Drahtlos-LAN-Adapter Wi-Fi:

   Verbindungsspezifisches DNS-Suffix: fritz.box
   IPv6-Adresse. . . . . . . . . . . : 2001:db8:4cc1::4562(Bevorzugt)
   Verbindungslokale IPv6-Adresse  . : fe80::a079:85b4:81d4:cf17%4(Bevorzugt)
   IPv4-Adresse  . . . . . . . . . . : 192.168.1.52(Bevorzugt)
   Subnetzmaske  . . . . . . . . . . : 255.255.255.0
   DNS-Server  . . . . . . . . . . . : 192.168.1.1
"""
FRENCH = """
Configuration IP de Windows

   Nom de l'hôte . . . . . . . . . . : PC-0417

Carte inconnue OpenVPN Data Channel Offload :

   Suffixe DNS propre à la connexion. . . :
   Adresse IPv4. . . . . . . . . . . . . .: 10.250.9.14(préféré)
   Masque de sous-réseau. . . . . . . . . : 255.255.252.0

Carte réseau sans fil Wi-Fi :

   Adresse IPv6. . . . . . . . . . . . . .: 2001:db8:4cc1::4562(préféré)
   Adresse IPv6 de liaison locale. . . . .: fe80::a079:85b4:81d4:cf17%4(préféré)
   Adresse IPv4. . . . . . . . . . . . . .: 192.168.1.52(préféré)
   Masque de sous-réseau. . . . . . . . . : 255.255.255.0
   Passerelle par défaut. . . . . . . . . : 192.168.1.1
   Serveurs DNS. . .  . . . . . . . . . . : 192.168.1.1
"""
# The layout of https://github.com/OpenVPN/openvpn/issues/747: one label has a colon of its own.
SPANISH = """
Configuración IP de Windows

   Nombre de host. . . . . . . . . : PC-0417

Adaptador desconocido OpenVPN Data Channel Offload:

   Sufijo DNS específico para la conexión. . :
   Dirección IPv4. . . . . . . . . . . . . . : 10.250.9.14(Preferido)
   Máscara de subred . . . . . . . . . . . . : 255.255.252.0

Adaptador de LAN inalámbrica Wi-Fi:

   Dirección IPv6 . . . . . . . . . . : 2001:db8:4cc1::4562(Preferido)
   Vínculo: dirección IPv6 local. . . : fe80::a079:85b4:81d4:cf17%4(Preferido)
   Dirección IPv4. . . . . . . . . . . . . . : 192.168.1.52(Preferido)
   Máscara de subred . . . . . . . . . . . . : 255.255.255.0
   Puerta de enlace predeterminada . . . . . : 192.168.1.1
   IAID DHCPv6 . . . . . . . . . . . . . . . : 51443210
   Servidores DNS. . . . . . . . . . . . . . : 192.168.1.1
"""
JAPANESE = """
Windows IP 構成

   ホスト名 . . . . . . . . . . . . . . .: PC-0417

不明なアダプター OpenVPN Data Channel Offload:

   接続固有の DNS サフィックス . . . . .:
   IPv4 アドレス . . . . . . . . . . . .: 10.250.9.14(優先)
   サブネット マスク . . . . . . . . . .: 255.255.252.0

Wireless LAN adapter Wi-Fi:

   IPv6 アドレス . . . . . . . . . . . .: 2001:db8:4cc1::4562(優先)
   リンクローカル IPv6 アドレス. . . . .: fe80::a079:85b4:81d4:cf17%4(優先)
   IPv4 アドレス . . . . . . . . . . . .: 192.168.1.52(優先)
   サブネット マスク . . . . . . . . . .: 255.255.255.0
   DNS サーバー. . . . . . . . . . . . .: 192.168.1.1
"""
RUSSIAN = """
Настройка протокола IP для Windows

   Имя компьютера  . . . . . . . . . : PC-0417

Неизвестный адаптер OpenVPN Data Channel Offload:

   IPv4-адрес. . . . . . . . . . . . : 10.250.9.14(Основной)
   Маска подсети . . . . . . . . . . : 255.255.252.0

Адаптер беспроводной локальной сети Wi-Fi:

   IPv6-адрес. . . . . . . . . . . . : 2001:db8:4cc1::4562(Основной)
   Локальный IPv6-адрес канала . . . : fe80::a079:85b4:81d4:cf17%4(Основной)
   IPv4-адрес. . . . . . . . . . . . : 192.168.1.52(Основной)
   Маска подсети . . . . . . . . . . : 255.255.255.0
   DNS-серверы. . . . . . . . . . .  : 192.168.1.1
"""
CHINESE = """
Windows IP 配置

   主机名  . . . . . . . . . . . . . : PC-0417

未知适配器 OpenVPN Data Channel Offload:

   IPv4 地址 . . . . . . . . . . . . : 10.250.9.14(首选)
   子网掩码  . . . . . . . . . . . . : 255.255.252.0

无线局域网适配器 Wi-Fi:

   IPv6 地址 . . . . . . . . . . . . : 2001:db8:4cc1::4562(首选)
   本地链接 IPv6 地址. . . . . . . . : fe80::a079:85b4:81d4:cf17%4(首选)
   IPv4 地址 . . . . . . . . . . . . : 192.168.1.52(首选)
   子网掩码  . . . . . . . . . . . . : 255.255.255.0
   DNS 服务器  . . . . . . . . . . . : 192.168.1.1
"""
LANGUAGES = {
    "en": ENGLISH, "de": GERMAN, "fr": FRENCH, "es": SPANISH, "ja": JAPANESE, "ru": RUSSIAN, "zh": CHINESE,
}  # fmt: skip
EXPECTED = [
    ("OpenVPN Data Channel Offload", "10.250.9.14", 22),
    ("Wi-Fi", "2001:db8:4cc1::4562", 64),
    ("Wi-Fi", "fe80::a079:85b4:81d4:cf17", 64),
    ("Wi-Fi", "192.168.1.52", 24),
]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_languages(language: str, ends: str) -> None:
    found = ipconfig.parse(LANGUAGES[language].replace("\n", ends))
    assert isinstance(found, Seen)
    assert [(a.interface, a.address, a.prefix) for a in found.value] == EXPECTED
    assert found.unread == ()


# The layout of https://github.com/ftao/python-ifcfg and others: a long value is broken, a label leaves no room for dots.
ITALIAN = """
Configurazione IP di Windows

   Nome host . . . . . . . . . . . . . . : PC-0417
   Elenco di ricerca suffissi DNS. . . . : casa.lan

Scheda sconosciuta OpenVPN Data Channel Offload:

   Suffisso DNS specifico per connessione:
   Descrizione . . . . . . . . . . . . . : OpenVPN Data Channel
Offload
   Configurazione automatica abilitata   : Sì
   Indirizzo IPv4. . . . . . . . . . . . : 10.250.9.14(Preferenziale)
   Subnet mask . . . . . . . . . . . . . : 255.255.252.0

Scheda LAN wireless Wi-Fi:

   Suffisso DNS specifico per connessione: casa.lan
   Indirizzo IPv6. . . . . . . . . . . . : 2001:db8:4cc1::4562(Preferenziale)
   Indirizzo IPv6 locale rispetto al collegamento . : fe80::a079:85b4:81d4:cf17%4(Preferenziale)
   Indirizzo IPv4. . . . . . . . . . . . : 192.168.1.52(Preferenziale)
   Subnet mask . . . . . . . . . . . . . : 255.255.255.0
   Server DNS . . . . . . . . . . . . .  : 192.168.1.1
"""


def test_a_value_that_is_broken_ends_no_adapter() -> None:
    found = ipconfig.parse(ITALIAN)
    assert isinstance(found, Seen)
    assert [(a.interface, a.address, a.prefix) for a in found.value] == EXPECTED
    assert found.unread == ()
    broken = ITALIAN.replace("Sì\n   Indirizzo IPv4", "Sì\n10.250.9.15 (x)\n   Indirizzo IPv4")
    again = ipconfig.parse(broken)
    assert isinstance(again, Seen)
    assert again.unread == ("10.250.9.15 (x)",)


def test_an_address_that_is_cut_is_not_taken_for_another() -> None:
    found = ipconfig.parse(ENGLISH.replace("2001:db8:4cc1::4562(Preferred)", "2001:db8:4cc1\u2026"))
    assert isinstance(found, Seen)
    assert [a.address for a in found.value] == [a for _, a, _ in EXPECTED if a != "2001:db8:4cc1::4562"]
    assert found.unread == ("IPv6 Address. . . . . . . . . . . : 2001:db8:4cc1\u2026",)


def test_a_server_of_no_adapter_is_a_gap() -> None:
    found = ipconfig.parse_servers(f"{ENGLISH}\n   DNS Servers . . : 10.0.0.53\n")
    assert isinstance(found, Seen)
    assert found.unread == ("DNS Servers . . : 10.0.0.53",)


@pytest.mark.parametrize("language", [*LANGUAGES, "it"])
def test_servers_in_every_language(language: str) -> None:
    found = ipconfig.parse_servers({**LANGUAGES, "it": ITALIAN}[language])
    assert isinstance(found, Seen)
    servers = ("2001:db8::53", "192.168.1.1") if language == "en" else ("192.168.1.1",)
    assert found.value == (InterfaceServers("Wi-Fi", servers),)
    assert found.unread == ()


def test_further_servers_stand_below_the_first_and_placeholders_are_none() -> None:
    text = ENGLISH.replace("2001:db8::53", "fec0:0:0:ffff::1%1") + f"{' ' * 39}10.0.0.53\n{' ' * 39}x.x.x.x\n"
    found = ipconfig.parse_servers(text)
    assert isinstance(found, Seen)
    assert found.value == (InterfaceServers("Wi-Fi", ("192.168.1.1", "10.0.0.53")),)
    assert found.unread == ("x.x.x.x",)


@pytest.mark.parametrize("hidden", ["***", "x.x.x.x", "<redacted>"])
def test_a_server_that_is_not_shown_is_a_gap(hidden: str) -> None:
    found = ipconfig.parse_servers(f"{GERMAN.replace('192.168.1.1', hidden)}{' ' * 39}10.0.0.53\n")
    assert isinstance(found, Seen)
    assert found.unread == (f"DNS-Server  . . . . . . . . . . . : {hidden}",)


def test_without_any_server_nothing_is_said() -> None:
    """``ipconfig`` without ``/all`` shows none."""
    short = "".join(line for line in GERMAN.splitlines(keepends=True) if "DNS-Server" not in line)
    assert isinstance(ipconfig.parse_servers(short), Unreachable)


@pytest.mark.parametrize(
    "heading",
    [
        "Scheda Ethernet LAN 2", "Adaptador de Rede sem Fio LAN 2", "Adaptador Ethernet LAN 2", "Adaptador desconhecido LAN 2",
        "Karta bezprzewodowej sieci LAN LAN 2", "Karta Ethernet LAN 2", "Nieznana karta LAN 2", "Adaptér sítě Ethernet LAN 2",
        "이더넷 어댑터 LAN 2", "알 수 없는 어댑터 LAN 2", "乙太網路卡 LAN 2", "無線區域網路介面卡 LAN 2", "以太网适配器 LAN 2",
        "Ethernet-adapter LAN 2", "Carte Ethernet LAN 2 ", "Carte inconnue LAN 2\ufffd", "Kablosuz LAN ba\u011fda\u015ft\u0131r\u0131c\u0131s\u0131 LAN 2",
    ],
)  # fmt: skip
def test_the_name_of_an_adapter_in_its_heading(heading: str) -> None:
    found = ipconfig.parse(f"\nX\n\n{heading}:\n\n   IPv4 . . . : 10.0.0.5(x)\n   M . . : 255.0.0.0\n")
    assert isinstance(found, Seen)
    assert ([a.interface for a in found.value], found.unread) == (["LAN 2"], ())


def test_an_unknown_language_has_whole_headings_as_names() -> None:
    found = ipconfig.parse(
        "\nEthernet-kort Ethernet:\n\n   IPv4-osoite . . . : 10.0.0.5(Ensisijainen)\n   Peite . . : 255.0.0.0\n"
    )
    assert [(a.interface, a.address, a.prefix) for a in found.value] == [("Ethernet-kort Ethernet", "10.0.0.5", 8)]


def test_a_console_of_another_code_page_loses_letters_only() -> None:
    text = JAPANESE.encode("cp932").decode("utf-8", "replace")
    found = ipconfig.parse(text)
    assert [a.address for a in found.value] == [address for _, address, _ in EXPECTED]


@pytest.mark.parametrize(
    "text",
    ["", "\nWindows-IP-Konfiguration\n", "'ipconfig' is not recognized as an internal or external command", "\nX:\n\n   Medienstatus. . . : Medium getrennt\n"],
)  # fmt: skip
def test_without_any_address_nothing_is_said(text: str) -> None:
    assert isinstance(ipconfig.parse(text), Unreachable)


def test_an_address_that_is_cut_is_a_gap() -> None:
    found = ipconfig.parse(f"{ENGLISH}\nEthernet adapter Ethernet:\n\n   IPv4 Address. . . . . : 10.12.\n")
    assert isinstance(found, Seen)
    assert found.unread == ("IPv4 Address. . . . . : 10.12.",)
