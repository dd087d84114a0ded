"""What the documentation site has besides the files of docs/: the list of causes, and the documents at the top."""

from __future__ import annotations

import re
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

from sddoctor.report import pages

ROOT = Path(__file__).parents[1]
#: First what a newcomer reads; every other page comes after these, by name.
ORDER = (
    "index",
    "quickstart",
    "commands",
    "resolver",
    "trust",
    "scale",
    "bundles",
    "worlds",
    "lab-fidelity",
    "architecture",
)
TOP = ("CONTRIBUTING", "SECURITY", "CHANGELOG")
HOPS = {
    "ecs": "ECS",
    "cloudmap": "Cloud Map",
    "route53": "Route 53",
    "vpc-dns": "The VPC's DNS",
    "network": "The way to the resolver",
    "host": "This host",
}


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """List every page: the documents, the runbooks, and the causes by hop."""
    names = sorted(p.stem for p in (ROOT / "docs").glob("*.md"))
    ordered = [n for n in ORDER if n in names] + [n for n in names if n not in ORDER]
    nav: list[object] = [f"{n}.md" for n in ordered]
    if runbooks := sorted((ROOT / "docs" / "runbooks").glob("*.md")):
        nav.append({"Runbooks": [f"runbooks/{p.name}" for p in runbooks]})
    by_hop = [
        {title: [{p.code: f"causes/{p.code}.md"} for p in pages.all_pages() if p.hop == hop]}
        for hop, title in HOPS.items()
    ]
    nav += [{"Causes": ["causes/index.md", *by_hop]}, {"Project": [f"{n.lower()}.md" for n in TOP]}]
    config.nav = nav
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the list of causes, and the documents that stand at the top of the repository."""
    files.append(File.generated(config, "causes/index.md", content=_causes()))
    for name in TOP:
        text = (ROOT / f"{name}.md").read_text(encoding="utf-8")
        text = re.sub(r"\]\(docs/", "](", text)
        files.append(File.generated(config, f"{name.lower()}.md", content=text))
    return files


def on_page_markdown(markdown: str, **_: object) -> str:
    """Lead links to what stands at the top of the repository to the pages made of it."""
    for name in TOP:
        markdown = markdown.replace(f"](../{name}.md", f"]({name.lower()}.md").replace(
            f"]({name}.md", f"]({name.lower()}.md"
        )
    return markdown.replace("](causes/)", "](causes/index.md)")


def _causes() -> str:
    parts = ["# Causes\n\nWhat sddoctor can name, hop by hop. `sddoctor explain CODE` prints the same pages.\n"]
    for hop, title in HOPS.items():
        rows = [f"- [`{p.code}`]({p.code}.md): {p.title}" for p in pages.all_pages() if p.hop == hop]
        parts.append(f"## {title}\n\n" + "\n".join(rows) + "\n")
    return "\n".join(parts)
