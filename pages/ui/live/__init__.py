"""Live sliders: while a slider is held, the browser shows the run of each of its stops, without calling the server.

offer.py    what a page gives its player, so that the sliders of its run have neighbours
kind.py     what this room must know of a kind of training
line.py     lines
points.py   points in the plane
kinds.py    the registry of these
message.py  the neighbours as the browser gets them
route.py    answers a browser that has grabbed a slider
"""
