"""Where the worlds with one or two root causes break first, as is said of them: a pin, read through once, by station and symptom."""

from __future__ import annotations

_WORLDS = {
    "tasks missing": """
        load-balancer-check-replaces-tasks-deploying load-balancer-check-replaces-tasks-leaving task-being-replaced-deploying
        api-only-and-service-scaled-to-zero cidr-overlap-and-service-scaled-to-zero deployment-in-progress
        deployment-in-progress-gap deployment-in-progress-lookalike dhcp-custom-dns-and-tasks-not-starting
        dns-firewall-blocks-and-service-scaled-to-zero dns-hostnames-off-and-service-scaled-to-zero
        dns-hostnames-off-and-tasks-not-starting dns-intercepted-and-service-scaled-to-zero
        dns-support-off-and-service-scaled-to-zero ecs-service-draining ecs-service-draining-and-split-dns-missing
        health-check-failing-guide-wording health-check-start-period-too-short-unproven
        health-propagating-first-check health-propagating-unregistered
        hosted-zone-missing-and-service-scaled-to-zero inbound-endpoint-blocked-and-service-scaled-to-zero
        large-answers-lost-and-service-scaled-to-zero load-balancer-check-replaces-tasks
        load-balancer-check-replaces-tasks-and-split-dns-missing load-balancer-check-replaces-tasks-hosts
        load-balancer-check-replaces-tasks-targets service-scaled-to-zero-daemon
        load-balancer-check-replaces-tasks-lookalike load-balancer-check-replaces-tasks-lookalike-container-check
        link-local-resolver-outside-vpc-and-service-scaled-to-zero
        local-suffix-lookalike name-not-fully-qualified-completed namespace-duplicate-and-service-scaled-to-zero
        negative-answer-cached-lookalike no-health-config-lookalike record-orphaned-and-service-scaled-to-zero
        registration-failed-activating registration-failed-lookalike-old-role registration-failed-role
        registration-failed-service-linked-role registration-failed-timeout
        resolver-conf-malformed-and-service-scaled-to-zero resolver-rule-overrides-and-service-scaled-to-zero
        resolver-rule-overrides-and-tasks-not-starting service-scaled-to-zero
        service-scaled-to-zero-and-split-dns-missing service-scaled-to-zero-short-name
        service-scaled-to-zero-small-pages service-scaled-to-zero-task-set srv-only-and-service-scaled-to-zero
        stale-instance-deleted-service stale-instance-owner-deleted task-being-replaced
        task-being-replaced-and-stale-instance task-being-replaced-by-hand task-being-replaced-host-gone
        task-being-replaced-lookalike task-being-replaced-lookalike-crash tasks-not-starting
        tasks-not-starting-and-instance-missing tasks-not-starting-and-stale-instance
        tasks-not-starting-circuit-breaker tasks-not-starting-held-room tasks-not-starting-interfaces
        tasks-not-starting-load-balancer tasks-not-starting-lookalike tasks-not-starting-no-reason
        tasks-not-starting-no-room tasks-not-starting-one-of-two tasks-not-starting-role
        tasks-not-starting-unknown tasks-stuck-before-running tasks-stuck-before-running-and-no-route
        tasks-stuck-before-running-lookalike zone-not-associated-and-service-scaled-to-zero
        zone-shadowed-and-service-scaled-to-zero
    """,
    "tasks not-serving": """
        task-being-replaced-still-answered
        agent-disconnected agent-disconnected-and-stale-instance agent-disconnected-bridge
        all-instances-unhealthy-refusing health-check-failing health-check-failing-and-split-dns-missing
        health-check-failing-events-only health-check-localhost-ipv6
        health-check-localhost-ipv6-and-rebind-protection health-check-localhost-ipv6-lookalike
        health-check-start-period-too-short health-check-start-period-too-short-and-stale-instance
        health-check-start-period-too-short-lookalike health-check-tool-missing
        health-check-tool-missing-and-split-dns-missing health-check-tool-missing-lookalike
        health-check-tool-missing-lookalike-refused health-check-tool-missing-shell health-check-tool-missing-unseen
        health-not-propagated-sick no-health-config-sick registry-recreated-and-health-check-failing
        stopping-task-still-answered stopping-task-still-answered-and-deployment-in-progress
        stopping-task-still-answered-and-stale-instance
    """,
    "registry foreign": """
        deployment-stuck-and-stale-instance dig-bypasses-split-dns-and-stale-instance
        dnssec-rejects-zone-and-stale-instance health-check-only-on-sidecar-and-stale-instance
        hosts-file-override-and-stale-instance instance-address-mismatch-port local-suffix-and-stale-instance
        interface-metric-decides-and-stale-instance nrpt-requires-dnssec-and-stale-instance
        nrpt-rule-missing-and-stale-instance
        nameserver-order-and-stale-instance namespace-public-private-address-and-stale-instance
        no-health-config-and-stale-instance nss-stops-before-dns-and-stale-instance
        os-cache-stale-and-stale-instance port-does-not-answer-and-stale-instance
        rebind-protection-and-stale-instance resolver-drops-queries-and-stale-instance
        resolver-file-malformed-and-stale-instance resolver-file-wrong-nameserver-and-stale-instance
        resolver-of-another-vpc-and-stale-instance search-domain-wildcard-and-stale-instance
        stale-answer-cached-lookalike stale-instance stale-instance-address-reused
        stale-instance-and-split-dns-missing stopping-task-still-answered-lookalike
        tcp-53-blocked-and-stale-instance unmanaged-instance
    """,
    "registry missing": """
        namespace-creation-failed-meant
        service-not-found-namespace-itself
        service-connect-client-too-old service-connect-client-too-old-and-dns-support-off
        service-connect-client-too-old-lookalike service-connect-client-too-old-lookalike-outsider
        service-connect-only-bare-alias service-connect-only-other-names
        agent-disconnected-unregistered all-instances-unhealthy all-instances-unhealthy-and-split-dns-missing
        all-instances-unhealthy-lookalike all-instances-unhealthy-no-checks all-instances-unhealthy-tasks-denied
        api-only-lookalike client-vpn-without-dns-and-service-not-attached
        deployment-stops-before-start-and-health-propagating dnssec-rejects-zone-and-service-not-attached
        health-not-propagated health-not-propagated-and-stale-instance health-not-propagated-lookalike
        health-propagating health-propagating-and-stale-instance hosted-zone-missing-and-instance-missing
        hosted-zone-missing-and-registration-failed instance-address-mismatch
        instance-address-mismatch-and-health-not-propagated instance-missing instance-missing-and-stale-instance
        instance-missing-health-denied name-not-fully-qualified name-not-fully-qualified-and-dns-support-off
        name-not-fully-qualified-musl nameserver-beyond-third-and-service-not-attached
        namespace-duplicate-and-registry-arn-mismatch namespace-duplicate-api-only
        namespace-creation-failed-again namespace-creation-failed-lookalike
        namespace-not-delegated-and-instance-missing namespace-not-found namespace-not-found-and-dns-support-off
        namespace-not-found-renamed no-health-config-never-healthy no-route-to-resolver-and-service-not-attached
        record-orphaned-without-service registration-failed registration-failed-and-stale-instance
        registration-failed-lookalike-old-event registration-unsupported
        registration-unsupported-and-split-dns-missing registration-unsupported-shared-namespace
        registry-arn-mismatch registry-arn-mismatch-and-stale-instance registry-recreated
        resolver-file-shadowed-and-service-not-attached route53-health-check-cannot-reach
        route53-health-check-cannot-reach-and-instance-missing route53-health-check-cannot-reach-lookalike
        service-connect-only service-connect-only-and-dns-support-off service-connect-only-and-hosted-zone-missing
        service-connect-only-older-member service-connect-only-other-namespace service-connect-only-outsider
        service-not-attached service-not-attached-and-zone-not-associated service-not-attached-bridge
        service-not-attached-inactive service-not-attached-stray-task service-not-found
        service-not-found-and-hosts-file service-not-found-and-search-domain-wildcard
        service-not-found-and-zone-not-associated task-outside-service task-outside-service-and-zone-not-associated
        task-outside-service-lookalike unmanaged-instance-and-instance-missing
    """,
    "records foreign": """
        record-orphaned
    """,
    "records missing": """
        namespace-creation-failed namespace-creation-failed-and-dns-support-off
        namespace-creation-failed-elsewhere-needed
        api-only api-only-and-hosted-zone-missing api-only-lookalike-zone api-only-mesh api-only-namespace
        dns-firewall-blocks-and-record-missing hosted-zone-missing namespace-not-delegated-lookalike record-missing
        record-missing-and-split-dns-missing record-missing-one-of-two record-orphaned-and-record-missing
        record-orphaned-other-address srv-only srv-only-and-split-dns-missing srv-only-lookalike-zone
        stale-answer-cached-and-record-missing
    """,
    "vpc-answer NODATA": """
        dns-firewall-blocks-allow-list dns-firewall-blocks-nodata reverse-lookup-generic zone-shadowed
        zone-shadowed-profile zone-shadowed-without-soa
    """,
    "vpc-answer NXDOMAIN": """
        dns-firewall-blocks dns-firewall-blocks-and-dns-hostnames-off dns-hostnames-off dns-hostnames-off-instance
        dns-hostnames-off-lookalike dns-intercepted-tcp-too
        namespace-duplicate negative-answer-cached
        negative-answer-cached-and-stale-instance negative-answer-cached-without-soa resolver-rule-overrides
        resolver-rule-overrides-and-dns-hostnames-off resolver-rule-overrides-and-zone-not-associated
        resolver-rule-overrides-spoke zone-not-associated zone-not-associated-profiles-denied
        zone-not-associated-shared-namespace zone-not-associated-shared-vpc zone-not-associated-twins
        zone-shadowed-same-name
    """,
    "vpc-answer SERVFAIL": """
        resolver-rule-overrides-loop
    """,
    "vpc-answer foreign": """
        task-being-replaced-still-remembered
        dns-firewall-blocks-override os-cache-stale-lookalike stale-answer-cached
        stale-answer-cached-and-deployment-in-progress ttl-long-and-stale-answer-cached
    """,
    "path now-and-then": """
        resolver-drops-queries udp-53-blocked-lookalike
    """,
    "path silence": """
        cidr-overlap cidr-overlap-docker dns-support-off dns-support-off-and-no-route-to-resolver
        inbound-endpoint-blocked inbound-endpoint-blocked-doh inbound-endpoint-blocked-lookalike
        inbound-endpoint-blocked-other-port large-answers-lost
        link-local-resolver-outside-vpc-and-no-route-to-resolver no-route-to-resolver
        no-route-to-resolver-not-authorized udp-53-blocked udp-53-blocked-and-split-dns-missing
        vpc-resolver-not-for-outsiders vpc-resolver-not-for-outsiders-and-stale-instance
        vpc-resolver-not-for-outsiders-lookalike vpn-down
    """,
    "servers NODATA": """
        rebind-protection rebind-protection-and-client-vpn-without-dns rebind-protection-local
    """,
    "servers NXDOMAIN": """
        address-family-mismatch-and-split-dns-missing answer-is-partial-and-split-dns-missing
        client-runtime-and-split-dns-missing client-runtime-lookalike client-vpn-without-dns
        client-vpn-without-dns-and-nameserver-order client-vpn-without-dns-lookalike
        client-vpn-without-dns-wrong-server deployment-in-progress-and-split-dns-missing dhcp-custom-dns
        dhcp-custom-dns-client-vpc dhcp-custom-dns-four-servers dhcp-custom-dns-mixed-list dns-intercepted
        dns-intercepted-and-resolver-of-another-vpc dns-intercepted-udp-only hosts-file-override-lookalike-after-dns
        interface-metric-decides interface-metric-decides-lookalike-one-adapter nrpt-rule-missing
        nrpt-rule-missing-lookalike
        nameserver-beyond-third nameserver-beyond-third-macos nameserver-order namespace-not-delegated
        namespace-not-delegated-older-zone no-container-health-check-and-split-dns-missing
        rebind-protection-lookalike resolver-file-malformed resolver-file-malformed-windows resolver-file-shadowed
        resolver-file-wrong-domain-key resolver-of-another-vpc resolver-of-another-vpc-vpn
        reverse-lookup-generic-and-split-dns-missing split-dns-missing split-dns-missing-resolved
        split-dns-missing-two-stages
    """,
    "servers REFUSED": """
        rebind-refused
    """,
    "servers SERVFAIL": """
        dnssec-rejects-zone
    """,
    "servers foreign": """
        nxdomain-hijacked
    """,
    "servers silence": """
        link-local-resolver-outside-vpc link-local-resolver-outside-vpc-vpn resolver-file-wrong-nameserver
    """,
    "stub NODATA": """
        rebind-protection-dnsmasq
    """,
    "stub silence": """
        resolver-conf-malformed resolver-conf-malformed-port resolver-file-wrong-nameserver-dead-proxy
    """,
    "program NXDOMAIN": """
        local-suffix local-suffix-macos nrpt-rule-missing-parallel nss-stops-before-dns nss-stops-before-dns-no-dns
    """,
    "program SERVFAIL": """
        nrpt-requires-dnssec
    """,
    "program foreign": """
        hosts-file-override hosts-file-override-linux os-cache-stale resolver-file-shadowed-lookalike-forwarder
        resolver-file-wrong-nameserver-lookalike-forwarder search-domain-wildcard
    """,
    "program unusable": """
        address-family-mismatch address-family-mismatch-ipv6-client
    """,
    "port not-serving": """
        port-does-not-answer
    """,
}
FIRST_BREAK = {world: first for first, worlds in _WORLDS.items() for world in worlds.split()}
