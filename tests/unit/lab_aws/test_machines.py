"""EC2 instances that a world describes: what their network interfaces show, and to whom."""

VPC = "vpc-0a1b2c3d4e5f60718"
MACHINES = [
    {"address": "10.10.9.9", "id": "i-0123456789abcdef0", "description": "db", "public": "198.51.100.9"},
    {"address": "10.10.9.4", "prefix": "10.10.9.16/28"},
    {"prefix": "10.10.30.32/28"},
    {"address": "10.10.9.8", "owner": "999988887777"},
]


def interfaces(ec2, name, *values):
    found = ec2.describe_network_interfaces(Filters=[{"Name": name, "Values": list(values)}])["NetworkInterfaces"]
    return {i["PrivateIpAddress"]: i for i in found}


def test_a_machine_has_a_network_interface(start):
    ec2 = start({"machines": MACHINES}).client("ec2")
    found = interfaces(ec2, "addresses.private-ip-address", "10.10.9.9", "10.10.9.4", "10.10.9.8", "10.10.9.20")
    assert set(found) == {"10.10.9.9", "10.10.9.4"}
    machine = found["10.10.9.9"]
    assert (machine["VpcId"], machine["Description"], machine["Attachment"]["InstanceId"]) == (
        VPC,
        "db",
        "i-0123456789abcdef0",
    )
    assert found["10.10.9.4"]["Ipv4Prefixes"] == [{"Ipv4Prefix": "10.10.9.16/28"}]
    assert "Ipv4Prefixes" not in machine
    assert set(interfaces(ec2, "association.public-ip", "198.51.100.9")) == {"10.10.9.9"}
    assert interfaces(ec2, "vpc-id", VPC)["10.10.30.4"]["Ipv4Prefixes"] == [{"Ipv4Prefix": "10.10.30.32/28"}]
    (subnet,) = ec2.describe_subnets(SubnetIds=[machine["SubnetId"]])["Subnets"]
    assert subnet["CidrBlock"] == "10.10.9.0/24"
