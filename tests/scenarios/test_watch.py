"""A deployment that the lab plays, watched by the real command: what it saw is what was done, to the interval."""

from __future__ import annotations

import contextlib
import json
import signal
import subprocess
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

import sddoctor.lab
from sddoctor.cli.main import run
from sddoctor.lab import gallery
from sddoctor.lab.runner import Lab
from sddoctor.lab.world import load
from tests.in_process import in_lab, run_in

WORLDS = Path(sddoctor.lab.__file__).parent / "worlds"
DATA = Path(__file__).parents[1] / "data"
OLD, NEW = "0f4a1c5be0d34e7fa1b2c3d4e5f60701", "3e7c90d2a4b14f6c8d1e2f3a4b5c6d03"


class Watching:
    """A watch that runs as a process. Every line that it wrote is in ``lines``, each look of which is waited for."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.lines: list[str] = []
        self.errors = ""

    def look(self) -> None:
        assert self.process.stdout is not None
        self.lines.append(self.process.stdout.readline())

    def end(self, number: int) -> None:
        self.process.send_signal(number)
        out, self.errors = self.process.communicate(timeout=120)
        self.lines += out.splitlines()


@contextlib.contextmanager
def watching(lab: Lab, *args: str) -> Iterator[Watching]:
    command = lab.command(["watch", lab.world.name, "--root", str(lab.root), "--interval", "0.2", *args])
    pipe = subprocess.PIPE
    with subprocess.Popen(command, env=lab.process_env(), stdout=pipe, stderr=pipe, text=True) as process:
        try:
            yield Watching(process)
        finally:
            process.kill()


class Played:
    """A deployment whose every step waited until it was looked at; what the watch wrote, and where it saved it."""

    def __init__(self, saved: Path) -> None:
        self.saved = saved
        world = load(WORLDS / "rolling-deployment.yaml")
        with Lab(structs.replace(world, script=())) as lab, watching(lab, "--save", str(saved)) as watch:
            watch.look()
            for _, steps in groupby(world.script, key=lambda step: step.after):
                for step in steps:
                    lab.script.play(step)
                watch.look()  # this one may have begun before
                watch.look()
            watch.end(signal.SIGINT)
            self.done = {(s.task, s.does): at for at, s in lab.script.done}
        self.status, self.lines = watch.process.returncode, [json.loads(line) for line in watch.lines]
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
    for before, (task, does), told in (
        (played.looks[0], (NEW, "starts"), "running"),
        (played.done[NEW, "is-registered"], (OLD, "stops"), "stopping"),
    ):
        at = datetime.fromisoformat(tasks[task][told]) - timedelta(milliseconds=1)  # by which it may be rounded up
        assert before < at <= played.done[task, does], "ECS tells these times itself"


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
        again = run_in(lab, ["watch", "--from", str(played.saved), "-o", "json"])
        page = run_in(lab, ["watch", "--from", str(played.saved), "-o", "html"])
        text = run_in(lab, ["watch", "--from", str(played.saved), "-o", "text"])
    assert json.loads(again.stdout) == played.lines[-1]
    assert again.returncode == page.returncode == text.returncode == 1
    assert page.stdout.startswith("<!DOCTYPE html>")
    assert "10.10.211.77" in page.stdout
    assert "http" not in page.stdout.replace("http-equiv", "")
    assert "gave no address of a task that serves." in text.stdout


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_with_its_summary(number: int) -> None:
    with Lab(load(WORLDS / "article.yaml")) as lab, watching(lab) as watch:
        watch.look()
        watch.end(number)
    assert watch.process.returncode == 0
    assert json.loads(watch.lines[-1])["summary"]["gaps"][0]["no_answer"] == 0
    assert "Traceback" not in watch.errors


#: By world: whose answer it is, what a watch counts it as, and the verdict.
ANSWERS = {
    "healthy-linux": ("VPC", "whole", "healthy"),
    "healthy-srv": ("VPC", "whole", "healthy"),  # tasks in bridge mode, which have no addresses of their own
    "healthy-weighted": ("VPC", "whole", "healthy"),
    "healthy-many": ("VPC", "whole", "healthy"),
    "healthy-reconciler": ("VPC", "whole", "healthy"),
    "healthy-deployment": ("VPC", "whole", "healthy"),
    "all-instances-unhealthy-answered": ("VPC", "whole", "healthy"),
    "stale-instance": ("VPC", "some-dead", "degraded"),
    "agent-disconnected-bridge": ("VPC", "some-dead", "degraded"),
    "unmanaged-instance": ("VPC", "some-dead", "degraded"),
    "service-scaled-to-zero-lookalike": ("VPC", "only-stale", "healthy"),
    "service-scaled-to-zero": ("VPC", "no-answer", "broken"),
    "dhcp-custom-dns-client-vpc": ("DHCP", "no-answer", "broken"),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_is_judged_as_a_check_judges_it(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    who, kind, verdict = ANSWERS[name]
    with Lab(gallery.find(name)) as lab, in_lab(lab):
        run(["watch", lab.world.name, "--root", str(lab.root), *lab.world.args, "--interval", "0.1", "--for", "0.05"])
    look, _ = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    (answer,) = (a for a in look["answers"] if a["who"].split(" ")[0] == who)
    assert (answer["judged"], answer["verdict"]) == (kind, verdict)
    assert look["gaps"] == []


def test_each_look_makes_the_same_few_calls(capsys: pytest.CaptureFixture[str]) -> None:
    with Lab(gallery.find("healthy-linux")) as lab, in_lab(lab):
        run(lab.check_args)
        checked = Counter(c.operation for c in lab.aws_log)
        capsys.readouterr()
        run(["watch", lab.world.name, "--root", str(lab.root), "--interval", "0.1", "--for", "0.35"])
        looks = len(capsys.readouterr().out.splitlines()) - 1
        watched = Counter(c.operation for c in lab.aws_log) - checked - checked
    assert watched == {
        "DescribeServices": looks,
        "ListTasks": 2 * looks,  # those that should run, and those that stopped lately
        "DescribeTasks": looks,
        "ListInstances": looks,
        "GetInstancesHealthStatus": looks,
    }


def test_a_recording_of_before_is_read_and_judged(capsys: pytest.CaptureFixture[str]) -> None:
    """It was saved by a version that kept states alone; two tasks are stopped two seconds before their successor answers."""
    assert run(["watch", "--from", str(DATA / "recordings" / "rolling-deployment.json"), "-o", "json"]) == 1
    (gaps,) = json.loads(capsys.readouterr().out)["summary"]["gaps"]
    assert gaps == {
        "who": "VPC 10.10.0.2", "reached": True,
        "no_answer": 0.0, "only_stale": 1.99, "fewer": 6.999, "some_dead": 0.0, "unknown": 0.0,
    }  # fmt: skip


def test_tasks_that_may_not_be_read_leave_it_undecided() -> None:
    world = load(WORLDS / "article.yaml")
    faults = structs.replace(world.faults, deny=("ecs:ListTasks",))
    with Lab(structs.replace(world, faults=faults)) as lab:
        done = run_in(lab, ["watch", lab.world.name, "--root", str(lab.root), "--interval", "0.2", "--for", "0.5"])
    assert done.returncode == 3
    first, *_, last = (json.loads(line) for line in done.stdout.splitlines())
    assert first["gaps"][0]["needs"] == "ecs:ListTasks"
    assert last["summary"]["gaps"][0]["unknown"] > 0


@pytest.mark.parametrize(("reached", "status"), [(False, 0), (True, 3)], ids=["never", "now-and-then"])
def test_a_server_out_of_reach_leaves_it_undecided_only_if_it_was_reached_once(
    reached: bool, status: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
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
    assert run(["watch", *args]) == 2
    assert says in capsys.readouterr().err


def test_a_file_that_is_no_recording_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = json.loads((DATA / "recordings" / "rolling-deployment.json").read_text(encoding="utf-8"))
    deployment = {"id": "d", "status": "PRIMARY", "created_at": "2026-11-24T03:00:00"}
    service = dict.fromkeys(("arn", "name", "cluster", "status"), "x") | dict.fromkeys(
        ("desired", "running", "pending"), 1
    )
    services = {"seen": "seen", "value": [service | {"deployments": [deployment]}], "source": "x"}
    without_zones = (
        made | {"began": "2026-11-24T03:00:00"},
        made | {"stretches": [s | {"state": s["state"] | {"services": services}} for s in made["stretches"]]},
    )
    broken = ('{"schema": "other/1"}', "[]", "\x00", '{"stretches": ' + "[" * 5000, *map(json.dumps, without_zones))
    for content in broken:
        (tmp_path / "bad.json").write_text(content, encoding="utf-8")
        assert run(["watch", "--from", str(tmp_path / "bad.json")]) == 2
        assert "is not what 'watch --save' writes" in capsys.readouterr().err
