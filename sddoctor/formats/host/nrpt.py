"""The Name Resolution Policy Table of Windows: ``Get-DnsClientNrptRule`` and ``Get-DnsClientNrptPolicy -Effective``.

The first has the rules of this host, the second what is in force, one object for each namespace. Rules of a Group Policy
are in the second only, and while there is one, even an empty one, local rules are off.
https://learn.microsoft.com/en-us/powershell/module/dnsclient/get-dnsclientnrptrule
https://github.com/netbirdio/docs/pull/862
"""

from __future__ import annotations

import contextlib

from msgspec import structs

from sddoctor.case.host import NrptRule
from sddoctor.case.name import BadNameError, fold_name, parse_name
from sddoctor.case.seen import Absent, Fact, NotAttempted, Seen
from sddoctor.formats.host import powershell
from sddoctor.formats.host.addresses import read_full_address
from sddoctor.formats.host.names import covers, labels

RULES_COMMAND = "Get-DnsClientNrptRule"
POLICY_COMMAND = "Get-DnsClientNrptPolicy -Effective"

_SERVERS = ("NameServers", "DirectAccessDnsServers")
_DNSSEC = ("DnsSecEnabled", "DnsSecValidationRequired")
#: How what was not read begins where it is only whether a rule demands DNSSEC.
OF_DNSSEC = "DnsSecValidationRequired"


def parse(text: str, source: str = RULES_COMMAND) -> Fact[tuple[NrptRule, ...]]:
    """Read the rules of either command."""
    wanted = powershell.Wanted(source, ("Namespace",), (), (*_DNSSEC, "DirectAccessEnabled"), ("Namespace", *_SERVERS))
    found = powershell.objects(wanted, text)
    if not isinstance(found, Seen):
        return found
    rules, unread = [], list(found.unread)
    for record in found.value:
        namespaces = tuple(map(one_notation, powershell.words(record, "Namespace")))
        written = powershell.words(record, *_SERVERS)
        servers = tuple(a for a in map(read_full_address, written) if a)
        if "NameServers" not in record or len(servers) < len(written):
            unread.append(f"the servers of the rule for {', '.join(namespaces)}")
        elif namespaces:
            if not written and "DirectAccessEnabled" in record and _SERVERS[1] not in record:
                unread.append(f"{_SERVERS[1]} of the rule for {', '.join(namespaces)}")
            cut, demands = record.get(powershell.CUT) == ("Namespace",), _demands_dnssec(record)
            unread += [] if demands is not None else [f"{OF_DNSSEC} of the rule for {', '.join(namespaces)}"]
            rules.append(NrptRule(namespaces, servers, demands, source, cut=cut))
    return Seen(tuple(rules), source, None, tuple(unread))


def one_notation(namespace: str) -> str:
    """Return a namespace in lower case and in ASCII form, without a final dot.

    The dot in front stays: it means *and everything below*.
    """
    if namespace == ".":
        return namespace
    dot, name = namespace[:1] == ".", namespace.removeprefix(".")
    if not name.isascii():
        with contextlib.suppress(BadNameError):
            name = parse_name(name)
    return fold_name(f"{'.' if dot else ''}{name}")


def _demands_dnssec(record: powershell.Record) -> bool | None:
    """Return whether answers must be validated, ``None`` where the property is not shown."""
    enabled, required = (powershell.first(record, p).lower() for p in _DNSSEC)
    if enabled == "false":
        return False
    return required == "true" if "DnsSecValidationRequired" in record else None


def together(
    configured: Fact[tuple[NrptRule, ...]], effective: Fact[tuple[NrptRule, ...]]
) -> Fact[tuple[NrptRule, ...]]:
    """Return the rules of this host and of the effective policy, each with whether it is in force, if that was seen.

    What is in force was seen whole where the effective policy was; where that command was not recorded, local rules count.
    """
    local = configured.value if isinstance(configured, Seen) else ()
    if isinstance(effective, Seen):
        rules = in_force(local, effective.value, whole=not effective.unread)
        source = RULES_COMMAND if isinstance(configured, Seen) else POLICY_COMMAND
        return Seen(rules, source, None, effective.unread)
    if not isinstance(configured, Seen) or isinstance(effective, NotAttempted):
        return configured
    why = effective.what if isinstance(effective, Absent) else effective.gap().why
    return structs.replace(configured, unread=(*configured.unread, f"{POLICY_COMMAND}: {why}"))


def in_force(
    rules: tuple[NrptRule, ...], effective: tuple[NrptRule, ...], *, whole: bool = True
) -> tuple[NrptRule, ...]:
    """Mark the configured rules that are in the effective policy, and add its other rules (Group Policy).

    A rule that a policy does not have is off, if the policy is ``whole``.
    """
    marked: list[NrptRule] = []
    used: set[int] = set()
    for rule in rules:
        same = [n for n, policy in enumerate(effective) if _overlap(rule, policy)]
        used.update(same)
        validated = next((d for n in same if (d := effective[n].dnssec_required) is not None), rule.dnssec_required)
        acts = True if same else False if whole else None
        marked.append(structs.replace(rule, dnssec_required=validated, in_force=acts))
    added = (policy for number, policy in enumerate(effective) if number not in used)
    return (*marked, *(structs.replace(policy, in_force=True) for policy in added))


def _overlap(rule: NrptRule, policy: NrptRule) -> bool:
    return not {*rule.namespaces}.isdisjoint(policy.namespaces) and {*rule.servers} == {*policy.servers}


def matches(namespace: str, name: str) -> bool:
    """Tell whether a namespace covers the name.

    With a leading dot it is a whole domain, ``.`` everything; without any dot a first label, else that name only.
    https://learn.microsoft.com/en-us/previous-versions/windows/it-pro/windows-server-2012-R2-and-2012/dn593632(v=ws.11)
    """
    if namespace.startswith("."):
        return covers(namespace[1:], name)
    namespace, name = fold_name(namespace), fold_name(name)
    return namespace == (name if "." in namespace else name.partition(".")[0])


def weight(namespace: str) -> tuple[int, int]:
    """Return by what the most specific of several namespaces that cover a name is found: a name, a first label, a domain."""
    if namespace.startswith("."):
        return 0, labels(namespace[1:])
    return (2, labels(namespace)) if "." in fold_name(namespace) else (1, 1)
