"""The lab for points in the plane."""
