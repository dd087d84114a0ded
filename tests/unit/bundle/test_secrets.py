"""Secrets that people write where they do not belong."""

import pytest
from msgspec import structs

from sddoctor.bundle.secrets import hide, without_secrets
from sddoctor.case.ecs import ContainerDefinition, HealthCheck, ObservedDefinition, TaskDefinition
from sddoctor.case.seen import Seen
from sddoctor.formats.health_command import ports
from tests.cases import empty_case


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("curl -H 'Authorization: Bearer abcdef.ghijkl' http://localhost:3000/", "abcdef.ghijkl"),
        ('curl -H "authorization: Basic dXNlcjpwYXNz" http://localhost/', "dXNlcjpwYXNz"),
        ("curl http://user:hunter2@localhost:8080/health", "hunter2"),
        ("curl -u admin:hunter2 localhost", "hunter2"),
        ("API_TOKEN=hunter2 ./healthcheck", "hunter2"),
        ("curl 'localhost/health?access_token=hunter2&a=b'", "hunter2"),
        ("redis-cli --password hunter2 ping", "hunter2"),
        ("pg_isready --db-password='two words' -h localhost", "two words"),
        ('{"clientSecret": "hunter2"}', "hunter2"),
        ("key AKIAIOSFODNN7EXAMPLE was used", "AKIAIOSFODNN7EXAMPLE"),
        ("token eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln is old", "eyJzdWIiOiIxIn0"),
        ("Encoded authorization failure message: 4GIOHlTkIaWHQD0Q0m6XSnuMMCg", "4GIOHlTkIaWHQD0Q0m6XSnuMMCg"),
        ("-----BEGIN RSA PRIVATE KEY-----\nMIIabc\n-----END RSA PRIVATE KEY----- x", "MIIabc"),
    ],
)
def test_a_secret_is_hidden(text: str, secret: str) -> None:
    assert secret in text
    assert secret not in hide(text)
    assert "[redacted]" in hide(text)
    assert hide(hide(text)) == hide(text)


@pytest.mark.parametrize(
    "text",
    [
        "the security token included in the request is expired",
        "the session expired: sign in again",
        "CMD-SHELL curl -f http://localhost:3000/health || exit 1",
        "(service dev-api-service) has started 1 tasks: (task 0123456789abcdef0123456789abcdef).",
        "arn:aws:secretsmanager is not read",
        "dns @10.10.0.2 A",
    ],
)
def test_ordinary_text_stays(text: str) -> None:
    assert hide(text) == text


def test_the_port_of_a_check_is_still_seen() -> None:
    command = ("CMD-SHELL", "curl -H 'X-Api-Key: hunter2' http://u:hunter3@localhost:3000/ || exit 1")
    definition = TaskDefinition(
        "arn", "api", 1, "awsvpc", (ContainerDefinition("api", health_check=HealthCheck(command)),)
    )
    case = empty_case()
    look = ObservedDefinition("arn", Seen(definition, "ecs:DescribeTaskDefinition"))
    ecs = structs.replace(case.aws.ecs, task_definitions=(look,))
    clean = without_secrets(structs.replace(case, aws=structs.replace(case.aws, ecs=ecs)))
    check = clean.aws.ecs.task_definitions[0].definition.value.containers[0].health_check
    assert check is not None
    assert "hunter" not in str(check)
    assert ports(check.command) == ports(command) == (3000,)


@pytest.mark.timeout(120)  # what is quadratic takes many minutes
def test_no_text_takes_long() -> None:
    for text in (
        "a-" * 50_000,
        "token" * 20_000,
        "://" * 30_000,
        "-----BEGIN PRIVATE KEY-----" * 3_000,
        "-u " * 30_000,
    ):
        hide(text)
