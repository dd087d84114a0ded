"""Causes in systemd-resolved, with one fact of their world replaced."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from sddoctor.case.case import Case
from sddoctor.case.dns import Answer
from sddoctor.case.host import Resolved, ResolvedLink, ScutilResolver
from sddoctor.case.reach import Connection
from sddoctor.case.seen import NotAttempted, Seen, Unreachable, UnseenFactError
from sddoctor.formats.host import resolv_conf
from tests.changed_cases import ADDRESS, EMPTY, SERVFAIL, Change, a, answers, denied_by, gets, host, said

ROUTER, RESOLVER, STUB = "192.168.1.1", "10.10.0.2", "127.0.0.53"
PASSED_BY, TLS, ORDER = "entry-not-in-force", "dns-over-tls-enforced", "nameserver-order"
DELEGATE = "resolver-file-wrong-nameserver"


def file(*servers: str, comment: str = "") -> Change:
    """resolv.conf has this comment and these servers."""
    text = f"# {comment}\n" + "".join(f"nameserver {s}\n" for s in servers)
    return host(resolv_conf=resolv_conf.parse(text.encode()))


def scopes(*links: ResolvedLink, **more: object) -> Change:
    """systemd-resolved has these scopes."""
    return host(resolved=Resolved(links=links, **more))  # type: ignore[arg-type]


def scope(*servers: str, current: str | None = None, delegate: str | None = None, tls: str = "-") -> ResolvedLink:
    """A scope with the namespace's domain: the global one, or a delegate."""
    return ResolvedLink(
        None, servers, ("~example.internal",), None, (), (f"{tls}DNSOverTLS",), current, delegate=delegate
    )


def connects(*, accepted: bool | None) -> Change:
    """A connection to port 853 of the VPC resolver was accepted, refused, or (``None``) never tried."""
    found = (Connection(RESOLVER, 853, Seen(accepted, "tcp")),) if accepted is not None else ()
    return lambda case: replace(case, places=(replace(case.place, connections=found), *case.places[1:]))


def unasked(server: str) -> Change:
    """Nobody queried the server."""

    def change(case: Case) -> Case:
        probes = tuple(p for p in case.place.dns.probes if p.server.address != server)
        return replace(case, places=(replace(case.place, dns=replace(case.place.dns, probes=probes)), *case.places[1:]))

    return change


def unvalidated(answer: Answer) -> Change:
    """The stub says this where it is told not to validate."""

    def change(case: Case) -> Case:
        first = next(p for p in case.place.dns.probes if p.server.address == STUB and p.type == "A" and p.plain)
        more = replace(first, dnssec=True, outcome=Seen(answer, "test"))
        dns = replace(case.place.dns, probes=(*case.place.dns.probes, more))
        return replace(case, places=(replace(case.place, dns=dns), *case.places[1:]))

    return change


NOT_NAMED: dict[str, tuple[str, str, tuple[Change, ...]]] = {
    "programs get the name": (PASSED_BY, PASSED_BY, (gets(ADDRESS),)),
    "the file has the right server behind the wrong one": (PASSED_BY, PASSED_BY, (file(ROUTER, RESOLVER),)),
    "the file has it in the fourth place": (PASSED_BY, PASSED_BY, (file(ROUTER, ROUTER, ROUTER, RESOLVER),)),
    "the local resolver fails": (PASSED_BY, PASSED_BY, (answers(SERVFAIL, of=STUB),)),
    "the local resolver has nothing": (PASSED_BY, PASSED_BY, (answers(EMPTY, of=STUB),)),
    "the server of the file has the zone": (PASSED_BY, PASSED_BY, (answers(denied_by("example.internal"), of=ROUTER),)),
    "the file names a VPN client's forwarder": (PASSED_BY, PASSED_BY, (file("100.100.100.100"),)),
    "systemd-resolved goes elsewhere too": (PASSED_BY, PASSED_BY, (scopes(scope(ROUTER)),)),
    "its right server is not the current one": (PASSED_BY, PASSED_BY, (scopes(scope(ROUTER, RESOLVER)),)),
    "the Mac has a resolver with the server": (PASSED_BY, "entry-not-in-force-macos", (host(scutil=(ScutilResolver("default", 1, nameservers=(RESOLVER,)),)),)),
    "TLS is answered": (TLS, TLS, (connects(accepted=True),)),
    "TLS is used where it is offered": (TLS, TLS, (scopes(scope(RESOLVER)),)),
    "programs get the name over TLS": (TLS, TLS, (gets(ADDRESS),)),
    "the forwarder answers": (TLS, TLS, (answers(a(ADDRESS), of=STUB),)),
    "the forwarder answers what is not validated": (TLS, TLS, (unvalidated(a(ADDRESS)),)),
    "the Mac asks nobody": (PASSED_BY, "entry-not-in-force-macos", (host(scutil=()),)),
    "TLS is demanded of another server": (TLS, TLS, (scopes(scope(ROUTER, tls="+")),)),
    "the right server is the current one": (ORDER, "nameserver-order-resolved", (scopes(scope(ROUTER, RESOLVER, current=RESOLVER)),)),
    "another scope has the right server": (ORDER, "nameserver-order-resolved", (scopes(scope(ROUTER, RESOLVER), scope(RESOLVER, delegate="vpc")),)),
    "the current one fails, and the next is queried": (ORDER, "nameserver-order-resolved", (answers(SERVFAIL, of=ROUTER),)),
    "another scope has the right server as well": (DELEGATE, "resolver-file-wrong-nameserver-delegate", (scopes(scope(ROUTER, delegate="vpc"), scope(RESOLVER)),)),
}  # fmt: skip


@pytest.mark.parametrize("why", NOT_NAMED)
def test_it_is_not_named_when(why: str) -> None:
    code, world, changes = NOT_NAMED[why]
    assert said(code, world) is not None
    assert said(code, world, *changes) is None


def test_a_list_of_systemd_resolved_has_no_end_after_three() -> None:
    long = scope(ROUTER, "192.168.1.2", "192.168.1.3", RESOLVER)
    assert said("nameserver-beyond-third", "nameserver-order-resolved", scopes(long)) is None
    assert said(ORDER, "nameserver-order-resolved", scopes(long)) is not None


def test_what_was_not_seen_to_answer_is_to_be_asked() -> None:
    found = said(PASSED_BY, PASSED_BY, unasked(STUB))
    assert found is not None
    assert found.would_tell == "resolvectl query dev-api.example.internal"
    found = said(PASSED_BY, "entry-not-in-force-dnsmasq", unasked("127.0.0.1"))
    assert found is not None
    assert found.would_tell == "dig @127.0.0.1 dev-api.example.internal A"


def test_a_status_that_was_not_read_as_a_whole_may_have_the_entry() -> None:
    hidden = Seen(Resolved(links=(ResolvedLink(None, (ROUTER,)),)), "resolvectl status", unread=("Tunnel vpc",))
    for code in (PASSED_BY, "split-dns-missing"):
        with pytest.raises(UnseenFactError):
            said(code, PASSED_BY, host(resolved=hidden))
    right = Seen(Resolved(links=(scope(RESOLVER),)), "resolvectl status", unread=("Tunnel vpc",))
    assert said(PASSED_BY, PASSED_BY, host(resolved=right)) is not None


@pytest.mark.parametrize(
    ("comment", "path"),
    [
        ("Generated by NetworkManager", "/etc/NetworkManager/conf.d/dns.conf"),
        ("This file was automatically generated by WSL.", "/etc/wsl.conf"),
        ("written by hand", None),
    ],
)
def test_who_wrote_the_file_is_told_to_leave_it(comment: str, path: str | None) -> None:
    found = said(PASSED_BY, PASSED_BY, file(ROUTER, comment=comment))
    assert found is not None
    assert found.fixes[0].commands == ("sudo ln -sf ../run/systemd/resolve/stub-resolv.conf /etc/resolv.conf",)
    assert [f.commands[0].rpartition(" tee -a ")[2] for f in found.fixes[1:]] == ([path] if path else [])


@pytest.mark.parametrize("accepted", [False, None])
def test_a_closed_port_proves_that_the_server_has_no_tls(*, accepted: bool | None) -> None:
    found = said(TLS, TLS, connects(accepted=accepted))
    assert found is not None
    assert found.would_tell == (None if accepted is False else "nc -vz -w 3 10.10.0.2 853")


def test_the_setting_is_changed_where_it_is_made() -> None:
    on_link, of_delegate = said(TLS, TLS), said(TLS, TLS, scopes(scope(RESOLVER, tls="+", delegate="vpc")))
    assert on_link is not None
    assert of_delegate is not None
    assert on_link.fixes[0].commands == ("sudo resolvectl dnsovertls tun0 no",)
    assert [f.file for f in of_delegate.fixes] == ["/etc/systemd/resolved.conf.d/dns-over-tls.conf"]


def test_a_server_is_corrected_in_the_scope_that_has_it() -> None:
    world = "resolver-file-wrong-nameserver-delegate"
    tunnel = ResolvedLink("wg7", (ROUTER,), ("~example.internal",), False, ("DNS",))
    found = said(DELEGATE, world, scopes(tunnel))
    assert found is not None
    assert [f.commands for f in found.fixes] == [("sudo resolvectl dns wg7 10.10.0.2",)]
    found = said(DELEGATE, world, scopes(replace(scope(ROUTER, delegate="../x"), default_route=True)))
    assert found is not None
    assert [f.file for f in found.fixes] == ["/etc/systemd/dns-delegate.d/example.internal.dns-delegate"]
    found = said(DELEGATE, world, scopes(replace(scope(ROUTER, delegate="office"), default_route=True)))
    assert found is not None
    assert found.fixes[0].content == "[Delegate]\nDNS=10.10.0.2\nDomains=~example.internal\nDefaultRoute=yes\n"
    found = said(DELEGATE, world, scopes(scope(ROUTER), has_delegates=True))
    assert found is not None
    assert [f.file or f.config for f in found.fixes] == [
        "/etc/systemd/dns-delegate.d/example.internal.dns-delegate",
        "[Resolve]\nDNS=10.10.0.2\nDomains=~example.internal\n",
    ]


def test_nothing_of_it_is_decided_where_the_status_was_not_seen() -> None:
    gap = NotAttempted("resolvectl status", "it was not recorded")
    silent = Unreachable("resolvectl status", "its output is not understood", "the output")
    for code, unseen in ((TLS, gap), (DELEGATE, silent)):
        world = TLS if code == TLS else "resolver-file-wrong-nameserver-delegate"
        with pytest.raises(UnseenFactError):
            said(code, world, host(resolved=unseen))
