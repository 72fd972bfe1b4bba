"""The parts of the step page: its view, its runs, the code, the tensors, the arithmetic, the graph."""
