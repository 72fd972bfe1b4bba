"""The sweep page.

kinds.py        the kinds of sweep, one of which the visitor chooses
line.py         a sweep of lines: its controls, its results and the selected run; images.py: the same of pictures
lab.py          the visitor's sweep of one kind, whichever way it executes
batched.py      one whose runs train as a batch, inside the script; jobs.py: one whose runs are jobs of the server
driver.py       lets the jobs of all sweeps go on, also when no page shows them
view.py         what a link carries: the range of each axis, the number of seeds
controls.py     the widgets of the axes and of the other settings
results.py      the best run in a sentence, the figures, the table
selection.py    selecting a run, and what can be done with it
"""
