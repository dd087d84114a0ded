"""The account that operations work on, its paging, and the registry of operations."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sddoctor.lab.aws.errors import BadTokenError
from sddoctor.lab.state import LabState

Params = dict[str, Any]
Wire = dict[str, Any]
T = TypeVar("T")


@dataclass
class Account:
    """The account that operations read and change. ``page_size`` limits every page."""

    state: LabState
    page_size: int | None = None

    @property
    def caller(self) -> str:
        """The ARN of the caller."""
        return f"arn:aws:iam::{self.state.account}:user/lab"

    def owns_vpc(self, vpc_id: str) -> bool:
        """Tell whether a VPC is of this account: of one that is shared with it, it does not see what the owner made there.

        https://docs.aws.amazon.com/vpc/latest/userguide/vpc-share-limitations.html
        """
        vpc = self.state.vpcs.get(vpc_id)
        return vpc is None or vpc.owner == self.state.account

    def page(
        self, items: Sequence[T], token: str | None, requested: int | None, default: int = 100
    ) -> tuple[list[T], str | None]:
        """Return one page, and the token of the next. Raises :class:`BadTokenError`."""
        start = _offset(token)
        size = requested or default
        if self.page_size is not None:
            size = min(size, self.page_size)
        end = start + size
        return list(items[start:end]), _token(end) if end < len(items) else None


def _token(offset: int) -> str:
    return base64.urlsafe_b64encode(f"lab-page-{offset:08d}".encode()).decode()


def _offset(token: str | None) -> int:
    if token is None:
        return 0
    try:
        text = base64.urlsafe_b64decode(token.encode()).decode()
    except (binascii.Error, ValueError) as error:
        raise BadTokenError(token) from error
    prefix, _, number = text.rpartition("-")
    if prefix != "lab-page" or not number.isdecimal():
        raise BadTokenError(token)
    return int(number)


Operation = Callable[[Account, Params], Wire]
#: (service, operation) -> the function that implements it.
OPERATIONS: dict[tuple[str, str], Operation] = {}


def serves(service: str, name: str) -> Callable[[Operation], Operation]:
    """Register a function as the implementation of an operation."""

    def register(function: Operation) -> Operation:
        OPERATIONS[service, name] = function
        return function

    return register
