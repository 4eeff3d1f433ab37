"""Reads a curve with tbparse into a data frame. usage: read_tbparse.py FOLDER COUNT"""

import sys

from report import elapsed, report
from tbparse import SummaryReader

folder, count = sys.argv[1], int(sys.argv[2])
frames = []


def read():
    frames[:] = [SummaryReader(folder).scalars]


seconds = [elapsed(read)]
assert len(frames[0]) == count, f"error: found {len(frames[0])} points instead of {count}"
report("read", "s", seconds, {"points": count})
