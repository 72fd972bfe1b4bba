"""The sweep page.

kinds.py        the kinds of sweep, and the one that the user chose
kind.py         what a kind of sweep defines
line.py         sweeps of lines: controls, results, selected run
points.py       sweeps of networks on points in the plane: controls, results, selected run
images.py       sweeps of image models: controls, results, selected run
lab.py          the session's sweep of one kind, with any way to execute it
batched.py      a sweep that trains in batches, inside script runs
jobs.py         a sweep whose runs are jobs of the server
driver.py       keeps the jobs of all sweeps going, even if no page displays them
view.py         the part of a link about axes and seeds
controls.py     the widgets of the axes and of the other settings
presets.py      sweeps worth a try
amount.py       the size of a sweep in words
results.py      the best run in a sentence, the figures
signs.py        the legend of the figures
table.py        the table of runs
selection.py    selecting a run, and the actions on it
"""
