"""A deployment that the lab plays, watched by the real command: what it saw is what was done, to the interval."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

import sddoctor.lab
from sddoctor.lab.runner import Lab
from sddoctor.lab.world import load

WORLDS = Path(sddoctor.lab.__file__).parent / "worlds"
INTERVAL = 0.5
OLD, NEW = "0f4a1c5be0d34e7fa1b2c3d4e5f60701", "3e7c90d2a4b14f6c8d1e2f3a4b5c6d03"


class Played:
    """The lab after its script, what the watch wrote, and where it saved it."""

    def __init__(self, saved: Path) -> None:
        self.saved = saved
        with Lab(load(WORLDS / "rolling-deployment.yaml")) as lab:
            args = ["watch", lab.world.name, "--root", str(lab.root), "--interval", str(INTERVAL), "--for", "11"]
            done = lab.run([*args, "--save", str(saved)])
            self.done = {(s.task, s.does): at for at, s in lab.script.done}
        self.status, self.errors = done.returncode, done.stderr
        self.lines: list[dict[str, Any]] = [json.loads(line) for line in done.stdout.splitlines()]
        self.summary: dict[str, Any] = self.lines[-1]["summary"]
        self.looks = [datetime.fromisoformat(line["at"]) for line in self.lines[:-1]]

    def steps_to(self, seen: str, done: datetime) -> int:
        """Return how many looks after the first that could see a step it was seen; -1: in the look that was under way."""
        return self.looks.index(datetime.fromisoformat(seen)) - sum(at < done for at in self.looks)


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    return Played(tmp_path_factory.mktemp("watch") / "saved.json")


def test_every_step_was_seen_when_it_was_done(played: Played) -> None:
    tasks = {t["id"]: t for t in played.summary["tasks"]}
    for task, does, seen in (
        (NEW, "is-registered", "registered"),
        (NEW, "is-healthy", "healthy"),
        (NEW, "answers", "published"),
        (OLD, "is-deregistered", "deregistered"),
    ):
        assert played.steps_to(tasks[task][seen], played.done[task, does]) in (-1, 0), does
    assert played.steps_to(tasks[NEW]["first_answered"]["VPC 10.10.0.2"], played.done[NEW, "answers"]) in (-1, 0)
    assert tasks[NEW]["last_answered"] == {}
    for task, does, told in ((NEW, "starts", "running"), (OLD, "stops", "stopping")):
        late = datetime.fromisoformat(tasks[task][told]) - played.done[task, does]
        assert abs(late.total_seconds()) < 0.1, "ECS tells these times itself"


def test_the_gap_has_its_length(played: Played) -> None:
    (gap,) = played.summary["gaps"]
    stale = (played.done[NEW, "answers"] - played.done[OLD, "stops"]).total_seconds()
    assert gap["no_answer"] == 0
    longest = max(b - a for a, b in pairwise(played.looks)).total_seconds()
    assert abs(gap["only_stale"] - stale) <= longest
    assert gap["fewer"] > 0
    assert played.status == 1


def test_each_look_is_a_line(played: Played) -> None:
    looks = played.lines[:-1]
    assert len(looks) == played.summary["looks"] > 10
    assert {a["judged"] for one in looks for a in one["answers"]} == {"whole", "only-stale", "fewer"}
    assert looks[0]["desired"] == 2
    assert looks[0]["gaps"] == []


def test_what_was_saved_gives_the_same_summary(played: Played) -> None:
    with Lab(load(WORLDS / "article.yaml")) as lab:
        again = lab.run(["watch", "--from", str(played.saved), "-o", "json"])
        page = lab.run(["watch", "--from", str(played.saved), "-o", "html"])
        text = lab.run(["watch", "--from", str(played.saved), "-o", "text"])
    assert json.loads(again.stdout) == played.lines[-1]
    assert again.returncode == page.returncode == text.returncode == 1
    assert page.stdout.startswith("<!DOCTYPE html>")
    assert "10.10.211.77" in page.stdout
    assert "http" not in page.stdout.replace("http-equiv", "")
    assert "gave no address of a task that serves." in text.stdout


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_with_its_summary(number: int) -> None:
    with Lab(load(WORLDS / "article.yaml")) as lab:
        command = lab.command(["watch", lab.world.name, "--root", str(lab.root), "--interval", "0.2"])
        with subprocess.Popen(
            command, env=lab.process_env(), stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as process:
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(0.3)
            process.send_signal(number)
            try:
                out, errors = process.communicate(timeout=120)
            finally:
                process.kill()
    assert process.returncode == 0, errors
    assert json.loads(out.splitlines()[-1])["summary"]["gaps"][0]["no_answer"] == 0
    assert b"Traceback" not in errors


def test_tasks_that_may_not_be_read_leave_it_undecided() -> None:
    import msgspec

    world = load(WORLDS / "article.yaml")
    faults = msgspec.structs.replace(world.faults, deny=("ecs:ListTasks",))
    with Lab(msgspec.structs.replace(world, faults=faults)) as lab:
        done = lab.run(["watch", lab.world.name, "--root", str(lab.root), "--interval", "0.2", "--for", "0.5"])
    assert done.returncode == 3
    first, *_, last = (json.loads(line) for line in done.stdout.splitlines())
    assert first["gaps"][0]["needs"] == "ecs:ListTasks"
    assert last["summary"]["gaps"][0]["unknown"] > 0


@pytest.mark.parametrize(("reached", "status"), [(False, 0), (True, 3)], ids=["never", "now-and-then"])
def test_a_server_out_of_reach_leaves_it_undecided_only_if_it_was_reached_once(
    reached: bool, status: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from sddoctor.cli.main import run

    answers = [{"who": "this host", "addresses": ["10.0.0.1"]}, {"who": "10.10.0.2#53", "reached": False}]
    task = {
        "id": "t", "addresses": ["10.0.0.1"], "last_status": "RUNNING", "desired_status": "RUNNING", "health": "HEALTHY",
    }  # fmt: skip

    def look(second: int, *answers: dict[str, Any]) -> dict[str, Any]:
        seen = {"desired": 1, "tasks": [task], "instances": []}
        facts = {k: {"seen": "seen", "value": v, "source": "x"} for k, v in seen.items()}
        at = f"2026-11-24T03:00:{second:02}Z"
        return {"began": at, "until": at, "times": 1, "state": facts | {"answers": answers}}

    again = answers[1] | {"addresses": ["10.0.0.1"], "reached": True} if reached else answers[1]
    made = {
        "name": "x.internal", "began": "2026-11-24T03:00:00Z", "ended": "2026-11-24T03:00:04Z", "interval": 2, "ttl": 10, "most": 8,
        "stretches": [look(0, *answers), look(2, answers[0], again)], "schema": "sddoctor.watch/1",
    }  # fmt: skip
    (tmp_path / "seen.json").write_text(json.dumps(made))
    assert run(["watch", "--from", str(tmp_path / "seen.json"), "-o", "text"]) == status
    told = " ".join(capsys.readouterr().out.split())
    assert ("Not reached from here: 10.10.0.2#53." in told) is not reached


@pytest.mark.parametrize(
    ("args", "says"),
    [
        ([], "A NAME is missing"),
        (["a b"], "a b"),
        (["--from", "nowhere.json"], "cannot be read"),
        (["x.internal", "--for", "-1"], "seconds above 0"),
    ],
)
def test_wrong_usage_is_one_sentence(args: list[str], says: str, capsys: pytest.CaptureFixture[str]) -> None:
    from sddoctor.cli.main import run

    assert run(["watch", *args]) == 2
    assert says in capsys.readouterr().err


def test_a_file_that_is_no_recording_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from sddoctor.cli.main import run

    for content in ('{"schema": "other/1"}', "[]", "\x00", '{"stretches": ' + "[" * 5000):
        (tmp_path / "bad.json").write_text(content, encoding="utf-8")
        assert run(["watch", "--from", str(tmp_path / "bad.json")]) == 2
        assert "is not what 'watch --save' writes" in capsys.readouterr().err
