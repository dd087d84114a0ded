"""Another place without installing anything: a script that looks there, and the reading of what it printed."""
