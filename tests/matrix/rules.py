"""What may be said while something fails: less than without the fault, but nothing wrong."""

from __future__ import annotations

from tests.in_process import Said
from tests.matrix.cases import Fault

#: What should be answered hangs on these: without one of them nothing is called healthy.
DECIDING = {
    "servicediscovery:ListNamespaces",
    "servicediscovery:ListServices",
    "servicediscovery:ListInstances",
    "ecs:DescribeServices",
    "ecs:DescribeTasks",
    "ecs:ListTasks",
    "*",
}
#: Causes that a fault of a name server is: what it does is what they say.
TRUE_OF = {"truncated": {"tcp-53-blocked"}, "timeout": {"no-route-to-resolver"}}
#: What is true as well, by the root cause of a world: it may be all that is left to say where that one is not seen.
CONSEQUENCES = {
    "health-check-failing": {"all-instances-unhealthy"},
    "inbound-endpoint-blocked": {"udp-53-blocked", "tcp-53-blocked"},
    "dhcp-custom-dns": {"nameserver-order", "split-dns-missing"},
}
_DENIED = ("denied", "explicit-deny", "scp", "boundary")


def problems(clean: Said, said: Said, fault: Fault) -> list[str]:
    """Return what is wrong with what is said of a world with a fault; ``clean`` is said of it without."""
    found = []
    if said.report["internal_errors"] or "internal error" in said.errors or "Traceback" in said.errors:
        found.append("it failed itself")
    if said.status not in (0, 1, 3):
        found.append(f"its status is {said.status}")
    return found + (_of_aws if fault.kind == "aws" else _of_dns)(clean, said, fault)


def mark(clean: Said, said: Said, fault: Fault) -> str:
    """Return one character for the table.

    ``=`` the same verdict and causes, ``~`` another verdict or a cause that is not certain or that a true one explains,
    ``?`` inconclusive, ``!`` wrong.
    """
    if problems(clean, said, fault):
        return "!"
    same = said.report["verdict"] == clean.report["verdict"] and said.root_causes == clean.root_causes
    if same:
        return "="
    return "?" if said.report["verdict"] == "inconclusive" else "~"


def _of_aws(clean: Said, said: Said, fault: Fault) -> list[str]:
    before, verdict, gaps = clean.report["verdict"], said.report["verdict"], said.report["gaps"]
    if fault.way == "throttled-once":
        same = (verdict, said.root_causes) == (before, clean.root_causes)
        return [] if same else [f"one throttled answer makes it {verdict}, {said.root_causes}"]
    found = []
    if verdict not in (before, "inconclusive"):
        found.append(f"it was {before} and is called {verdict}")
    if verdict == "healthy" and fault.place in DECIDING:
        found.append("it is called healthy, and what should be answered was not seen")
    found += [f"{code} is not a cause" for code in said.root_causes if code not in _true(clean)]
    if fault.way in _DENIED and fault.place != "*":
        by = {"scp": "a service control policy that allows ", "boundary": "a permissions boundary that allows "}
        if not any(g["needs"] == by.get(fault.way, "") + fault.place for g in gaps):
            found.append("the permission that is missing is not named")
    elif not [g for g in gaps if g not in clean.report["gaps"]]:
        found.append("what was not seen is not named")
    return found


def _of_dns(clean: Said, said: Said, fault: Fault) -> list[str]:
    before, verdict = clean.report["verdict"], said.report["verdict"]
    found = []
    if verdict == "healthy" and (before != "healthy" or not _gets_as_much(clean, said)):
        found.append(f"it was {before} and is called healthy")
    certainties = {f["code"]: f["certainty"] for f in said.report["findings"]}
    allowed = _true(clean) | TRUE_OF.get(fault.way, set())
    found += [
        f"{code} is not a cause" for code in said.root_causes if code not in allowed and certainties[code] == "certain"
    ]
    if verdict not in (before, "inconclusive") and not said.root_causes:
        told = [said.report["headline"], *(g["what"] + g["needs"] for g in said.report["gaps"])]
        if not any(fault.place in text or "--timeout" in text for text in told):
            found.append("the server is not named")
    return found


def _true(clean: Said) -> set[str]:
    """Return the causes that are true of a world."""
    return {*clean.root_causes}.union(*(CONSEQUENCES.get(root, set()) for root in clean.root_causes))


def _gets_as_much(clean: Said, said: Said) -> bool:
    """Tell whether the host gets as many of the registered addresses: with WEIGHTED routing it is any one of them."""
    before, now = _addresses(clean, "host"), _addresses(said, "host")
    return len(now) == len(before) and set(now) <= {*before, *_addresses(clean, "cloudmap")}


def _addresses(said: Said, hop: str) -> list[str]:
    return next((h["addresses"] for h in said.report["hops"] if h["hop"] == hop), [])
