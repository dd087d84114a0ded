"""Whether a host runs in AWS, by its firmware, hypervisor or container runtime.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/identify_ec2_instances.html
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-metadata-endpoint-v4.html
"""

from __future__ import annotations

import os

from sddoctor.observe.host.source import HostSource

_FILES = {
    "/sys/devices/virtual/dmi/id/sys_vendor": b"amazon ec2",
    "/sys/devices/virtual/dmi/id/board_asset_tag": b"i-",
    "/sys/hypervisor/uuid": b"ec2",
}
_VARIABLES = ("ECS_CONTAINER_METADATA_URI_V4", "ECS_CONTAINER_METADATA_URI", "AWS_EXECUTION_ENV")


def runs_in_aws(source: HostSource) -> bool:
    """Tell whether the host has marks of an EC2 instance or an ECS task. None seen counts as no."""
    for path, mark in _FILES.items():
        content = source.read(path).seen_or(None)
        if content is not None and content.lower().startswith(mark):
            return True
    return source.label is None and any(os.environ.get(v) for v in _VARIABLES)
