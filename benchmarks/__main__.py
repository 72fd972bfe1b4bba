"""Print every figure next to its target, all measured in one run: `python -m benchmarks`.

These are not tests: a missed target is printed, and the exit code stays 0.
"""

import os

from . import (
    arrival,
    cluster,
    crowd,
    engine,
    first_train,
    images,
    intake,
    lessons,
    limits,
    live,
    long_runs,
    networks,
    plane,
    playback,
    points,
    room,
    slider,
    sweep,
    tensors,
    walk,
)
from . import bytes as bytes_sent
from .machine import Others, wait_for_calm
from .report import show

print(f"{os.cpu_count()} cores")
BY_HAND = (arrival, slider, live, intake, points, walk, tensors, lessons)
PLAYED = (playback, plane, long_runs, first_train, bytes_sent)
for measurement in (engine, sweep, networks, images, cluster, *BY_HAND, *PLAYED, room, crowd, limits):
    wait_for_calm()
    others = Others()
    print(f"\n{measurement.__name__.rpartition('.')[2]}", flush=True)
    show(measurement.measure())
    print(f"  ({others.share()})", flush=True)
