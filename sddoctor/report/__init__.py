"""Renders a diagnosis. Knows nothing about AWS or DNS."""
