"""The runbooks for any name, as in ``docs/runbooks``; a test compares the two."""

from __future__ import annotations

from sddoctor.runbook.blocks import Blocks
from sddoctor.runbook.known import Known, of_any
from sddoctor.runbook.symptoms import SYMPTOMS, Symptom

#: Sets the variables, from the name and its namespace alone.
VARIABLES = r"""
NAME=dev-api.example.internal        # the name that does not resolve
NAMESPACE=example.internal           # the namespace that it ends in
LABEL="${NAME%".$NAMESPACE"}"
REGION="${AWS_REGION:-$(aws configure get region)}"
NAMESPACE_ID="$(aws servicediscovery list-namespaces \
  --query "Namespaces[?Name=='$NAMESPACE'].Id | [0]" --output text)"
ZONE_ID="$(aws servicediscovery get-namespace --id "$NAMESPACE_ID" \
  --query Namespace.Properties.DnsProperties.HostedZoneId --output text)"
SERVICE_ID="$(aws servicediscovery list-services \
  --filters "Name=NAMESPACE_ID,Condition=EQ,Values=$NAMESPACE_ID" \
  --query "Services[?Name=='$LABEL'].Id | [0]" --output text)"
read -r CLUSTER ECS_SERVICE ADDRESS <<EOF
$(aws servicediscovery list-instances --service-id "$SERVICE_ID" --output text --query \
  'Instances[0].Attributes.[ECS_CLUSTER_NAME,ECS_SERVICE_NAME,AWS_INSTANCE_IPV4]')
EOF
VPC_ID="$(aws route53 get-hosted-zone --id "$ZONE_ID" --query 'VPCs[0].VPCId' --output text)"
CIDR="$(aws ec2 describe-vpcs --vpc-ids "$VPC_ID" --query 'Vpcs[0].CidrBlock' --output text)"
RESOLVER="$(echo "${CIDR%/*}" | awk -F. '{print $1 "." $2 "." $3 "." $4 + 2}')"
""".strip()


def pages() -> dict[str, str]:
    """Return the text of each page by file name."""
    known = of_any()
    return {f"{s.slug}.md": _page(s, known) for s in SYMPTOMS} | {"index.md": _index()}


def _page(symptom: Symptom, known: Known) -> str:
    blocks = Blocks(links=True)
    blocks.add(f"# {symptom.title}")
    blocks.add(f"How it looks: {symptom.looks}.")
    blocks.add(
        "`sddoctor check NAME` does all of this at once, and names the cause. By hand, first set what the commands need:"
    )
    blocks.add("```sh", VARIABLES, "```")
    blocks.add(
        "If nothing is registered, `CLUSTER`, `ECS_SERVICE` and `ADDRESS` stay `None`: set them by hand. `RESOLVER` is the base of "
        "the VPC's primary range plus two; from outside the VPC it may be an inbound endpoint's address instead."
    )
    symptom.write(blocks, known)
    return blocks.text()


def _index() -> str:
    blocks = Blocks(links=True)
    blocks.add("# Runbooks")
    blocks.add(
        "What to do when a name does not resolve, by symptom. `sddoctor runbook NAME` prints all of it filled in for one name."
    )
    blocks.add(
        "| symptom | how it looks |",
        "|---|---|",
        *(f"| {blocks.section(s.title, s.slug)} | {s.looks} |" for s in SYMPTOMS),
    )
    return blocks.text()
