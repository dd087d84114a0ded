"""What the operations of Amazon EC2 share: filters, ids, pages and tags."""

from __future__ import annotations

from collections.abc import Callable

from sddoctor.lab.aws.account import Account, Params, Wire
from sddoctor.lab.aws.errors import ApiError, invalid

SERVICE = "ec2"
Keys = dict[str, Callable[[Wire], list[str]]]


def filtered(items: list[Wire], params: Params, keys: Keys) -> list[Wire]:
    """Return the items that all filters match; ``keys`` maps a filter's name to the values of an item."""
    for condition in params.get("Filters", []):
        values_of = keys.get(condition.get("Name", ""))
        if values_of is None:
            raise invalid(SERVICE, f"The filter '{condition.get('Name')}' is invalid")
        items = [i for i in items if set(values_of(i)) & set(condition.get("Values", []))]
    return items


def by_ids(items: dict[str, Wire], ids: list[str], code: str, kind: str) -> list[Wire]:
    """Return the items with those ids, or all. Raises :class:`ApiError` for an id that does not exist."""
    missing = next((i for i in ids if i not in items), None)
    if missing is not None:
        raise ApiError(code, f"The {kind} ID '{missing}' does not exist")
    return [items[i] for i in ids] if ids else list(items.values())


def page(account: Account, name: str, items: list[Wire], params: Params) -> Wire:
    """Return the answer with one page of the items under that name."""
    shown, token = account.page(items, params.get("NextToken"), params.get("MaxResults"), default=1000)
    return {name: shown, "NextToken": token}


def tags(name: str) -> list[Wire]:
    """Return the tags of what has that name."""
    return [{"Key": "Name", "Value": name}] if name else []
