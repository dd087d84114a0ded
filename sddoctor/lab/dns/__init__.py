"""The DNS stand-in of the lab: VPC resolvers, the internet, and the name servers of a world.

Where it differs from AWS, on purpose:

- nothing is cached, except what the world says that a server remembers; the TTL of other answers never falls;
- a service whose every instance is UNHEALTHY answers or withholds as the world says, for AWS does not settle it, and
  what is withheld is NXDOMAIN unless names below exist;
- the limit of 1,024 packets a second is a share of lost questions (``vpc_dns.loses``);
- DELEGATE rules, DNSSEC, DoH and DNS64 do not exist; a RECURSIVE rule is the default behaviour;
- of the internet there are a handful of top-level domains, in which every domain of two labels exists.
"""
