"""Domain names: parsing what users type, the form in which names are compared, and comparing them by whole labels.

Only :func:`parse_name` and :func:`fold_name` take any text. The others take folded names; ``""`` is the root.
"""

from __future__ import annotations

import re
from ipaddress import ip_address

_LABEL = re.compile(r"[a-z0-9_-]+")
_MOST_IN_LABEL, _MOST_IN_NAME = 63, 253


class BadNameError(ValueError):
    """The text is no domain name; the message is one sentence that says why."""


def parse_name(text: str) -> str:
    """Return the name in lower case, without a final dot, in ASCII form.

    Labels may have underscores (``_http._tcp``), and letters beyond ASCII by UTS 46 and RFC 5891. Length limits:
    RFC 1035, section 2.3.4. Raises :class:`BadNameError`.
    """
    name = text.strip(" ")
    if name in ("", "."):
        raise BadNameError("The name is empty.")
    if any(c.isspace() or not c.isprintable() for c in name):
        raise BadNameError(f"{name!a} has a space or a control character in it, and no domain name has.")
    if "://" in name or "/" in name:
        raise BadNameError(f"'{name}' is a URL or a path: give only the host name in it.")
    _refuse_address(name)
    host, colon, port = name.rpartition(":")
    if colon and port.isdigit():
        raise BadNameError(f"A name has no port: give only '{host}'.")
    name = fold_name(name if name.isascii() else _to_ascii(name))
    labels = name.split(".")
    if "" in labels:
        raise BadNameError(f"'{text}' has an empty label: two dots in a row, or one at the beginning.")
    for label in labels:
        if len(label) > _MOST_IN_LABEL:
            raise BadNameError(f"The label '{label[:20]}…' has {len(label)} characters; the most is {_MOST_IN_LABEL}.")
        if not _LABEL.fullmatch(label):
            raise BadNameError(f"'{text}' has a character that no service-discovery name has.")
    if len(name) > _MOST_IN_NAME:
        raise BadNameError(f"The name has {len(name)} characters; the most is {_MOST_IN_NAME}.")
    return name


def fold_name(name: str) -> str:
    """Return a name in the form in which names are compared: lower case, no final dot (RFC 4343); ``""`` is the root."""
    return name.lower().removesuffix(".")


def _refuse_address(name: str) -> None:
    try:
        ip_address(name)
    except ValueError:
        return
    raise BadNameError(f"'{name}' is an address, not a name.")


def _to_ascii(name: str) -> str:
    """Return the A-label form; labels in ASCII stay as they are, so that underscores pass."""
    import idna

    try:
        labels = idna.uts46_remap(name, std3_rules=False).split(".")
        return ".".join(_a_label(label) for label in labels)
    except (idna.IDNAError, UnicodeError) as error:
        raise BadNameError(f"'{name}' is not a valid internationalised name: {error}.") from error


def _a_label(label: str) -> str:
    import idna

    return label if label.isascii() else idna.alabel(label).decode("ascii")


def is_below(name: str, zone: str) -> bool:
    """Tell whether ``name`` is ``zone`` or lies below it, by whole labels (RFC 1034, section 3.1)."""
    return zone in ("", name) or name.endswith("." + zone)


def relative(name: str, zone: str) -> str:
    """Return the labels of ``name`` in front of ``zone``; ``""`` when they are the same."""
    if name == zone:
        return ""
    return name.removesuffix("." + zone) if zone else name


def label_count(name: str) -> int:
    """Return the number of labels."""
    return len(name.split(".")) if name else 0


def is_srv_form(name: str) -> bool:
    """Tell whether the name has the form ``_service._protocol...`` (RFC 2782): it is never queried for an address."""
    parts = name.split(".")
    return len(parts) > 2 and parts[0].startswith("_") and parts[1].startswith("_")


def address_of_reverse(name: str) -> str | None:
    """Return the address that a reverse name is about, ``None`` for other names. RFC 1035, section 3.5; RFC 3596"""
    for suffix, size in ((".in-addr.arpa", 4), (".ip6.arpa", 32)):
        labels = name.removesuffix(suffix).split(".")[::-1]
        if not name.endswith(suffix) or len(labels) != size:
            continue
        text = ".".join(labels) if size == 4 else ":".join("".join(labels[i : i + 4]) for i in range(0, 32, 4))
        try:
            return str(ip_address(text))
        except ValueError:
            return None
    return None
