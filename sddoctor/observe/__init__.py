"""The only code that talks to AWS, DNS servers, files and commands. It never judges."""
