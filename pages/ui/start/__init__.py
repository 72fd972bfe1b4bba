"""The start page: an experiment with the learning rate, and the path through the other pages."""
