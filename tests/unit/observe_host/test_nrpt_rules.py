"""Rules of the NRPT as PowerShell 5 and 7 print them: lists, tables, JSON, and what is cut of them."""

from __future__ import annotations

from typing import Any

import pytest

from sddoctor.case.host import NrptRule
from sddoctor.case.seen import Seen, Unreachable
from sddoctor.formats.host import nrpt

#: One rule for two domains, in every shape.
A_LIST = """

Name                             : {6D1C2F0A-7B0E-4D55-9A54-0A1B2C3D4E5F}
Version                          : 2
Namespace                        : {.Fin.Internal, .corp.example.}
DirectAccessDnsServers           :
NameServers                      : {10.64.0.2, 10.64.0.3}
DnsSecEnabled                    : False
DnsSecValidationRequired         :
Comment                          : for the finance VPN...
"""
WRAPPED = A_LIST.replace(
    "{.Fin.Internal, .corp.example.}", "{.Fin.Internal,\n                                   .corp.example.}"
)
A_TABLE = """
Namespace                     NameServers            DnsSecValidationRequired
---------                     -----------            ------------------------
{.fin.internal, .corp.example} {10.64.0.2, 10.64.0.3} False
"""
JSON_OF_5 = """{
    "Namespace":  [
                      ".fin.internal",
                      ".corp.example"
                  ],
    "NameServers":  {"value":  ["10.64.0.2", "10.64.0.3"], "Count":  2},
    "DnsSecEnabled":  false,
    "DnsSecValidationRequired":  null,
    "PSComputerName":  null
}
"""
JSON_OF_7 = (
    '[{"Namespace":[".fin.internal",".corp.example"],"NameServers":[{"Address":33570826,"IPAddressToString":"10.64.0.2"},'
    '{"Address":50348042,"IPAddressToString":"10.64.0.3"}],"DnsSecEnabled":false,"DnsSecValidationRequired":"",'
    '"CimClass":"System.Object"}]'
)
FLAT_JSON = (
    '{"Namespace":".fin.internal .corp.example","NameServers":"10.64.0.2 10.64.0.3","DnsSecValidationRequired":false}'
)
RULE = NrptRule((".fin.internal", ".corp.example"), ("10.64.0.2", "10.64.0.3"), False)


@pytest.mark.parametrize(
    "text",
    [A_LIST, WRAPPED, JSON_OF_5, f"\ufeff{JSON_OF_5}", JSON_OF_7, f"[{FLAT_JSON}]", FLAT_JSON, A_LIST.replace("\n", "\r\n"), f"PS C:\\> Get-DnsClientNrptRule\n{A_LIST}"],
)  # fmt: skip
def test_a_rule_in_every_shape(text: str) -> None:
    found = nrpt.parse(text)
    assert found == Seen((RULE,), nrpt.RULES_COMMAND)


def test_a_table_whose_values_leave_their_column_is_not_understood() -> None:
    assert isinstance(nrpt.parse(A_TABLE), Unreachable)
    wide = A_TABLE.replace("Namespace     ", "Namespace      ", 1).replace("---------   ", "---------    ", 1)
    assert nrpt.parse(wide) == Seen((RULE,), nrpt.RULES_COMMAND)


@pytest.mark.parametrize("text", ["", "\n\r\n", "[]", "null", "\ufeff", "Namespace\n---------\n"])
def test_no_output_is_no_rule(text: str) -> None:
    assert nrpt.parse(text) == Seen((), nrpt.RULES_COMMAND)


@pytest.mark.parametrize(
    ("namespace", "kept"),
    [
        (
            "{.a.example, .b.example, .c.example, .d.example...}",
            (".a.example", ".b.example", ".c.example", ".d.example"),
        ),
        ("{.a.example, .b.example, .c.example, .d.example…}", (".a.example", ".b.example", ".c.example", ".d.example")),
        ("{.a.example, .b.exa...", (".a.example",)),
        ("{.a.example, .b.exa…", (".a.example",)),
        ("{.a.example, .b.example", (".a.example",)),
    ],
)
def test_a_list_that_is_cut_is_a_gap(namespace: str, kept: tuple[str, ...]) -> None:
    found = nrpt.parse(f"Namespace   : {namespace}\nNameServers : 10.64.0.2\nDnsSecEnabled : False\n")
    assert isinstance(found, Seen)
    assert [r.namespaces for r in found.value] == [kept]
    assert found.unread == (f"Namespace {namespace} is cut, which | ConvertTo-Json does not",)


@pytest.mark.parametrize(
    "text",
    [
        JSON_OF_5[:120],
        "Get-DnsClientNrptRule : The term 'Get-DnsClientNrptRule' is not recognized as the name of a cmdlet\n",
        "Get-DnsClientNrptRule: Zugriff verweigert\n",
        "WARNUNG: Der Dienst antwortet nicht.\n",
        '{"Name": "x"}',
        "[1, 2]",
        "Name : x\n",
        "NameServers : 10.0.0.1\n",
        '[{"Namespace": "System.Object[]", "NameServers": "System.Object[]"}]',
    ],
)
def test_what_says_nothing_of_a_rule_is_a_gap(text: str) -> None:
    found = nrpt.parse(text)
    assert not isinstance(found, Seen) or (found.value == () and found.unread)


def test_json_that_is_cut_keeps_its_whole_objects() -> None:
    found = nrpt.parse(f'[{FLAT_JSON},{{"Namespace":[".x.exa')
    assert isinstance(found, Seen)
    assert (found.value, found.unread) == ((RULE,), ("its JSON is cut",))


@pytest.mark.parametrize("depth", [200, 700, 950, 100_000])
def test_json_that_is_nested_too_deeply_is_a_gap(depth: int) -> None:
    deep = f"{'[' * depth}1{']' * depth}"
    for text in (
        "[" * depth,
        deep,
        f"[{deep}]",
        f'{{"Namespace":{deep}}}',
        '{"Namespace":' * depth,
        f"[{FLAT_JSON},{deep}]",
    ):
        found = nrpt.parse(text)
        assert isinstance(found, Unreachable) or (found.value in ((), (RULE,)) and found.unread)


def test_lists_that_are_not_closed_are_looked_into() -> None:
    for text in (f"[[[{FLAT_JSON}", f"[{FLAT_JSON}", f"[{FLAT_JSON},[[["):
        assert nrpt.parse(text) == Seen((RULE,), nrpt.RULES_COMMAND, unread=("its JSON is cut",))


@pytest.mark.parametrize(
    ("text", "why", "needs"),
    [
        (
            "Get-X : Die Benennung ...\n    + FullyQualifiedErrorId : CommandNotFoundException\n",
            "this Windows has no such command",
            "on a complete Windows",
        ),
        ("Get-X : Accès refusé\n    + CategoryInfo : PermissionDenied: (MSFT)\n", "access is denied", "administrator"),
        ("Get-X : Windows System Error 5\n", "access is denied", "administrator"),
        ("Quelque chose\n", "its output is not understood: 'Quelque chose'", "unchanged output"),
    ],
)
def test_errors_are_told_apart(text: str, why: str, needs: str) -> None:
    found = nrpt.parse(text)
    assert isinstance(found, Unreachable)
    assert found.why == why
    assert needs in found.needs


def test_servers_of_directaccess_that_are_not_shown_are_a_gap() -> None:
    shown = "Namespace : .a.example\nNameServers :\nDirectAccessEnabled : True\n"
    found = nrpt.parse(shown)
    assert isinstance(found, Seen)
    assert found.unread == (
        "DirectAccessDnsServers of the rule for .a.example",
        "DnsSecValidationRequired of the rule for .a.example",
    )
    (rule,) = nrpt.parse(f"{shown}DirectAccessDnsServers : 10.0.0.1\n").value
    assert rule.servers == ("10.0.0.1",)


def test_a_list_that_ends_within_a_line_may_go_on() -> None:
    whole = "Namespace : .a.example\nNameServers : 10.0.0.1\nDnsSecEnabled : False\nName"
    found = nrpt.parse(whole.removesuffix("\nName"))
    assert isinstance(found, Seen)
    assert (len(found.value), found.unread) == (1, ("it ends within a line",))
    assert nrpt.parse(whole.removesuffix("Name")).unread == ()
    assert nrpt.parse(f"{whole.removesuffix('Name')}\nPS C:\\>").unread == ()
    assert nrpt.parse(FLAT_JSON).unread == ()


def test_a_table_goes_on_below_its_last_column() -> None:
    table = "Namespace   NameServers\n---------   -----------\n.a.example  {10.0.0.1,\n             10.0.0.2}\n.b.example  10.0.0.3\n"
    found = nrpt.parse(table)
    assert [r.servers for r in found.value] == [("10.0.0.1", "10.0.0.2"), ("10.0.0.3",)]
    apart = nrpt.parse(table.replace("1,\n", "1,\n\n"))
    assert isinstance(apart, Seen)
    assert "10.0.0.2}" in apart.unread


@pytest.mark.parametrize(
    ("shown", "read"),
    [
        (".Bücher.internal", ".xn--bcher-kva.internal"),
        (".ex ample.ü", ".ex"),
        (".", "."),
        ("Name.Example.", "name.example"),
    ],
)
def test_namespaces_are_read_in_one_notation(shown: str, read: str) -> None:
    assert nrpt.parse(f"Namespace : {shown}\nNameServers : 10.0.0.1\n").value[0].namespaces[0] == read


def test_a_rule_without_its_servers_is_a_gap_and_one_that_has_none_is_not() -> None:
    left_out = nrpt.parse("Namespace\n---------\n.a.example\n")
    assert isinstance(left_out, Seen)
    assert (left_out.value, left_out.unread) == ((), ("the servers of the rule for .a.example",))
    assert nrpt.parse("Namespace : .a.example\nNameServers :\n").value[0].servers == ()
    assert nrpt.parse("Namespace : .a.example\nNameServers : dns.example\n").value == ()


@pytest.mark.parametrize(
    ("shown", "demands"),
    [
        ("DnsSecValidationRequired : True\n", True),
        ("DnsSecEnabled : True\nDnsSecValidationRequired : True\n", True),
        ("DnsSecEnabled : False\nDnsSecValidationRequired : True\n", False),
        ("DnsSecEnabled : True\nDnsSecValidationRequired :\n", False),
        ("DnsSecEnabled : False\n", False),
        ("DnsSecEnabled : True\n", None),
        ("", None),
    ],
)
def test_whether_a_rule_demands_dnssec(shown: str, demands: bool | None) -> None:
    (rule,) = nrpt.parse(f"Namespace : .a.example\nNameServers : 10.0.0.1\n{shown}").value
    assert rule.dnssec_required is demands


def of_policy(*rules: NrptRule, unread: tuple[str, ...] = ()) -> Seen[tuple[NrptRule, ...]]:
    return Seen(rules, nrpt.POLICY_COMMAND, None, unread)


CUT = Seen((NrptRule((".a.example",), ("10.0.0.1",)),), nrpt.RULES_COMMAND, None, ("Namespace {.a.example... is cut",))
IN_POLICY = NrptRule((".a.example",), ("10.0.0.1",), True, nrpt.POLICY_COMMAND)
HIDDEN = NrptRule((".b.example",), ("10.0.0.1",), False, nrpt.POLICY_COMMAND)


def test_the_effective_policy_says_what_a_rule_that_is_cut_does_not_show() -> None:
    found = nrpt.together(CUT, of_policy(IN_POLICY, HIDDEN))
    assert isinstance(found, Seen)
    assert [(r.namespaces, r.in_force, r.dnssec_required) for r in found.whole] == [
        ((".a.example",), True, True),
        ((".b.example",), True, False),
    ]


def test_a_policy_that_was_not_read_whole_switches_nothing_off() -> None:
    found = nrpt.together(CUT, of_policy(HIDDEN, unread=("its JSON is cut",)))
    assert isinstance(found, Seen)
    assert [r.in_force for r in found.value] == [None, True]
    assert found.unread == ("its JSON is cut",)


def test_a_policy_that_fails_leaves_open_what_is_in_force() -> None:
    local: Any = Seen((IN_POLICY,), nrpt.RULES_COMMAND)
    found = nrpt.together(local, Unreachable(nrpt.POLICY_COMMAND, "access is denied", "PowerShell as administrator"))
    assert isinstance(found, Seen)
    assert (found.value, len(found.unread)) == ((IN_POLICY,), 1)
    assert "access is denied" in found.unread[0]


@pytest.mark.parametrize(
    ("namespace", "name", "covers"),
    [
        (".example.internal", "a.example.internal", True),
        ("example.internal", "a.example.internal", False),
        ("a.example.internal", "A.example.internal.", True),
        (".", "a.example.internal", True),
        ("a", "a.example.internal", True),
        ("example", "a.example.internal", False),
        (".ample.internal", "a.example.internal", False),
    ],
)
def test_which_names_a_namespace_covers(namespace: str, name: str, covers: bool) -> None:
    assert nrpt.matches(namespace, name) is covers


def test_the_most_specific_namespace() -> None:
    found = sorted([".", ".internal", "a", "a.example.internal", ".example.internal"], key=nrpt.weight)
    assert found == [".", ".internal", ".example.internal", "a", "a.example.internal"]


def test_colours_of_version_7_are_no_text() -> None:
    text = "\x1b[32;1mNamespace   : \x1b[0m{.a.example}\n\x1b[32;1mNameServers : \x1b[0m10.0.0.1\n"
    assert nrpt.parse(text).value == (NrptRule((".a.example",), ("10.0.0.1",), None),)
