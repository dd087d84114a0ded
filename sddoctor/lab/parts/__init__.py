"""The parts of a world."""
