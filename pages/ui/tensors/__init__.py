"""The parts of the tensor page: the shelf, the controls, the board, and the messages about a result."""
