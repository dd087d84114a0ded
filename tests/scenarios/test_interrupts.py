"""A check that is ended from outside, or cannot write: one sentence, the right status, nothing left behind."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import sddoctor.lab
from sddoctor.lab.runner import Lab
from sddoctor.lab.world import Faults, load
from tests.matrix.cases import world
from tests.processes import PATIENCE, alive, children, connections, wait_until

WORLDS = Path(sddoctor.lab.__file__).parent / "worlds"

#: A check of this very host, whose look-up hangs: in the lab's network, so that no name server is really asked.
HANGING_LOOKUP = """
import sys
from sddoctor import __main__
from sddoctor.observe.host import lookup
lookup._SCRIPT = "import time; time.sleep(300)"
lookup.LOOKUP_TIMEOUT = 300.0
__main__.main()
"""


@pytest.fixture
def hung() -> Iterator[Lab]:
    """A lab in which AWS answers nothing at all."""
    from msgspec.structs import replace

    with Lab(replace(world("article"), faults=Faults(errors={"*": "hang"}))) as lab:
        yield lab


@pytest.mark.parametrize(
    ("number", "status", "sentence"),
    [
        (signal.SIGINT, 130, "Interrupted."),
        (signal.SIGTERM, 143, "Terminated."),
        (signal.SIGHUP, 129, "The terminal has gone."),
    ],
)
def test_a_signal_ends_a_check_that_waits(
    hung: Lab, tmp_path: Path, number: signal.Signals, status: int, sentence: str
) -> None:
    saved = tmp_path / "case.json"
    command = hung.command([*hung.check_args, "--timeout", "300", "--save", str(saved)])
    with subprocess.Popen(
        command, env=hung.process_env(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        # A call that hangs is logged when it ends, so its connection is what shows it.
        wait_until(lambda: connections(process.pid) > 0, "no call was made")
        process.send_signal(number)
        try:
            out, err = process.communicate(timeout=PATIENCE)
        finally:
            process.kill()
    assert (process.returncode, out, err.strip()) == (status, "", sentence)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_look_ups_end_with_the_check(hung: Lab, number: signal.Signals, status: int) -> None:
    words = [sys.executable, "-c", HANGING_LOOKUP, "check", hung.world.name, "--timeout", "300"]
    with subprocess.Popen(
        words, env=hung.process_env(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    ) as process:
        wait_until(lambda: len(children(process.pid)) >= 2, "no look-up was started")
        started = children(process.pid)
        process.send_signal(number)
        try:
            process.communicate(timeout=PATIENCE)
        finally:
            process.kill()
    assert process.returncode == status
    wait_until(lambda: not any(map(alive, started)), "a look-up goes on")


ASIDE = """
import signal, sys, threading
sys.argv = ["sddoctor", "explain"]
from sddoctor import __main__
from sddoctor.cli import main

def aside():
    signal.pthread_kill(threading.get_ident(), signal.{name})

def run(argv):
    threading.Timer(0.2, aside).start()
    threading.Event().wait(300)
    return 0

main.run = run
__main__.main()
"""


@pytest.mark.parametrize(("name", "status"), [("SIGINT", 130), ("SIGTERM", 143), ("SIGHUP", 129)])
def test_a_signal_that_another_thread_gets_wakes_the_main_one(name: str, status: int) -> None:
    """As one may that comes while a process is being started: Python leaves the main thread asleep then."""
    words = [sys.executable, "-c", ASIDE.format(name=name)]
    done = subprocess.run(words, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (status, "", "")


LOSING = """
import sys, time, weakref
sys.argv = ["sddoctor", "explain"]
from sddoctor import __main__
from sddoctor.cli import main

class Thing: pass

def run(argv):
    thing = Thing()
    def callback(_): print("waiting", flush=True); time.sleep({seconds})
    watched = weakref.ref(thing, callback)
    del thing  # an exception in the callback is dropped
    time.sleep(60)
    return 0

def guarded(argv):
    from sddoctor.cli import interrupts
    try:
        return run(argv)
    except KeyboardInterrupt:
        interrupts.caught()
        return 130

main.run = guarded
__main__.main()
"""


def test_a_signal_that_python_drops_comes_again() -> None:
    program = LOSING.format(seconds=30)
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"waiting\n"
        process.send_signal(signal.SIGINT)
        try:
            _out, errors = process.communicate(timeout=PATIENCE)
        finally:
            process.kill()
    assert b"Exception ignored in" in errors
    assert process.returncode == 130


def test_the_end_of_the_time_ends_look_ups_too(hung: Lab) -> None:
    words = [sys.executable, "-c", HANGING_LOOKUP, "check", hung.world.name, "--timeout", "4"]
    seen: set[int] = set()
    with subprocess.Popen(
        words, env=hung.process_env(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        while process.poll() is None:
            seen |= children(process.pid)
            time.sleep(0.02)
    assert seen
    assert process.returncode == 3
    wait_until(lambda: not any(map(alive, seen)), "a look-up goes on")


def _run(lab: Lab, *more: str, **options: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        lab.command([*lab.check_args, *more]),
        env=lab.process_env(), text=True, timeout=PATIENCE, check=False, **options,
    )  # fmt: skip


@pytest.fixture(scope="module")
def sound() -> Iterator[Lab]:
    """A lab of a sound name."""
    with Lab(load(WORLDS / "article.yaml")) as lab:
        yield lab


def _little_room() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))


def test_a_full_disk_leaves_no_partial_file(sound: Lab, tmp_path: Path) -> None:
    saved = tmp_path / "case.json"
    saved.write_text("what was saved before")
    done = _run(sound, "--save", str(saved), capture_output=True, preexec_fn=_little_room)
    assert done.returncode == 2
    assert done.stderr == f"Error: '{saved}' could not be written: File too large.\n"
    assert "resolves as it should" in done.stdout
    assert [(p.name, p.read_text()) for p in tmp_path.iterdir()] == [("case.json", "what was saved before")]


@pytest.mark.parametrize(
    ("target", "why"),
    [
        ("/dev/full", "No space left on device"),
        ("/proc/case.json", "No such file or directory"),
    ],
)
def test_an_unwritable_target_is_one_sentence(sound: Lab, tmp_path: Path, target: str, why: str) -> None:
    (tmp_path / "file").write_text("")
    done = _run(sound, "--save", target.format(tmp=tmp_path), capture_output=True)
    assert done.returncode == 2
    assert why in done.stderr
    assert done.stderr.startswith("Error: ")
    assert "Traceback" not in done.stderr
    assert [p.name for p in tmp_path.iterdir()] == ["file"]


def test_a_reader_that_has_read_enough(sound: Lab) -> None:
    command = sound.command([*sound.check_args, "-o", "json"])
    with subprocess.Popen(command, env=sound.process_env(), stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.read(1) == b"{"
        process.stdout.close()
        assert (process.wait(PATIENCE), process.stderr.read()) == (0, b"")


@pytest.mark.parametrize("closed", [1, 2])
def test_a_closed_stream_is_no_error(sound: Lab, closed: int) -> None:
    done = _run(sound, stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=lambda: os.close(closed))
    assert done.returncode == 0
    assert "Traceback" not in done.stderr
