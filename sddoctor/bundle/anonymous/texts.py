"""Replaces everything identifying in texts: names, domains, and free text."""

from __future__ import annotations

import re
from collections.abc import Callable
from ipaddress import IPv4Address, IPv4Network, IPv6Network, ip_address

from sddoctor.bundle.anonymous import addresses
from sddoctor.bundle.anonymous.addresses import Addresses
from sddoctor.bundle.anonymous.ids import Ids
from sddoctor.bundle.anonymous.pseudonyms import Words
from sddoctor.bundle.anonymous.vocabulary import ANY_LABELS, LAST_LABELS, ORDINARY

#: Domains of AWS and registries with names of their customers' resources: the labels in front may identify somebody.
_SHARED = re.compile(
    r"(?:^|\.)(?:amazonaws\.com(?:\.cn)?|api\.aws|(?:public\.)?ecr\.aws|(?:ec2|compute)\.internal|gcr\.io|docker\.io|quay\.io|ghcr\.io)$"
)
#: Domains of AWS's and the internet's own name servers, the public name that is queried for comparison, those of RFC 9462 and
#: RFC 7050.
_PUBLIC = re.compile(
    r"(?:^|\.)(?:amazon\.com|awsdns-\d+\.[a-z.]+|root-servers\.net|verisign-grs\.com|one\.one\.one\.one|_dns\.resolver\.arpa|ipv4only\.arpa)$"
)
#: What every Kubernetes cluster calls its API server, and its own domain unless somebody chose another.
#: https://github.com/kubernetes/dns/blob/master/docs/specification.md
_CLUSTER_HEAD = re.compile(r"kubernetes\.default\.svc\.")
_CLUSTER_DOMAIN = re.compile(r"(?:^|\.)cluster\.local$")
_REGION = re.compile(r"[a-z]{2}(?:-[a-z]+){1,2}-\d")
_DASHED = re.compile(r"(?<!\d)(\d{1,3})-(\d{1,3})-(\d{1,3})-(\d{1,3})(?!\d)")
_ID_PREFIXES = (
    r"vpc|subnet|eni|sg|sgr|dopt|rtb|acl|i|eipalloc|vpce|tgw|tgw-attach|pcx|nat|igw|rp|rpassoc|op|cvpn-endpoint|vgw"
    r"|rslvr-[a-z]+|ns|srv|ami|vol|lt|asg|fs|d"
)
_TOKEN = re.compile(
    "|".join(
        f"(?P<{name}>{pattern})"
        for name, pattern in {
            "null": r"/dev/null\b",
            "arn": r"\barn:aws[a-z-]*:[a-z0-9-]*:[a-z0-9-]*:[0-9]*:[\w./:@+=,#*-]*[\w*]",
            "action": r"\b[a-z][a-z0-9-]+:(?:[A-Z][a-z0-9]+){2,}\b",
            "uuid": r"\b[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\b",
            "four": r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?:/\d{1,2})?(?!\w|\.\w)",
            "six": r"(?<![\w:.])(?:[0-9A-Fa-f]{1,4}:|:)(?:[0-9A-Fa-f]{0,4}:){1,7}(?:[0-9A-Fa-f]{1,4}|\d{1,3}(?:\.\d{1,3}){3})?(?:/\d{1,3})?(?![\w:])",
            "deployment": r"\becs-svc/\w+",
            "word": r"\w+(?:[.-]+\w+)*",
        }.items()
    )
)
_ID = re.compile(
    rf"(?:{_ID_PREFIXES})-(?=[a-z-]*\d|[0-9a-z]{{12}})[0-9a-z]+|Z(?=[A-Z]*\d)[0-9A-Z]{{8,31}}|(?=[a-f]*\d)[0-9a-f]{{16,64}}"
)
_RUNS = re.compile(r"[^\W\d_]+|\d+")
_HUMPS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
#: What follows the fifth colon of an ARN begins with the kind of resource.
_KINDS = frozenset(
    ("cluster", "service", "task", "task-definition", "task-set", "container-instance", "attachment", "namespace")
) | frozenset(
    (
        "hostedzone",
        "user",
        "role",
        "group",
        "assumed-role",
        "federated-user",
        "root",
        "vpc",
        "subnet",
        "network-interface",
    )
)


class Texts:
    """Replaces by pseudonyms of words, ids and addresses, each the same wherever it occurs."""

    def __init__(self, words: Words, ids: Ids, mapping: Addresses, known: frozenset[str] = frozenset()) -> None:
        self._words, self._ids, self._addresses = words, ids, mapping
        self._known = known
        self.seen: set[str] = set()

    def name(self, text: str) -> str:
        """Replace a name that the user chose, with every word in it."""
        return _TOKEN.sub(lambda m: self._replacement(m, self._name_token), text)

    def domain(self, text: str) -> str:
        """Replace every label of a domain but the last, and those of AWS's own domains."""
        return _TOKEN.sub(lambda m: self._replacement(m, self._domain_token), text)

    def text(self, text: str) -> str:
        """Replace the words in free text that are not ordinary."""
        return _TOKEN.sub(lambda m: self._replacement(m, self._text_token), text)

    def _replacement(self, match: re.Match[str], word: Callable[[str], str]) -> str:
        kind, text = match.lastgroup, match[0]
        if kind in ("null", "action"):
            return text
        if kind == "arn":
            return self._arn(text)
        if kind == "uuid":
            return self._note(text, self._ids.id(text))
        if kind in ("four", "six"):
            return self._address(text)
        if kind == "deployment":
            return "ecs-svc/" + self._name_token(text.removeprefix("ecs-svc/"))
        return word(text)

    def _note(self, original: str, made: str) -> str:
        """Record the original if it was replaced."""
        if original != made:
            self.seen.add(original)
        return made

    def _address(self, text: str) -> str:
        read = addresses.read(text)
        if read is None:
            head, slash, length = text.partition("/")
            inner = addresses.read(head)
            return self._address(head) + slash + length if slash and inner is not None else text
        if isinstance(read, (IPv4Network, IPv6Network)):
            return self._note(text, str(self._addresses.network(read)))
        return self._note(text, str(self._addresses.address(read)))

    def _arn(self, text: str) -> str:
        head, partition, service, region, account, resource = text.split(":", 5)
        pieces = re.split(r"([/:])", resource)
        first = pieces[0] if pieces[0] in _KINDS or pieces[0] == "*" else self.name(pieces[0])
        rest = [p if p in ("/", ":", "*") else self.name(p) for p in pieces[1:]]
        account = self._note(account, self._ids.account(account)) if account else ""
        return ":".join([head, partition, service, region, account, "".join([first, *rest])])

    def _text_token(self, token: str) -> str:
        if _ID.fullmatch(token):
            return self._note(token, self._ids.id(token))
        if token.lower() in self._known:
            return self._domain_token(token) if "." in token else self._name_token(token)
        if token.lower().endswith((".in-addr.arpa", ".ip6.arpa")):
            return self._reverse(token.lower())
        if _REGION.fullmatch(token) or all(_is_ordinary(run) for run in _RUNS.findall(token)):
            return self._with_addresses(token, self._long_numbers)
        return self._domain_token(token) if "." in token else self._name_token(token)

    def _domain_token(self, token: str) -> str:
        lower = token.lower()
        if lower.endswith((".in-addr.arpa", ".ip6.arpa")):
            return self._reverse(lower)
        if _PUBLIC.search(lower):
            return token
        if shared := _SHARED.search(lower):
            labels = [self._text_token(label) if label else "" for label in token[: shared.start()].split(".")]
            return ".".join(labels) + token[shared.start() :]
        if head := _CLUSTER_HEAD.match(lower):
            return token[: head.end()] + self._domain_token(token[head.end() :])
        if domain := _CLUSTER_DOMAIN.search(lower):
            return self._labels(token[: domain.start()]) + token[domain.start() :]
        *labels, last = token.split(".")
        last = last if last.lower() in LAST_LABELS else self._label(last)
        return ".".join([*(self._label(label) for label in labels), last])

    def _labels(self, text: str) -> str:
        return ".".join(self._label(label) for label in text.split("."))

    def _label(self, label: str) -> str:
        if not label or label.lower() in ANY_LABELS or re.fullmatch(r"sddoctor-[0-9a-f]{10,12}", label):
            return label
        return self._name_token(label)

    def _reverse(self, name: str) -> str:
        """Replace the name of a reverse lookup by that of the pseudonymous address. RFC 1035, section 3.5; RFC 3596."""
        labels = name.removesuffix(".in-addr.arpa").removesuffix(".ip6.arpa").split(".")[::-1]
        four = name.endswith(".in-addr.arpa")
        try:
            digits = [*labels, *["0"] * ((4 if four else 32) - len(labels))]
            address = ip_address(".".join(digits) if four else _groups(digits))
        except ValueError:
            return name
        made = self._addresses.address(address)
        parts = str(made).split(".") if isinstance(made, IPv4Address) else list(made.exploded.replace(":", ""))
        return ".".join(parts[: len(labels)][::-1]) + (".in-addr.arpa" if four else ".ip6.arpa")

    def _name_token(self, token: str) -> str:
        if _ID.fullmatch(token):
            return self._note(token, self._ids.id(token))
        if re.fullmatch(r"_(?:tcp|udp)", token):
            return token
        return self._with_addresses(token, self._plain_name)

    def _with_addresses(self, token: str, rest: Callable[[str], str]) -> str:
        """Replace addresses with hyphens in a token (``ip-10-0-0-1``), and by ``rest`` what is around them."""
        pieces: list[str] = []
        end = 0
        for match in _DASHED.finditer(token):
            if (address := addresses.read(".".join(match.groups()))) is not None:
                pieces += [rest(token[end : match.start()]), self._address(str(address)).replace(".", "-")]
                end = match.end()
        return "".join([*pieces, rest(token[end:])])

    def _plain_name(self, token: str) -> str:
        return _RUNS.sub(lambda m: self._number(m[0]) if m[0][0].isdigit() else self._word(m[0]), token)

    def _word(self, word: str) -> str:
        made = self._words.pseudonym(word)
        if made != word:
            self.seen.add(word.lower())
        return made

    def _long_numbers(self, token: str) -> str:
        return re.sub(r"\d{11,}", lambda m: self._number(m[0]), token)

    def _number(self, digits: str) -> str:
        if len(digits) < 11 or not digits.isascii():
            return digits
        return self._note(digits, self._ids.account(digits) if len(digits) == 12 else self._ids.number(digits))


def tokens(text: str) -> set[str]:
    """Return every word (in lower case), address and id in a text."""
    whole = {m[0] for m in _TOKEN.finditer(text)}
    parts = {part for token in whole for part in re.split(r"[^\w.-]", token)}
    return whole | parts | {run.lower() for run in _RUNS.findall(text)}


def _is_ordinary(run: str) -> bool:
    if run[0].isdigit():
        return True
    humps = _HUMPS.findall(run)
    return "".join(humps) == run and all(h.lower() in ORDINARY for h in humps)


def _groups(nibbles: list[str]) -> str:
    """Return the text of an IPv6 address of 32 nibbles. Raises :class:`ValueError` when one is none."""
    if any(not re.fullmatch(r"[0-9a-f]", n) for n in nibbles):
        raise ValueError("no nibble")
    return ":".join("".join(nibbles[i : i + 4]) for i in range(0, 32, 4))
