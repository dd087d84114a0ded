import os
import re
import signal
import socket
import subprocess
import sys

import boto3
import dns.message
import dns.query
import pytest

from sddoctor.cli.main import run
from sddoctor.lab import gallery
from sddoctor.lab.runner import Lab

NAME = "dev-api.example.internal"


def test_list(capsys):
    assert run(["lab", "list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 1 + len(gallery.names())
    (line,) = [text for text in lines if text.startswith("vpn-down ")]
    assert line.endswith("no-route-to-resolver")


@pytest.mark.parametrize("command", ["run", "up"])
def test_an_unknown_world_is_one_sentence(capsys, command):
    assert run(["lab", command, "no-such-world"]) == 2
    written = capsys.readouterr()
    assert written.out == ""
    assert len(written.err.splitlines()) == 1
    assert "no-such-world" in written.err


def test_a_broken_world_is_one_sentence(capsys, tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text("title: mine\nvpc: []\n")
    assert run(["lab", "run", str(path)]) == 2
    assert "`vpc`" in capsys.readouterr().err


def test_the_base_of_a_world_may_be_one_of_the_package(capfd, tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text(
        "base: article\ntitle: mine\nclusters: {dev: {services: {dev-api-service: {desired: 0, tasks: []}}}}\n"
    )
    assert run(["lab", "run", str(path), "--short"]) == 1
    assert "scaled to zero" in capfd.readouterr().out


def test_without_the_extra(capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "yaml", None)
    assert run(["lab", "list"]) == 2
    assert "sddoctor[lab]" in capsys.readouterr().err


def test_a_lab_serves_aws_and_hands_its_environment_to_sddoctor(monkeypatch):
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    with Lab(gallery.find("article")) as lab:
        client = boto3.client(
            "sts",
            endpoint_url=lab.env["AWS_ENDPOINT_URL"],
            region_name=lab.env["AWS_REGION"],
            aws_access_key_id="x",
            aws_secret_access_key="x",
        )
        assert client.get_caller_identity()["Account"] == "111122223333"
        monkeypatch.setenv("AWS_PROFILE", "must-not-be-used")
        assert lab.check_args == ["check", NAME, "--root", str(lab.root)]
        assert "AWS_PROFILE" not in lab.process_env()
        done = lab.run(["--version"])
        assert (done.returncode, done.stdout[:9]) == (0, "sddoctor ")
        root = lab.root
        assert root.is_dir()
    assert not root.exists()


def test_a_change_reaches_the_host():
    with Lab(gallery.find("article")) as lab:
        found = lab.root / "commands" / f"dscacheutil_-q_host_-a_name_{NAME}"
        assert "10.10.211.50" in found.read_text()
        for instance in lab.state.services["srv-devapi0000000001"].instances:
            instance.health = "UNHEALTHY"
        lab.state.changed()
        lab.refresh_if_changed()
        assert found.read_text() == ""


def test_run_returns_the_status_of_sddoctor():
    done = subprocess.run(
        [sys.executable, "-m", "sddoctor", "lab", "run", "article", "--", "no-such-command"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert "no-such-command" in done.stderr


def test_up_stays_until_it_is_told_to_end():
    process = subprocess.Popen(
        [sys.executable, "-m", "sddoctor", "lab", "up", "article"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    )
    try:
        text = ""
        while "asks 192.168.1.1" not in text:
            line = process.stdout.readline()
            assert line, process.stderr.read()
            text += line
        assert re.search(r"^export AWS_ENDPOINT_URL=http://127\.0\.0\.1:\d+$", text, re.MULTILINE)
        assert f"sddoctor check {NAME} --root " in text
        port = int(re.search(r"^dig @127\.0\.0\.1 -p (\d+) \S+ A +# asks 10\.10\.0\.2$", text, re.MULTILINE)[1])
        answer = dns.query.udp(dns.message.make_query(NAME, "A"), "127.0.0.1", 60, port)
        assert len(answer.answer[0]) == 2
        assert process.poll() is None
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0
        assert "ended" in process.stderr.read()
    finally:
        process.kill()
        process.wait()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=60)
