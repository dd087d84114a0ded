"""A stand-in of the article's world with changes, observed by the real observer with real boto3 over real HTTP."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.client import BaseClient
from msgspec import Struct

import sddoctor.lab
from sddoctor.case.case import AwsFacts
from sddoctor.case.cloudmap import NamespaceView
from sddoctor.lab.aws.calls import LoggedCall
from sddoctor.lab.aws.server import AwsStandIn
from sddoctor.lab.world import merge, parse, plain
from sddoctor.observe.aws.observer import AwsObserver
from sddoctor.observe.aws.options import AwsOptions
from sddoctor.observe.aws.shared import Reads, begin_reads
from sddoctor.observe.budget import Budget

WORLDS = Path(sddoctor.lab.__file__).parent / "worlds"
NAME = "dev-api.example.internal"
VPC = "vpc-0a1b2c3d4e5f60718"
OTHER_VPC = "vpc-0bbbbbbbbbbbbbbbb"
ZONE = "Z0EXAMPLEINTERNAL01"
NAMESPACE = "ns-exampleinternal01"
SERVICE = "srv-devapi0000000001"
TASK = "0f4a1c5be0d34e7fa1b2c3d4e5f60701"
OTHER_TASK = "7b29d8e6c1f24a3b9c8d7e6f5a4b3c02"


class Observed(Struct):
    """One observation: the facts, the observer that returned them, and the calls that the stand-in got."""

    facts: AwsFacts
    observer: AwsObserver
    reads: Reads
    calls: list[LoggedCall]

    @property
    def view(self) -> NamespaceView:
        return self.facts.cloudmap.views[0]

    @property
    def asked(self) -> Counter[str]:
        return Counter(c.action for c in self.calls)

    @property
    def depth(self) -> int:
        return max(t.round for t in self.reads.calls.timings())


Observe = Callable[..., Observed]
#: Changes an answer in place.
Change = Callable[[dict[str, Any]], None]


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep settings of the machine out, and the instance metadata service unasked."""
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., AwsStandIn]]:
    """Start the article's world with ``changes`` merged into it, and point boto3 at it."""
    running: list[AwsStandIn] = []

    def begin(changes: dict[str, Any] | None = None, **options: Any) -> AwsStandIn:
        data = plain(WORLDS / "article.yaml")
        aws = AwsStandIn(parse(merge(data, changes or {})), **options).start()
        running.append(aws)
        for key, value in aws.environment().items():
            monkeypatch.setenv(key, value)
        # The observer itself must keep DiscoverInstances from being sent to a host "data-127.0.0.1".
        monkeypatch.delenv("AWS_DISABLE_HOST_PREFIX_INJECTION")
        return aws

    yield begin
    for aws in running:
        aws.stop()


@pytest.fixture
def observe(serve: Callable[..., AwsStandIn]) -> Observe:
    """Observe the article's world with ``changes``; options are those of :class:`AwsOptions`."""

    def observed(
        changes: dict[str, Any] | None = None,
        *,
        name: str = NAME,
        seconds: float = 20.0,
        region: str | None = None,
        page_size: int | None = None,
        **options: Any,
    ) -> Observed:
        aws = serve(changes, page_size=page_size)
        reads = begin_reads(region, None, Budget(seconds))
        observer = AwsObserver(name, AwsOptions(**options), reads)
        return Observed(observer.facts(), observer, reads, aws.log.calls)

    return observed


@pytest.fixture
def change_answers(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, Change], None]:
    """Change the answer of one operation after boto3 has read it, as AWS might have sent it."""
    changes: dict[str, Change] = {}
    ask = BaseClient._make_api_call

    def call(client: Any, operation: str, params: dict[str, Any]) -> Any:
        answer = ask(client, operation, params)
        if change := changes.get(f"{client.meta.service_model.service_name}:{operation}"):
            change(answer)
        return answer

    monkeypatch.setattr(BaseClient, "_make_api_call", call)
    return changes.__setitem__
