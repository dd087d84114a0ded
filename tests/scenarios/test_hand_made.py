"""What is wrong near the client is found for a name of a zone by hand just as for one of Cloud Map.

The worlds are those of the causes with the service replaced by a zone of the same name, which has the same addresses.
"""

from __future__ import annotations

import pytest

from sddoctor.diagnosis.diagnose import diagnose
from sddoctor.lab import gallery
from tests.hand_made import hand_made
from tests.world_cases import observed_in

#: Worlds whose verdict and root causes stay the same, whoever keeps the zone.
THE_SAME = (
    "address-family-mismatch",
    "dhcp-custom-dns",
    "dns-firewall-blocks",
    "dns-firewall-blocks-nodata",
    "dns-hostnames-off",
    "dns-intercepted",
    "dns-over-tls-enforced",
    "dns-support-off",
    "dnssec-rejects-zone",
    "encrypted-dns-takes-over",
    "entry-not-in-force",
    "forwarder-file-not-included",
    "hosts-file-override",
    "inbound-endpoint-blocked",
    "interface-metric-decides",
    "link-local-resolver-outside-vpc",
    "local-suffix",
    "nameserver-beyond-third",
    "nameserver-order",
    "negative-answer-cached",
    "no-route-to-resolver",
    "no-working-resolver",
    "nrpt-requires-dnssec",
    "nrpt-rule-missing",
    "nss-stops-before-dns",
    "nxdomain-hijacked",
    "rebind-protection",
    "resolver-conf-malformed",
    "resolver-file-malformed",
    "resolver-file-shadowed",
    "resolver-file-wrong-domain",
    "resolver-file-wrong-nameserver",
    "resolver-of-another-vpc",
    "resolver-rule-overrides",
    "search-domain-wildcard",
    "split-dns-missing",
    "tcp-53-blocked",
    "udp-53-blocked",
    "vpn-client-dns-policy",
    "zone-copied-elsewhere",
    "zone-copied-elsewhere-old-tasks",
    "zone-not-associated",
    "zone-shadowed",
)
#: Worlds in which something else must be said, and why: verdict and root causes.
OTHERWISE = {
    # No task tells that what the host remembers was true before.
    "os-cache-stale": ("broken", ()),
    # There is no port to try, so that nothing shows whether the VPC is reached at all.
    "no-route-to-resolver-not-authorized": ("broken", ()),
    "vpc-resolver-not-for-outsiders": ("broken", ()),
    # A record that is there is not missing: only the Mac is left.
    "record-missing-and-split-dns-missing": ("broken", ("split-dns-missing",)),
    "record-missing": ("healthy", ()),
}


@pytest.mark.parametrize("name", THE_SAME)
def test_the_same_is_said_of_a_zone_by_hand(name: str) -> None:
    world = gallery.find(name)
    diagnosis = diagnose(observed_in(f"hand-made-{name}", hand_made(world)).case)
    assert (diagnosis.verdict, {*diagnosis.root_causes}) == (world.expect.verdict, {*world.expect.root_causes})


@pytest.mark.parametrize("name", OTHERWISE)
def test_what_only_cloud_map_shows_is_not_said(name: str) -> None:
    diagnosis = diagnose(observed_in(f"hand-made-{name}", hand_made(gallery.find(name))).case)
    assert (diagnosis.verdict, diagnosis.root_causes) == OTHERWISE[name]
