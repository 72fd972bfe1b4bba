"""The parts of the image lab."""
