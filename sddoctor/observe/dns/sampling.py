"""Repeats a query to see more addresses than one answer has.

With routing policy MULTIVALUE an answer has up to eight instances, with WEIGHTED a single one:
https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/routing-policy-multivalue.html
https://docs.aws.amazon.com/cloud-map/latest/api/API_DnsConfig.html
"""

from __future__ import annotations

from collections.abc import Callable

from sddoctor.case.dns import Probe
from sddoctor.observe.budget import Budget
from sddoctor.observe.work import run_all

MULTIVALUE_LIMIT = 8
#: Queries sent at the same time. A round that brings nothing new ends the sampling.
ROUND = 4
#: Queries in all if the first brought one address: enough to notice a weighted set, not to rule it out.
SINGLE = 3


def sample(first: Probe, again: Callable[[], Probe], samples: int, budget: Budget) -> list[Probe]:
    """Repeat the query of ``first`` if one answer cannot show everything; return the further probes.

    At most ``samples`` queries are sent, the first included. Sampling never proves that an address is missing.
    """
    shown = _addresses(first)
    if len(shown) >= MULTIVALUE_LIMIT:
        wanted = samples - 1
    elif len(shown) == 1:
        wanted = min(samples, SINGLE) - 1
    else:
        return []
    probes: list[Probe] = []
    while len(probes) < wanted and not budget.spent():
        count = min(ROUND, wanted - len(probes))
        found = run_all([again] * count)
        probes += found
        new = {a for p in found for a in _addresses(p)} - shown
        if not new:
            break
        shown |= new
    return probes


def _addresses(probe: Probe) -> set[str]:
    answer = probe.outcome.seen_or(None)
    return set(answer.addresses) if answer is not None else set()
