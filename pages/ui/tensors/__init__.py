"""What the page of the tensors is made of: its shelf, its controls, the board, and what is said of a result."""
