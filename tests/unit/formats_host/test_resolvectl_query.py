"""``resolvectl query``: addresses stand alone or behind the name, and what else is there is not understood."""

from sddoctor.formats.host.resolvectl_query import parse_query

TEXT = """api.example.internal: 10.10.211.50                          -- link: tun0
                      ::ffff:10.10.212.150                  -- link: tun0
                      (target.example.internal)

-- Information acquired via protocol DNS in 1.7ms.
-- Data is authenticated: no; Data was acquired via local or encrypted transport: no
-- Data from: network
"""


def test_all_of_it_is_read() -> None:
    found = parse_query(TEXT)
    assert (found.state, found.addresses) == ("ok", ("10.10.211.50", "10.10.212.150"))
    assert (found.link, found.source, found.unread) == ("tun0", "network", ())


def test_what_is_not_known_is_no_address() -> None:
    found = parse_query(TEXT + "  Frobs : 192.0.2.99\n                      10.10.213....\n")
    assert found.addresses == ("10.10.211.50", "10.10.212.150")
    assert len(found.unread) == 2
