"""Operations of Cloud Map that failed, each with its reason."""

from __future__ import annotations

from sddoctor.case.cloudmap import Operation
from sddoctor.case.seen import Fact, Seen, is_unseen
from sddoctor.formats.aws import cloudmap as shapes
from sddoctor.observe.aws.calls import Calls
from sddoctor.observe.aws.cloudmap_lists import SD

#: Operations of one kind whose reason is read; they are listed newest first.
MOST = 20


def failed_operations(calls: Calls, what: str, filter_name: str, value: str) -> Fact[tuple[Operation, ...]]:
    """Read the failed operations that a filter selects, newest first.

    A list has no reasons: each operation is read for its own. One that Cloud Map has forgotten meanwhile is left out.
    https://docs.aws.amazon.com/cloud-map/latest/api/API_OperationFilter.html
    """
    filters = [
        {"Name": filter_name, "Values": [value], "Condition": "EQ"},
        {"Name": "STATUS", "Values": ["FAIL"], "Condition": "EQ"},
    ]
    fact = calls.pages(SD, "ListOperations", what, "Operations", Filters=filters, MaxResults=100)
    if not isinstance(fact, Seen):
        return fact
    found = []
    begun = [
        calls.start(SD, "GetOperation", what, OperationId=o["Id"])
        for o in fact.value[:MOST]
        if o.get("Status", "FAIL") == "FAIL"
    ]
    for call in begun:
        operation = call.fact()
        if isinstance(operation, Seen):
            found.append(shapes.operation(operation.value["Operation"]))
        elif is_unseen(operation):
            return operation
    return Seen(tuple(found), "servicediscovery:GetOperation", fact.at)


def failed_creations(calls: Calls) -> Fact[tuple[Operation, ...]]:
    """Read the operations that were to create a namespace and failed."""
    return failed_operations(calls, "the namespaces whose creation failed", "TYPE", "CREATE_NAMESPACE")
