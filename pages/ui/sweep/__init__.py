"""What the sweep page is made of."""
