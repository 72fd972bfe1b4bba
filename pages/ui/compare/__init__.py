"""Runs kept in any lab, and the page that compares them."""
