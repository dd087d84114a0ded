"""What the operations of Amazon Route 53 share: names as it writes them, its order, a zone, the size of a page."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from sddoctor.lab.aws.account import Account, Params, Wire
from sddoctor.lab.aws.errors import ApiError, invalid
from sddoctor.lab.derive import made_up_id
from sddoctor.lab.zones import LiveZone

SERVICE = "route53"


def find(account: Account, name: str, action: str) -> LiveZone:
    """Return a zone of this account. Raises :class:`ApiError`; another account's zone is denied."""
    zone_id = name.rsplit("/", 1)[-1]
    zone = account.state.zones.get(zone_id)
    if zone is None:
        raise ApiError("NoSuchHostedZone", f"No hosted zone found with ID: {zone_id}", 404)
    if zone.owner != account.state.account:
        text = f"User: {account.caller} is not authorized to perform: {action} on resource: "
        raise ApiError("AccessDenied", f"{text}arn:aws:route53:::hostedzone/{zone_id}", 403)
    return zone


def escaped(name: str) -> str:
    """Return a name as Route 53 writes it: with a final dot, and unusual characters in octal.

    https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DomainNameFormat.html
    """
    return re.sub(r"[^a-z0-9._\-]", lambda m: f"\\{ord(m[0]):03o}", name.rstrip(".").lower()) + "."


def unescaped(name: str) -> str:
    """Undo :func:`escaped`."""
    return re.sub(r"\\([0-7]{3})", lambda m: chr(int(m[1], 8)), name).lower().rstrip(".")


def reversed_name(name: str) -> str:
    """Return the text by which Route 53 orders names: labels from the right, each with a dot, by ASCII.

    So ``example-a.com`` comes before ``example.com``: a hyphen is less than the dot.
    https://docs.aws.amazon.com/Route53/latest/APIReference/API_ListHostedZonesByName.html
    """
    plain = escaped(unescaped(name)).rstrip(".")
    return "".join(f"{label}." for label in reversed(plain.split("."))) if plain else ""


def page_size(params: Params, largest: int) -> int:
    """Return the size of a page that was asked for. Raises :class:`ApiError`."""
    text = str(params.get("MaxItems", largest))
    if not text.isdecimal() or int(text) < 1:
        raise invalid(SERVICE, f"The value {text} is not valid for MaxItems.")
    return min(int(text), largest)


def change_info(comment: str | None = None) -> Wire:
    """Return the answer to a change, which is in sync at once."""
    at = datetime.now(UTC)
    return {
        "ChangeInfo": {
            "Id": f"/change/C0{made_up_id(str(at)).upper()}",
            "Status": "INSYNC",
            "SubmittedAt": at,
            "Comment": comment,
        }
    }
