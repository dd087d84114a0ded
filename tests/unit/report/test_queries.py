from sddoctor.diagnosis.detail_model import Exchange, Record, ServerExchanges
from sddoctor.report import queries
from sddoctor.report.style import Style
from tests.unit.report.diagnoses import EVIL

A = Record("answer", "dev-api.example.internal", "7-10", "A", "10.10.211.50")
SOA = Record("authority", "", "86400", "SOA", "a.root-servers.net nstld.verisign-grs.com 1 1800 900 604800 86400")
GIVEN = Exchange("dev-api.example.internal A", "UDP", "NOERROR, flags QR RA", True, 8, (1, 3), (A,))
DENIED = Exchange("dev-api.example.internal A", "TCP", "NXDOMAIN, flags QR RA", True, 1, (2, 2), (SOA,))
SILENT = Exchange("dev-api.example.internal A", "UDP", "no answer within 2 s", False, 1, (2000, 2000))


def test_reads_like_dig() -> None:
    asked = (
        ServerExchanges("10.10.0.2", "should know the zone", (GIVEN, SILENT)),
        ServerExchanges("192.168.1.1", "", (DENIED,)),
    )
    assert queries.render(asked, Style())[:4] == [
        "Asked of 10.10.0.2 (should know the zone)",
        "  dev-api.example.internal A (UDP, 8 times, 1-3 ms): NOERROR, flags QR RA",
        "    dev-api.example.internal 7-10 A 10.10.211.50",
        "  dev-api.example.internal A (UDP, 2000 ms): no answer within 2 s",
    ]
    assert "    . 86400 SOA a.root-servers.net" in "\n".join(queries.render(asked, Style(width=60)))


def test_silence_stands_out() -> None:
    assert queries.render((ServerExchanges("10.10.0.2", "", (SILENT,)),), Style(colour=True))[1].startswith("\x1b[33m")


def test_hostile_text_is_harmless() -> None:
    evil = Exchange(EVIL, "UDP", EVIL, True, 1, (1, 1), (Record("answer", EVIL, "1", "TXT", EVIL),))
    shown = "\n".join(queries.render((ServerExchanges(EVIL, "", (evil,)),), Style()))
    assert not {"\x1b", "\x9b", "\u202e", "\x00", "\x07"} & set(shown)


def test_many_records_are_cut() -> None:
    many = Exchange("x A", "UDP", "NOERROR", True, 1, (1, 1), (A,) * 30)
    assert queries.render((ServerExchanges("10.10.0.2", "", (many,)),), Style())[-1] == "    and 6 more records"
