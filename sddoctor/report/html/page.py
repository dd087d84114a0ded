"""The page of a check: one article for each name."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC

from sddoctor.diagnosis.detail_model import Details
from sddoctor.diagnosis.model import Diagnosis, RankedFinding
from sddoctor.report import places, waiting
from sddoctor.report.html import findings, frame, tables, timeline_svg, trail_svg
from sddoctor.report.html.frame import section
from sddoctor.report.html.labels import HOPS, VERDICTS
from sddoctor.report.html.markup import Markup, join, lines, tag
from sddoctor.report.roles import AFTERWARDS, undecided_by_gap, with_role
from sddoctor.report.trail import first_fault, summary_of


def render(diagnoses: Sequence[Diagnosis], details: Sequence[Details], version: str) -> str:
    """Return the file. The same diagnoses give the same bytes; ``details`` has one entry for each."""
    several = len(diagnoses) > 1
    articles = [
        _article(d, more, f"n{n}", 2 if several else 1)
        for n, (d, more) in enumerate(zip(diagnoses, details, strict=True), 1)
    ]
    title = f"{len(diagnoses)} names" if several else " ".join(f"{d.name}: {d.verdict}" for d in diagnoses)
    contents = tag("header", lines(tag("h1", title), _contents(diagnoses))) if several else ""
    return frame.document(title, contents, tag("main", lines(*articles)), version=version)


def _contents(diagnoses: Sequence[Diagnosis]) -> Markup:
    items = [
        tag("li", _verdict(d), " ", tag("a", d.name, href=f"#n{n}"), tag("p", d.headline))
        for n, d in enumerate(diagnoses, 1)
    ]
    return tag("nav", tag("ul", lines(*items)), aria_label="Names")


def _verdict(diagnosis: Diagnosis) -> Markup:
    return tag("span", VERDICTS[diagnosis.verdict], class_=f"verdict {diagnosis.verdict}")


def _moment(diagnosis: Diagnosis) -> Markup:
    at = diagnosis.at.astimezone(UTC)
    return tag("time", f"{at:%Y-%m-%d %H:%M:%S} UTC", datetime=f"{at:%Y-%m-%dT%H:%M:%SZ}")


def _article(diagnosis: Diagnosis, details: Details, prefix: str, level: int) -> Markup:
    wait = waiting.sentence(diagnosis)
    return tag(
        "article",
        lines(
            tag("p", _verdict(diagnosis), " ", _moment(diagnosis), class_="kicker"),
            tag(f"h{level}", tag("code", diagnosis.name), id=f"{prefix}-name"),
            tag("p", diagnosis.headline, class_="headline"),
            tag("p", wait, class_="wait") if wait else "",
            _places(diagnosis, level + 1),
            _trail(diagnosis, prefix, level + 1),
            *_causes(diagnosis, level + 1),
            *_elsewhere(diagnosis, level + 1),
            *_afterwards(diagnosis, level + 1),
            _unseen(diagnosis, level + 1),
            _addresses(details, level + 1),
            _timeline(details, prefix, level + 1),
            _asked(details, level + 1),
            _about(details, level + 1),
        ),
        id=prefix,
        aria_labelledby=f"{prefix}-name",
        class_=diagnosis.verdict,
    )


def _trail(diagnosis: Diagnosis, prefix: str, level: int) -> Markup | str:
    if not diagnosis.hops:
        return ""
    answer = tag("p", f"Answer: {diagnosis.answered}") if diagnosis.answered else ""
    pictures = tag(
        "div", trail_svg.across(diagnosis, prefix), trail_svg.down(diagnosis, prefix), class_="picture"
    )  # fmt: skip
    broken = first_fault(diagnosis)
    where = tag("p", "Breaks at ", tag("strong", HOPS[broken.hop]), f": {summary_of(broken)}") if broken else ""
    table = tag("details", tag("summary", "Hop by hop"), tables.hops(diagnosis))
    return section("The trail", level, pictures, where, answer, table)


def _causes(diagnosis: Diagnosis, level: int) -> list[Markup]:
    roots = with_role(diagnosis, "root-cause")
    if not roots:
        return []
    cards = [
        findings.render(f, _heading(diagnosis, f), level + 1, number if len(roots) > 1 else None)
        for number, f in enumerate(roots, 1)
    ]
    return [section("Why", level, *cards)]


def _heading(diagnosis: Diagnosis, finding: RankedFinding) -> str:
    """Return the summary, or the title where the headline has that sentence already."""
    return finding.title if finding.summary in diagnosis.headline else finding.summary


def _places(diagnosis: Diagnosis, level: int) -> Markup | str:
    if not diagnosis.places:
        return ""
    return section("Seen from", level, tables.places(diagnosis), tag("p", places.aws(diagnosis)))


def _elsewhere(diagnosis: Diagnosis, level: int) -> list[Markup]:
    return [
        section(f"Why at {place.label}", level, findings.render(finding, _heading(diagnosis, finding), level + 1))
        for place, finding in places.of_their_own(diagnosis)
    ]


def _afterwards(diagnosis: Diagnosis, level: int) -> list[Markup]:
    sections = []
    for role, title in AFTERWARDS:
        if chosen := with_role(diagnosis, role):
            cards = [tag("details", tag("summary", f.summary), findings.render(f, f.title, level + 1)) for f in chosen]
            sections.append(section(title, level, *cards))
    return sections


def _unseen(diagnosis: Diagnosis, level: int) -> Markup | str:
    items = [
        tag("li", f"{g.what}: {g.why}{f' (needs: {g.needs})' if g.needs and g.needs not in g.why else ''}")
        for g in diagnosis.gaps
    ]
    undecided = undecided_by_gap(diagnosis) if diagnosis.verdict == "inconclusive" else {}
    folded = [
        tag("details", tag("summary", f"Causes that could not be decided without {what}"), tag("p", ", ".join(codes)))
        for what, codes in undecided.items()
    ]
    crashes = [tag("li", f"Internal error of sddoctor in {c.code}: {c.error}") for c in diagnosis.crashes]
    ignored = tag("p", f"Findings left out by --ignore: {diagnosis.ignored}.") if diagnosis.ignored else ""
    if not (items or folded or crashes or ignored):
        return ""
    listed = tag("ul", lines(*items, *crashes)) if items or crashes else ""
    return section("Not seen", level, listed, *folded, ignored)


def _addresses(details: Details, level: int) -> Markup:
    if not details.matrix.rows:
        return section("Who has which address", level, tag("p", "No address was seen at any hop."))
    return section("Who has which address", level, tables.addresses(details.matrix))


def _timeline(details: Details, prefix: str, level: int) -> Markup | str:
    if not details.timeline:
        return ""
    picture = tables.scrolling(timeline_svg.render(details.timeline, prefix), "Timeline")
    words = tag("details", tag("summary", "The same in words"), tables.times(details.timeline))
    return section("Timeline", level, picture, words)


def _asked(details: Details, level: int) -> Markup | str:
    return section("What name servers said", level, tables.asked(details.asked)) if details.asked else ""


def _about(details: Details, level: int) -> Markup:
    pairs = [join(tag("dt", word), tag("dd", tag("code", value))) for word, value in details.about]
    return section("About", level, tag("dl", lines(*pairs), class_="about"))
