"""The tensor page: its shelf, its controls, the board, and the messages about a result."""
