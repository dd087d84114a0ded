"""The only code that changes a host: it installs and removes split-DNS files, all of them or none."""
