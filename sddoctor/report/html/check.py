"""The page of a check: one article for each name."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC

from sddoctor.diagnosis.detail_model import Details
from sddoctor.diagnosis.model import Diagnosis
from sddoctor.report import place_text, waiting
from sddoctor.report.html import findings, frame, may_be, tables, timeline_svg, trail_svg
from sddoctor.report.html.frame import section
from sddoctor.report.html.labels import HOPS, VERDICTS
from sddoctor.report.html.markup import Markup, join, lines, tag
from sddoctor.report.sections import Breaks, Findings, Hops, MayBe, NotSeen, RootCauses, Section, SeenFrom, sections
from sddoctor.report.trail_text import first_fault, summary_of


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
            *(_section(part, diagnosis, prefix, level + 1) for part in sections(diagnosis)),
            _addresses(details, level + 1),
            _timeline(details, prefix, level + 1),
            _servers(details, level + 1),
            _about(details, level + 1),
        ),
        id=prefix,
        aria_labelledby=f"{prefix}-name",
        class_=diagnosis.verdict,
    )


def _section(part: Section, diagnosis: Diagnosis, prefix: str, level: int) -> Markup | str:
    match part:
        case SeenFrom():
            return section(part.title, level, tables.places(diagnosis), tag("p", place_text.aws(diagnosis)))
        case Hops():
            return section(part.title, level, *_trail(diagnosis, prefix)) if diagnosis.hops else ""
        case Breaks():
            return section(part.title, level, tag("ul", lines(*(tag("li", text) for text in part.sentences))))
        case MayBe():
            return may_be.render(part, level)
        case RootCauses():
            return section(part.title, level, *_causes(part, level + 1))
        case Findings():
            return section(part.title, level, *_findings(part, level + 1))
        case NotSeen():
            shown = list(filter(None, _not_seen(part)))
            return section(part.title, level, *shown) if shown else ""


def _trail(diagnosis: Diagnosis, prefix: str) -> list[Markup | str]:
    answer = tag("p", f"Answer: {diagnosis.answered}") if diagnosis.answered else ""
    around = tag("p", place_text.around(diagnosis)) if place_text.around(diagnosis) else ""
    pictures = tag(
        "div", trail_svg.across(diagnosis, prefix), trail_svg.down(diagnosis, prefix), class_="picture"
    )  # fmt: skip
    broken = first_fault(diagnosis)
    where = tag("p", "Breaks at ", tag("strong", HOPS[broken.hop]), f": {summary_of(broken)}") if broken else ""
    return [pictures, where, answer, around, tag("details", tag("summary", "Hop by hop"), tables.hops(diagnosis))]


def _causes(part: RootCauses, level: int) -> list[Markup]:
    several = len(part.causes) > 1
    return [
        findings.render(cause.finding, cause.heading, level, number if several else None)
        for number, cause in enumerate(part.causes, 1)
    ]


def _findings(part: Findings, level: int) -> list[Markup]:
    return [tag("details", tag("summary", f.summary), findings.render(f, f.title, level)) for f in part.findings]


def _not_seen(part: NotSeen) -> list[Markup | str]:
    crashes = [f"Internal error of sddoctor in {c.code}: {c.error}" for c in part.crashes]
    items = [tag("li", text) for text in (*(gap.text() for gap in part.gaps), *crashes)]
    undecided = [
        tag(
            "details",
            tag("summary", f"Causes that could not be decided without {what}"),
            tag("p", ", ".join(codes)),
        )
        for what, codes in part.undecided.items()
    ]
    ignored = tag("p", f"Findings left out by --ignore: {part.ignored}.") if part.ignored else ""
    return [tag("ul", lines(*items)) if items else "", *undecided, ignored]


def _addresses(details: Details, level: int) -> Markup:
    if not details.addresses.rows:
        return section("Who has which address", level, tag("p", "No address was seen at any hop."))
    return section("Who has which address", level, tables.addresses(details.addresses))


def _timeline(details: Details, prefix: str, level: int) -> Markup | str:
    if not details.timeline:
        return ""
    picture = tables.scrolling(timeline_svg.render(details.timeline, prefix), "Timeline")
    words = tag("details", tag("summary", "The same in words"), tables.times(details.timeline))
    return section("Timeline", level, picture, words)


def _servers(details: Details, level: int) -> Markup | str:
    return section("What name servers said", level, tables.servers(details.servers)) if details.servers else ""


def _about(details: Details, level: int) -> Markup:
    pairs = [join(tag("dt", word), tag("dd", tag("code", value))) for word, value in details.about]
    return section("About", level, tag("dl", lines(*pairs), class_="about"))
