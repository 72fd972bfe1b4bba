"""The device page: the machine, a tensor moved to the device and back, a measurement, and `nvidia-smi`."""
