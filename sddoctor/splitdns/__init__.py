"""Split-DNS configuration formats: render and parse are each other's inverse."""
