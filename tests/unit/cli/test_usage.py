"""Bad input: status 2, one sentence and where to read more on standard error, nothing on standard output."""

from pathlib import Path

import pytest

from sddoctor.cli.main import run

NAME = "dev-api.example.internal"


@pytest.mark.parametrize(
    ("argv", "says"),
    [
        (["check"], "A NAME is missing"),
        (["check", ""], "The name is empty."),
        (["check", "a..b"], "empty label"),
        (["check", "a" * 64 + ".b"], "the most is 63"),
        (["check", "a b"], "a space"),
        (["check", NAME, "-o", "pdf"], "'pdf' is not one of"),
        (["check", NAME, "--bogus"], "'--bogus'"),
        (["check", NAME, "--nameserver", "10.10.0"], "'10.10.0' is not an IP address"),
        (["check", NAME, "--nameserver", "10.10.0.2#99999"], "'99999' is not a port"),
        (["check", NAME, "--nameserver", "10.10.0.2#"], "'' is not a port"),
        (["check", NAME, "--nameserver", "ns.example.com"], "is not an IP address"),
        (["check", NAME, "--nameserver", "fe80::1%a;b"], "is not an IP address"),
        (["check", NAME, "--client-vpc", "dev"], "'dev' is not the id of a VPC"),
        (["check", NAME, "--region", "eu west 1"], "is not a region"),
        (["check", NAME, "--region", "EU-WEST-1"], "is not a region"),
        (["check", NAME, "--region", "eu-west-1/../x"], "is not a region"),
        (["check", NAME, "--timeout", "0"], "above 0"),
        (["check", NAME, "--timeout", "-3"], "above 0"),
        (["check", NAME, "--timeout", "nan"], "above 0"),
        (["check", NAME, "--timeout", "inf"], "above 0"),
        (["check", NAME, "--timeout", "soon"], "'soon' is not a valid float"),
        (["check", NAME, "--wait", "-1"], "above 0"),
        (["check", NAME, "--samples", "0"], "0 is not in the range"),
        (["check", NAME, "--fail-on", "info"], "'info' is not one of"),
        (["check", NAME, "--color", "sometimes"], "'sometimes' is not one of"),
        (["check", NAME, "--ignore", "srv-onyl"], "Did you mean 'srv-only'?"),
        (["check", NAME, "--root", "/no/such/directory"], "'/no/such/directory' cannot be read"),
        (["check", NAME, "--from", "/no/such/file"], "'/no/such/file' cannot be read"),
        (["check", NAME, "--save", "/no/such/directory/file"], "cannot be written"),
        (["check", NAME, "--save", "/"], "it is a directory"),
        (["explain", "srv-onyl"], "Did you mean 'srv-only'?"),
        (["explain", "../../etc/passwd"], "No page of a cause has"),
        (["chekc", NAME], "Did you mean 'check'?"),
        (["--bogus"], "'--bogus'"),
    ],
)
def test_one_sentence(argv: list[str], says: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(argv) == 2
    out, err = capsys.readouterr()
    sentence, hint = err.splitlines()
    assert out == ""
    assert sentence.startswith("Error: ")
    assert sentence.endswith((".", "?"))
    assert says in sentence
    command = argv[0] if argv[0] in ("check", "explain") else ""
    assert hint == " ".join(["Try 'sddoctor", *([command] if command else []), "--help'"])


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"\xff\xfe", b'{"schema": "sddoctor.cases/1", "cases": []}'])
def test_file_that_is_no_case(content: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "no-case.json"
    path.write_bytes(content)
    assert run(["check", NAME, "--from", str(path)]) == 2
    assert f"'{path}' cannot be used." in capsys.readouterr().err


def test_root_that_is_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("")
    assert run(["check", NAME, "--root", str(tmp_path / "file")]) == 2
    assert "cannot be read: Not a directory." in capsys.readouterr().err


def test_escape_sequences_of_arguments_do_not_reach_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", NAME, "--region", "\x1b[2Jx"]) == 2
    assert run(["\x1b[2Jx"]) == 2
    assert "\x1b" not in capsys.readouterr().err


def test_help_is_no_error(capsys: pytest.CaptureFixture[str]) -> None:
    for argv in ([], ["--help"], ["-h"], ["check", "--help"], ["check", "-h"], ["explain", "--help"]):
        assert run(argv) == 0
        assert "Usage: sddoctor" in capsys.readouterr().out


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    from sddoctor import __version__

    assert run(["--version"]) == 0
    assert capsys.readouterr().out == f"sddoctor {__version__}\n"
