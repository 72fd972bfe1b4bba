"""What the image lab is made of."""
