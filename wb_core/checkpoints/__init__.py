"""Checkpoints: weights as a file, and a sandbox that opens uploaded files."""
