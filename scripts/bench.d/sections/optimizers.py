"""One step of each optimizer with the parameters of the tutorial's model, against PyTorch's (fused where it is offered). The rows are
those of Sources/levin-bench/MetricRows.swift."""

from sitting import Sitting
from table import Row, faster

NAME = "optimizers"
TITLE = "Optimizers"


def peers(sitting: Sitting) -> list[tuple[str, int]]:
    return [(f"PyTorch, {threads} thread{'s' * (threads > 1)}", threads) for threads in sorted({1, min(2, sitting.cores)})]


def measure(sitting: Sitting, turn: int):
    sitting.reports_of("optimizers/Levin", sitting.bench("operations", "optimizers"))
    for name, threads in peers(sitting):
        sitting.reports_of(f"optimizers/{name}", sitting.peer("torch_metrics.py", threads, "optimizers", 5))


def rows(sitting: Sitting) -> list[Row]:
    found = []
    for row in sitting.tables.get("optimizers/Levin", {}):
        best = sitting.fastest([f"optimizers/{name}/{row}" for name, _ in peers(sitting)])
        found.append(faster(row, sitting.median(f"optimizers/Levin/{row}"), best.split("/")[1], sitting.median(best)))
    return found
