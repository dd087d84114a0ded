"""A stand-in of the article's world with changes, and real clients of it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config

import sddoctor.lab
from sddoctor.lab.aws.server import AwsStandIn
from sddoctor.lab.world import merge, parse, plain

WORLDS = Path(sddoctor.lab.__file__).parent / "worlds"
VPC = "vpc-0a1b2c3d4e5f60718"
ZONE = "Z0EXAMPLEINTERNAL01"
NAMESPACE = "ns-exampleinternal01"
SERVICE = "srv-devapi0000000001"
TASK = "0f4a1c5be0d34e7fa1b2c3d4e5f60701"
OTHER_TASK = "7b29d8e6c1f24a3b9c8d7e6f5a4b3c02"


class Running:
    """A stand-in, with boto3 clients and the ``aws`` command."""

    def __init__(self, aws: AwsStandIn) -> None:
        self.aws = aws
        self.state = aws.state

    def client(self, service: str, **config: Any) -> Any:
        settings = {"retries": {"total_max_attempts": 1}, "inject_host_prefix": False, **config}
        return boto3.client(
            service,
            endpoint_url=self.aws.url,
            region_name=self.state.region,
            aws_access_key_id="AKIALAB",
            aws_secret_access_key="lab",
            config=Config(**settings),
        )

    def cli(self, *args: str) -> subprocess.CompletedProcess[str]:
        command = [str(Path(sys.executable).with_name("aws")), *args, "--output", "json"]
        env = {"PATH": "/usr/bin:/bin", **self.aws.environment()}
        return subprocess.run(command, env=env, capture_output=True, text=True, timeout=60, check=False)


Start = Callable[..., Running]


@pytest.fixture
def start() -> Iterator[Start]:
    """Start the article's world with ``changes`` merged into it."""
    running: list[AwsStandIn] = []

    def begin(changes: dict[str, Any] | None = None, **options: Any) -> Running:
        data = plain(WORLDS / "article.yaml")
        aws = AwsStandIn(parse(merge(data, changes or {})), **options)
        running.append(aws.start())
        return Running(aws)

    yield begin
    for aws in running:
        aws.stop()


@pytest.fixture
def article(start: Start) -> Running:
    """The article's world as it is."""
    return start()
