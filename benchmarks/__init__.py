"""How fast the workbench is: `python -m benchmarks` prints every figure beside its target."""
