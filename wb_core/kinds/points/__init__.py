"""Points in the plane, classified by a small network."""
