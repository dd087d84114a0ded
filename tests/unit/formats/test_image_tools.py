"""What a check needs, and what an image's name says that it lacks."""

from __future__ import annotations

import pytest

from sddoctor.formats.health_command import ports
from sddoctor.formats.image_tools import missing_tool

SHELL = "CMD-SHELL"


@pytest.mark.parametrize(
    ("command", "image", "tool"),
    [
        ((SHELL, "curl -f http://localhost:3000/ || exit 1"), "node:20-alpine", "curl"),
        ((SHELL, "curl -f http://localhost:3000/ || exit 1"), "1.dkr.ecr.eu-west-1.amazonaws.com/api:1.2-slim", "curl"),
        ((SHELL, "wget -q http://127.0.0.1/ || exit 1"), "python:3.12-slim-bookworm", "wget"),
        (("CMD", "/usr/bin/curl", "-f", "http://127.0.0.1/"), "api:alpine3.20", "curl"),
        (("CMD", "sh", "-c", "nc -z localhost 3000"), "debian:12-slim", "nc"),
        ((SHELL, "node health.js"), "gcr.io/distroless/nodejs22-debian12", "sh"),
        (("CMD", "curl", "x"), "gcr.io/distroless/static:debug", "curl"),
        ((SHELL, "curl -f http://127.0.0.1/"), "nginx:1.27-alpine-slim", "curl"),
    ],
)
def test_a_tool_that_is_missing(command: tuple[str, ...], image: str, tool: str) -> None:
    found = missing_tool(command, image)
    assert found is not None
    assert found[0] == tool


@pytest.mark.parametrize(
    ("command", "image"),
    [
        ((SHELL, "wget -q http://127.0.0.1/ || exit 1"), "api:alpine"),
        ((SHELL, "curl -f x || wget -q x || exit 1"), "alpine:3.20"),
        ((SHELL, "command -v curl && curl -f x || true"), "node:20-slim"),
        ((SHELL, "if command -v curl; then curl x; fi"), "node:20-slim"),
        ((SHELL, "curl -f x || true"), "node:20-slim"),
        ((SHELL, "node health.js || exit 1"), "node:20-slim"),
        ((SHELL, "pg_isready -U curl"), "postgres:16-alpine"),
        (("CMD", "/app/api", "healthcheck"), "gcr.io/distroless/static-debian12"),
        (("CMD", "wget", "x"), "gcr.io/distroless/static:debug"),
        ((SHELL, "curl -f x"), "nginx:1.27-alpine"),
        ((SHELL, "curl -f x"), "registry.slim.example:5000/api"),
        ((SHELL, "curl -f x"), "api@sha256:0000000000000000"),
        (("NONE",), "node:20-slim"),
        ((), "node:20-slim"),
    ],
)
def test_no_claim_where_the_command_may_succeed(command: tuple[str, ...], image: str) -> None:
    assert missing_tool(command, image) is None


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("curl -f http://localhost:3000/health || exit 1", (3000,)),
        ("curl -f https://localhost || exit 1", (443,)),
        ("wget http://127.0.0.1/ -O -", (80,)),
        ("curl http://[::1]:9000/", (9000,)),
        ("nc -z localhost 8080 || exit 1", (8080,)),
        ("curl http://localhost:$PORT/", ()),
        ("curl http://localhost:${PORT:-3000}/", ()),
        ("curl http://169.254.170.2/v2/metadata", ()),
        ("curl http://localhost:99999/", ()),
        ("pg_isready -h localhost", ()),
    ],
)
def test_the_ports_that_a_check_asks(line: str, expected: tuple[int, ...]) -> None:
    assert ports((SHELL, line)) == expected
