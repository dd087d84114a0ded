"""Files and command output of hosts, as facts."""
