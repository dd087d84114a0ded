"""The options that check, watch and runbook share: where AWS is read, and for which client a name is judged."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from sddoctor.case.case import Asked
    from sddoctor.case.dns import Server
    from sddoctor.case.program import ProgramError
    from sddoctor.observe.options import ObserveOptions


class NameOptions(NamedTuple):
    """The values of :data:`flags.about_a_name`, and of ``--root`` and ``--timeout`` (seconds)."""

    region: str | None
    profile: str | None
    nameserver: tuple[Server, ...]
    client_vpc: str | None
    cluster: str | None
    service: str | None
    root: Path | None
    timeout: float

    @classmethod
    def taken_from(cls, values: dict[str, Any]) -> NameOptions:
        """Remove the values of these options from those of a command, and return them."""
        return cls(**{field: values.pop(field) for field in cls._fields})

    def asked(self, name: str, program: ProgramError | None = None) -> Asked:
        """Return the question about a name: the name, and for which client it is judged."""
        from sddoctor.case.case import Asked

        return Asked(name, self.nameserver, self.client_vpc, self.cluster, self.service, program)

    def observe_options(self, **more: Any) -> ObserveOptions:
        """Return how to observe, once boto3 finds its settings usable. Raises :class:`click.UsageError`."""
        from sddoctor.cli import aws_settings

        aws_settings.check(self.profile, self.region)
        from sddoctor.observe.options import ObserveOptions

        return ObserveOptions(region=self.region, profile=self.profile, timeout=self.timeout, root=self.root, **more)
