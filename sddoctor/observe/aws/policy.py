"""The IAM actions that each command needs: all of them read, none of them writes.

``sts:GetCallerIdentity`` needs no permission, so it is not listed.
https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

from __future__ import annotations

CHECK = (
    "ec2:DescribeClientVpnAuthorizationRules",
    "ec2:DescribeClientVpnEndpoints",
    "ec2:DescribeClientVpnRoutes",
    "ec2:DescribeDhcpOptions",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeVpcAttribute",
    "ec2:DescribeVpcEndpoints",
    "ec2:DescribeVpcs",
    "ecs:DescribeContainerInstances",
    "ecs:DescribeServices",
    "ecs:DescribeTaskDefinition",
    "ecs:DescribeTasks",
    "ecs:ListClusters",
    "ecs:ListServices",
    "ecs:ListTasks",
    "elasticloadbalancing:DescribeLoadBalancers",
    "elasticloadbalancing:DescribeTargetGroups",
    "elasticloadbalancing:DescribeTargetHealth",
    "rds:DescribeDBClusters",
    "rds:DescribeDBInstances",
    "rds:DescribeDBProxies",
    "route53:GetHostedZone",
    "route53:ListHostedZonesByName",
    "route53:ListHostedZonesByVPC",
    "route53:ListResourceRecordSets",
    "route53profiles:ListProfileAssociations",
    "route53profiles:ListProfileResourceAssociations",
    "route53resolver:GetResolverRule",
    "route53resolver:ListFirewallDomains",
    "route53resolver:ListFirewallRuleGroupAssociations",
    "route53resolver:ListFirewallRules",
    "route53resolver:ListResolverEndpointIpAddresses",
    "route53resolver:ListResolverEndpoints",
    "route53resolver:ListResolverRuleAssociations",
    "route53resolver:ListResolverRules",
    "servicediscovery:DiscoverInstances",
    "servicediscovery:GetInstancesHealthStatus",
    "servicediscovery:GetOperation",
    "servicediscovery:ListInstances",
    "servicediscovery:ListNamespaces",
    "servicediscovery:ListOperations",
    "servicediscovery:ListServices",
    "servicediscovery:ListTagsForResource",
)

RESOLVER = (
    "ec2:DescribeVpcs",
    "route53:GetHostedZone",
    "route53:ListHostedZonesByName",
    "route53:ListHostedZonesByVPC",
    "route53profiles:ListProfileAssociations",
    "route53profiles:ListProfileResourceAssociations",
    "route53resolver:ListResolverEndpointIpAddresses",
    "route53resolver:ListResolverEndpoints",
    "servicediscovery:ListNamespaces",
)

WHOIS = (
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:DescribeVpcs",
    "ecs:DescribeContainerInstances",
    "ecs:DescribeTasks",
    "ecs:ListClusters",
    "ecs:ListTasks",
    "route53:ListHostedZonesByName",
    "route53:ListResourceRecordSets",
    "servicediscovery:GetInstancesHealthStatus",
    "servicediscovery:ListInstances",
    "servicediscovery:ListNamespaces",
    "servicediscovery:ListServices",
)

#: DiscoverInstances is a check's short cut to lists that a scan reads anyway.
SCAN = tuple(action for action in CHECK if action != "servicediscovery:DiscoverInstances")

#: A runbook is filled in from a check, and a watch begins with one: what it reads again is among its calls.
ACTIONS: dict[str, tuple[str, ...]] = {
    "check": CHECK,
    "resolver": RESOLVER,
    "runbook": CHECK,
    "scan": SCAN,
    "watch": CHECK,
    "whois": WHOIS,
}


def document(command: str) -> dict[str, object]:
    """Return the policy document of a command. Most of these actions know no resources, so all have ``*``."""
    statements = []
    for service in sorted({a.split(":")[0] for a in ACTIONS[command]}):
        actions = [a for a in ACTIONS[command] if a.startswith(service + ":")]
        sid = "Sddoctor" + "".join(c for c in service.title() if c.isalnum())
        statements.append({"Sid": sid, "Effect": "Allow", "Action": actions, "Resource": "*"})
    return {"Version": "2012-10-17", "Statement": statements}
