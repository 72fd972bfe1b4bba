"""The hardware of this machine, and how fast it is."""
