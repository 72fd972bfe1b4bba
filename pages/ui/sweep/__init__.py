"""What the two sweep pages are made of.

kinds.py       lines and pictures: what their controls offer, and the way from one page to the other
controls.py    what to vary, from where to where; span.py has an axis, view.py what a link carries
lab.py         what a visitor has on show; image_lab.py, where the runs are jobs
working.py     a sweep of lines while it trains
results.py     the best in a sentence, and the pictures; table.py, and choosing.py for a run in a picture
line_runs.py   the chosen run beside it; image_runs.py, of pictures
"""
