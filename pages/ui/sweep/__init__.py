"""The two sweep pages.

line_sweep.py   a sweep of lines: its controls, training, results and chosen run; image_sweep.py: the same of pictures
lab.py          the visitor's sweep; image_lab.py: one whose runs are jobs
view.py         what a link carries: the range of each axis, the number of seeds
controls.py     the widgets of the axes and of the other settings
results.py      the best run in a sentence, the figures, the table
selection.py    selecting a run, and what can be done with it
"""
