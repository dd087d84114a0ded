"""What of a case goes into a file that is handed on."""

from __future__ import annotations

import msgspec

from sddoctor.case.case import Case
from sddoctor.case.related import without_unrelated
from sddoctor.case.secrets import without_secrets
from sddoctor.diagnosis.diagnose import diagnose


def redacted(case: Case) -> Case:
    """Return the case without secrets and without what is unrelated; its diagnosis is the same."""
    case = without_secrets(case)
    diagnosis = diagnose(case)
    said = msgspec.json.encode(diagnosis).decode()
    return without_unrelated(case, said, lambda fewer: diagnose(fewer) == diagnosis)
