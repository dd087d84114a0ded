"""Causes at the hop `cloudmap`: namespace, service, instances and their health."""
