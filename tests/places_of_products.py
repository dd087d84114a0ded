"""Places of each product, by files and addresses as people reported them: what each is, and what forwards for it."""

from __future__ import annotations

from pathlib import Path

from msgspec import structs

from sddoctor.case.host import HostFacts
from sddoctor.observe.budget import Budget
from sddoctor.observe.host.observer import HostObserver
from sddoctor.observe.host.source import RootDir, open_root
from sddoctor.resolution.surroundings import with_marks
from tests.product_files import Place
from tests.products_clouds import CLOUDS
from tests.products_containers import CONTAINERS
from tests.products_machines import MACHINES

NAME = "dev-api.example.internal"
PLACES: dict[str, Place] = {**MACHINES, **CONTAINERS, **CLOUDS}


class Recorded(RootDir):
    """A recorded host with variables."""

    def __init__(self, host: RootDir, variables: dict[str, str]) -> None:
        super().__init__(Path(host.label or ""), host.platform, host.version)
        self.variables = variables

    def variable(self, name: str) -> str | None:
        return self.variables.get(name)


def facts_of(tmp_path: Path, files: dict[str, str], addresses: str = "", **variables: str) -> HostFacts:
    """Return the facts of a Linux host with these files, addresses (``eth0 10.0.0.2/24, ...``) and variables."""
    defaults = {"etc/resolv.conf": "nameserver 192.168.178.1\n", "etc/nsswitch.conf": "hosts: files dns\n"}
    rows = [row.split() for row in addresses.split(", ") if row]
    brief = "".join(f"{name} UP {address}\n" for name, address in rows)
    for path, content in {**defaults, "commands/ip_-brief_address": brief, **files}.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(content)
    source = Recorded(open_root(tmp_path), variables)
    observer = HostObserver(NAME, source, Budget(60))
    return with_marks(structs.replace(observer.settings(), addresses=observer.addresses()))
