"""What every page has in common: its head with a policy that admits our style and script alone, sections, a foot."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from importlib import resources

from sddoctor.report.html.markup import Markup, lines, tag


def document(title: str, *parts: Markup | str, version: str) -> str:
    """Return a file of its own that loads nothing, with a foot below ``parts``.

    It is in ASCII, so that it reads the same however it was written to disk.
    """
    body = lines(
        *parts,
        tag("footer", tag("p", f"Written by sddoctor {version}. This page loads nothing and sends nothing.")),
        tag("p", role="status", class_="hidden", id="said"),
        tag("script", Markup(_file("report.js"))),
    )
    html = tag("html", lines(_head(title), tag("body", body)), lang="en")
    return f"<!DOCTYPE html>\n{html}\n".encode("ascii", "xmlcharrefreplace").decode("ascii")


def section(title: str, level: int, *children: str) -> Markup:
    """Return a section with its heading."""
    return tag("section", lines(tag(f"h{level}", title), *children))


def _head(title: str) -> Markup:
    style, script = _file("report.css"), _file("report.js")
    policy = (
        f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; base-uri 'none'; form-action 'none'"
    )
    return tag(
        "head",
        lines(
            tag("meta", charset="utf-8"),
            tag("meta", http_equiv="Content-Security-Policy", content=policy),
            tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
            tag("meta", name="color-scheme", content="light dark"),
            tag("meta", name="referrer", content="no-referrer"),
            tag("title", f"{title} - sddoctor"),
            tag("style", Markup(style)),
        ),
    )


def _file(name: str) -> str:
    return resources.files(__package__).joinpath(name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    """Return the source expression for inline text. https://www.w3.org/TR/CSP3/#match-element-to-source-list"""
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
