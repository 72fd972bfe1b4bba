"""Points of a visitor's own: the choice in the settings, and the dialog that reads them.

shape.py    what the points of each kind are in a table
choice.py   a line or my points, and which points these are
dialog.py   bring points: paste, file, example or table, with a preview
sources.py  the four ways
scale.py    large numbers become standardized ones
report.py   what was read, what was left out and why
origin.py   where the points came from, and the names of their columns
"""
