"""Causes at the hop `ecs`: the service, its tasks and their containers."""
