"""What may be different about a case without another judgement: names, ids, networks, the order of lists, what is beside it."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from sddoctor.bundle.rewrite import texts
from sddoctor.case.case import Case
from sddoctor.case.cloudmap import CloudMapFacts
from sddoctor.case.ecs import EcsFacts

#: Words of the worlds' own names, and what others call theirs.
_WORDS = {
    "dev-api": ("orders", "billing-v2", "x1", "user-profile"),
    "example": ("acme", "contoso", "team7", "prod-eu"),
}
#: The first two numbers of the VPC's network.
_NETWORKS = ("10.10.", "10.77.", "10.200.", "172.20.")


def varied(case: Case, rng: random.Random) -> Case:
    """Return the same situation elsewhere: with other words, another network, and lists in another order."""
    return _shuffled(_renamed(case, rng), rng)


def _renamed(case: Case, rng: random.Random) -> Case:
    words = {old: rng.choice(new) for old, new in _WORDS.items()}
    network = rng.choice(_NETWORKS)
    second = network.split(".")[1]
    # In the names of reverse zones the numbers stand the other way round, behind a prefix of DNS64 in hexadecimal.
    pattern = re.compile(
        rf"(?<![a-z0-9])({'|'.join(words)})(?![a-z0-9])|(?<![\d.])10\.10\.(?=\d)|\.10\.10(?=\.in-addr)"
        r"|(?<=::)a0a(?=:[\da-f]{1,4}(?![:\da-f]))"
    )

    def new(found: re.Match[str]) -> str:
        if found[1]:
            return words[found[1]]
        if found[0] == "a0a":
            return f"{int(network.split('.')[0]) * 256 + int(second):x}"
        return f".{second}.{network.split('.')[0]}" if found[0].startswith(".") else network

    return texts(case, lambda _owner, _field, text: pattern.sub(new, text))


def _shuffled(case: Case, rng: random.Random) -> Case:
    """Put what AWS lists in no order, and answers, into another one."""

    def mixed(items: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(rng.sample(items, len(items)))

    return replace(
        case, aws=replace(case.aws, ecs=_ecs(case.aws.ecs, mixed), cloudmap=_cloudmap(case.aws.cloudmap, mixed))
    )


def _ecs(facts: EcsFacts, mixed: Callable[[tuple[Any, ...]], tuple[Any, ...]]) -> EcsFacts:
    looks = tuple(replace(x, running=x.running.map(mixed), stopped=x.stopped.map(mixed)) for x in facts.tasks)
    return replace(facts, tasks=looks)


def _cloudmap(facts: CloudMapFacts, mixed: Callable[[tuple[Any, ...]], tuple[Any, ...]]) -> CloudMapFacts:
    return replace(facts, views=tuple(replace(v, instances=v.instances.map(mixed)) for v in facts.views))
