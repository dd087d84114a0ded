"""Every precedence, cause and guard switched off in turn: ``python -m tests.mutants`` lists what nothing notices."""
