"""What a name server's answers amount to: addresses, or a symptom, and whose denial it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct

from sddoctor.case.dns import Answer, Probe, Server
from sddoctor.case.seen import Seen
from sddoctor.stations.model import DENIED, Denier, Difference, Symptom
from sddoctor.text.words import count, in_order, listed
from sddoctor.trail.denials import denied_by
from sddoctor.trail.trail import Trail, optional


class Reply(Struct, frozen=True):
    """What a server returns for the name.

    ``records`` says which other records came where no address did, ``why`` what was wrong with what is no answer.
    """

    addresses: frozenset[str]
    symptom: Symptom | None = None
    denier: Denier = "nobody"
    records: str = ""
    why: str = ""


def reply(trail: Trail, server: Server, answer: Answer, addresses: Iterable[str]) -> Reply:
    """Return what the answer amounts to; ``addresses`` are those that it leads to."""
    found = frozenset(addresses)
    ignored = _ignored(trail, server, answer, found)
    if ignored:
        return Reply(frozenset(), "malformed", records=ignored)
    if found:
        return Reply(found)
    symptom = symptom_of(answer)
    by = denied_by(trail, server, answer) if symptom in DENIED else "nobody"
    return Reply(found, symptom, by, _others(answer))


def _ignored(trail: Trail, server: Server, answer: Answer, found: frozenset[str]) -> str:
    """Say which addresses came that programs do not take, and why not; ``""`` where there are none.

    Measured with glibc 2.36. musl reads neither the order nor packets with another id, and no records beside an error.
    https://git.musl-libc.org/cgit/musl/tree/src/network/lookup_name.c
    """
    junk = trail.answers.behind(server, trail.rdtype)
    if found and junk:
        return f"{junk} ({whose(trail, found)}): glibc reads the first packet only"
    carried = frozenset(answer.carried)
    if found or not carried:
        return ""
    if answer.rcode != "NOERROR":
        return f"{answer.rcode} and {whose(trail, carried)} in one message: glibc and musl go by the {answer.rcode}"
    return f"{whose(trail, carried)} in front of the alias that leads there: glibc takes nothing of it, musl does"


def _others(answer: Answer) -> str:
    if any(r.type == "CNAME" for r in answer.answers):
        return "an alias that has no address"
    return f"{count(len(answer.answers), 'record')} that lead to no address" if answer.answers else ""


def symptom_of(answer: Answer) -> Symptom:
    """Return why an answer holds no address. A truncated one is none: what it leaves out is asked for by TCP."""
    if answer.rcode != "NOERROR":
        return answer.rcode
    if answer.truncated:
        return "silence"
    return "referral" if answer.is_referral else "NODATA"


def in_words(trail: Trail, who: str, reply: Reply) -> str:
    """Return a clause: ``10.10.0.2 answers with both tasks``, ``10.10.0.2 answers NXDOMAIN``."""
    if reply.addresses:
        return f"{who} answers with {whose(trail, reply.addresses)}"
    if reply.records:
        return f"{who} answers with {reply.records}"
    if reply.symptom == "NODATA":
        return f"{who} gives an empty answer"
    if reply.symptom == "referral":
        return f"{who} does not recurse for this client: it answers with a referral"
    if reply.symptom == "malformed":
        return f"{who} sends something that is no DNS answer{f' ({reply.why})' if reply.why else ''}"
    if reply.symptom == "silence":
        return f"{who} does not answer"
    return f"{who} answers {reply.symptom}"


def whose(trail: Trail, addresses: frozenset[str]) -> str:
    """Return addresses in words: counted where they are exactly those of the tasks that serve, else by themselves."""
    serving = optional(lambda: trail.promise.addresses) or frozenset()
    tasks = optional(lambda: trail.promise.serving_tasks) or ()
    if len(addresses) > 1 and addresses == serving and len(tasks) == len(addresses):
        return "both tasks" if len(addresses) == 2 else f"all {len(addresses)} tasks"
    return listed(in_order(addresses), most=3)


def losses(probes: Iterable[Probe]) -> str | None:
    """Say how many of equal queries got no reply, if some had one: a single lost packet of a few is no pattern."""
    made = list(probes)
    lost = sum(p.silent for p in made)
    if lost < 2 or lost * 10 < len(made) or not any(isinstance(p.outcome, Seen) for p in made):
        return None
    return f"{lost} of {count(len(made), 'query', 'queries')} unanswered"


def changing(trail: Trail, server: Server) -> Iterator[Difference]:
    """Yield answers with addresses beside failures, to one and the same question."""
    failed = trail.answers.failing_at_times(server, trail.rdtype)
    if failed:
        made = sum(isinstance(p.outcome, Seen) for p in trail.answers.tries(server, trail.rdtype))
        what = failed[0].rcode if failed[0].rcode != "NOERROR" else "an empty answer"
        share = f"{len(failed)} of {made} queries"
        says = f"{server} answers {share} with {what}"
        yield Difference("now-and-then", f"{share}: {what}", "the same answer each time", server=server, says=says)
