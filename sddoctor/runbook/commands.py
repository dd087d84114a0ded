"""The commands of the runbooks."""

from __future__ import annotations

from sddoctor.runbook.known import Known
from sddoctor.runbook.values import Command, Joined, Part, command


def check(known: Known, *options: Part) -> Command:
    """Return the main command."""
    return command("sddoctor", "check", known.name, *options)


def dig(known: Known, *options: str, family: str | None = None) -> Command:
    """Query the VPC resolver."""
    port = () if known.port == 53 else ("-p", str(known.port))
    return command("dig", Joined("@", known.resolver), *port, known.name, family or known.family, *options)


def dig_here(known: Known, *options: str) -> Command:
    """Query the server that ``dig`` finds in resolv.conf."""
    return command("dig", known.name, known.family, *options)


def services(known: Known) -> Command:
    """List the services of the namespace."""
    wanted = Joined("Name=NAMESPACE_ID,Condition=EQ,Values=", known.namespace_id)
    return command(
        "aws", "servicediscovery", "list-services", "--filters", wanted,
        "--query", "Services[].[Name,Id,Type,InstanceCount]", "--output", "text",
    )  # fmt: skip


def service(known: Known) -> Command:
    """Show which records the Cloud Map service publishes, and with which TTL."""
    return command(
        "aws", "servicediscovery", "get-service", "--id", known.service_id,
        "--query", "Service.[Type,DnsConfig.RoutingPolicy,DnsConfig.DnsRecords,HealthCheckCustomConfig]",
    )  # fmt: skip


def instances(known: Known) -> Command:
    """List the registered instances with their addresses."""
    query = "Instances[].[Id,Attributes.AWS_INSTANCE_IPV4,Attributes.AWS_INSTANCE_IPV6,Attributes.AWS_INSTANCE_PORT]"
    return command(
        "aws", "servicediscovery", "list-instances", "--service-id", known.service_id,
        "--query", query, "--output", "text",
    )  # fmt: skip


def health(known: Known) -> Command:
    """Show the health of the instances as Cloud Map has it."""
    return command(
        "aws", "servicediscovery", "get-instances-health-status", "--service-id", known.service_id,
        "--query", "Status",
    )  # fmt: skip


def ecs_service(known: Known) -> Command:
    """Show the desired and running counts, and where the tasks register."""
    query = "services[].[serviceName,status,desiredCount,runningCount,pendingCount,serviceRegistries[].registryArn]"
    return command(
        "aws", "ecs", "describe-services", "--cluster", known.cluster, "--services", known.ecs_service,
        "--query", query,
    )  # fmt: skip


def events(known: Known) -> Command:
    """Show the latest events of the ECS service."""
    return command(
        "aws", "ecs", "describe-services", "--cluster", known.cluster, "--services", known.ecs_service,
        "--query", "services[].events[:5].message", "--output", "text",
    )  # fmt: skip


def tasks(known: Known, status: str) -> Command:
    """List the tasks of the service by desired status; stopped ones are listed for about an hour."""
    return command(
        "aws", "ecs", "list-tasks", "--cluster", known.cluster, "--service-name", known.ecs_service,
        "--desired-status", status, "--query", "taskArns", "--output", "text",
    )  # fmt: skip


def records(known: Known) -> Command:
    """Show the records at the name."""
    return command(
        "aws", "route53", "list-resource-record-sets", "--hosted-zone-id", known.zone_id,
        "--start-record-name", known.name, "--max-items", "10",
        "--query", "ResourceRecordSets[].[Name,Type,TTL,SetIdentifier,ResourceRecords[].Value]",
    )  # fmt: skip


def zone(known: Known) -> Command:
    """Show which VPCs see the zone."""
    return command("aws", "route53", "get-hosted-zone", "--id", known.zone_id, "--query", "VPCs")


def zones_of_vpc(known: Known) -> Command:
    """Show which zones the VPC sees."""
    return command(
        "aws", "route53", "list-hosted-zones-by-vpc", "--vpc-id", known.vpc_id, "--vpc-region", known.region,
        "--query", "HostedZoneSummaries[].[Name,HostedZoneId]", "--output", "text",
    )  # fmt: skip


def attribute(known: Known, name: str) -> Command:
    """Show one DNS attribute of the VPC."""
    return command("aws", "ec2", "describe-vpc-attribute", "--vpc-id", known.vpc_id, "--attribute", name)


def rules(known: Known) -> Command:
    """Show which Resolver rules act in the VPC."""
    return command(
        "aws", "route53resolver", "list-resolver-rule-associations",
        "--filters", Joined("Name=VPCId,Values=", known.vpc_id),
        "--query", "ResolverRuleAssociations[].[ResolverRuleId,Name,Status]", "--output", "text",
    )  # fmt: skip


def firewall(known: Known) -> Command:
    """Show which DNS Firewall rule groups act in the VPC."""
    return command(
        "aws", "route53resolver", "list-firewall-rule-group-associations", "--vpc-id", known.vpc_id,
        "--query", "FirewallRuleGroupAssociations[].[FirewallRuleGroupId,Name,Priority]", "--output", "text",
    )  # fmt: skip


def endpoints(known: Known) -> Command:
    """Show the inbound endpoints of the VPC."""
    return command(
        "aws", "route53resolver", "list-resolver-endpoints",
        "--filters", "Name=Direction,Values=INBOUND", Joined("Name=HostVPCId,Values=", known.vpc_id),
        "--query", "ResolverEndpoints[].[Id,Status,SecurityGroupIds]",
    )  # fmt: skip


def owner(known: Known) -> Command:
    """Show who owns an address."""
    return command("sddoctor", "whois", known.address)


def failed_operations(known: Known) -> Command:
    """Show which registrations have failed."""
    return command(
        "aws", "servicediscovery", "list-operations",
        "--filters", Joined("Name=SERVICE_ID,Condition=EQ,Values=", known.service_id),
        "Name=STATUS,Condition=EQ,Values=FAIL", "--query", "Operations[].Id", "--output", "text",
    )  # fmt: skip
