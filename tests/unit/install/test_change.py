"""Changes are made whole or not at all, and never through a link."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from sddoctor.install.change import Change
from sddoctor.install.tree import Tree, TreeError

A, B = "/etc/resolver/a.internal", "/etc/resolver/b.internal"


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    (tmp_path / "host").mkdir()
    return Tree(tmp_path / "host")


def snapshot(tree: Tree) -> dict[str, tuple[int, int, str]]:
    """Return every file and directory with its inode, mode and content."""
    found = {}
    for path in sorted(tree.root.rglob("*")):
        info = path.lstat()
        content = path.read_text() if stat.S_ISREG(info.st_mode) else ""
        inode = info.st_ino if stat.S_ISREG(info.st_mode) else 0
        found[str(path.relative_to(tree.root))] = (inode, stat.S_IMODE(info.st_mode), content)
    return found


def put(tree: Tree, path: str, content: str, mode: int = 0o600) -> Path:
    place = tree.root / path.lstrip("/")
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(content)
    place.chmod(mode)
    return place


def test_what_is_kept_has_mode_0644_whatever_the_umask(tree: Tree) -> None:
    before = os.umask(0o077)
    try:
        with Change(tree) as change:
            change.write(A, b"new\n")
            change.keep()
    finally:
        os.umask(before)
    place = tree.root / "etc/resolver"
    assert (place / "a.internal").read_text() == "new\n"
    assert stat.S_IMODE((place / "a.internal").stat().st_mode) == 0o644
    assert stat.S_IMODE(place.stat().st_mode) == 0o755
    assert [p.name for p in (tree.root / "etc").iterdir()] == ["resolver"]  # nothing staged is left


def test_without_keep_everything_is_as_it_was(tree: Tree) -> None:
    put(tree, A, "old\n")
    put(tree, "/etc/sddoctor-backups/b", "saved\n", 0o640)
    put(tree, B, "replaced\n")
    before = snapshot(tree)
    with Change(tree) as change:
        change.copy(A, "/etc/elsewhere/deep/a")
        change.write(A, b"new\n")
        change.write("/usr/lib/x/c", b"new\n")
        change.move("/etc/sddoctor-backups/b", B)
        change.prune("/etc/sddoctor-backups")
        change.remove(A)
        assert snapshot(tree) != before
    assert snapshot(tree) == before


def test_a_step_that_fails_takes_the_steps_before_it_back(tree: Tree) -> None:
    put(tree, A, "old\n")
    (tree.root / "etc/resolver/b.internal").mkdir()
    before = snapshot(tree)
    with pytest.raises(TreeError, match=r"b\.internal"), Change(tree) as change:  # noqa: PT012 - the second fails
        change.write(A, b"new\n")
        change.write(B, b"new\n")
    assert snapshot(tree) == before


def test_a_backup_comes_back_with_its_mode(tree: Tree) -> None:
    old = put(tree, A, "old\n", 0o640)
    inode = old.stat().st_ino
    with Change(tree) as change:
        change.copy(A, "/etc/kept/a")
        change.write(A, b"new\n")
        change.keep()
    with Change(tree) as change:
        change.move("/etc/kept/a", A)
        change.prune("/etc/kept")
        change.keep()
    assert (old.read_text(), stat.S_IMODE(old.stat().st_mode), old.stat().st_ino) == ("old\n", 0o640, inode)
    assert not (tree.root / "etc/kept").exists()


def test_a_link_in_the_place_of_the_file_is_not_followed(tree: Tree, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.write_text("theirs")
    (tree.root / "etc/resolver").mkdir(parents=True)
    (tree.root / "etc/resolver/a.internal").symlink_to(outside)
    with pytest.raises(TreeError, match="symbolic link"):
        tree.read(A)
    assert outside.read_text() == "theirs"


def test_a_link_in_the_place_of_the_directory_is_not_followed(tree: Tree, tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tree.root / "etc").mkdir()
    (tree.root / "etc/resolver").symlink_to(tmp_path / "outside")
    with pytest.raises(TreeError, match="symbolic link"), Change(tree) as change:
        change.write(A, b"new\n")
    assert list((tmp_path / "outside").iterdir()) == []


def test_a_link_above_leads_only_within_the_root(tree: Tree, tmp_path: Path) -> None:
    """On macOS /etc is a link to private/etc; an absolute one begins at the root that was given."""
    (tree.root / "private/etc/resolver").mkdir(parents=True)
    (tree.root / "etc").symlink_to("/private/etc")
    with Change(tree) as change:
        change.write(A, b"new\n")
        change.keep()
    assert (tree.root / "private/etc/resolver/a.internal").read_text() == "new\n"
    (tree.root / "etc").unlink()
    (tmp_path / "outside/resolver").mkdir(parents=True)
    (tree.root / "etc").symlink_to("../../../../../outside")
    with pytest.raises(TreeError), Change(tree) as change:
        change.write(A, b"new\n")
    assert list((tmp_path / "outside/resolver").iterdir()) == []


def test_links_in_a_circle_are_a_sentence(tree: Tree) -> None:
    (tree.root / "etc").symlink_to("etc")
    with pytest.raises(TreeError, match="circle"):
        tree.read(A)


def test_devices_and_pipes_are_not_opened(tree: Tree) -> None:
    (tree.root / "etc/resolver").mkdir(parents=True)
    os.mkfifo(tree.root / "etc/resolver/a.internal")
    with pytest.raises(TreeError, match="regular"):
        tree.read(A)


def test_a_file_that_is_not_there_is_none(tree: Tree) -> None:
    assert tree.read(A) is None
    assert tree.names("/etc/resolver") == ()
