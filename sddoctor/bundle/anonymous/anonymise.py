"""Replaces the names, ids, accounts and addresses in cases, and preserves the relations between them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network, ip_network

from msgspec import Struct

from sddoctor.bundle.anonymous import addresses
from sddoctor.bundle.anonymous.addresses import Addresses, Network
from sddoctor.bundle.anonymous.fields import kind_of
from sddoctor.bundle.anonymous.ids import Ids
from sddoctor.bundle.anonymous.pseudonyms import Words
from sddoctor.bundle.anonymous.texts import Texts, tokens
from sddoctor.bundle.anonymous.vocabulary import ANY_LABELS, LAST_LABELS, ORDINARY
from sddoctor.bundle.rewrite import texts
from sddoctor.case.case import Case
from sddoctor.case.cloudmap import Attribute
from sddoctor.case.dns64 import prefixes
from sddoctor.case.host import InterfaceAddress

_RANGE = re.compile(r"[0-9A-Fa-f.:]+/\d{1,3}")
#: Attributes of instances whose values are names; the others are addresses, ports, states.
#: https://docs.aws.amazon.com/cloud-map/latest/api/API_RegisterInstance.html
_NAMED = ("ECS_SERVICE_NAME", "ECS_CLUSTER_NAME", "ECS_TASK_DEFINITION_FAMILY", "ECS_TASK_SET_EXTERNAL_ID")
_UNNAMED = ("AWS_INIT_HEALTH_STATUS", "AVAILABILITY_ZONE", "REGION", "AWS_INSTANCE_PORT")


class Anonymised(Struct, frozen=True):
    """The new cases, and the originals that must not occur in them."""

    cases: tuple[Case, ...]
    gone: frozenset[str]


def anonymise(cases: Sequence[Case], key: bytes) -> Anonymised:
    """Replace everything identifying in the cases, consistently across them. Pure.

    The key must be discarded afterwards: with it, guesses can be verified.
    """
    networks = {n for case in cases for n in _networks(case)}
    known = frozenset(n for case in cases for n in _compound_names(case))
    translating = {n for case in cases for place in case.places for n in prefixes(place)}
    ids, mapping = Ids(key), Addresses(key, networks, translating)
    collector = _Collector()
    collecting = Texts(collector, ids, mapping, known)
    for case in cases:
        _rewritten(case, collecting)
    replacing = Texts(Words(key, collector.words), ids, mapping, known)
    new = tuple(_rewritten(case, replacing) for case in cases)
    return Anonymised(new, frozenset(replacing.seen))


def leaks(result: Anonymised) -> frozenset[str]:
    """Return the originals that still occur, as a word, an address or an id of their own.

    Ordinary words are no leak, nor are words of two letters, which occur in regions and elsewhere.
    """
    remaining: set[str] = set()

    def visit(owner: Struct, field: str, text: str) -> str:
        if kind_of(type(owner).__name__, field) != "keep":
            remaining.update(tokens(text))
        return text

    for case in result.cases:
        texts(case, visit)
    harmless = ORDINARY | LAST_LABELS | ANY_LABELS
    return frozenset(g for g in result.gone & remaining if g not in harmless and (len(g) > 2 or not g.isalpha()))


class _Collector(Words):
    """Records the words that are to be replaced, and replaces none."""

    def __init__(self) -> None:
        self.words: dict[str, None] = {}

    def pseudonym(self, word: str) -> str:
        """Record a word."""
        self.words[word.lower()] = None
        return word


def _rewritten(case: Case, replacer: Texts) -> Case:
    replaced: dict[tuple[str, str], str] = {}
    how = {"name": replacer.name, "domain": replacer.domain, "text": replacer.text}

    def change(owner: Struct, field: str, text: str) -> str:
        if isinstance(owner, Attribute) and field == "value":
            return (
                replacer.name(text) if owner.key in _NAMED else text if owner.key in _UNNAMED else replacer.text(text)
            )
        kind = kind_of(type(owner).__name__, field)
        if kind == "keep" or not text:
            return text
        if kind == "group":
            head, colon, name = text.partition(":")
            return head + colon + replacer.name(name) if colon else replacer.name(text)
        if (kind, text) not in replaced:
            replaced[kind, text] = how[kind](text)
        return replaced[kind, text]

    return texts(case, change)


def _compound_names(case: Case) -> frozenset[str]:
    """Return names of several words: in free text they are replaced too, even if each word is ordinary."""
    found: set[str] = set()

    def visit(owner: Struct, field: str, text: str) -> str:
        if kind_of(type(owner).__name__, field) in ("name", "domain") and re.search(r"\w[-._]\w", text):
            found.add(text.lower())
        return text

    texts(case, visit)
    return frozenset(found)


def _networks(case: Case) -> set[Network]:
    """Return every address range in the case."""
    found: set[Network] = set()

    def visit(owner: Struct, field: str, text: str) -> str:
        if isinstance(owner, InterfaceAddress) and field == "address" and 0 <= owner.prefix <= 128:
            try:
                found.add(ip_network(f"{text.partition('%')[0]}/{owner.prefix}", strict=False))
            except ValueError:
                return text
        for part in _RANGE.findall(text):
            network = addresses.read(part)
            if isinstance(network, (IPv4Network, IPv6Network)):
                found.add(network)
        return text

    texts(case, visit)
    return found
