"""The DNS stand-in of the lab: VPC resolvers, the internet, and the name servers of a world."""
