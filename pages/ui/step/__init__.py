"""What the page of the single step is made of: its view, its runs, the code, the memory, the arithmetic, the graph."""
