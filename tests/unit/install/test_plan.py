"""What installing and removing change, on trees of files."""

from __future__ import annotations

from pathlib import Path

import pytest

from sddoctor.case.dns import Server
from sddoctor.install import plan
from sddoctor.install.change import Change
from sddoctor.install.plan import FileChange
from sddoctor.install.tree import Tree, TreeError
from sddoctor.splitdns.formats import BY_NAME, FORMATS
from sddoctor.splitdns.model import SplitDnsError, make

MACOS = BY_NAME["macos"]
CONFIG = make("example.internal", (Server("10.10.0.2"),), ("10.10.in-addr.arpa",))
FILE, REVERSE = "/etc/resolver/example.internal", "/etc/resolver/10.10.in-addr.arpa"
INSTALLABLE = [f for f in FORMATS if f.directory is not None]


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    return Tree(tmp_path)


def put(tree: Tree, path: str, content: str) -> Path:
    place = tree.root / path.lstrip("/")
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(content)
    return place


def carry_out(tree: Tree, changes: tuple[FileChange, ...]) -> None:
    with Change(tree) as transaction:
        for change in changes:
            plan.apply(change, tree, transaction)
        transaction.keep()


@pytest.mark.parametrize("form", INSTALLABLE, ids=lambda f: f.name)
def test_a_second_installation_changes_nothing_and_removal_leaves_nothing(tree: Tree, form: plan.Format) -> None:
    carry_out(tree, plan.to_install(form, CONFIG, tree, force=False))
    assert plan.to_install(form, CONFIG, tree, force=False) == ()
    carry_out(tree, plan.to_remove(form, "example.internal", tree, force=False))
    assert [p for p in tree.root.rglob("*") if p.is_file()] == []
    assert plan.to_remove(form, "example.internal", tree, force=False) == ()


def test_zones_that_are_not_wanted_any_more_go(tree: Tree) -> None:
    carry_out(tree, plan.to_install(MACOS, CONFIG, tree, force=False))
    less = make("example.internal", (Server("10.10.0.2"),))
    (change,) = plan.to_install(MACOS, less, tree, force=False)
    assert (change.path, change.after) == (REVERSE, None)


def test_files_of_other_namespaces_and_of_others_are_left_alone(tree: Tree) -> None:
    other = make("other.internal", (Server("10.20.0.2"),))
    carry_out(tree, plan.to_install(MACOS, other, tree, force=False))
    put(tree, "/etc/resolver/consul", "nameserver 127.0.0.1\n")
    (tree.root / "etc/resolver/link").symlink_to("consul")
    carry_out(tree, plan.to_install(MACOS, CONFIG, tree, force=False))
    carry_out(tree, plan.to_remove(MACOS, "example.internal", tree, force=False))
    assert sorted(p.name for p in (tree.root / "etc/resolver").iterdir()) == ["consul", "link", "other.internal"]


def test_a_reverse_zone_of_two_namespaces_is_shared_and_never_taken_over(tree: Tree) -> None:
    other = make("other.internal", (Server("10.10.0.2"),), CONFIG.reverse)
    carry_out(tree, plan.to_install(MACOS, other, tree, force=False))
    (change,) = plan.to_install(MACOS, CONFIG, tree, force=False)
    assert change.path == FILE
    elsewhere = make("example.internal", (Server("10.20.0.2"),), CONFIG.reverse)
    with pytest.raises(SplitDnsError, match="not written by sddoctor for this namespace"):
        plan.to_install(MACOS, elsewhere, tree, force=False)


def test_a_foreign_file_is_refused_and_with_force_kept_and_brought_back(tree: Tree) -> None:
    theirs = put(tree, FILE, "nameserver 10.10.0.9\r\n")
    with pytest.raises(SplitDnsError, match="not written by sddoctor"):
        plan.to_install(MACOS, CONFIG, tree, force=False)
    with pytest.raises(SplitDnsError, match="not written by sddoctor"):
        plan.to_remove(MACOS, "example.internal", tree, force=False)
    carry_out(tree, plan.to_install(MACOS, CONFIG, tree, force=True))
    assert "10.10.0.2" in theirs.read_text()
    assert sorted(p.name for p in theirs.parent.iterdir()) == ["10.10.in-addr.arpa", "example.internal"]
    newer = make("example.internal", (Server("10.10.0.3"),))
    carry_out(tree, plan.to_install(MACOS, newer, tree, force=False))  # ours by now; the backup stays the first one
    carry_out(tree, plan.to_remove(MACOS, "example.internal", tree, force=False))
    assert theirs.read_bytes() == b"nameserver 10.10.0.9\r\n"
    assert not (tree.root / "etc/sddoctor-backups").exists()


def test_a_backup_is_never_overwritten(tree: Tree) -> None:
    theirs = put(tree, FILE, "first\n")
    carry_out(tree, plan.to_install(MACOS, CONFIG, tree, force=True))
    theirs.write_text("second\n")
    with pytest.raises(SplitDnsError, match="backup"):
        plan.to_install(MACOS, CONFIG, tree, force=True)


def test_a_file_that_changed_since_it_was_shown_is_left_alone(tree: Tree) -> None:
    changes = plan.to_install(MACOS, CONFIG, tree, force=False)
    put(tree, FILE, "meanwhile\n")
    with pytest.raises(TreeError, match="meantime"):
        carry_out(tree, changes)
    assert not (tree.root / REVERSE.lstrip("/")).exists()
    assert (tree.root / FILE.lstrip("/")).read_text() == "meanwhile\n"


def test_the_diff_shows_a_carriage_return() -> None:
    lines = plan.diff(FileChange("/etc/resolver/x", b"nameserver 10.10.0.2\r\n", b"nameserver 10.10.0.2\n"))
    assert lines[:2] == ["--- /etc/resolver/x", "+++ /etc/resolver/x"]
    assert lines[3:] == ["-nameserver 10.10.0.2\\r", "+nameserver 10.10.0.2"]
