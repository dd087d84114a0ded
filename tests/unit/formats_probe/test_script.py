"""The script that a probe is: it can be pasted anywhere, and nothing of what is asked for acts in it."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from sddoctor.case.dns import Server
from sddoctor.case.name import BadNameError
from sddoctor.formats.probe.script import MOST_SERVERS, script

NAME = "dev-api.example.internal"
SHELLS = [words for words in (["dash"], ["bash"], ["busybox", "sh"], ["sh"]) if shutil.which(words[0])]


@pytest.mark.parametrize("shell", SHELLS, ids=" ".join)
def test_every_shell_understands_it(shell: list[str]) -> None:
    body = script(NAME, [Server("10.10.0.2")]).split("\n", 1)[1].rsplit("SDDOCTOR_PROBE_ENDS", 1)[0]
    done = subprocess.run([*shell, "-n"], input=body, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_it_can_be_pasted_into_an_interactive_shell() -> None:
    text = script(NAME)
    assert text.isascii()
    assert "\t" not in text
    assert "!" not in text
    assert max(map(len, text.split("\n"))) < 140
    assert text.startswith("sh <<'SDDOCTOR_PROBE_ENDS'\n")
    assert text.endswith("\nSDDOCTOR_PROBE_ENDS\n")


def test_it_only_reads() -> None:
    text = script(NAME)
    assert set(re.findall(r">\s*([^&\s;)|]+)", text)) <= {"/dev/null"}
    assert not re.search(r"\b(rm|mv|cp|tee|curl|wget|kill|mkdir|touch|chmod|env|printenv|set)\b(?! [-+]f)", text)


def test_a_value_of_the_environment_is_at_most_compared() -> None:
    for line in script(NAME).split("\n"):
        if "$ECS" in line or "$AWS" in line:
            assert line.startswith("if [ -n ")


def test_of_the_mounts_it_prints_the_root_and_what_lies_over_files_of_the_image(tmp_path: Path) -> None:
    """The others name volumes, and what is in them."""
    table = (
        "27 1 254:0 / / rw,relatime - ext4 /dev/vda rw\n"
        "22 27 0:21 / /proc rw - proc proc rw\n"
        "41 27 8:1 /volumes/db-password /run/secrets/db rw - ext4 /dev/sda1 rw\n"
        "42 27 8:1 /docker/containers/9c1f/hosts /etc/hosts rw - ext4 /dev/sda1 rw\n"
        "43 27 8:1 /hosts /etc/hosts.d rw - ext4 /dev/sda1 rw\n"
    )
    (tmp_path / "mountinfo").write_text(table)
    (line,) = (x for x in script(NAME).split("\n") if x.startswith("mounted="))
    shown = f'{line.replace("/proc/self/mountinfo", str(tmp_path / "mountinfo"))}\nprintf "%s\\n" "$mounted"'
    done = subprocess.run(["sh"], input=shown, capture_output=True, text=True, check=True)
    assert [row.split()[0] for row in done.stdout.splitlines()] == ["27", "42"]


@pytest.mark.parametrize(
    "name",
    [
        "a'b.example.internal",
        "$(reboot).example",
        "`id`.example",
        'a"b',
        "a;b",
        "a\nb",
        "a b",
        "-x.example.internal",
        "",
        "a/b",
    ],
)
def test_a_name_that_would_act_in_a_shell_is_refused(name: str) -> None:
    with pytest.raises(BadNameError):
        script(name)


def test_an_address_that_would_act_in_a_shell_is_refused() -> None:
    with pytest.raises(BadNameError, match="one link only"):
        script(NAME, [Server("fe80::1%'; reboot; '")])


def test_the_servers_that_are_named_are_in_it_up_to_a_limit() -> None:
    assert "given='10.10.0.2#53 fd00::2#5353'" in script(NAME, [Server("10.10.0.2"), Server("fd00::2", 5353)])
    many = script(NAME, [Server(f"10.0.0.{n}") for n in range(1, 30)])
    assert many.count("#53 ") + many.count("#53'") == MOST_SERVERS
