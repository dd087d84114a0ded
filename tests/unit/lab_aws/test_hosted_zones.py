"""Hand-made zones over real HTTP: in which order they are listed, by which pages, and every kind of record."""

import json

import pytest
from botocore.exceptions import ClientError

OTHER_VPC = "vpc-0b1b2c3d4e5f60718"
ZONES = [
    {"id": "Z0CORP00000000000001", "name": "corp.example", "private": False, "comment": "kept by hand"},
    {"id": "Z0CORPPRIVATE0000001", "name": "corp.example", "vpcs": ["vpc-0a1b2c3d4e5f60718", OTHER_VPC]},
    {"id": "Z0CORPHYPHEN00000001", "name": "corp-b.example", "private": False, "linked": "vpc-lattice.amazonaws.com"},
    {"id": "Z0WWW000000000000001", "name": "www.corp.example", "private": False},
    {"id": "Z0FOREIGN00000000001", "name": "aaa.example", "owner": "999988887777", "vpcs": [OTHER_VPC]},
    {"id": "Z0ENDPOINT0000000001", "name": "ecs.example", "owner": "vpce.amazonaws.com", "vpcs": [OTHER_VPC]},
]
#: The order of the API: labels from the right with their dots, and a hyphen is less than a dot; then the id.
ORDER = [
    "Z0CORPHYPHEN00000001",
    "Z0CORP00000000000001",
    "Z0CORPPRIVATE0000001",
    "Z0WWW000000000000001",
    "Z0EXAMPLEINTERNAL01",
]
ALIAS = {"name": "internal-web-1.ap-northeast-1.elb.amazonaws.com", "zone": "Z14GRHDCWA56QT", "evaluates": True}
RECORDS = [
    {"name": "*.corp.example", "type": "CNAME", "values": ["www.corp.example."]},
    {"name": "corp.example", "alias": ALIAS},
    {"name": "a-b.corp.example", "type": "AAAA", "ttl": 5, "values": ["2001:db8::1", "2001:db8::2"]},
    {
        "name": "f.corp.example",
        "values": ["10.0.0.1"],
        "set_identifier": "p",
        "failover": "PRIMARY",
        "health_check": "h1",
    },
    {"name": "f.corp.example", "values": ["10.0.0.2"], "set_identifier": "s", "failover": "SECONDARY"},
    {"name": "l.corp.example", "values": ["10.0.0.3"], "set_identifier": "jp", "latency_region": "ap-northeast-1"},
    {"name": "g.corp.example", "values": ["10.0.0.4"], "set_identifier": "any", "country": "*"},
    {"name": "w.corp.example", "values": ["10.0.0.5"], "set_identifier": "one", "weight": 0},
    {
        "name": "z.corp.example",
        "values": ["10.0.0.6"],
        "set_identifier": "all",
        "policy": {"AZAffinity": {"LocationType": "Global", "LocationId": "global"}},
    },
    {"name": "_x._tcp.corp.example", "type": "SRV", "values": ["1 1 80 w.corp.example."]},
    {"name": "sub.corp.example", "type": "NS", "values": ["ns1.sub.corp.example."]},
    {"name": "txt.corp.example", "type": "TXT", "values": ['"v=spf1 -all"']},
]


@pytest.fixture
def zones(start):
    return lambda **options: start(
        {
            "vpcs": [
                {"id": "vpc-0a1b2c3d4e5f60718", "cidr": "10.10.0.0/16"},
                {"id": OTHER_VPC, "cidr": "10.11.0.0/16"},
            ],
            "zones": ZONES,
        },
        **options,
    )


def ids(page):
    return [z["Id"].removeprefix("/hostedzone/") for z in page["HostedZones"]]


def test_zones_by_name_are_those_of_the_account_in_the_order_of_the_api(zones):
    r53 = zones().client("route53")
    page = r53.list_hosted_zones_by_name()
    assert (ids(page), page["IsTruncated"], page["MaxItems"]) == (ORDER, False, "100")
    assert "NextDNSName" not in page
    assert ids(r53.list_hosted_zones_by_name(DNSName="corp.example.")) == ORDER[1:]
    assert ids(r53.list_hosted_zones_by_name(DNSName="b.corp.example")) == ORDER[3:]
    assert ids(r53.list_hosted_zones_by_name(DNSName="corp.example", HostedZoneId="Z0CORPPRIVATE0000001")) == ORDER[2:]
    assert sorted(ids(r53.list_hosted_zones())) == sorted(ORDER)
    private = r53.list_hosted_zones(HostedZoneType="PrivateHostedZone")
    assert sorted(ids(private)) == ["Z0CORPPRIVATE0000001", "Z0EXAMPLEINTERNAL01"]


@pytest.mark.parametrize("options", [{"page_size": 2}, {}])
def test_a_page_of_zones_names_the_first_of_the_next(zones, options):
    r53 = zones(**options).client("route53")
    first = r53.list_hosted_zones_by_name(MaxItems="2")
    assert ids(first) == ORDER[:2]
    assert (first["NextDNSName"], first["NextHostedZoneId"]) == ("corp.example.", "Z0CORPPRIVATE0000001")
    second = r53.list_hosted_zones_by_name(
        DNSName=first["NextDNSName"], HostedZoneId=first["NextHostedZoneId"], MaxItems="2"
    )
    assert ids(second) == ORDER[2:4]
    assert (second["DNSName"], second["HostedZoneId"]) == ("corp.example.", "Z0CORPPRIVATE0000001")


def test_an_id_without_a_name_is_refused(zones):
    with pytest.raises(ClientError) as error:
        zones().client("route53").list_hosted_zones_by_name(HostedZoneId="Z0CORP00000000000001")
    assert error.value.response["Error"]["Code"] == "InvalidInput"


def test_a_zone_says_its_vpcs_its_comment_and_who_made_it(zones):
    r53 = zones().client("route53")
    private = r53.get_hosted_zone(Id="Z0CORPPRIVATE0000001")
    assert [v["VPCId"] for v in private["VPCs"]] == ["vpc-0a1b2c3d4e5f60718", OTHER_VPC]
    public = r53.get_hosted_zone(Id="Z0CORP00000000000001")
    assert public["HostedZone"]["Config"] == {"Comment": "kept by hand", "PrivateZone": False}
    assert "LinkedService" not in public["HostedZone"]
    made = r53.get_hosted_zone(Id="Z0CORPHYPHEN00000001")["HostedZone"]["LinkedService"]
    assert made["ServicePrincipal"] == "vpc-lattice.amazonaws.com"
    with pytest.raises(ClientError) as error:
        r53.get_hosted_zone(Id="Z0FOREIGN00000000001")
    assert error.value.response["Error"]["Code"] == "AccessDenied"


def test_the_zones_of_a_vpc_say_whose_they_are(zones):
    found = zones().client("route53").list_hosted_zones_by_vpc(VPCId=OTHER_VPC, VPCRegion="ap-northeast-1")
    owners = {s["HostedZoneId"]: s["Owner"] for s in found["HostedZoneSummaries"]}
    assert owners == {
        "Z0CORPPRIVATE0000001": {"OwningAccount": "111122223333"},
        "Z0FOREIGN00000000001": {"OwningAccount": "999988887777"},
        "Z0ENDPOINT0000000001": {"OwningService": "vpce.amazonaws.com"},
    }


def test_records_of_every_kind_and_their_order(start):
    running = start({"zones": [{"id": "Z0CORP00000000000001", "name": "corp.example", "records": RECORDS}]})
    r53 = running.client("route53")
    page = r53.list_resource_record_sets(HostedZoneId="Z0CORP00000000000001")["ResourceRecordSets"]
    found = {(r["Name"], r["Type"], r.get("SetIdentifier")): r for r in page}
    names = [r["Name"].removesuffix(".corp.example.") for r in page if r["Type"] not in ("NS", "SOA")]
    assert names == ["corp.example.", "\\052", "_x._tcp", "a-b", "f", "f", "g", "l", "txt", "w", "z"]
    assert found["\\052.corp.example.", "CNAME", None]["ResourceRecords"] == [{"Value": "www.corp.example."}]
    alias = found["corp.example.", "A", None]
    assert alias["AliasTarget"] == {
        "HostedZoneId": "Z14GRHDCWA56QT",
        "DNSName": "internal-web-1.ap-northeast-1.elb.amazonaws.com.",
        "EvaluateTargetHealth": True,
    }
    assert not {"TTL", "ResourceRecords"} & set(alias)
    primary = found["f.corp.example.", "A", "p"]
    assert (primary["Failover"], primary["HealthCheckId"]) == ("PRIMARY", "h1")
    assert found["l.corp.example.", "A", "jp"]["Region"] == "ap-northeast-1"
    assert found["g.corp.example.", "A", "any"]["GeoLocation"] == {"CountryCode": "*"}
    assert found["w.corp.example.", "A", "one"]["Weight"] == 0
    assert found["z.corp.example.", "A", "all"]["AZAffinity"] == {"LocationType": "Global", "LocationId": "global"}
    assert found["a-b.corp.example.", "AAAA", None]["TTL"] == 5


def test_a_health_check_says_what_the_world_does(start):
    sick = {
        "name": "f.corp.example",
        "values": ["10.0.0.1"],
        "health_check": "h2",
        "healthy": False,
        "set_identifier": "p",
    }
    zone = {"id": "Z0CORP00000000000001", "name": "corp.example", "records": [*RECORDS, {**sick, "multivalue": True}]}
    r53 = start({"zones": [zone]}).client("route53")
    for check, word in (("h1", "Success"), ("h2", "Failure")):
        seen = r53.get_health_check_status(HealthCheckId=check)["HealthCheckObservations"]
        assert {o["StatusReport"]["Status"].partition(":")[0] for o in seen} == {word}


def test_an_alias_is_written_and_read_again(start):
    r53 = start({"zones": [{"id": "Z0CORP00000000000001", "name": "corp.example"}]}).client("route53")
    target = {"HostedZoneId": "Z14GRHDCWA56QT", "DNSName": "internal-web-1.elb.example.", "EvaluateTargetHealth": False}
    wanted = {"Name": "web.corp.example.", "Type": "A", "AliasTarget": target}
    change = {"Changes": [{"Action": "UPSERT", "ResourceRecordSet": wanted}]}
    r53.change_resource_record_sets(HostedZoneId="Z0CORP00000000000001", ChangeBatch=change)
    page = r53.list_resource_record_sets(HostedZoneId="Z0CORP00000000000001", StartRecordName="web.corp.example")
    (seen,) = page["ResourceRecordSets"]
    assert seen["AliasTarget"] == target
    both = {**wanted, "TTL": 60, "ResourceRecords": [{"Value": "10.0.0.1"}]}
    with pytest.raises(ClientError, match="exactly one"):
        r53.change_resource_record_sets(
            HostedZoneId="Z0CORP00000000000001",
            ChangeBatch={"Changes": [{"Action": "UPSERT", "ResourceRecordSet": both}]},
        )


A = {"Name": "a.corp.example.", "Type": "A", "TTL": 60, "ResourceRecords": [{"Value": "10.0.0.1"}]}
GONE = {"HostedZoneId": "Z0CORP00000000000001", "DNSName": "gone.corp.example.", "EvaluateTargetHealth": False}
CNAME = {"Name": "c.corp.example.", "Type": "CNAME", "TTL": 60, "ResourceRecords": [{"Value": "a.corp.example."}]}


@pytest.mark.parametrize(
    ("action", "record", "said"),
    [
        ("CREATE", A, "already exists"),
        ("DELETE", {**A, "TTL": 61}, "do not match the current values"),
        ("DELETE", {**A, "Name": "b.corp.example."}, "was not found"),
        ("UPSERT", {**CNAME, "Name": "corp.example."}, "not permitted at apex in zone corp.example."),
        ("UPSERT", {**CNAME, "Name": "a.corp.example."}, "conflicts with other records"),
        ("UPSERT", {**A, "Name": "c.corp.example."}, "conflicting RRSet of type CNAME"),
        ("UPSERT", {**A, "Name": "a.corp.test."}, "is not permitted in zone corp.example."),
        ("UPSERT", {"Name": "n.corp.example.", "Type": "A", "AliasTarget": GONE}, "that target was not found"),
    ],
)
def test_a_change_that_route_53_refuses_changes_nothing(start, action, record, said):
    zone = {"id": "Z0CORP00000000000001", "name": "corp.example"}
    zone["records"] = [
        {"name": "a.corp.example", "values": ["10.0.0.1"]},
        {"name": "c.corp.example", "type": "CNAME", "values": ["a.corp.example."]},
    ]
    r53 = start({"zones": [zone]}).client("route53")
    listed = r53.list_resource_record_sets(HostedZoneId=zone["id"])["ResourceRecordSets"]
    good = {"Action": "UPSERT", "ResourceRecordSet": {**A, "Name": "new.corp.example."}}
    batch = {"Changes": [good, {"Action": action, "ResourceRecordSet": record}]}
    with pytest.raises(ClientError, match=said) as error:
        r53.change_resource_record_sets(HostedZoneId=zone["id"], ChangeBatch=batch)
    assert error.value.response["Error"]["Code"] == "InvalidChangeBatch"
    assert r53.list_resource_record_sets(HostedZoneId=zone["id"])["ResourceRecordSets"] == listed


def test_a_zone_that_a_service_made_is_changed_by_that_service_only(zones):
    change = {"Changes": [{"Action": "UPSERT", "ResourceRecordSet": {**A, "Name": "a.corp-b.example."}}]}
    with pytest.raises(ClientError, match="only be managed through vpc-lattice") as error:
        zones().client("route53").change_resource_record_sets(HostedZoneId="Z0CORPHYPHEN00000001", ChangeBatch=change)
    assert error.value.response["Error"]["Code"] == "AccessDenied"


def test_vpcs_of_other_regions_are_in_the_zone(start):
    zone = {"id": "Z0CORP00000000000001", "name": "corp.example", "other_vpcs": {"vpc-0far": "us-west-2"}}
    seen = start({"zones": [zone]}).client("route53").get_hosted_zone(Id=zone["id"])
    assert seen["VPCs"] == [{"VPCRegion": "us-west-2", "VPCId": "vpc-0far"}]


@pytest.mark.slow
def test_the_real_command_pages_by_itself(zones):
    done = zones(page_size=2).cli("route53", "list-hosted-zones-by-name", "--dns-name", "corp.example")
    assert done.returncode == 0, done.stderr
    assert ids(json.loads(done.stdout)) == ORDER[1:3]
