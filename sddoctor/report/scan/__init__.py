"""What a scan says: one row for each name, as a table, JSON, JUnit, Markdown or metrics."""
