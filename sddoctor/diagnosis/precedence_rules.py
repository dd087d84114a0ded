"""The table of precedence: each rule says that any of its first causes explains every one of its second.

The ids and the rules are those of the published catalogue of causes; pure data.
"""

from __future__ import annotations

from msgspec import Struct


class Rule(Struct, frozen=True):
    """``root`` causes explain ``over`` causes. ``why`` is the rule in words."""

    id: str
    root: tuple[str, ...]
    over: tuple[str, ...]
    why: str


RULES: tuple[Rule, ...] = (
    Rule(
        "short-name",
        ("name-not-fully-qualified",),
        ("namespace-not-found", "service-not-found"),
        "Whether the name is whole comes before whether it exists.",
    ),
    Rule(
        "no-namespace",
        ("namespace-not-found",),
        ("service-not-found", "zone-not-associated", "split-dns-missing"),
        "Without the namespace nothing below it can be judged.",
    ),
    Rule(
        "no-dns-by-design",
        ("api-only", "service-connect-only"),
        ("record-missing", "instance-missing", "service-not-attached", "hosted-zone-missing", "no-health-config"),
        "A name that is not published by DNS has no record and no zone to miss. The same holds on the host.",
    ),
    Rule(
        "twin-namespace",
        ("namespace-duplicate",),
        (
            "service-not-found",
            "zone-not-associated",
            "zone-shadowed",
            "record-missing",
            "service-not-attached",
            "registry-arn-mismatch",
        ),
        "If a twin of the namespace explains the denial, the service is not missing and the zone not unassociated.",
    ),
    Rule(
        "no-tasks",
        ("service-scaled-to-zero", "tasks-not-starting", "tasks-stuck-before-running"),
        (
            "instance-missing",
            "all-instances-unhealthy",
            "record-missing",
            "negative-answer-cached",
            "deployment-in-progress",
        ),
        "No running task means no instance, no record and NXDOMAIN, and a remembered NXDOMAIN afterwards.",
    ),
    Rule(
        "stuck-on-a-dependency",
        ("tasks-stuck-before-running",),
        ("health-check-failing", "health-check-tool-missing", "health-check-localhost-ipv6"),
        "If a task hangs because one of its containers waits for another to become healthy, hanging is what "
        "people see: lead with it and name the failing check as its reason.",
    ),
    Rule(
        "why-the-check-fails",
        ("health-check-tool-missing", "health-check-localhost-ipv6", "health-check-start-period-too-short"),
        ("health-check-failing",),
        "The reason for a failing check is the root of the failing check. A check that can never pass comes "
        "before one that is only too slow: tool missing, then localhost, then start period.",
    ),
    Rule(
        "failing-check",
        (
            "health-check-failing",
            "health-check-tool-missing",
            "health-check-localhost-ipv6",
            "health-check-start-period-too-short",
        ),
        (
            "all-instances-unhealthy",
            "tasks-not-starting",
            "deployment-in-progress",
            "negative-answer-cached",
            "health-propagating",
        ),
        "A failing check explains unhealthy instances, tasks that are replaced over and over, and a "
        "deployment that does not end.",
    ),
    Rule(
        "old-news",
        ("agent-disconnected",),
        ("health-not-propagated", "health-propagating"),
        "While the agent is out of contact, its health values prove nothing in either direction.",
    ),
    Rule(
        "exact-transients",
        ("health-propagating", "stopping-task-still-answered", "stale-answer-cached"),
        ("deployment-in-progress",),
        "While a deployment runs, the code that says what is seen leads, and the deployment is its context.",
    ),
    Rule(
        "acting-cache",
        ("negative-answer-cached", "stale-answer-cached"),
        ("ttl-long", "deployment-stops-before-start"),
        "A cached answer that acts now comes before the setting that made it long or likely.",
    ),
    Rule(
        "why-not-registered",
        (
            "service-not-attached",
            "registry-arn-mismatch",
            "registry-recreated",
            "registration-failed",
            "registration-unsupported",
            "task-outside-service",
        ),
        ("instance-missing",),
        "instance-missing is for what remains when no exact reason can be shown.",
    ),
    Rule(
        "attach-the-service-first",
        ("service-not-attached",),
        ("task-outside-service",),
        "If an ECS service of that family or name exists without a registry, that is what to repair; tasks "
        "started outside it are beside the point. Where no such service exists, the task outside a service is "
        "the reason.",
    ),
    Rule(
        "cannot-be-attached",
        ("registration-unsupported",),
        ("service-not-attached", "task-outside-service"),
        "Do not advise to attach what ECS cannot attach.",
    ),
    Rule(
        "zone-gone",
        ("hosted-zone-missing",),
        ("registration-failed", "instance-missing", "record-missing", "zone-not-associated"),
        "Without the zone nothing can be written or answered.",
    ),
    Rule(
        "unreachable-checker",
        ("route53-health-check-cannot-reach",),
        ("all-instances-unhealthy", "health-not-propagated", "namespace-public-private-address"),
        "A checker that cannot reach the tasks explains their UNHEALTHY.",
    ),
    Rule(
        "health-drift",
        ("health-not-propagated", "health-propagating"),
        ("all-instances-unhealthy",),
        "A lasting disagreement explains unhealthy instances; a young one passes.",
    ),
    Rule(
        "nothing-to-propagate",
        ("no-health-config",),
        ("health-not-propagated", "health-propagating"),
        "Without a health configuration there is nothing to propagate.",
    ),
    Rule(
        "withheld-not-missing",
        ("all-instances-unhealthy",),
        ("record-missing",),
        "A record that Cloud Map may withhold because of health is not called missing.",
    ),
    Rule(
        "dead-entries",
        ("stale-instance", "record-orphaned"),
        ("stale-answer-cached",),
        "An instance explains its record, and both explain the answer.",
    ),
    Rule(
        "dead-task-entry",
        ("stale-instance",),
        ("unmanaged-instance", "record-orphaned"),
        "An entry whose id is that of a task which has ended is named stale, whoever keeps it.",
    ),
    Rule(
        "srv",
        ("srv-only",),
        ("address-family-mismatch", "record-missing"),
        "With SRV alone the other types are empty by design.",
    ),
    Rule(
        "partial-by-design",
        ("answer-is-partial",),
        ("record-missing", "instance-missing"),
        "An address outside the eight, or outside the one, is not missing.",
    ),
    Rule(
        "not-associated",
        ("zone-not-associated",),
        ("dns-hostnames-off", "negative-answer-cached"),
        "A zone that the VPC does not see cannot be denied by it; the attributes, caches and rules of that "
        "VPC then do not matter for this name.",
    ),
    Rule(
        "local-before-filter",
        ("local-suffix",),
        ("rebind-protection", "split-dns-missing"),
        "A name below .local that a stub refuses is not a filtered one.",
    ),
    Rule(
        "filter-knows-the-name",
        ("rebind-protection",),
        ("client-vpn-without-dns",),
        "A server that removes the addresses from an answer has the answer, so the host needs no server from the VPN.",
    ),
    Rule(
        "right-entry-elsewhere",
        ("resolver-file-shadowed",),
        ("resolver-file-wrong-nameserver",),
        "If a right entry exists and a wrong one wins, the winner shadows it; if no right entry exists, the "
        "nameserver is wrong.",
    ),
    Rule(
        "shadow",
        ("zone-shadowed",),
        ("record-missing", "negative-answer-cached", "dns-hostnames-off"),
        "A longer zone answers for the name, so the record in the shorter one is not missing and its caches "
        "are not involved.",
    ),
    Rule(
        "vpc-dns-off",
        ("dns-support-off",),
        (
            "dns-hostnames-off",
            "vpc-resolver-not-for-outsiders",
            "udp-53-blocked",
            "tcp-53-blocked",
            "resolver-drops-queries",
        ),
        "A VPC without DNS support has no resolver: silence at VPC+2 needs no further reason, and DNS "
        "hostnames cannot be on without it.",
    ),
    Rule(
        "diverted",
        ("resolver-rule-overrides", "dns-firewall-blocks"),
        ("record-missing", "negative-answer-cached", "dns-hostnames-off", "srv-only"),
        "A rule or firewall that takes the name away explains whatever the resolver says about it.",
    ),
    Rule(
        "dhcp",
        ("dhcp-custom-dns",),
        ("nameserver-order", "nameserver-beyond-third", "resolver-file-wrong-nameserver", "split-dns-missing"),
        "The list that DHCP hands out explains the list on instances and tasks.",
    ),
    Rule(
        "overlap",
        ("cidr-overlap",),
        (
            "no-route-to-resolver",
            "udp-53-blocked",
            "dns-intercepted",
            "resolver-file-wrong-nameserver",
            "vpc-resolver-not-for-outsiders",
        ),
        "If a local network owns the address, the tunnel was never tried, and whoever answers is not the VPC resolver.",
    ),
    Rule(
        "no-way",
        ("no-route-to-resolver",),
        (
            "udp-53-blocked",
            "tcp-53-blocked",
            "vpc-resolver-not-for-outsiders",
            "split-dns-missing",
            "nameserver-order",
            "nrpt-rule-missing",
        ),
        "Without a way to the resolver its answers cannot be judged. A VPN that is down has not installed its "
        "DNS entry either: the missing entry is then a consequence, unless the VPN never brings one.",
    ),
    Rule(
        "link-local",
        ("link-local-resolver-outside-vpc",),
        ("no-route-to-resolver", "udp-53-blocked", "resolver-file-wrong-nameserver"),
        "A link-local address is wrong by itself outside the VPC; routes to it are beside the point.",
    ),
    Rule(
        "endpoint",
        ("inbound-endpoint-blocked",),
        ("udp-53-blocked", "tcp-53-blocked", "vpc-resolver-not-for-outsiders"),
        "For an inbound endpoint, its own security group and state come before anything on the path.",
    ),
    Rule(
        "outsider",
        ("vpc-resolver-not-for-outsiders",),
        ("udp-53-blocked", "tcp-53-blocked"),
        "If the rest of the VPC can be reached and VPC+2 is silent by both protocols, the source is the "
        "reason, not a port.",
    ),
    Rule(
        "truncated",
        ("tcp-53-blocked",),
        ("large-answers-lost", "client-runtime"),
        "If TCP does not get through, a truncated answer needs no further reason.",
    ),
    Rule(
        "intercepted",
        ("dns-intercepted",),
        (
            "nxdomain-hijacked",
            "rebind-protection",
            "negative-answer-cached",
            "resolver-of-another-vpc",
            "zone-not-associated",
        ),
        "While something on the way answers in its place, no direct answer is evidence about the resolver.",
    ),
    Rule(
        "vpn-endpoint",
        ("client-vpn-without-dns",),
        ("split-dns-missing", "nrpt-rule-missing", "nameserver-order"),
        "What the VPN endpoint does not hand out, the host cannot have.",
    ),
    Rule(
        "hosts-file",
        ("hosts-file-override",),
        ("os-cache-stale", "stale-answer-cached", "search-domain-wildcard", "nxdomain-hijacked", "client-runtime"),
        "The hosts file is read before DNS, so its line explains the address whatever DNS says.",
    ),
    Rule(
        "entry-that-fails",
        (
            "resolver-file-malformed",
            "resolver-file-wrong-domain",
            "resolver-file-shadowed",
            "resolver-file-wrong-nameserver",
            "resolver-conf-malformed",
            "nameserver-order",
            "nameserver-beyond-third",
            "nrpt-rule-missing",
        ),
        ("split-dns-missing",),
        "split-dns-missing is for a host without any entry; one that exists and fails has its own code.",
    ),
    Rule(
        "read-wrongly",
        ("resolver-file-malformed", "resolver-conf-malformed"),
        (
            "resolver-file-wrong-nameserver",
            "resolver-file-wrong-domain",
            "link-local-resolver-outside-vpc",
            "nameserver-order",
        ),
        "How a file is read comes before what it says.",
    ),
    Rule(
        "whose-server",
        ("resolver-of-another-vpc", "link-local-resolver-outside-vpc"),
        ("resolver-file-wrong-nameserver",),
        "If the wrong server is known, as the resolver of another VPC or a link-local one, say so.",
    ),
    Rule(
        "dot-local",
        ("local-suffix",),
        ("nss-stops-before-dns", "split-dns-missing", "os-cache-stale"),
        "For a name below .local the suffix leads, wherever on the host the lookup ends.",
    ),
    Rule(
        "lookup-order",
        ("nss-stops-before-dns",),
        ("split-dns-missing", "nameserver-order", "os-cache-stale"),
        "If the lookup ends before DNS is asked, the DNS entries of the host do not matter.",
    ),
    Rule(
        "filter",
        ("rebind-protection", "dnssec-rejects-zone"),
        ("split-dns-missing", "nrpt-rule-missing", "resolver-file-wrong-nameserver"),
        "A filter or a validation that is proven explains the empty answer or the error of that server.",
    ),
    Rule(
        "wildcard",
        ("search-domain-wildcard",),
        ("nxdomain-hijacked", "name-not-fully-qualified"),
        "If the answer belongs to a search domain, no resolver invented it.",
    ),
    Rule(
        "host-cache",
        ("os-cache-stale",),
        ("negative-answer-cached", "stale-answer-cached"),
        "If the server that the host asks is right and the host is not, the cache of the host is meant.",
    ),
    Rule(
        "inside-a-container",
        ("container-dns-forwarder",),
        ("split-dns-missing", "nrpt-rule-missing", "resolver-conf-malformed"),
        "For a lookup made in a container or in WSL, while the host itself resolves.",
    ),
)
