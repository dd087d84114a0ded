"""Another place without installing anything: a script that runs there, and the reading of what it printed."""
