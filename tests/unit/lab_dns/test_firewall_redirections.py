"""DNS Firewall and the names that a CNAME leads to: inspected, unless the rule trusts them."""

import pytest

RESOLVER = "10.10.0.2"
ZONE = {
    "id": "Z2",
    "name": "corp.example",
    "vpcs": ["vpc-1"],
    "records": [
        {"name": "api.corp.example", "type": "CNAME", "values": ["bad.partner.example.com"]},
    ],
}
INTERNET = {"bad.partner.example.com": ["203.0.113.9"]}
BLOCK = {"name": "block", "priority": 2, "domains": ["*.partner.example.com"], "list_id": "rslvr-fdl-2"}
ALLOW = {"name": "allow", "priority": 1, "domains": ["api.corp.example"], "action": "ALLOW"}


@pytest.mark.parametrize(
    ("rules", "asked", "rcode"),
    [
        ([BLOCK], "api.corp.example", "NXDOMAIN"),
        ([{**BLOCK, "trusts": True}], "api.corp.example", "NOERROR"),
        ([{**BLOCK, "trusts": True}], "bad.partner.example.com", "NXDOMAIN"),
        ([ALLOW, BLOCK], "api.corp.example", "NXDOMAIN"),
        ([{**ALLOW, "trusts": True}, BLOCK], "api.corp.example", "NOERROR"),
        ([{**ALLOW, "trusts": True}, BLOCK], "bad.partner.example.com", "NXDOMAIN"),
        ([{**ALLOW, "action": "ALERT", "trusts": True}, BLOCK], "api.corp.example", "NOERROR"),
    ],
)
def test_a_rule_inspects_where_a_name_leads_unless_it_trusts_that(build, rules, asked, rcode):
    group = {"id": "rslvr-frg-1", "vpcs": ["vpc-1"], "rules": rules}
    service = build({"zones": [ZONE], "internet": INTERNET, "firewall": [group]})
    reply = service.resolve(RESOLVER, asked, "A")
    assert reply.rcode == rcode
    assert bool(reply.addresses) is (rcode == "NOERROR")
