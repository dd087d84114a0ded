"""The report as one HTML file that needs nothing else: no network, no fonts, and scripts only for comfort."""
