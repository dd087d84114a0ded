"""The HTML report: strictly valid, self-contained, accessible, and proof against hostile text."""

import re
from base64 import b64encode
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Any

import html5lib
import pytest
from msgspec import structs

from sddoctor.bundle.codec import decode_many
from sddoctor.diagnosis.detail_model import (
    AddressTable,
    Cell,
    Column,
    Details,
    Exchange,
    Record,
    Row,
    ServerExchanges,
    Span,
)
from sddoctor.diagnosis.details import details
from sddoctor.diagnosis.diagnose import diagnose
from sddoctor.diagnosis.model import Diagnosis, PlaceReport
from sddoctor.report.html import check as html
from sddoctor.report.html.markup import block, join, prose, tag
from tests.unit.report.diagnoses import ALL, EVIL, HEALTHY, HOSTILE, INCONCLUSIVE, NO_ROUTE, UNHEALTHY, VPN_DOWN

BUNDLES = Path(__file__).parents[2] / "data" / "bundles"
SCRIPT = '</style></script><script>alert(1)</script><img src=x onerror=alert(1)>" onload="alert(1)\' javascript:x'
PLAIN = Details(
    about=(("Region", "eu-west-1"),),
    addresses=AddressTable(
        (Column("Task", "dev-api"), Column("10.10.0.2", unseen="no answer")),
        (
            Row("10.10.211.50", "expected", (Cell("yes", "RUNNING"), Cell("unseen"))),
            Row("10.10.99.9", "not expected", (Cell("no"), Cell("unseen"))),
        ),
    ),
    timeline=(
        Span("Tasks", "0f4a1c5b", -3600.0, None, "good", "RUNNING"),
        Span("Tasks", "9999dead", -90.0, -90.0, "dim", "STOPPED"),
        Span("Answers kept", "10.10.0.2 A", -3.0, 7.0, "good", "TTL 7 s left"),
    ),
    servers=(
        ServerExchanges(
            "10.10.0.2",
            "should know the zone",
            (Exchange("x A", "UDP", "NOERROR", True, 1, (1, 1), (Record("answer", "x", "7", "A", "10.0.0.1"),)),),
        ),
    ),
)


def _hostile_details(evil: str) -> Details:
    return Details(
        about=((evil, evil),),
        addresses=AddressTable((Column(evil, evil, evil),), (Row(evil, "unknown", (Cell("yes", evil),)),)),
        timeline=(Span(evil, evil, -5.0, None, "good", evil),),
        servers=(ServerExchanges(evil, evil, (Exchange(evil, evil, evil, True, 1, (1, 1), (Record("answer", evil, evil, evil, evil),)),)),),
    )  # fmt: skip


def _render(*diagnoses: Diagnosis, behind: Details = PLAIN) -> str:
    return html.render(diagnoses, [behind] * len(diagnoses), "1.0")


def _parse(document: str) -> Any:
    """Parse as browsers do, and refuse what they would mend."""
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(document)


def _worlds() -> dict[str, str]:
    found = {}
    for path in sorted(BUNDLES.glob("*.json")):
        cases = decode_many(path.read_bytes())
        found[path.stem] = html.render([diagnose(c) for c in cases], [details(c) for c in cases], "1.0")
    return found


WORLDS = _worlds()


@pytest.mark.parametrize("name", ALL)
def test_valid_html(name: str) -> None:
    _parse(_render(ALL[name]))


@pytest.mark.parametrize("name", WORLDS)
def test_real_reports_are_valid_html(name: str) -> None:
    tree = _parse(WORLDS[name])
    assert [e.text for e in tree.iter("h1")] == [None]
    assert tree.find(".//h1/code").text == "dev-api.example.internal"


def test_several_names_are_valid_html_with_a_list_of_verdicts() -> None:
    tree = _parse(_render(HEALTHY, VPN_DOWN, UNHEALTHY, INCONCLUSIVE))
    assert [a.get("href") for a in tree.findall(".//nav//a")] == ["#n1", "#n2", "#n3", "#n4"]
    assert [a.get("id") for a in tree.iter("article")] == ["n1", "n2", "n3", "n4"]
    assert [e.text for e in tree.iter("h1")] == ["4 names"]


@pytest.mark.parametrize("document", [*WORLDS.values(), _render(HEALTHY, VPN_DOWN), _render(HOSTILE)])
def test_ids_are_unique_and_whatever_refers_to_one_finds_it(document: str) -> None:
    tree = _parse(document)
    ids = [e.get("id") for e in tree.iter() if e.get("id")]
    assert len(ids) == len(set(ids))
    for element in tree.iter():
        for name in (element.get("aria-labelledby") or "").split():
            assert name in ids


@pytest.mark.parametrize("document", [*WORLDS.values(), _render(VPN_DOWN, UNHEALTHY), _render(HOSTILE)])
def test_nothing_is_loaded(document: str) -> None:
    tree = _parse(document)
    for element in tree.iter():
        assert element.tag not in ("link", "img", "iframe", "object", "embed", "base", "form", "use", "image", "video")
        for key, value in element.items():
            name = key[1] if isinstance(key, tuple) else key
            assert name not in ("src", "srcset", "action", "style", "data", "poster", "background"), element.tag
            assert not name.startswith("on"), name
            assert name != "href" or value.startswith("#"), value
    style = tree.find(".//style").text
    assert "url(" not in style
    assert "@import" not in style


@pytest.mark.parametrize("document", [*WORLDS.values(), _render(HOSTILE)])
def test_the_policy_admits_our_style_and_our_script_alone(document: str) -> None:
    tree = _parse(document)
    (policy,) = [m.get("content") for m in tree.iter("meta") if m.get("http-equiv") == "Content-Security-Policy"]
    (script,), (style,) = list(tree.iter("script")), list(tree.iter("style"))
    assert policy.split("; ") == [
        "default-src 'none'",
        f"style-src '{_hash(style.text)}'",
        f"script-src '{_hash(script.text)}'",
        "base-uri 'none'",
        "form-action 'none'",
    ]


def _hash(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"


def _everywhere(evil: str) -> str:
    """Return a report with this text in every place that text from outside can reach."""

    def swap(value: Any) -> Any:
        if isinstance(value, str):
            return value.replace(EVIL, evil)
        if isinstance(value, tuple):
            return tuple(swap(v) for v in value)
        if hasattr(value, "__struct_fields__"):
            return structs.replace(value, **{f: swap(getattr(value, f)) for f in value.__struct_fields__})
        return value

    return _render(structs.replace(swap(HOSTILE), name=evil), behind=_hostile_details(evil))


def test_hostile_text_is_only_text() -> None:
    tree = _parse(_everywhere(SCRIPT))
    assert len(list(tree.iter("script"))) == 1
    assert list(tree.iter("img")) == []
    shown = "".join(tree.itertext())
    assert shown.count("<script>alert(1)</script>") > 20


def test_control_characters_do_not_reach_the_page() -> None:
    text = "".join(_parse(_everywhere(EVIL)).itertext())
    assert not {"\x1b", "\x9b", "\u202e", "\u2066", "\u200b", "\x00", "\x07"} & set(text)


def test_a_deceiving_command_is_not_offered_for_copying() -> None:
    tree = _parse(_everywhere(EVIL))
    copied = ["".join(e.itertext()) for e in tree.iterfind(".//div[@class='paste']//code")]
    assert copied
    assert not any("aws" in text for text in copied)


def test_commands_are_copied_as_they_are() -> None:
    tree = _parse(_render(VPN_DOWN))
    copied = ["".join(e.itertext()) for e in tree.iterfind(".//div[@class='paste']//code")]
    assert copied[:2] == [NO_ROUTE.fixes[0].commands[0], NO_ROUTE.fixes[1].commands[0]]
    assert all(b.get("hidden") is not None for b in tree.iterfind(".//div[@class='paste']/button"))


def test_the_same_diagnosis_gives_the_same_bytes_in_ascii() -> None:
    document = _render(VPN_DOWN, UNHEALTHY)
    assert document == _render(VPN_DOWN, UNHEALTHY)
    assert document.isascii()


def test_headings_do_not_skip_a_level() -> None:
    for document in (_render(UNHEALTHY), _render(UNHEALTHY, VPN_DOWN), *WORLDS.values()):
        levels = [int(e.tag[1]) for e in _parse(document).iter() if re.fullmatch(r"h[1-6]", str(e.tag))]
        assert levels[0] == 1
        assert all(after - before <= 1 for before, after in pairwise(levels))


def test_pictures_have_words_and_boxes_that_scroll_can_be_reached_by_keyboard() -> None:
    tree = _parse(_render(VPN_DOWN))
    pictures = [e for e in tree.iter() if str(e.tag).endswith("svg")]
    assert len(pictures) == 3
    for picture in pictures:
        assert picture.get("role") == "img"
        assert [str(c.tag).rsplit("}")[-1] for c in picture][:2] == ["title", "desc"]
    assert "It breaks at Network." in "".join(pictures[0][1].itertext())
    for box in tree.iterfind(".//div[@class='scroll']"):
        assert (box.get("role"), box.get("tabindex")) == ("region", "0")
        assert box.get("aria-label")


def test_the_break_is_where_the_text_report_points() -> None:
    across = next(e for e in _parse(_render(VPN_DOWN)).iter() if e.get("class") == "trail across")
    edges = [e.get("class") for e in across.iter() if (e.get("class") or "").startswith("edge")]
    assert edges == ["edge sound", "edge sound", "edge pale", "edge parted", "edge pale"]
    healthy = next(e for e in _parse(_render(HEALTHY)).iter() if e.get("class") == "trail across")
    assert {e.get("class") for e in healthy.iter() if (e.get("class") or "").startswith("edge")} == {"edge sound"}


def test_the_matrix_tells_what_should_not_be_there_from_what_is_missing() -> None:
    tree = _parse(_render(VPN_DOWN))
    kinds = [[td.get("class") for td in tr.findall("td")] for tr in tree.findall(".//table[@class='matrix']/tbody/tr")]
    assert kinds == [["good", "unseen"], ["good", "unseen"]]  # it is good that nobody has 10.10.99.9
    real = _parse(WORLDS["split-dns-missing.v1"])
    kinds = [[td.get("class") for td in tr.findall("td")] for tr in real.findall(".//table[@class='matrix']/tbody/tr")]
    assert kinds == [["good", "good", "good", "good", "bad", "bad"]] * 2


def test_each_place_has_its_verdict_and_its_cause() -> None:
    there = PlaceReport("task <1>", "Linux", HEALTHY.at, "broken", "x", ("no-route-to-resolver",), (NO_ROUTE,))
    here = PlaceReport("laptop", "macOS 14.5", HEALTHY.at, "healthy", "y", addresses=("10.10.211.50",))
    tree = _parse(_render(structs.replace(HEALTHY, places=(here, there), aws_from=("laptop",))))
    shown = [" ".join("".join(tr.itertext()).split()) for tr in tree.findall(".//article/section[1]//tbody/tr")]
    assert shown == ["laptop (macOS 14.5)Healthy10.10.211.50", "task <1> (Linux)Brokennot known; no-route-to-resolver"]
    assert "Why at task <1>" in ["".join(h.itertext()) for h in tree.iter("h2")]


def test_a_healthy_name_has_no_alarm_in_its_matrix() -> None:
    spared = AddressTable((Column("This host"), Column("9.9.9.9", "NXDOMAIN", judged=False)),
                    (Row("10.0.0.1", "expected", (Cell("yes"), Cell("no"))), Row("10.0.0.2", "expected", (Cell("spared"), Cell("no")))))  # fmt: skip
    tree = _parse(_render(HEALTHY, behind=structs.replace(PLAIN, addresses=spared)))
    assert not [td for td in tree.iter("td") if td.get("class") in ("bad", "odd")]


@pytest.mark.parametrize("theme", [0, 1])
def test_text_can_be_read_in_light_and_dark(theme: int) -> None:
    """WCAG 2.2, success criterion 1.4.3: at least 4.5 to 1."""
    style = _parse(_render(HEALTHY)).find(".//style").text
    root = re.findall(r":root \{(.*?)\}", style, re.DOTALL)[theme]
    colours = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", root))
    pairs = [(text, ground) for text in ("text", "soft", "note", "good", "warn", "bad") for ground in ("page", "card")]
    pairs += [("good", "good-tint"), ("warn", "warn-tint"), ("bad", "bad-tint"), ("text", "bad-tint")]
    pairs += [("text", "warn-tint"), ("text", "code"), ("text", "unseen-tint"), ("soft", "unseen-tint")]
    for text, ground in pairs:
        assert _contrast(colours[text], colours[ground]) >= 4.5, (text, ground)


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def test_markup_escapes_what_it_did_not_make() -> None:
    assert tag("p", "a <b> & \x1b[31mc", title='"x"') == '<p title="&quot;x&quot;">a &lt;b&gt; &amp; c</p>'
    assert tag("p", tag("b", "x"), " y ") == "<p><b>x</b> y </p>"
    assert tag("meta", charset="utf-8") == '<meta charset="utf-8">'
    assert join("<", tag("i")) == "&lt;<i></i>"
    assert block("a\n\t<b>\u202e") == "a\n\t&lt;b&gt;\ufffd"


def test_prose_shows_code_between_backticks() -> None:
    assert prose("run `a <b>` now") == "run <code>a &lt;b&gt;</code> now"
    assert prose("a ` alone") == "a ` alone"
