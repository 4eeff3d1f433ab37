"""Reads a curve with TensorBoard's EventAccumulator. usage: read_accumulator.py FOLDER COUNT"""

import sys

from report import elapsed, report
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

folder, count = sys.argv[1], int(sys.argv[2])
points = []


def read():
    accumulator = EventAccumulator(folder, size_guidance={"scalars": 0, "tensors": 0})
    accumulator.Reload()
    points[:] = accumulator.Scalars("train/loss")


seconds = [elapsed(read)]
assert len(points) == count, f"error: found {len(points)} points instead of {count}"
report("read", "s", seconds, {"points": len(points)})
