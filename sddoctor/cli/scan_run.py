"""The scan itself: from targets to rows, with everything that is written meanwhile."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, NamedTuple

from sddoctor.case.case import Case
from sddoctor.case.name import fold_name
from sddoctor.case.seen import Gap
from sddoctor.cli import streams
from sddoctor.cli.scan_options import ScanOptions
from sddoctor.cli.scan_output import ReaderGoneError, Report, Sink
from sddoctor.cli.scan_progress import Bar, ResumeError, ResumeFile
from sddoctor.diagnosis.diagnose import diagnose
from sddoctor.diagnosis.model import Diagnosis
from sddoctor.observe.host.source import HostRootError
from sddoctor.observe.scan import (
    EstateOptions,
    NameSeen,
    NamesListed,
    PartMissed,
    TargetDone,
    Where,
    ZoneOfOthers,
    observe_estate,
)
from sddoctor.report.scan.rows import Place, Row, line_of, missed, row_of


class ScanError(Exception):
    """The scan cannot be made with these options; the message is one sentence."""


def run(options: ScanOptions) -> list[Row]:
    """Scan, and write the report. Raises :class:`ScanError`."""
    try:
        sink = Sink(options.output_file)
    except OSError as error:
        raise ScanError(f"'{options.output_file}' cannot be written: {error.strerror or error}.") from error
    try:
        scan = _Scan(options, sink)
        try:
            rows = scan.run()
        except ReaderGoneError:
            return scan.rows
        sink.finish()
    except (HostRootError, ResumeError) as error:
        raise ScanError(str(error)) from error
    except OSError as error:
        if options.output_file is None:
            raise
        raise ScanError(f"'{options.output_file}' cannot be written: {error.strerror or error}.") from error
    finally:
        sink.give_up()
    return rows


class _NameAt(NamedTuple):
    """A name, its region and the credentials: what identifies it, also when a scan is resumed."""

    profile: str
    role: str
    region: str
    name: str

    @classmethod
    def at(cls, place: Place | Row, name: str) -> _NameAt:
        """Return the name at a place."""
        return cls(place.profile, place.role, place.region, name)


class _Scan:
    """One scan, and what is known so far."""

    def __init__(self, options: ScanOptions, sink: Sink) -> None:
        self._options = options
        self._report = Report(options.output, sink, options.color, self._shown)
        self._resume = ResumeFile(options.resume, _identity(options)) if options.resume is not None else None
        self._bar = Bar()
        self.rows: list[Row] = []
        self._done: set[_NameAt] = set()
        self._api_only = 0
        self._namespaces: set[str] = set()
        self._whole = True
        self._zones: set[str] = set()
        self._of_others: dict[str, ZoneOfOthers] = {}

    def run(self) -> list[Row]:
        options = self._options
        for line in self._resume.earlier() if self._resume is not None else ():
            self._add(line, earlier=True)
        patterns = options.patterns

        def wanted(where: Where, name: str) -> bool:
            if patterns and not any(p.match(name) for p in patterns):
                return False
            return _NameAt.at(_place(where, ""), name) not in self._done

        estate = EstateOptions(
            namespaces=frozenset(fold_name(n) for n in options.namespace),
            wanted=wanted,
            api_only=options.api_only,
            nameservers=options.nameserver,
            client_vpc=options.client_vpc,
            by_records=options.asker == "records",
            zones=options.zones,
            samples=options.samples,
            root=options.root,
            share=options.pace,
        )
        for event in observe_estate(options.targets(), estate, self._judge):
            if isinstance(event, NameSeen):
                self._add(line_of(_place(event.where, event.namespace, event.zone), event.result))
                self._bar.step()
            elif isinstance(event, NamesListed):
                self._bar.expect(event.names)
                self._api_only += event.api_only
                self._zones.add(event.zone_id)
            elif isinstance(event, PartMissed):
                self._miss(_place(event.where, event.namespace or "", event.zone), event.gap)
                self._whole = False
            elif isinstance(event, ZoneOfOthers):
                self._of_others.setdefault(event.zone.id, event)
            elif isinstance(event, TargetDone):
                self._namespaces.update(event.namespaces)
        for zone_id, of_others in sorted(self._of_others.items()):
            if zone_id not in self._zones:
                owner = of_others.zone.owner
                gap = Gap(
                    f"the records of {of_others.zone.name}",
                    f"they are account {owner}'s",
                    f"a look from account {owner}",
                )
                self._miss(_place(of_others.where, "", of_others.zone.name), gap)
        self._bar.clear()
        self._refuse_unknown_namespaces()
        self._report.end(self.rows, self._api_only)
        if self._resume is not None:
            self._resume.finish()
        return self.rows

    def _miss(self, place: Place, gap: Gap) -> None:
        """Add a row for names that could not be listed."""
        self._add(line_of(place, missed(place, gap, datetime.now(UTC)), unlisted=True), keep=False)

    def _judge(self, case: Case) -> Diagnosis:
        return diagnose(case, self._options.ignore)

    def _shown(self, row: Row) -> bool:
        return not self._options.verdict or row.verdict in self._options.verdict

    def _add(self, line: dict[str, Any], *, earlier: bool = False, keep: bool = True) -> None:
        """Add a report. Lists that could not be read are not kept for a resumed scan: it tries them again."""
        row = row_of(line, self._options.fail_on)
        self.rows.append(row)
        self._done.add(_NameAt.at(row, row.name))
        if self._resume is not None and keep and not earlier:
            self._resume.add(line)
        self._bar.clear()
        self._report.add(row, line)

    def _refuse_unknown_namespaces(self) -> None:
        """Warn of a namespace that does not exist, if the namespaces of every account and region were seen."""
        unknown = [n for n in self._options.namespace if fold_name(n) not in self._namespaces]
        if not unknown or not self._whole:
            return
        kind = "namespace or private zone" if self._options.zones else "namespace"
        sentence = f"There is no {kind} {unknown[0]} in what was looked at."
        if not self.rows:
            known = ", ".join(sorted(self._namespaces)[:10])
            raise ScanError(f"{sentence} There {'are ' + known if known else 'is none at all'}.")
        streams.tell(f"Warning: {sentence}")


def _place(where: Where, namespace: str, zone: str = "") -> Place:
    target = where.target
    return Place(where.account, where.region, target.profile or "", target.role or "", namespace, zone)


def _identity(options: ScanOptions) -> dict[str, Any]:
    """Return what must be the same for a scan to be resumed: what is observed, and from where."""
    return {
        "namespaces": sorted(options.namespace),
        "names": sorted(options.name),
        "api_only": options.api_only,
        **({"zones": True} if options.zones else {}),
        "regions": list(options.regions),
        "profiles": list(options.profiles),
        "roles": list(options.role),
        "nameservers": [str(s) for s in options.nameserver],
        "client_vpc": options.client_vpc,
        "asker": options.asker,
        "root": str(options.root) if options.root is not None else None,
        "ignore": sorted(options.ignore),
    }
