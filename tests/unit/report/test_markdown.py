import re

from sddoctor.report import markdown
from tests.unit.report.diagnoses import HOSTILE, UNHEALTHY, VPN_DOWN
from tests.unit.report.golden import assert_golden


def test_document() -> None:
    assert_golden("vpn-down.md", markdown.render([VPN_DOWN, UNHEALTHY]))


def test_untrusted_text_is_no_markup() -> None:
    outside_code = re.sub(r"(`+)(?!`).*?(?<!`)\1(?!`)", "", markdown.render([HOSTILE]).split("```")[0])
    assert "<b>" not in outside_code
    assert "[y](z)" not in outside_code
    assert r"&lt;b\>&amp;\|\`x\`\[y\](z)\*w\*" in markdown.render([HOSTILE])


def test_escape_keeps_the_words() -> None:
    assert markdown.escape("1. *a* <i>@you #3 a|b") == r"1\. \*a\* &lt;i\>\@you \#3 a\|b"
    assert markdown.escape("- item") == r"\- item"
    assert markdown.escape("see http://x.y or www.x.y") == r"see http:\//x.y or www\.x.y"
    assert markdown.escape("10.10.0.2: dev-api (A)") == "10.10.0.2: dev-api (A)"


def test_code_span_cannot_be_left() -> None:
    assert markdown.code("a`b") == "``a`b``"
    assert markdown.code("`") == "`` ` ``"


def test_fence_is_longer_than_what_it_holds() -> None:
    assert markdown._block("a\n```\nb") == ["````", "a", "```", "b", "````"]
