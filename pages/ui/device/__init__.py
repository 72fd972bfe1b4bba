"""What the device page shows: the machine, a tensor there and back, a measurement, and what NVIDIA's program says."""
