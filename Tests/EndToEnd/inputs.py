"""The inputs of `levin-bench summaries`, by their formulas."""

import numpy as np


def uniform(count, seed):
    """`count` numbers of 0…1 by a linear congruence."""
    state, found = seed, []
    for _ in range(count):
        state = (1664525 * state + 1013904223) % 2**32
        found.append(state / 2**32)
    return np.array(found)


def gray(height, width, shift=0):
    """A slanted ramp of bytes [height, width]."""
    y, x = np.mgrid[0:height, 0:width]
    return ((x * 3 + y * 5 + 7 * shift) % 256).astype(np.uint8)
