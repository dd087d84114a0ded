"""What DNS Firewall does with a name: which rule decides, and which may decide before it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct

from sddoctor.case.name import fold_name, is_below
from sddoctor.case.seen import Seen
from sddoctor.case.status import acts
from sddoctor.case.vpc import FirewallRule

#: Types that names are queried for, as a rule may have them by number.
_NUMBERS = {"TYPE1": "A", "TYPE28": "AAAA", "TYPE33": "SRV"}
#: Actions that let a question pass; what they match no later rule sees.
_PASSING = ("ALLOW", "ALERT")


class Decision(Struct, frozen=True):
    """The first rule that is seen to match a question, and those before it of which nobody sees what they match.

    These are lists that may not be read, those that AWS manages, rules that have none (DNS Firewall Advanced), and rules whose
    status does not show whether they act. ``name`` is what was matched: the name itself, or one that it is an alias of.
    """

    rule: FirewallRule | None
    unread: tuple[FirewallRule, ...] = ()
    name: str = ""

    @property
    def may_block(self) -> FirewallRule | None:
        """The rule that blocks the question, or may: the one that matches, else the first that is unread.

        An action of an unknown kind may keep the name back as well.
        """
        if self.rule is not None and self.rule.action not in _PASSING:
            return self.rule
        return next((r for r in self.unread if r.action not in _PASSING), None)

    @property
    def blocks(self) -> bool:
        """Whether the question is blocked for certain: by the rule that matches, with none before it that may let it pass."""
        blocked = self.rule is not None and self.rule.action == "BLOCK"
        return blocked and all(r.action == "BLOCK" for r in self.unread)


def decide(rules: Iterable[FirewallRule], name: str, rdtype: str) -> Decision:
    """Find the rule that decides; the first that matches does, by the priority of its group, then its own.

    https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-dns-firewall-rule-settings.html
    """
    unread: list[FirewallRule] = []
    for rule in in_order(rules):
        matches = _matches(rule, name, rdtype)
        if matches and acts(rule.status):
            return Decision(rule, tuple(unread), name)
        if matches is not False:
            unread.append(rule)
    return Decision(None, tuple(unread), name)


def decide_chain(rules: Iterable[FirewallRule], names: Sequence[str], rdtype: str) -> Decision:
    """Find the rule that decides about a name and the names that CNAME records lead it to, in their order.

    Each of them is inspected, unless the rule that lets the first one pass trusts what it leads to. Rules that trust look
    at the first name only. https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-dns-firewall-rule-settings.html
    """
    rules = tuple(rules)
    first = decide(rules, names[0], rdtype)
    if first.may_block is not None or (first.rule is not None and first.rule.trusts_redirection):
        return first
    inspecting = [r for r in rules if not r.trusts_redirection]
    doubtful = tuple(r for r in first.unread if r.trusts_redirection)
    for name in names[1:]:
        found = decide(inspecting, name, rdtype)
        if found.may_block is not None:
            return Decision(found.rule, doubtful + found.unread, name)
    return first


def _matches(rule: FirewallRule, name: str, rdtype: str) -> bool | None:
    """Tell whether the rule is about the question; ``None`` where its list was not seen."""
    if acts(rule.status) is False or _NUMBERS.get(rule.qtype or "", rule.qtype) not in (None, rdtype):
        return False
    if not isinstance(rule.domains, Seen):
        return None
    return matching(rule, name) is not None


def in_order(rules: Iterable[FirewallRule]) -> list[FirewallRule]:
    """Return rules in the order in which they are tried."""
    return sorted(rules, key=lambda r: (r.group_priority, r.group_id, r.priority))


def matching(rule: FirewallRule, name: str) -> str | None:
    """Return the listed domain that matches: ``*.example.com`` is all below it, without a star the name alone.

    https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-dns-firewall-user-managed-domain-lists.html
    """
    return next((d for d in rule.domains.seen_or(()) if _covers(fold_name(d), name)), None)


def _covers(domain: str, name: str) -> bool:
    if domain.startswith("*"):
        parent = domain[1:].lstrip(".")
        return name != parent and is_below(name, parent)
    return name == domain
