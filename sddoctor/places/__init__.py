"""One name, seen from several places."""
