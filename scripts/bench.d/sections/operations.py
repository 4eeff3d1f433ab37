"""Operations one by one, each against the best that PyTorch does with one and with two threads; products against NumPy's
OpenBLAS, too. The rows are those of Sources/levin-bench/OperationRows.swift."""

import math

from sitting import Sitting
from table import Row, at_least, faster, times

NAME = "operations"
TITLE = "Operations one by one"
# Group, what it holds, the least ratio of each row, and that of the geometric mean.
GROUPS = (
    ("large", "16 M floats", 0.95, 1.2), ("4096", "4,096 floats", None, 1.2), ("64", "64 floats", None, 5.0),
    ("float32", "product, float32", 0.85, 1.0), ("float64", "product, float64", 0.85, 1.0),
    ("indexing", "1 M elements", 0.95, None), ("random", "16 M random numbers", 0.95, None))


def measure(sitting: Sitting, turn: int):
    for group, *_ in GROUPS:
        sitting.reports_of(f"operations/{group}/Levin", sitting.bench("operations", group))
        for threads in sorted({1, min(2, sitting.cores)}):
            sitting.reports_of(
                f"operations/{group}/PyTorch, {threads} thread{'s' * (threads > 1)}",
                sitting.peer("torch_operations.py", threads, group, 5))
        if group.startswith("float"):
            sitting.reports_of(
                f"operations/{group}/NumPy", sitting.peer("torch_operations.py", min(2, sitting.cores), group, 5, "numpy"))


def rows(sitting: Sitting) -> list[Row]:
    found = []
    for group, what, least, least_mean in GROUPS:
        prefix = f"operations/{group}/"
        peers = [name for name in sitting.tables if name.startswith(prefix) and not name.endswith("/Levin")]
        logarithms = []
        for row in sitting.tables.get(prefix + "Levin", {}):
            series = [f"{peer}/{row}" for peer in peers]
            best = sitting.fastest(series)
            levin, peer = sitting.median(f"{prefix}Levin/{row}"), sitting.median(best)
            found.append(faster(f"{what}: {row}", levin, best.split("/")[2], peer, least))
            if levin and peer:
                logarithms.append(math.log(peer / levin))
        if logarithms:
            mean = math.exp(sum(logarithms) / len(logarithms))
            found.append(at_least(f"**{what}: geometric mean**", mean, least_mean, write=times))
    return found
