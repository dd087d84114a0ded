"""The DNS stand-in of the lab: VPC resolvers, the internet, and the name servers of a world.

Intended differences from AWS:

- nothing is cached but what the world puts into a cache, and denials where it says so; the TTL of other answers never
  decreases;
- a service whose every instance is UNHEALTHY answers or withholds as the world says, for AWS does not document it; a
  withheld name is NXDOMAIN unless there are names below it;
- the limit of 1,024 packets a second is a share of lost queries (``vpc_dns.loses``);
- DNSSEC, DoH and DNS64 do not exist; a RECURSIVE rule is the default behaviour;
- the internet has a handful of top-level domains, in which every domain of two labels exists.
"""
