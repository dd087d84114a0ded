"""The one writer: files of a split-DNS configuration on a host, changed whole or not at all."""
