"""Pictures, learned batch by batch."""
