"""Names that AWS itself gives to what it runs: of which service they are tells by how they end.

https://docs.aws.amazon.com/general/latest/gr/rande.html
https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.DBInstanceAccess.html
https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-access-aws-services.html
"""

from __future__ import annotations

import re
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["load-balancer", "rds", "vpc-endpoint", "service"]

_DOMAIN = r"(?:amazonaws\.com(?:\.cn)?|api\.aws|on\.aws|api\.amazonwebservices\.com\.cn)"
_KINDS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("load-balancer", re.compile(rf".+\.elb\.(?:[a-z0-9-]+\.)?{_DOMAIN}|.+\.[a-z0-9-]+\.elb\.{_DOMAIN}")),
    ("rds", re.compile(rf".+\.rds\.{_DOMAIN}")),
    ("vpc-endpoint", re.compile(rf".+\.vpce\.{_DOMAIN}|.+\.vpc-lattice-svcs\.[a-z0-9-]+\.{_DOMAIN}")),
    ("service", re.compile(rf"(?:.+\.)?{_DOMAIN}|.+\.compute\.internal|.+\.ec2\.internal")),
)
_WORDS: dict[Kind, str] = {
    "load-balancer": "a load balancer",
    "rds": "a database of RDS",
    "vpc-endpoint": "a VPC endpoint",
    "service": "AWS itself",
}


def kind_of(name: str) -> Kind | None:
    """Return what of AWS the name belongs to, ``None`` where it is no name that AWS gives."""
    return next((kind for kind, pattern in _KINDS if pattern.fullmatch(name)), None)


def in_words(kind: Kind) -> str:
    """Return whose name that is, in words."""
    return _WORDS[kind]
