"""Checkpoints: weights as a file, and the sandbox that opens uploaded ones."""
