"""Every cause, in the order in which a name is followed: of two independent faults the earlier one is named first.

A rule that is not in ``CAUSES`` decides nothing. What else belongs to a cause is in CONTRIBUTING.md.
"""

from __future__ import annotations

from sddoctor.causes.cloudmap.all_unhealthy import all_instances_unhealthy
from sddoctor.causes.cloudmap.api_only import api_only
from sddoctor.causes.cloudmap.creation_failed import namespace_creation_failed
from sddoctor.causes.cloudmap.duplicate import namespace_duplicate
from sddoctor.causes.cloudmap.no_health import no_health_config
from sddoctor.causes.cloudmap.not_attached import service_not_attached
from sddoctor.causes.cloudmap.not_found import namespace_not_found, service_not_found
from sddoctor.causes.cloudmap.not_propagated import health_not_propagated
from sddoctor.causes.cloudmap.propagating import health_propagating
from sddoctor.causes.cloudmap.public import namespace_not_delegated, namespace_public_private_address
from sddoctor.causes.cloudmap.route53_check import route53_health_check_cannot_reach
from sddoctor.causes.cloudmap.service_connect import service_connect_only
from sddoctor.causes.cloudmap.service_connect_client import service_connect_client_too_old
from sddoctor.causes.cloudmap.short_name import name_not_fully_qualified
from sddoctor.causes.cloudmap.stale_instance import stale_instance
from sddoctor.causes.cloudmap.unexpected_instances import instance_address_mismatch, unmanaged_instance
from sddoctor.causes.cloudmap.unregistered import instance_missing, registration_failed, registry_recreated
from sddoctor.causes.cloudmap.wrong_registry import (
    registration_unsupported,
    registry_arn_mismatch,
    task_outside_service,
)
from sddoctor.causes.ecs.agent import agent_disconnected
from sddoctor.causes.ecs.check_cannot_pass import health_check_localhost_ipv6, health_check_tool_missing
from sddoctor.causes.ecs.check_coverage import health_check_only_on_sidecar, no_container_health_check
from sddoctor.causes.ecs.check_failing import health_check_failing
from sddoctor.causes.ecs.deployment import deployment_in_progress
from sddoctor.causes.ecs.deployment_stuck import deployment_stuck
from sddoctor.causes.ecs.draining import ecs_service_draining
from sddoctor.causes.ecs.load_balancer_check import load_balancer_check_replaces_tasks
from sddoctor.causes.ecs.not_starting import tasks_not_starting
from sddoctor.causes.ecs.port_refuses import port_does_not_answer
from sddoctor.causes.ecs.replaced import task_being_replaced
from sddoctor.causes.ecs.scaled_to_zero import service_scaled_to_zero
from sddoctor.causes.ecs.start_period import health_check_start_period_too_short
from sddoctor.causes.ecs.stopping import stopping_task_still_answered
from sddoctor.causes.ecs.stops_before_start import deployment_stops_before_start
from sddoctor.causes.ecs.stuck import tasks_stuck_before_running
from sddoctor.causes.host.aaaa_denied import aaaa_nxdomain
from sddoctor.causes.host.cache import os_cache_stale
from sddoctor.causes.host.cluster import cluster_dns_forwards_elsewhere
from sddoctor.causes.host.company import company_dns_not_forwarding
from sddoctor.causes.host.container import container_dns_forwarder
from sddoctor.causes.host.dig import dig_bypasses_split_dns
from sddoctor.causes.host.dns_over_tls_enforced import dns_over_tls_enforced
from sddoctor.causes.host.dnssec import dnssec_rejects_zone
from sddoctor.causes.host.encrypted_dns_takes_over import encrypted_dns_takes_over
from sddoctor.causes.host.entry_not_in_force import entry_not_in_force
from sddoctor.causes.host.forwarder_file_not_included import forwarder_file_not_included
from sddoctor.causes.host.hijack import nxdomain_hijacked
from sddoctor.causes.host.hosts_file import hosts_file_override
from sddoctor.causes.host.interface_metric import interface_metric_decides
from sddoctor.causes.host.local_names import local_suffix, nss_stops_before_dns
from sddoctor.causes.host.no_working_resolver import no_working_resolver
from sddoctor.causes.host.nrpt import nrpt_rule_missing
from sddoctor.causes.host.nrpt_dnssec import nrpt_requires_dnssec
from sddoctor.causes.host.program import client_runtime
from sddoctor.causes.host.proxy_ipv6 import service_connect_ipv6_first
from sddoctor.causes.host.rebind import rebind_protection
from sddoctor.causes.host.resolv_conf import nameserver_beyond_third, nameserver_order, resolver_conf_malformed
from sddoctor.causes.host.resolver_files import (
    resolver_file_malformed,
    resolver_file_shadowed,
    resolver_file_wrong_domain,
)
from sddoctor.causes.host.reverse import reverse_lookup_generic
from sddoctor.causes.host.search_wildcard import search_domain_wildcard
from sddoctor.causes.host.split_dns import split_dns_missing
from sddoctor.causes.host.vpn_client_dns_policy import vpn_client_dns_policy
from sddoctor.causes.host.wrong_nameserver import resolver_file_wrong_nameserver
from sddoctor.causes.host.zone_copied import zone_copied_elsewhere
from sddoctor.causes.model import Cause
from sddoctor.causes.network.client_vpn import client_vpn_without_dns
from sddoctor.causes.network.inbound import inbound_endpoint_blocked
from sddoctor.causes.network.interception import dns_intercepted
from sddoctor.causes.network.losses import large_answers_lost, resolver_drops_queries
from sddoctor.causes.network.no_route import no_route_to_resolver
from sddoctor.causes.network.outsiders import vpc_resolver_not_for_outsiders
from sddoctor.causes.network.overlap import cidr_overlap
from sddoctor.causes.network.transports import tcp_53_blocked, udp_53_blocked
from sddoctor.causes.network.wrong_resolver import link_local_resolver_outside_vpc, resolver_of_another_vpc
from sddoctor.causes.route53.alias_target_missing import alias_target_missing
from sddoctor.causes.route53.family import address_family_mismatch
from sddoctor.causes.route53.hand_kept_record_dead import hand_kept_record_dead
from sddoctor.causes.route53.not_associated import zone_not_associated
from sddoctor.causes.route53.partial import answer_is_partial
from sddoctor.causes.route53.plain_zone_lacks_record import plain_zone_lacks_record
from sddoctor.causes.route53.plain_zone_wildcard import plain_zone_wildcard
from sddoctor.causes.route53.private_delegation_broken import private_delegation_broken
from sddoctor.causes.route53.record_missing import record_missing
from sddoctor.causes.route53.record_orphaned import record_orphaned
from sddoctor.causes.route53.shadow import zone_shadowed
from sddoctor.causes.route53.srv_only import srv_only
from sddoctor.causes.route53.target_not_serving import target_not_serving
from sddoctor.causes.route53.ttl import ttl_long
from sddoctor.causes.route53.zone_missing import hosted_zone_missing
from sddoctor.causes.vpc_dns.attributes import dns_hostnames_off, dns_support_off
from sddoctor.causes.vpc_dns.caches import negative_answer_cached, stale_answer_cached
from sddoctor.causes.vpc_dns.dhcp import dhcp_custom_dns
from sddoctor.causes.vpc_dns.dns64 import dns64_address
from sddoctor.causes.vpc_dns.firewall import dns_firewall_blocks
from sddoctor.causes.vpc_dns.rule_not_associated import resolver_rule_not_associated
from sddoctor.causes.vpc_dns.rule_targets import resolver_rule_target_fails
from sddoctor.causes.vpc_dns.rules import resolver_rule_overrides

CAUSES: tuple[Cause, ...] = (
    # ecs
    service_scaled_to_zero,
    ecs_service_draining,
    load_balancer_check_replaces_tasks,
    tasks_not_starting,
    task_being_replaced,
    tasks_stuck_before_running,
    no_container_health_check,
    health_check_only_on_sidecar,
    health_check_failing,
    health_check_tool_missing,
    health_check_localhost_ipv6,
    health_check_start_period_too_short,
    agent_disconnected,
    deployment_in_progress,
    deployment_stuck,
    deployment_stops_before_start,
    stopping_task_still_answered,
    port_does_not_answer,
    # cloudmap
    name_not_fully_qualified,
    namespace_creation_failed,
    namespace_not_found,
    service_not_found,
    api_only,
    service_connect_client_too_old,
    service_connect_only,
    namespace_duplicate,
    namespace_public_private_address,
    namespace_not_delegated,
    service_not_attached,
    registry_arn_mismatch,
    registry_recreated,
    task_outside_service,
    registration_unsupported,
    registration_failed,
    stale_instance,
    unmanaged_instance,
    instance_missing,
    instance_address_mismatch,
    health_propagating,
    health_not_propagated,
    no_health_config,
    route53_health_check_cannot_reach,
    all_instances_unhealthy,
    # route53
    srv_only,
    address_family_mismatch,
    hosted_zone_missing,
    record_missing,
    record_orphaned,
    plain_zone_lacks_record,
    plain_zone_wildcard,
    hand_kept_record_dead,
    alias_target_missing,
    private_delegation_broken,
    target_not_serving,
    zone_not_associated,
    zone_shadowed,
    answer_is_partial,
    ttl_long,
    # vpc-dns
    dns_support_off,
    dns_hostnames_off,
    dhcp_custom_dns,
    resolver_rule_overrides,
    resolver_rule_target_fails,
    resolver_rule_not_associated,
    dns_firewall_blocks,
    negative_answer_cached,
    stale_answer_cached,
    dns64_address,
    # network
    no_route_to_resolver,
    cidr_overlap,
    vpc_resolver_not_for_outsiders,
    resolver_of_another_vpc,
    link_local_resolver_outside_vpc,
    udp_53_blocked,
    tcp_53_blocked,
    large_answers_lost,
    resolver_drops_queries,
    dns_intercepted,
    inbound_endpoint_blocked,
    client_vpn_without_dns,
    # host
    no_working_resolver,
    forwarder_file_not_included,
    split_dns_missing,
    entry_not_in_force,
    resolver_file_wrong_nameserver,
    resolver_file_wrong_domain,
    resolver_file_malformed,
    resolver_file_shadowed,
    resolver_conf_malformed,
    nameserver_order,
    nameserver_beyond_third,
    hosts_file_override,
    service_connect_ipv6_first,
    rebind_protection,
    local_suffix,
    nss_stops_before_dns,
    search_domain_wildcard,
    dnssec_rejects_zone,
    dns_over_tls_enforced,
    nxdomain_hijacked,
    dig_bypasses_split_dns,
    os_cache_stale,
    nrpt_rule_missing,
    nrpt_requires_dnssec,
    interface_metric_decides,
    reverse_lookup_generic,
    container_dns_forwarder,
    cluster_dns_forwards_elsewhere,
    client_runtime,
    vpn_client_dns_policy,
    company_dns_not_forwarding,
    zone_copied_elsewhere,
    encrypted_dns_takes_over,
    aaaa_nxdomain,
)

BY_CODE: dict[str, Cause] = {c.code: c for c in CAUSES}
