"""Convolutions, layers and training steps of networks of images, each against the best that PyTorch does with one and with two
threads, with channels first and last; then the memory of the steps. The rows are those of Sources/levin-bench/NetworkRows.swift and
NetworkSteps.swift."""

import math

from sitting import Sitting
from table import Row, at_least, faster, memory, times

NAME = "networks"
TITLE = "Networks of images"
# Group, the least ratio of each row, and that of the geometric mean.
GROUPS = (("convolutions", 0.9, 1.0), ("layers", 0.95, None), ("steps", 0.95, 1.2))
LEAST = {"LeNet, an epoch of MNIST": 1.5}


def measure(sitting: Sitting, turn: int):
    for group, *_ in GROUPS:
        sitting.reports_of(f"networks/{group}/Levin", sitting.bench("operations", group))
        for threads in sorted({1, min(2, sitting.cores)}):
            for order in ("nchw", "nhwc"):
                sitting.reports_of(
                    f"networks/{group}/PyTorch, {order}, {threads} thread{'s' * (threads > 1)}",
                    sitting.peer("torch_networks.py", threads, group, 5, order))
    for row in sitting.tables.get("networks/steps/Levin", {}):
        sitting.reports_of("networks/memory/Levin", sitting.bench("memory", row))
        for order in ("nchw", "nhwc"):
            sitting.reports_of(f"networks/memory/PyTorch, {order}", sitting.peer("torch_networks.py", sitting.cores, "memory", row, order))


def rows(sitting: Sitting) -> list[Row]:
    found = []
    for group, least, least_mean in GROUPS:
        prefix = f"networks/{group}/"
        peers = [name for name in sitting.tables if name.startswith(prefix) and not name.endswith("/Levin")]
        logarithms = []
        for row in sitting.tables.get(prefix + "Levin", {}):
            best = sitting.fastest([f"{peer}/{row}" for peer in peers])
            levin, peer = sitting.median(f"{prefix}Levin/{row}"), sitting.median(best)
            found.append(faster(row, levin, best.split("/")[2], peer, LEAST.get(row, least)))
            if levin and peer:
                logarithms.append(math.log(peer / levin))
        if logarithms:
            mean = math.exp(sum(logarithms) / len(logarithms))
            found.append(at_least(f"**{group}: geometric mean**", mean, least_mean, write=times))
    prefix = "networks/memory/"
    for row in sitting.tables.get(prefix + "Levin", {}):
        best = sitting.fastest([f"{prefix}PyTorch, {order}/{row}" for order in ("nchw", "nhwc")])
        found.append(memory(f"memory: {row}", sitting.median(f"{prefix}Levin/{row}"), best.split("/")[2], sitting.median(best)))
    return found
