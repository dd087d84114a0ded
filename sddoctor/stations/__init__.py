"""Where it breaks: the stations of a name's path, what comes out of each, and the first at which a symptom appears."""
