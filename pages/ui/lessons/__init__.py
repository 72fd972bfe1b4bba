"""Lessons on the pages: the strip above a lab, the path, and what a visitor has done."""
