"""What each text field of a case holds: a protocol word, a name, a domain, or free text.

A field that is not listed is free text, in which words that are not ordinary are replaced.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["keep", "name", "domain", "text", "group"]

#: Words of protocols, interfaces of programs and enumerations; regions; versions.
_KEEP = """
    Case.schema AwsFacts.region ZoneVpc.region Namespace.type Namespace.owner CloudMapService.type CloudMapService.owner
    CloudMapService.routing_policy CloudMapService.health RecordConfig.type Attribute.key InstanceHealth.status
    Tag.key Operation.type Operation.status Operation.error_code Record.type Answer.rcode Answer.flags Rr.type Probe.role
    Probe.type Probe.transport VpcResolver.why Deployment.status Deployment.rollout_state TaskSet.status
    EcsService.status EcsService.launch_type EcsService.controller EcsService.strategy PortBinding.protocol
    EcsService.capacity_providers EcsService.scheduling
    Container.last_status Container.health Task.last_status Task.desired_status Task.health Task.connectivity
    Task.launch_type Task.stop_code Dependency.condition TaskDefinition.network_mode ContainerInstance.status
    NssAction.status NssAction.action NssSource.name ResolvConf.generator ScutilResolver.section ScutilResolver.flags
    ScutilResolver.reach ResolvedLink.protocols ResolvedLink.scopes ResolvedLink.dnssec Resolved.mode
    HostFacts.platform HostFacts.version HostFacts.libc HostFacts.nss_missing ForwarderConfig.program Route.kind
    ResolverRule.type ResolverRule.status FirewallRule.action FirewallRule.block_response FirewallRule.qtype FirewallRule.status
    InboundEndpoint.status DetachedAddress.status InboundEndpoint.protocols IngressRule.protocol NetworkInterface.status ClientVpc.how
    VpnMark.product VpnPolicy.product Mark.of WslSettings.mode HostFacts.programs Denied.action Unreachable.kind
    Zone.linked_service Lookup.source Record.routing AliasStep.kind Target.kind Target.state
    TargetHealth.state TargetHealth.reason
"""
#: Names and ids of resources. Ids are recognised by their form.
_NAMES = """
    Identity.account Asked.client_vpc Asked.cluster Asked.service Namespace.id Namespace.hosted_zone_id
    CloudMapService.id CloudMapService.name CloudMapService.namespace_id CloudMapService.created_by Instance.id
    InstanceHealth.id Operation.id Operation.instance_id NamespaceServices.namespace_id Zone.id ZoneVpc.vpc_id
    Record.set_identifier Record.health_check_id ZoneSummary.id ZoneSummary.via_profile VpcResolver.vpc_id
    Registry.container_name ServiceConnectService.discovery_name ServiceConnectService.port_name Deployment.id
    LoadBalancing.name LoadBalancing.container TaskSet.id TaskSet.external_id EcsService.name EcsService.cluster Container.name Task.cluster Task.subnet_id
    Dependency.container ContainerDefinition.name TaskDefinition.family ContainerInstance.ec2_instance_id
    RegisteredTask.instance_id RegisteredTask.cluster ClusterWalk.cluster Vpc.id Vpc.dhcp_options_id Vpc.owner Vpc.name
    DhcpOptions.id ResolverRule.id ResolverRule.endpoint_id ResolverRule.name ResolverRule.via_profile
    FirewallRule.group_id FirewallRule.group_name FirewallRule.name FirewallRule.domain_list_id FirewallRule.via_profile
    InboundEndpoint.id InboundEndpoint.vpc_id InboundEndpoint.security_group_ids InboundEndpoint.name
    IngressRule.group_id IngressRule.referred ClientVpn.id ClientVpn.vpc_id NetworkInterface.id NetworkInterface.vpc_id
    VpcDnsSetup.vpc_id ClientVpc.vpc_id Opaque.owner ResolvedLink.delegate HostedZone.id HostedZone.owner
    HostedZone.via_profile AliasStep.zone_id Target.name Target.id Target.vpc_id TargetGroup.name
"""
_DOMAINS = """
    Case.name Asked.name Namespace.name Namespace.http_name Zone.name Zone.name_servers Record.name Record.alias_target
    ZoneSummary.name Rr.owner Probe.name ServiceConnect.namespace ServiceConnectService.aliases DhcpOptions.domain_name
    ResolverRule.domain FirewallRule.override_domain FirewallRule.domains HostsEntry.names ResolvConf.search
    ResolverFile.domain ResolverFile.search ScutilResolver.domain ScutilResolver.search ResolvedLink.domains
    Resolved.negative_trust_anchors NrptRule.namespaces ForwarderRule.domain HostFacts.mdns_allow HostFacts.suffixes Lookup.name
    LookupResult.canonical PolicyRoute.domain HostedZone.name HostedZone.near AliasStep.name AliasStep.target
"""

_KINDS: dict[str, Kind] = {
    **dict.fromkeys(_KEEP.split(), "keep"),
    **dict.fromkeys(_NAMES.split(), "name"),
    **dict.fromkeys(_DOMAINS.split(), "domain"),
    "Task.group": "group",  # service:NAME or family:NAME
}


def kind_of(structure: str, field: str) -> Kind:
    """Return the kind of text in a field of a structure."""
    return _KINDS.get(f"{structure}.{field}", "text")


def listed() -> frozenset[str]:
    """Return every field that is listed, as ``Structure.field``."""
    return frozenset(_KINDS)
