"""The rules: each finds one kind of mistake, named by the code of the cause that it leads to.

A rule is silent where the file does not say enough: a plan leaves out what is known only after it is applied.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from ipaddress import IPv4Network

from sddoctor.case.name import fold_name, is_below
from sddoctor.formats.health_command import calls_localhost_by_wget
from sddoctor.formats.image_tools import missing_tool
from sddoctor.lint.model import Discovered, Mistake, discovered
from sddoctor.lint.terraform import Resource, Resources
from sddoctor.trail.thresholds import TTL_LONG

_PRIVATE, _PUBLIC = "aws_service_discovery_private_dns_namespace", "aws_service_discovery_public_dns_namespace"
_SERVICE = "aws_service_discovery_service"


def mistakes(found: Resources) -> list[Mistake]:
    """Return every mistake, each once, in the order of the resources."""
    every = [m for rule in RULES for m in rule(found)]
    order = {r.address: n for n, r in enumerate(found.every)}
    return sorted(dict.fromkeys(every), key=lambda m: (order.get(m.address, 0), m.code))


def _health_config(found: Resources) -> Iterator[Mistake]:
    """An empty block of Terraform is not sent, so it counts as none.

    https://github.com/hashicorp/terraform-provider-aws/issues/44285
    """
    for one in discovered(found):
        if one.service is None or not one.service.blocks("dns_config") or one.service.blocks("health_check_config"):
            continue
        custom = one.service.blocks("health_check_custom_config")
        if not any(any(v is not None for v in block.values()) for block in custom):
            empty = "has an empty health_check_custom_config, which is not sent" if custom else "has no health config"
            yield Mistake(
                "no-health-config",
                one.service.address,
                f"The Cloud Map service {one.service.text('name')} {empty}, so tasks that fail their check stay in DNS.",
                "health_check_custom_config { failure_threshold = 1 } (it cannot be added later without a new service)",
            )


def _container_checks(found: Resources) -> Iterator[Mistake]:
    """https://docs.aws.amazon.com/AmazonECS/latest/developerguide/healthcheck.html"""
    for one in discovered(found):
        if one.definition is None:
            continue
        name = one.definition.family
        checked = [c for c in one.definition.containers if c.health_check and c.health_check.command[:1] != ("NONE",)]
        if not checked:
            yield Mistake(
                "no-container-health-check",
                one.definition.arn,
                f"No container of {name} has a health check, so tasks are answered before they are ready.",
                "a healthCheck in the container definition; one in the image does not count",
            )
        elif not any(c.essential for c in checked):
            yield Mistake(
                "health-check-only-on-sidecar",
                one.definition.arn,
                f"In {name} only containers that are not essential have a health check, and those do not count.",
                "the healthCheck on the essential container that serves",
            )
        for container in checked:
            command = container.health_check.command if container.health_check else ()
            lacking = missing_tool(command, container.image)
            if lacking is not None:
                yield Mistake(
                    "health-check-tool-missing",
                    one.definition.arn,
                    f"The check of container {container.name} needs {lacking[0]}, which {lacking[1]} images do not bring "
                    f"by themselves ({container.image}).",
                    "a check with a program that the image has, or an image that has the tool",
                )
            elif calls_localhost_by_wget(command):
                yield Mistake(
                    "health-check-localhost-ipv6",
                    one.definition.arn,
                    f"The check of container {container.name} asks localhost by wget, which may mean ::1 only.",
                    "127.0.0.1 instead of localhost",
                )


def _network_mode(found: Resources) -> Iterator[Mistake]:
    """https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-discovery.html"""
    for one in discovered(found):
        types = _record_types(one)
        mode = one.definition.network_mode if one.definition is not None else ""
        if one.ecs.text("launch_type") == "EXTERNAL" or mode == "none":
            yield Mistake(
                "registration-unsupported",
                one.ecs.address,
                f"ECS does not register tasks of {one.ecs.text('name')}: external capacity and network mode none have no "
                "service discovery.",
                "another launch type and network mode",
            )
        elif mode in ("bridge", "host") and types & {"A", "AAAA"}:
            yield Mistake(
                "registration-unsupported",
                one.ecs.address,
                f"ECS refuses {', '.join(sorted(types & {'A', 'AAAA'}))} records for network mode {mode}.",
                "SRV records with container_name and container_port, or network mode awsvpc",
            )
        elif types == {"SRV"}:
            yield Mistake(
                "srv-only",
                one.service.address if one.service is not None else one.ecs.address,
                f"{_name(one)} has SRV records only, so programs that ask for an address get none.",
                "network mode awsvpc and an A record, unless every client asks for SRV",
            )


def _ttl(found: Resources) -> Iterator[Mistake]:
    """https://docs.aws.amazon.com/cloud-map/latest/api/API_DnsRecord.html"""
    for service in found.of(_SERVICE):
        for block in service.blocks("dns_config"):
            for record in block.get("dns_records") or ():
                ttl = record.get("ttl") if isinstance(record, dict) else None
                if isinstance(ttl, int) and ttl > TTL_LONG:
                    yield Mistake(
                        "ttl-long",
                        service.address,
                        f"The {record.get('type')} records of {service.text('name')} have a TTL of {ttl} s: clients keep "
                        "addresses of tasks that have stopped.",
                        f"ttl = 10 (up to {TTL_LONG})",
                    )


def _namespaces(found: Resources) -> Iterator[Mistake]:
    """https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/hosted-zone-private-considerations.html"""
    named = Counter(n.text("name").lower() for n in found.of(_PRIVATE))
    for namespace in found.of(_PRIVATE):
        name = namespace.text("name")
        if named[name.lower()] > 1:
            yield Mistake(
                "namespace-duplicate",
                namespace.address,
                f"There are {named[name.lower()]} private namespaces {name}; a VPC sees one, and who registers in another "
                "is not found.",
                "one namespace, and its zone associated with the other VPCs",
            )
        if fold_name(name).rpartition(".")[2] == "local":
            yield Mistake(
                "local-suffix",
                namespace.address,
                f"{name} ends in .local, which belongs to multicast DNS: many hosts never ask a DNS server for it.",
                "another suffix, such as .internal (a namespace cannot be renamed later)",
            )


def _public(found: Resources) -> Iterator[Mistake]:
    for one in discovered(found):
        if one.namespace is None or one.namespace.type != _PUBLIC:
            continue
        if one.definition is None or one.definition.network_mode != "awsvpc":
            continue
        yield Mistake(
            "namespace-public-private-address",
            one.namespace.address,
            f"{_name(one)} is public, and ECS registers private addresses there, which nobody outside can reach.",
            "a private namespace, or a load balancer with an alias record",
        )
        if one.service is not None and one.service.blocks("health_check_config"):
            yield Mistake(
                "route53-health-check-cannot-reach",
                one.service.address,
                f"Route 53 cannot check {_name(one)}: its health checkers do not reach private addresses.",
                "health_check_custom_config instead of health_check_config",
            )


def _vpc_attributes(found: Resources) -> Iterator[Mistake]:
    """https://docs.aws.amazon.com/vpc/latest/userguide/vpc-dns.html"""
    for namespace in found.of(_PRIVATE):
        vpc = found.target(namespace, "vpc", namespace.values.get("vpc"), "aws_vpc")
        if vpc is None:
            continue
        for key, code, default in (
            ("enable_dns_support", "dns-support-off", True),
            ("enable_dns_hostnames", "dns-hostnames-off", False),
        ):
            value = vpc.values.get(key)
            if (default if value is None else value) is False:
                yield Mistake(
                    code,
                    vpc.address,
                    f"{key} is off in the VPC of {namespace.text('name')}, and private zones need it.",
                    f"{key} = true",
                )


def _deployments(found: Resources) -> Iterator[Mistake]:
    """https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html"""
    for one in discovered(found):
        desired = one.ecs.number("desired_count", 0)
        lowest = one.ecs.number("deployment_minimum_healthy_percent", 100)
        highest = one.ecs.number("deployment_maximum_percent", 200)
        if desired and -(-lowest * desired // 100) == 0 and highest * desired // 100 <= desired:
            yield Mistake(
                "deployment-stops-before-start",
                one.ecs.address,
                f"A deployment of {one.ecs.text('name')} stops every task before a new one serves, and {_name(one)} has no "
                "record for that time.",
                "deployment_minimum_healthy_percent = 100 and deployment_maximum_percent = 200",
            )


def _associations(found: Resources) -> Iterator[Mistake]:
    """https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/hosted-zone-private-associate-vpcs.html"""
    associated = [
        found.target(a, "vpc_id", a.values.get("vpc_id"), "aws_vpc") for a in found.of("aws_route53_zone_association")
    ]
    for one in discovered(found):
        if one.namespace is None or one.namespace.type != _PRIVATE:
            continue
        own = found.target(one.namespace, "vpc", one.namespace.values.get("vpc"), "aws_vpc")
        theirs = _vpc_of(found, one.ecs)
        if own is None or theirs is None or own is theirs or theirs in associated:
            continue
        yield Mistake(
            "zone-not-associated",
            one.ecs.address,
            f"{one.ecs.text('name')} runs in {theirs.address}, and the zone of {one.namespace.text('name')} is "
            f"associated with {own.address} only: its own VPC cannot resolve {_name(one)}.",
            "an aws_route53_zone_association for that VPC",
        )


def _resolver_rules(found: Resources) -> Iterator[Mistake]:
    """Rules and zones are one table of longest matches, and at the same name the rule wins.

    https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/hosted-zone-private-considerations.html
    """
    for rule in found.of("aws_route53_resolver_rule"):
        domain = fold_name(rule.text("domain_name"))
        if rule.text("rule_type") != "FORWARD" or not domain:
            continue
        for namespace in found.of(_PRIVATE):
            if is_below(domain, namespace.text("name").lower()):
                yield Mistake(
                    "resolver-rule-overrides",
                    rule.address,
                    f"The rule takes {domain} away from the zone of {namespace.text('name')} in every VPC that has both.",
                    "a rule for another domain, or none in the VPCs that see the zone",
                )


def _dhcp(found: Resources) -> Iterator[Mistake]:
    """https://docs.aws.amazon.com/vpc/latest/userguide/VPC_DHCP_Options.html"""
    for association in found.of("aws_vpc_dhcp_options_association"):
        options = found.target(
            association, "dhcp_options_id", association.values.get("dhcp_options_id"), "aws_vpc_dhcp_options"
        )
        vpc = found.target(association, "vpc_id", association.values.get("vpc_id"), "aws_vpc")
        servers = options.values.get("domain_name_servers") if options is not None else None
        if options is None or vpc is None or not isinstance(servers, list):
            continue
        known = {"AmazonProvidedDNS", "169.254.169.253", _resolver(vpc)}
        namespaces = [n for n in found.of(_PRIVATE) if found.target(n, "vpc", n.values.get("vpc"), "aws_vpc") is vpc]
        if servers and namespaces and not known & set(map(str, servers)):
            yield Mistake(
                "dhcp-custom-dns",
                options.address,
                f"Hosts of {vpc.address} ask {', '.join(map(str, servers))}, which must forward "
                f"{namespaces[0].text('name')} to the VPC's resolver.",
                "AmazonProvidedDNS, or a forwarder on those servers",
            )


RULES: tuple[Callable[[Resources], Iterator[Mistake]], ...] = (
    _health_config,
    _container_checks,
    _network_mode,
    _ttl,
    _namespaces,
    _public,
    _vpc_attributes,
    _deployments,
    _associations,
    _resolver_rules,
    _dhcp,
)


def _record_types(one: Discovered) -> set[str]:
    blocks = one.service.blocks("dns_config") if one.service is not None else []
    return {r["type"] for b in blocks for r in b.get("dns_records") or () if isinstance(r, dict) and r.get("type")}


def _name(one: Discovered) -> str:
    service = one.service.text("name") if one.service is not None else "the name"
    return f"{service}.{one.namespace.text('name')}" if one.namespace is not None else service


def _vpc_of(found: Resources, ecs: Resource) -> Resource | None:
    for block in ecs.blocks("network_configuration"):
        known = block.get("subnets")
        argument = "network_configuration.subnets"
        values = known if isinstance(known, list) and known else [None]
        for subnet in (s for value in values for s in found.targets(ecs, argument, value, "aws_subnet")):
            return found.target(subnet, "vpc_id", subnet.values.get("vpc_id"), "aws_vpc")
    return None


def _resolver(vpc: Resource) -> str:
    try:
        return str(IPv4Network(vpc.text("cidr_block")).network_address + 2)
    except ValueError:
        return ""
